"""Tells each month of calls once, when it is over (P4). Invariant: a call counts once, for good.

What is learned later of a call that was counted changes nothing that was told; a call that was not
counted yet is counted in the next month that is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from union.crisis.models import FigureAtom, FigureCounted, FigureEdition, FigureNested, Incident
from union.crisis.queries.editions import (
    SERIES,
    at_midnight,
    counted_as_wished,
    first_call_at,
    last_told,
    newest_edition,
    not_counted,
    not_told_outside,
    waits_since,
)
from union.crisis.queries.figures import happened, people_behind
from union.crisis.rules.editions import Editions, as_she_wished, editions, say_of, told_on
from union.crisis.rules.figures import Call
from union.infra.timers import Timer, TimerHandler, set_timer, take_timer
from union.infra.work import Work
from union.kernel.figures import FEWEST, Atom, Piece, Side, Someone
from union.kernel.periods import Month

FIGURES = "crisis_figures"
SUBJECT = ("figures", 1)
FIGURES_LOCK = 310052
MORNING = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is known of the calls that are told: what came of each, and who is behind it.

    ``wished`` are those that ended as she wished; of one that was counted before, as it was then.
    """

    calls: Mapping[int, Call]
    people: Mapping[int, Someone]
    wished: frozenset[int]


def begin_telling(work: Work) -> None:
    """Have each month told from now on; safe to say again.

    A look that waits beyond the next one was set by a clock that had leapt: it is brought back.
    """
    kind, number = SUBJECT
    waits = select(Timer).where(
        Timer.subject_type == kind, Timer.subject_id == number, Timer.done_at.is_(None)
    )
    timer, due_at = work.session.scalar(waits.limit(1).with_for_update()), _next_look(work)
    if timer is None:
        _look_again(work)
    elif timer.due_at > due_at:
        timer.due_at = due_at
        work.session.flush()


def on_figures(work: Work, timer: Timer) -> None:
    """A month may be over: it is told, one month at a time, and the next is waited for."""
    work.session.execute(select(func.pg_advisory_xact_lock(FIGURES_LOCK)))
    if take_timer(work, timer):
        tell_next_month(work)
        _look_again(work)


def tell_next_month(work: Work) -> Month | None:
    """Tell the eldest month that is over and was not told; None if there is none.

    SubtractedError, and nothing is told, if a small number could be reckoned out of it.
    """
    month = _next_month(work)
    if month is None or work.clock.today() < told_on(month):
        return None
    newest, waiting = newest_edition(work), not_told_outside(work)
    incidents = not_counted(work, month)
    ids = [one.id for one in incidents]
    earlier = [one for piece in waiting for one in sorted(piece.ids)]
    calls = {one.id: one.call for one in happened(work, _with_earlier(work, incidents, earlier))}
    known = _Counted(
        calls,
        people_behind(work, [*ids, *earlier]),
        counted_as_wished(work, earlier) | {one for one in ids if as_she_wished(calls[one])},
    )
    fresh: defaultdict[int | None, set[int]] = defaultdict(set)
    for one in incidents:
        fresh[one.branch_id].add(one.id)
    told = editions(
        month,
        [Piece(branch_id, frozenset(found)) for branch_id, found in fresh.items()],
        waiting,
        known.people,
        {
            side: (waits_since(newest, side), last_told(work, side))
            for side in (Side.INSIDE, Side.OUTSIDE)
        },
    )
    _keep(work, month, told, known, dict(waiting))
    return month


def _keep(
    work: Work, month: Month, told: Editions, known: _Counted, inside: dict[Piece, FigureAtom]
) -> None:
    inside_since, outside_since = told.inside.waits_since, told.outside.waits_since
    work.session.add(
        FigureEdition(
            series=SERIES,
            month_on=month.first_day,
            inside_waits_since=inside_since and inside_since.first_day,
            outside_waits_since=outside_since and outside_since.first_day,
            made_at=work.clock.now(),
        )
    )
    work.session.flush()
    for one in told.inside.atoms:
        row = _atom(work, one, known, Side.INSIDE)
        inside[Piece(one.place, one.ids)] = row
        work.session.add_all(
            FigureCounted(
                series=SERIES,
                subject_id=subject_id,
                atom_id=row.id,
                wished=subject_id in known.wished,
            )
            for subject_id in sorted(one.ids)
        )
    for one in told.outside.atoms:
        within = [inside[piece] for piece in one.pieces]
        row = _atom(work, one, known, Side.OUTSIDE, within)
        work.session.add_all(FigureNested(inside_id=part.id, outside_id=row.id) for part in within)
    work.session.flush()


def _atom(
    work: Work, atom: Atom, known: _Counted, side: Side, within: Sequence[FigureAtom] = ()
) -> FigureAtom:
    splits = [part.wished is not None for part in within]
    said = say_of(atom, known.calls, known.people, known.wished, FEWEST[side], splits)
    row = FigureAtom(
        series=SERIES,
        month_on=atom.last.first_day,
        side=side,
        branch_id=atom.place,
        first_on=atom.first.first_day,
        calls=said.calls,
        people=said.people,
        wished=said.wished,
        there_minutes=said.there,
        settled_minutes=said.settled,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _with_earlier(
    work: Work, incidents: Sequence[Incident], earlier: Sequence[int]
) -> list[Incident]:
    """These and those counted before that wait to be told outside; what aged out is missing."""
    before = work.session.scalars(select(Incident).where(Incident.id.in_(earlier)))
    return [*incidents, *before]


def _next_month(work: Work) -> Month | None:
    newest = newest_edition(work)
    if newest is not None:
        return Month.of(newest.month_on).next()
    first = first_call_at(work)
    return None if first is None else Month.of(first.astimezone(work.clock.zone).date())


def _look_again(work: Work) -> None:
    kind, number = SUBJECT
    set_timer(work, kind=FIGURES, subject_type=kind, subject_id=number, due_at=_next_look(work))


def _next_look(work: Work) -> datetime:
    """When the next month may be told; while there was no call, when this one may be."""
    month = _next_month(work) or Month.of(work.clock.today())
    return max(at_midnight(told_on(month), work.clock.zone) + MORNING, work.clock.now())


TIMERS: Mapping[str, TimerHandler] = {FIGURES: on_figures}
"""Who acts when a month is to be told."""
