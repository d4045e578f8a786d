"""What a month costs is said twice, by a rule for one woman and in sets: any woman, any past."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.builders.dues import ask_laws, make_payer, make_payment, pay_as, waive
from union.dues.models import Charge
from union.dues.queries.standing import standings
from union.dues.rules.charges import Absence, Payer, RatePeriod, WaivedPeriod, month_charge
from union.dues.rules.standing import Standing
from union.dues.services import NewRule, NewWaiver, charge_month, set_rate, set_rule
from union.infra.people import new_person
from union.kernel.clock import ManualClock
from union.kernel.periods import Month
from union.ledger.services import open_books

FIRST, LAST = Month(2026, 5), Month(2026, 10)
MONTHS = st.integers(FIRST.month, LAST.month).map(lambda number: Month(2026, number))
DAYS = st.dates(date(2026, 4, 1), date(2026, 10, 31))
SEVERAL = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def maybe(strategy):
    return st.one_of(st.none(), st.none(), strategy)


@dataclass(frozen=True)
class Past:
    """A woman as chance will have her."""

    category: str
    fee: int | None
    joined: date | None
    gone: date | None
    away: tuple[date, date] | None
    waived: tuple[Month, Month] | None
    suspended: date | None
    reinstated: int | None
    paid: tuple[date, int] | None


PASTS = st.builds(
    Past,
    category=st.sampled_from(["woman", "man", "trans"]),
    fee=st.sampled_from([None, None, 0, 2000]),
    joined=st.one_of(st.none(), DAYS),
    gone=maybe(DAYS),
    away=maybe(st.tuples(DAYS, DAYS).map(sorted).map(tuple)),
    waived=maybe(st.tuples(MONTHS, MONTHS).map(sorted).map(tuple)),
    suspended=maybe(DAYS),
    reinstated=maybe(st.integers(1, 90)),
    paid=maybe(st.tuples(DAYS, st.sampled_from([1500, 4000]))),
)
RATES = st.lists(
    st.tuples(st.sampled_from(["", "", "man"]), st.sampled_from([500, 2000, 3000]), MONTHS),
    max_size=5,
)


@SEVERAL
@given(pasts=st.lists(PASTS, min_size=8, max_size=16), rates=RATES, charge_lapsed=st.booleans())
def test_the_run_in_sets_says_the_same_as_the_rule(work, pasts, rates, charge_lapsed):
    held = work.session.begin_nested()
    try:
        _compare(work, pasts, rates, charge_lapsed=charge_lapsed)
    finally:
        held.rollback()


def _compare(work, pasts, rates, *, charge_lapsed: bool) -> None:
    work = dataclasses.replace(work, clock=ManualClock(_noon(date(2026, 4, 1))))
    open_books(work)
    set_rule(work, NewRule(date(2026, 4, 1), 15, 0, 1, 2, 1, (1, 2, 3), charge_lapsed))
    decider = new_person(work).id
    people = [_born(work, past) for past in pasts]
    known = _set(work, rates)
    for month in FIRST.through(LAST):
        eve = month.first_day - timedelta(days=1)
        for past, person_id in zip(pasts, people, strict=True):
            _happens(work, past, person_id, month.previous(), decider)
        work.clock.move_to(_noon(month.first_day))
        stood = standings(work, eve, people)
        charge_month(work, month)
        for past, person_id in zip(pasts, people, strict=True):
            lapsed = stood[person_id].standing is Standing.LAPSED and not charge_lapsed
            expected = month_charge(_payer(past, month, lapsed=lapsed), month, known, _waived(past))
            assert _charged(work, person_id, month) == expected.amount_minor, (past, month)
    ask_laws(work)


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 6, tzinfo=UTC)


def _born(work, past: Past) -> int:
    gone = {"status": "left", "status_on": past.gone} if past.gone else {}
    joined = {"joined_on": past.joined, "fee_minor": past.fee, "category": past.category}
    member = make_payer(work, **joined, **gone)
    if past.fee is None:
        pay_as(work, member.person_id, past.category, Month(2020, 1))
    if past.waived:
        waive(work, NewWaiver(member.person_id, *past.waived, reason="hardship"))
    if past.away:
        work.session.execute(
            text(
                "INSERT INTO member_event (ref, person_id, what, on_day, gone_on, reason, phones,"
                " at) VALUES (:ref, :who, 'back', :back, :gone, 'x', '{}', :at)"
            ),
            {
                "ref": f"away{member.person_id:08d}",
                "who": member.person_id,
                "gone": past.away[0],
                "back": past.away[1],
                "at": work.clock.now(),
            },
        )
    return member.person_id


def _set(work, rates) -> list[RatePeriod]:
    """In the order they are written; the same once more is nothing new."""
    known: list[RatePeriod] = []
    for category, amount, month in rates:
        before = [r for r in known if (r.category, r.from_month) == (category, month)]
        if before and before[-1].amount_minor == amount:
            continue
        set_rate(work, category, amount, month)
        known.append(RatePeriod(category, amount, month))
    return known


def _happens(work, past: Past, person_id: int, month: Month, decider: int) -> None:
    """What became of her in a month: she pays, she is suspended, she comes back."""
    if past.paid and Month.of(past.paid[0]) == month:
        work.clock.move_to(_noon(month.last_day))
        make_payment(work, person_id, past.paid[1], happened_on=past.paid[0])
    if past.suspended is None:
        return
    events = {"suspended": past.suspended}
    if past.reinstated:
        events["reinstated"] = past.suspended + timedelta(days=past.reinstated)
    for what, on in events.items():
        if Month.of(on) == month:
            work.session.execute(
                text(
                    "INSERT INTO dues_standing_event (ref, person_id, what, on_day, rule_id,"
                    " made_at, made_by) SELECT :ref, :who, :what, :on, max(id), :at, :by"
                    " FROM dues_rule"
                ),
                {
                    "ref": f"{what[0]}{person_id:011d}"[:12],
                    "who": person_id,
                    "what": what,
                    "on": on,
                    "at": work.clock.now(),
                    "by": decider,
                },
            )


def _payer(past: Past, month: Month, *, lapsed: bool) -> Payer:
    return Payer(
        past.category,
        past.fee,
        past.joined,
        past.gone,
        None,
        (Absence(*past.away),) if past.away else (),
        frozenset({month}) if lapsed else frozenset(),
    )


def _waived(past: Past) -> tuple[WaivedPeriod, ...]:
    return (WaivedPeriod(*past.waived),) if past.waived else ()


def _charged(work, person_id: int, month: Month) -> int:
    query = work.session.query(Charge).filter_by(person_id=person_id, month=month.first_day)
    return sum(one.amount_minor for one in query)
