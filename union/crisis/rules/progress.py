"""What may follow what: the states of a page, and what each of them means for the team."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from union.crisis.rules.kinds import (
    COMING,
    LIVE_PAGE,
    TEAM,
    AskedAs,
    ContactState,
    IncidentState,
    PageState,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

ASK_AGAIN_AFTER = timedelta(minutes=20)

_S = PageState
FOLLOWS: dict[PageState, frozenset[PageState]] = {
    _S.ASKED: frozenset({_S.ACCEPTED, _S.BRIEFED, _S.DECLINED, _S.SILENT, _S.RELEASED}),
    _S.ACCEPTED: frozenset({_S.BRIEFED, _S.DROPPED_OUT, _S.RELEASED}),
    _S.BRIEFED: frozenset({_S.EN_ROUTE, _S.ARRIVED, _S.DROPPED_OUT, _S.RELEASED}),
    _S.EN_ROUTE: frozenset({_S.ARRIVED, _S.DROPPED_OUT, _S.RELEASED}),
    _S.ARRIVED: frozenset({_S.DROPPED_OUT, _S.RELEASED}),
    _S.SILENT: frozenset({_S.ACCEPTED, _S.BRIEFED, _S.DECLINED, _S.RELEASED}),
    _S.DECLINED: frozenset({_S.ACCEPTED, _S.BRIEFED}),
    _S.DROPPED_OUT: frozenset({_S.ACCEPTED, _S.BRIEFED, _S.ARRIVED}),
    _S.RELEASED: frozenset(),
}
"""A late answer, a changed mind and an arrival after all are people, so they count."""

_IN_VAIN = (_S.SILENT, _S.DECLINED, _S.DROPPED_OUT)


def may_become(state: PageState, later: PageState) -> bool:
    """Whether a page in ``state`` may be moved to ``later``."""
    return later in FOLLOWS[state]


def may_be_asked(state: PageState, asked_at: datetime, now: datetime) -> bool:
    """Whether somebody with such a page may be asked anew: never who has said anything."""
    return state in (_S.SILENT, _S.RELEASED) and now - asked_at >= ASK_AGAIN_AFTER


def coming(pages: Iterable[tuple[AskedAs, PageState]]) -> dict[AskedAs, int]:
    """How many of each role are coming: briefed, on the way or there."""
    return dict(Counter(role for role, state in pages if state in COMING))


def waiting(pages: Iterable[tuple[AskedAs, PageState]]) -> dict[AskedAs, int]:
    """How many of each role may still answer, or have and are not briefed yet."""
    live = frozenset(LIVE_PAGE) - frozenset(COMING)
    return dict(Counter(role for role, state in pages if state in live))


def in_charge_first(
    holders: Sequence[int], down: Collection[int], told: Iterable[tuple[int, PageState]]
) -> list[int]:
    """Of those in charge, who is asked before the others: down for these hours, not yet in vain.

    ``told`` is how each of them who was asked about this stands. Nobody comes first where the rota
    makes no difference between them.
    """
    if set(holders) <= set(down):
        return []
    in_vain = {one for one, state in told if state in _IN_VAIN}
    return [one for one in holders if one in down and one not in in_vain]


def in_charge_next(others: Sequence[int], told: Iterable[tuple[int, PageState]]) -> list[int]:
    """Whom of the others to ask now: who said no is asked again only when all were in vain."""
    last = dict(told)
    willing = [one for one in others if last.get(one) is not PageState.DECLINED]
    if any(last.get(one) not in _IN_VAIN for one in willing):
        return willing
    return [*others]


def counts_for_team(role: AskedAs) -> bool:
    """Whether somebody asked as this fills a place; coordinators hold, they do not fill."""
    return role in TEAM


def needs_a_timer(state: IncidentState | ContactState) -> bool:
    """Whether something in this state must have an unfinished timer at every commit (C1)."""
    return state in (
        IncidentState.SEEKING,
        IncidentState.FILLED,
        ContactState.OPEN,
        ContactState.TAKEN,
    )
