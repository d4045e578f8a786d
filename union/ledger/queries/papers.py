"""Papers beside vouchers, settlements and the opening; opened piece by piece for whoever may."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.errors import PaperChangedError
from union.ledger.models import FloatAccount, FloatSettlement, Paper, PaperPiece, Voucher
from union.ledger.policy import may_read_beside

PIECE_PLACE = "paper_piece.body"


def papers_of(work: Work, kind: str, belongs_id: int) -> Sequence[Paper]:
    """The papers laid beside something, in their order."""
    return work.session.scalars(
        select(Paper)
        .where(Paper.belongs_kind == kind, Paper.belongs_id == belongs_id)
        .order_by(Paper.position)
    ).all()


def paper_by_ref(work: Work, ref: str) -> Paper:
    """A paper that the present reader may open; NotFoundError for any other."""
    paper = work.session.scalars(select(Paper).where(Paper.ref == ref)).one_or_none()
    if paper is None or not (
        may_read_beside(work.actor, *_beside(work, paper)) or _is_hers(work, paper)
    ):
        raise NotFoundError
    return paper


def open_paper(work: Work, paper: Paper) -> bytes:
    """Its content, which is what was laid and signed, to the bit.

    KeyGoneError once whom it speaks of was erased; PaperChangedError if what is kept is anything
    else than what its hash says.
    """
    try:
        content = b"".join(_pieces(work, paper))
    except InvalidTag:
        raise PaperChangedError(paper_id=paper.id) from None
    if hashlib.sha256(content).digest() != paper.content_hash:
        raise PaperChangedError(paper_id=paper.id)
    return content


def _pieces(work: Work, paper: Paper) -> Iterator[bytes]:
    numbers = work.session.scalars(
        select(PaperPiece.position)
        .where(PaperPiece.paper_id == paper.id)
        .order_by(PaperPiece.position)
    ).all()
    for number in numbers:
        body = work.session.scalars(
            select(PaperPiece.body).where(
                PaperPiece.paper_id == paper.id, PaperPiece.position == number
            )
        ).one()
        yield work.vault.decrypt_bytes(paper.key_ref, PIECE_PLACE, f"{paper.ref}:{number}", body)


def _beside(work: Work, paper: Paper) -> list[str]:
    """The account of what it lies beside; none for what is of no account of its own."""
    account = {
        "voucher": select(Voucher.spend_account_code).where(Voucher.id == paper.belongs_id),
        "settlement": select(FloatSettlement.account_code).where(
            FloatSettlement.id == paper.belongs_id
        ),
    }.get(paper.belongs_kind)
    return [] if account is None else list(work.session.scalars(account))


def _is_hers(work: Work, paper: Paper) -> bool:
    if paper.belongs_kind != "settlement" or work.actor.person_id is None:
        return False
    holder = work.session.scalar(
        select(FloatAccount.holder_person_id)
        .join(FloatSettlement, FloatSettlement.account_code == FloatAccount.account_code)
        .where(FloatSettlement.id == paper.belongs_id)
    )
    return holder == work.actor.person_id
