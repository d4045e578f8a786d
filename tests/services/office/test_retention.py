"""The nightly run, and what two people do about days and holds."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders.ledger import make_person_as
from tests.builders.members import make_member
from tests.builders.retention import Garden
from union.infra import holds as infra_holds
from union.infra.holds import HeldThing, HoldReason, LegalHold
from union.infra.keystore import KeyGoneError
from union.infra.retention import (
    DAILY,
    RetentionDay,
    RetentionKey,
    RetentionRun,
    begin_ageing,
    days_of,
)
from union.infra.timers import Timer, fire_due
from union.kernel.actor import Actor, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.office.retention.collected import KEPT, RULES, TIMERS
from union.office.retention.errors import (
    DaysOutOfBoundsError,
    HoldEndedError,
    HoldNotByTwoError,
    HoldTooLongError,
    WishNotByTwoError,
    WishWaitsError,
)
from union.office.retention.queries import holds_open, last_day, late_kinds, rules_now
from union.office.retention.services.days import answer_days, propose_days
from union.office.retention.services.holds import NewHold, lift_hold, place_hold, renew_hold

TEST = Actor.system("test")
HANDS = sum(one.hand is not None for one in KEPT)


def night(committing, clock):
    """Until the next one is through."""
    clock.advance(timedelta(days=1))
    while fire_due(committing, TIMERS):
        pass


def test_each_night_every_kind_is_gone_through_once(committing, clock):
    for _ in range(2):
        with committing.begin(TEST) as work:
            begin_ageing(work)
    for _ in range(2):
        night(committing, clock)
    with committing.reading(TEST) as work:
        daily = select(func.count()).where(Timer.kind == DAILY, Timer.done_at.is_(None))
        assert work.session.scalar(daily) == 1
        assert work.session.query(RetentionDay).count() == 2
        assert work.session.query(RetentionRun).count() == 2 * HANDS
        assert work.session.query(RetentionRun).filter_by(done_at=None).count() == 0
        assert late_kinds(work) == []
        assert last_day(work) is not None


def test_a_clock_that_leapt_once_stops_nothing(committing, clock):
    """The run that a wrong clock put off for a hundred years is brought back, and it stays one."""
    daily = select(Timer.due_at).where(Timer.kind == DAILY, Timer.done_at.is_(None))
    now = clock.now()
    with committing.begin(TEST) as work:
        begin_ageing(work)
        timer = work.session.scalars(select(Timer).where(Timer.kind == DAILY)).one()
        timer.due_at = now + timedelta(days=36_525)
    with committing.begin(TEST) as work:
        begin_ageing(work)
        (due_at,) = work.session.scalars(daily).all()
        assert now < due_at <= now + timedelta(days=1)


def test_a_key_goes_only_once_its_order_is_committed(committing, clock, fresh_database):
    with committing.begin(TEST) as work:
        key = work.vault.new_key()
        field = work.vault.encrypt(key, "incident.place", "x", "words")
        begin_ageing(work)
    Garden(fresh_database, clock.now()).plant("cases", 900, timedelta(days=9000), key=key)
    for _ in range(6):
        night(committing, clock)
        with committing.reading(TEST) as work:
            assert work.vault.decrypt(key, "incident.place", "x", field) == "words"
    night(committing, clock)
    with committing.reading(TEST) as work:
        assert work.session.get_one(RetentionKey, key).destroyed_at is not None
        with pytest.raises(KeyGoneError):
            work.vault.decrypt(key, "incident.place", "x", field)


def person_with(work, *roles):
    return dataclasses.replace(work, actor=make_person_as(work, *roles))


def test_days_are_changed_by_two_within_bounds(work):
    one, other = (person_with(work, Role.SIGNATORY) for _ in range(2))
    rule = RULES["commands"]
    with pytest.raises(DaysOutOfBoundsError):
        propose_days(one, "commands", rule.least - 1)
    with pytest.raises(NotFoundError):
        propose_days(one, "books", 9)
    wish = propose_days(one, "commands", 60)
    with pytest.raises(WishWaitsError):
        propose_days(other, "commands", 61)
    with pytest.raises(WishNotByTwoError):
        answer_days(one, wish.ref, agreed=True)
    assert days_of(work.session, rule) == rule.days
    answer_days(other, wish.ref, agreed=True)
    assert days_of(work.session, rule) == 60
    assert {one.rule.kind: one.days for one in rules_now(work)}["commands"] == 60
    with pytest.raises(NotFoundError):
        answer_days(other, wish.ref, agreed=False)


def test_a_wish_taken_back_changes_nothing(work):
    one = person_with(work, Role.SIGNATORY)
    wish = propose_days(one, "commands", 60)
    answer_days(one, wish.ref, agreed=False)
    assert days_of(work.session, RULES["commands"]) == RULES["commands"].days
    propose_days(one, "commands", 61)


def new_hold(work, named: str, **fields) -> NewHold:
    until = work.clock.today() + timedelta(days=30)
    told = {"what": HeldThing.PERSON, "why": HoldReason.COURT_ORDER, "words": "court 4"}
    return NewHold(**{"until": until, **told, **fields, "named": named})


@pytest.fixture
def her(work):
    return make_member(work)


def test_a_hold_is_placed_renewed_and_lifted_by_two(work, her):
    one, other = (person_with(work, Role.MEMBERSHIP_SECRETARY) for _ in range(2))
    hold = place_hold(one, new_hold(work, her.card_number))
    assert infra_holds.is_held(work.session, HeldThing.PERSON, her.person_id)
    assert infra_holds.is_held_key(work.session, her.key_ref)
    (line,) = holds_open(other)
    assert (line.words, line.asked_to_lift, line.mine_to_lift) == ("court 4", False, True)
    renew_hold(other, hold.ref)
    assert hold.until_at == work.clock.now() + timedelta(days=365)
    lift_hold(one, hold.ref)
    with pytest.raises(HoldNotByTwoError):
        lift_hold(one, hold.ref)
    assert lift_hold(other, hold.ref).ended_how == "lifted"
    assert not infra_holds.is_held(work.session, HeldThing.PERSON, her.person_id)
    with pytest.raises(HoldEndedError):
        renew_hold(one, hold.ref)


def test_who_answers_for_other_records_neither_holds_nor_sees(work, her):
    secretary = person_with(work, Role.MEMBERSHIP_SECRETARY)
    hold = place_hold(secretary, new_hold(work, her.card_number))
    for role in (Role.COORDINATOR, Role.PARALEGAL, Role.TREASURER):
        stranger = person_with(work, role)
        assert holds_open(stranger) == ()
        with pytest.raises(NotFoundError):
            lift_hold(stranger, hold.ref)
        with pytest.raises(NotAllowedError):
            place_hold(stranger, new_hold(work, her.card_number))


def test_a_hold_lasts_a_year_at_most_and_is_of_something(work, her):
    one = person_with(work, Role.MEMBERSHIP_SECRETARY)
    for days in (-1, 367):
        until = work.clock.today() + timedelta(days=days)
        with pytest.raises(HoldTooLongError):
            place_hold(one, new_hold(work, her.card_number, until=until))
    with pytest.raises(NotFoundError):
        place_hold(one, new_hold(work, "KSWU-9999"))


def test_a_hold_whose_time_is_over_ends_by_the_unions_own_days(committing, clock):
    with committing.begin(TEST) as work:
        her = make_member(work)
        one = person_with(work, Role.MEMBERSHIP_SECRETARY)
        until = work.clock.today() + timedelta(days=2)
        place_hold(one, new_hold(work, her.card_number, until=until))
        begin_ageing(work)
    for _ in range(5):
        night(committing, clock)
    with committing.reading(TEST) as work:
        assert work.session.scalars(select(LegalHold)).one().ended_how is None, "not borne out yet"
    for _ in range(6):
        night(committing, clock)
    with committing.reading(TEST) as work:
        assert work.session.scalars(select(LegalHold)).one().ended_how == "ran_out"
