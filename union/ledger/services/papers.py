"""Keeping papers: encrypted piece by piece, in the clear in memory only, never on a disk.

Invariant: a paper's hash is of what is kept, its kind is told by its content, what a camera wrote
beside a picture is left out, and it lies under the key of whom it speaks of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sqlalchemy import insert, select

from union.infra import audit
from union.infra.apart import ReadingFailedError, apart
from union.infra.people import Person
from union.infra.readings import Reading, Reason, Why, write_down
from union.infra.uploads import one_file_only
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.errors import PaperTooLargeError, PaperUnreadableError, TooManyPapersError
from union.ledger.models import Paper, PaperPiece
from union.ledger.rules.papers import LARGEST_PAPER, MOST_PAPERS, PIECE, paper_type
from union.ledger.rules.pdfs import without_pdf_notes
from union.ledger.rules.pictures import without_notes

PIECE_PLACE = "paper_piece.body"


@dataclass(frozen=True, slots=True)
class ClosedPaper:
    """A paper already encrypted, not yet laid beside anything."""

    ref: str
    key_ref: UUID
    content_type: str
    size_bytes: int
    content_hash: bytes
    pieces: tuple[bytes, ...]


def close_papers(work: Work, key_ref: UUID, streams: Sequence[IO[bytes]]) -> list[ClosedPaper]:
    """Encrypt papers under ``key_ref``, piece by piece; an empty stream is no paper.

    PaperUnreadableError for what is neither PDF nor picture, PaperTooLargeError,
    TooManyPapersError.
    """
    if len(streams) > MOST_PAPERS:
        raise TooManyPapersError(most=MOST_PAPERS)
    closed = [_close(work, key_ref, stream) for stream in streams]
    return [one for one in closed if one is not None]


def lay_papers(work: Work, kind: str, belongs_id: int, papers: Sequence[ClosedPaper]) -> None:
    """Lay papers beside what they belong to, in their order; the database adds none later on."""
    for position, closed in enumerate(papers, start=1):
        paper = Paper(
            ref=closed.ref,
            belongs_kind=kind,
            belongs_id=belongs_id,
            position=position,
            content_type=closed.content_type,
            size_bytes=closed.size_bytes,
            content_hash=closed.content_hash,
            key_ref=closed.key_ref,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
        work.session.add(paper)
        work.session.flush()
        work.session.execute(
            insert(PaperPiece),
            [
                {"paper_id": paper.id, "position": number, "body": body}
                for number, body in enumerate(closed.pieces)
            ],
        )


def note_reading(work: Work, paper: Paper, *, changed: bool = False) -> None:
    """Write down that somebody opened a paper, where whom it speaks of can see it.

    ``changed``: what is kept is no longer what was laid there, and was not shown.
    """
    subject = work.session.scalar(select(Person.id).where(Person.key_ref == paper.key_ref))
    if not changed:
        reading = Reading("paper_opened", "paper", paper.id, subject, Why(Reason.AUDIT))
        write_down(work, reading, paper.key_ref)
        return
    audit.log(
        work,
        "paper_changed",
        object_type="paper",
        object_id=paper.id,
        subject_person_id=subject,
    )


def piece_row(ref: str, number: int) -> str:
    """What ties a piece to its paper and place, so that none can be swapped."""
    return f"{ref}:{number}"


def _close(work: Work, key_ref: UUID, stream: IO[bytes]) -> ClosedPaper | None:
    came = stream.read(LARGEST_PAPER + 1)
    if not came:
        return None
    if len(came) > LARGEST_PAPER:
        raise PaperTooLargeError
    content_type, content = _sound(came)
    ref = new_ref()
    pieces = tuple(
        work.vault.encrypt_bytes(
            key_ref, PIECE_PLACE, piece_row(ref, number), content[start : start + PIECE]
        )
        for number, start in enumerate(range(0, len(content), PIECE))
    )
    digest = hashlib.sha256(content).digest()
    return ClosedPaper(ref, key_ref, content_type, len(content), digest, pieces)


def _sound(came: bytes) -> tuple[str, bytes]:
    """Its kind and what is kept of it; PaperUnreadableError if it is not one such thing alone."""
    content_type = paper_type(came)
    whole = None if content_type is None else one_file_only(came, content_type)
    if content_type is None or whole is None:
        raise PaperUnreadableError
    if content_type != "application/pdf":
        return content_type, without_notes(whole, content_type)
    try:
        return content_type, apart(without_pdf_notes, whole)
    except ReadingFailedError as error:
        raise PaperUnreadableError from error
