"""How long the house keeps what it works with: commands, facts, timers, acts and readings.

Owns those rules and their hands; each is called again while it takes as much as it was asked for.
Never an open delivery or an open timer, and nothing of a subject that is held: the database says.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql.dml import Delete

from union.infra.outbox import Outbox, OutboxDelivery
from union.infra.retention import Asked, Keeping, bound, calls
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.keeping import How, Rule

COMMANDS = Rule("commands", 90, "done", How.AGE_OUT, 30, 365)
FACTS_TOLD = Rule("facts_told", 30, "done", How.DELETE, 7, 365)
TIMERS_DONE = Rule("timers_done", 30, "done", How.DELETE, 7, 365)
ACTS = Rule("acts", 1827, "written", How.AGE_OUT, 1095, 3653)
READINGS = Rule("readings", 1827, "written", How.AGE_OUT, 1827, 3653)
LOGS = Rule("logs", 0, "full", How.BY_ITSELF, 0, 0)
CHAIN = Rule("chain", 0, "never", How.KEPT, 0, 0)


def drop_facts(work: Work, asked: Asked) -> int:
    """Facts of which everybody has heard, with their deliveries."""
    before = bound(work, FACTS_TOLD.kind, asked)
    waits = select(OutboxDelivery.id).where(
        OutboxDelivery.outbox_id == Outbox.id,
        OutboxDelivery.done_at.is_(None) | (OutboxDelivery.done_at >= before),
    )
    told = select(Outbox.id).where(Outbox.made_at < before, ~waits.exists()).limit(asked.most)
    due = work.session.scalars(told.order_by(Outbox.id)).all()
    taken_away(work, delete(OutboxDelivery).where(OutboxDelivery.outbox_id.in_(due)))
    return taken_away(work, delete(Outbox).where(Outbox.id.in_(due)))


def drop_timers(work: Work, asked: Asked) -> int:
    """Timers that are done, but for those of what still stands open."""
    due = (
        select(Timer.id)
        .where(
            Timer.done_at < bound(work, TIMERS_DONE.kind, asked),
            ~func.retention_stands(Timer.subject_type, Timer.subject_id),
        )
        .order_by(Timer.done_at)
        .limit(asked.most)
    )
    return taken_away(work, delete(Timer).where(Timer.id.in_(due)))


def taken_away(work: Work, statement: Delete) -> int:
    """How many rows a statement takes away."""
    done = work.session.execute(statement, execution_options={"synchronize_session": False})
    return done.rowcount if isinstance(done, CursorResult) else 0


KEPT: tuple[Keeping, ...] = (
    Keeping(COMMANDS, calls("age_out_command")),
    Keeping(FACTS_TOLD, drop_facts),
    Keeping(TIMERS_DONE, drop_timers),
    Keeping(ACTS, calls("age_out_audit_entry")),
    Keeping(READINGS, calls("age_out_reading")),
    Keeping(LOGS),
    Keeping(CHAIN),
)
"""Each kind of the house's own, and its hand."""
