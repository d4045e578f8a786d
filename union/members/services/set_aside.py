"""Rows kept apart: opened by one named officer with her own secret, and dealt with by her."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from union.infra import audit
from union.infra.readings import Reading, Why
from union.infra.sealing import MINORS, OpenCircle, SealedField
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.models import SetAside
from union.members.services.intake import SEALED


@dataclass(frozen=True, slots=True)
class KeptApart:
    """One row, opened: where it stood and what it said."""

    ref: str
    line: int
    cells: dict[str, str]
    made_at: datetime
    dealt_with_at: datetime | None


def open_set_aside(work: Work, passphrase: str, why: Why) -> list[KeptApart]:
    """Every row kept apart, opened with the officer's passphrase, each reading written down.

    Show the answer only after this work is committed. PassphraseWrongError, NotEntitledError.
    """
    circle = OpenCircle(work, MINORS, passphrase)
    rows = work.session.scalars(select(SetAside).order_by(SetAside.id)).all()
    work.vault.preload([row.key_ref for row in rows])
    return [_opened(circle, row, why) for row in rows]


def deal_with(work: Work, ref: str) -> None:
    """Write down that the officer has seen to this row; it stays sealed."""
    row = work.session.scalar(select(SetAside).where(SetAside.ref == ref))
    if row is None:
        raise NotFoundError
    if row.dealt_with_at is None:
        row.dealt_with_at = work.clock.now()
        work.session.flush()
        audit.log(work, "set_aside_dealt_with", object_type="set_aside", object_id=row.id)


def _opened(circle: OpenCircle, row: SetAside, why: Why) -> KeptApart:
    field = SealedField(MINORS, row.key_ref, SEALED, row.ref)
    reading = Reading("set_aside_opened", "set_aside", row.id, None, why)
    content = json.loads(circle.open(field, row.sealed, reading))
    return KeptApart(row.ref, content["line"], content["cells"], row.made_at, row.dealt_with_at)
