"""What everybody in office is told of a lock, and trustees of somebody who locks often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from union.infra.recovery import recovery_troubles
from union.kernel.actor import Role
from union.office.locking.queries import locked_lately, who_locks_often
from union.office.queries.naming import name_people, offices_held
from union.office.today.card import Act, Card
from union.web.formats import instant
from union.web.look import office_words

if TYPE_CHECKING:
    from union.infra.work import Work


def told_of_locks(work: Work) -> list[Card]:
    """Who locked the office in the last days; nothing for who holds none, and when nobody did."""
    if work.actor.roles <= {Role.MEMBER, Role.LAWYER, Role.SYSADMIN}:
        return []
    is_trustee = work.actor.has(Role.TRUSTEE)
    return [*_lately(work), *(_often(work) if is_trustee else [])]


def papers_to_see(work: Work) -> tuple[Act, ...]:
    """An act for a trustee while something is missing that would let two of them open anew."""
    if not recovery_troubles(work):
        return ()
    return (Act(gettext("See to the trustees’ papers"), "locking.recovery"),)


def _lately(work: Work) -> list[Card]:
    lock = locked_lately(work)
    if lock is None:
        return []
    when = instant(lock.locked_at)
    who = "" if lock.locked_by is None else _called(work, lock.locked_by)
    if not who:
        return [Card(gettext("The office was locked on %(when)s.", when=when))]
    return [Card(gettext("The office was locked on %(when)s by %(who)s.", when=when, who=who))]


def _often(work: Work) -> list[Card]:
    return [
        Card(
            gettext(
                "%(who)s locked the office three times within a day. Ask her whether all is well.",
                who=_called(work, person_id),
            )
        )
        for person_id in who_locks_often(work)
    ]


def _called(work: Work, person_id: int) -> str:
    named = name_people(work, {person_id}).get(person_id)
    return named or office_words(offices_held(work, {person_id}).get(person_id, set()))
