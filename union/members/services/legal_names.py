"""Opening a legal name: only by somebody of its circle, and written down before it is shown."""

from __future__ import annotations

from union.infra.readings import Reading, Why
from union.infra.sealing import LEGAL_NAMES, OpenCircle, SealedField, seal
from union.infra.work import Work
from union.members.models import Member
from union.members.queries.reach import LEGAL_NAME


def open_legal_name(work: Work, person_id: int, passphrase: str, why: Why) -> str | None:
    """Her legal name, or None if nobody wrote one.

    The passphrase is the present actor's. Show the answer only after this work is committed.
    PassphraseWrongError, NotEntitledError.
    """
    member = work.session.get_one(Member, person_id)
    circle = OpenCircle(work, LEGAL_NAMES, passphrase)
    if member.legal_name is None:
        return None
    reading = Reading("legal_name_opened", "member", person_id, person_id, why)
    return circle.open(field_of(member), member.legal_name, reading)


def write_legal_name(work: Work, person_id: int, name: str) -> None:
    """Seal a legal name in place of whatever lay there; nobody need open anything for it."""
    member = work.session.get_one(Member, person_id)
    member.legal_name = seal(work, field_of(member), name)
    work.session.flush()


def field_of(member: Member) -> SealedField:
    """Where her legal name lies."""
    return SealedField(LEGAL_NAMES, member.key_ref, LEGAL_NAME, member.ref)
