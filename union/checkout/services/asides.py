"""Lines of the statement that the books could not take. Invariant: none of them is forgotten.

Each stands with the code of what stood against it until it is booked, or until the treasurer says
that it is in the books another way.
"""

from __future__ import annotations

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from union.checkout.errors import LineClearedError
from union.checkout.models import CardAside
from union.gateways.payments import StatementLine
from union.infra.audit import log
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref

notes = structlog.get_logger()


def set_aside(work: Work, provider: str, line: StatementLine, code: str) -> None:
    """Keep a line that could not be booked, once by its id, with why and when it was last tried."""
    now = work.clock.now()
    fresh = insert(CardAside).values(
        ref=new_ref(),
        provider=provider,
        provider_id=line.id,
        kind=line.kind.value,
        amount_minor=line.amount_minor,
        fee_minor=line.fee_minor,
        happened_at=line.at,
        code=code[:64],
        set_aside_at=now,
        tried_at=now,
    )
    work.session.execute(
        fresh.on_conflict_do_update(
            index_elements=["provider", "provider_id"],
            set_={"code": fresh.excluded.code, "tried_at": fresh.excluded.tried_at},
            where=CardAside.over_at.is_(None),
        )
    )
    notes.warning("card_line_set_aside", code=code)


def aside_is_over(work: Work, provider: str, line_id: str) -> None:
    """The line is in the books now, whether it lay aside or not."""
    work.session.execute(
        update(CardAside)
        .where(
            CardAside.provider == provider,
            CardAside.provider_id == line_id,
            CardAside.over_at.is_(None),
        )
        .values(over_at=work.clock.now(), over_how="booked")
    )


def ask_again(work: Work, ref: str) -> None:
    """Somebody has a line asked for anew; NotFoundError if none lies aside by this reference."""
    number = work.session.scalar(select(CardAside.id).where(CardAside.ref == ref))
    if number is None:
        raise NotFoundError
    log(work, "card_aside_tried", object_type="card_aside", object_id=number)


def settle_aside(work: Work, ref: str) -> None:
    """The treasurer says that it is in the books another way; LineClearedError if it is over."""
    aside = work.session.scalar(
        select(CardAside)
        .where(CardAside.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if aside is None:
        raise NotFoundError
    if aside.over_at is not None:
        raise LineClearedError(line_id=aside.id)
    aside.over_at, aside.over_how = work.clock.now(), "other"
    aside.over_by = work.actor.person_id
    work.session.flush()
    log(work, "card_aside_settled", object_type="card_aside", object_id=aside.id)
