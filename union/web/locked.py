"""What stands in place of a page while the office is locked; decides by one table and one row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union.infra.lock_recovery import is_let_in, keepers_of
from union.infra.office_locks import standing_lock
from union.kernel.access import Answer, may_knock
from union.kernel.actor import Role
from union.web.access import row_of
from union.web.access.while_locked import WHILE_LOCKED, closes
from union.web.current import current_actor, kit, reading
from union.web.navigation import ENTRIES, LOCKS
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.kernel.actor import Actor
    from union.web.access import Row
    from union.web.navigation import Entry

BACK = "locking.back"
SHUT = 503
"""For now, says this number; nothing of the page that was asked for is in the answer."""


def locked_page(row: Row) -> ResponseReturnValue | None:
    """One page for everything that is closed while the office is locked; None if this is not.

    Whoever was made to sign in is answered by what she seems to hold: a lock tells nothing of it.
    """
    actor = _as_seen()
    in_office = seems_in_office(actor)
    if may_knock(actor, row) is not Answer.OPEN or not closes(row.endpoint, in_office=in_office):
        return None
    work = reading()
    lock = standing_lock(work.session)
    if lock is None:
        return None
    reads_who = may_knock(actor, row_of(BACK)) is Answer.OPEN
    keepers = keepers_of(work.session, lock) if reads_who else ()
    by = {lock.locked_by} if reads_who and lock.locked_by is not None else set()
    found = {
        "lock": lock,
        "keepers": keepers,
        "names": kit().name_people(work, {*keepers, *by}),
        "open_ways": _ways() if in_office else (),
        "may_help": reads_who and (is_let_in(work, lock) or actor.person_id in keepers),
    }
    return page("locking/shut.html", in_office=in_office, **found), SHUT


def seems_in_office(actor: Actor) -> bool:
    """Whether she signed in to an office, or, made to, to what looks like hers."""
    return any(grant.role is not Role.MEMBER for grant in actor.grants | actor.seems)


def _as_seen() -> Actor:
    actor = current_actor()
    return replace(actor, grants=actor.grants | actor.seems)


def _ways() -> tuple[Entry, ...]:
    actor = _as_seen()
    return tuple(
        entry
        for entry in (*ENTRIES, *(lock for lock, _ in LOCKS))
        if entry.endpoint in WHILE_LOCKED
        and may_knock(actor, row_of(entry.endpoint)) is Answer.OPEN
    )
