"""Who waits to be let into a case is told of, one a day: a keeper, another, then the office."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import WORDS, choose_words, make_case, make_paralegal, own_key_of
from tests.builders.members import make_member
from union.identity.services.opening import choose_opening_words
from union.infra.outbox import Outbox
from union.infra.sealing import CASE_KEEPERS, entitle, make_circle
from union.infra.timers import Timer
from union.kernel.actor import Actor, Grant, Role
from union.legal.invariants import INVARIANTS
from union.legal.models import CaseWait
from union.legal.services import (
    begin_waits,
    hand_back_case,
    keep_out,
    let_others_in,
    take_case,
)
from union.legal.services.waiting import ASK, EACH, ask_on
from union.messages.models import Message
from union.office.today.care import long_waits

SAID = "Somebody has waited for days for a key that others keep. Ask those who keep keys."
PHONES = iter(range(5_830_200_001, 5_830_300_000))


def officer(work, role) -> Actor:
    """Somebody of the register with this office, who can be told by text."""
    member = make_member(work, phone=str(next(PHONES)))
    account = make_account(work, member.person_id)
    give_role(work, account.id, Grant(role))
    return Actor(member.person_id, account.id, frozenset({Grant(role)}))


def keepers_of_keys(work, how_many=2) -> list[Actor]:
    keepers = [officer(work, Role.WELFARE_COMMITTEE) for _ in range(how_many)]
    choose_words(work, *keepers)
    first, *others = keepers
    make_circle(work, CASE_KEEPERS, [first.person_id])
    with acting_as(work, first):
        for one in others:
            entitle(work, CASE_KEEPERS, one.person_id, WORDS)
    return keepers


def told(work) -> list[int]:
    """Whom words went to, in the order of going; each says nothing but to look at a list."""
    found = work.session.scalars(select(Message).order_by(Message.id)).all()
    assert {(one.purpose, one.template) for one in found} <= {("rota", "desk")}
    for one in found:
        assert work.vault.decrypt(one.key_ref, "message.params", one.ref, one.params) == "{}"
    return [one.person_id for one in found]


def a_day_passes(work) -> None:
    work.clock.advance(EACH)
    due = select(Timer).where(
        Timer.kind == ASK, Timer.done_at.is_(None), Timer.due_at <= work.clock.now()
    )
    for timer in work.session.scalars(due).all():
        ask_on(work, timer)


def says_so(work, looking) -> list[str]:
    """What her first page says of waits."""
    with acting_as(work, looking):
        return [f"{card.sentence} {card.note}" for card in long_waits(work)]


def from_the_queue(work, who=None, subject=None):
    """A sealed case that a paralegal with words of her own took from the queue: she waits."""
    first = make_paralegal(work)
    choose_words(work, first)
    case = make_case(work, first, subject)
    with acting_as(work, first):
        hand_back_case(work, case.ref)
    her = who or make_paralegal(work)
    choose_words(work, her)
    with acting_as(work, her):
        take_case(work, case.ref)
    return case, her


def refused(work, change: str) -> str:
    """By which law the database refuses this, or for want of it."""
    with pytest.raises(DBAPIError) as caught, work.session.begin_nested():
        work.session.execute(text(change))
    return caught.value.orig.diag.constraint_name or caught.value.orig.sqlstate


def waits(work) -> list[CaseWait]:
    return list(work.session.scalars(select(CaseWait).order_by(CaseWait.id)))


def asked_for(work) -> list[Timer]:
    return list(
        work.session.scalars(select(Timer).where(Timer.kind == ASK, Timer.done_at.is_(None)))
    )


def test_a_keeper_after_a_day_another_after_two_the_office_after_three(work):
    keepers = keepers_of_keys(work)
    office = [officer(work, role) for role in (Role.SIGNATORY, Role.DUTY_OFFICER)]
    _, her = from_the_queue(work)
    assert [one.person_id for one in waits(work)] == [her.person_id]
    assert [one.due_at for one in asked_for(work)] == [work.clock.now() + EACH]
    seen = []
    for _ in range(5):
        a_day_passes(work)
        seen.append(told(work))
    first, second = (one.person_id for one in keepers)
    everybody = [first, second, office[1].person_id]
    assert seen == [[first], [first, second], everybody, everybody, everybody]
    assert [says_so(work, one) for one in office] == [[], [SAID]]


def test_how_many_wait_or_for_how_many_cases_is_not_said(work):
    keepers_of_keys(work)
    office = officer(work, Role.DUTY_OFFICER)
    _, her = from_the_queue(work)
    other = make_case(work, make_paralegal(work))
    wait = waits(work)[0]
    again = CaseWait(case_id=other.id, person_id=her.person_id, since=wait.since, steps=0)
    work.session.add(again)
    work.session.flush()
    assert says_so(work, office) == []
    for one in (wait, again):
        one.steps = 3
        work.session.flush()
        assert says_so(work, office) == [SAID]


def test_it_ends_when_she_was_let_in(work):
    keepers = keepers_of_keys(work)
    from_the_queue(work)
    a_day_passes(work)
    with acting_as(work, keepers[0]):
        assert let_others_in(work, own_key_of(work, keepers[0])) == 1
    assert [one.ended_at for one in waits(work)] == [work.clock.now()]
    assert asked_for(work) == []
    a_day_passes(work)
    assert told(work) == [keepers[0].person_id]


def test_it_ends_when_she_hands_the_case_back(work):
    keepers_of_keys(work)
    case, her = from_the_queue(work)
    a_day_passes(work)
    with acting_as(work, her):
        hand_back_case(work, case.ref)
    mine, *others = waits(work)
    assert (mine.person_id, mine.ended_at) == (her.person_id, work.clock.now())
    assert {(one.steps, one.since) for one in others} <= {(0, work.clock.now())}


def test_of_an_erased_case_nobody_is_told(work):
    keepers_of_keys(work)
    case, _ = from_the_queue(work)
    work.vault.destroy_key(case.key_ref)
    a_day_passes(work)
    assert told(work) == []
    assert [one.ended_at for one in waits(work)] == [work.clock.now()]


def test_she_waits_from_when_she_has_words(work):
    keepers_of_keys(work)
    first, her = make_paralegal(work), make_paralegal(work)
    choose_words(work, first)
    case = make_case(work, first)
    with acting_as(work, first):
        hand_back_case(work, case.ref)
    if case.assignee_person_id != her.person_id:
        with acting_as(work, her):
            take_case(work, case.ref)
    assert waits(work) == []
    with acting_as(work, her):
        choose_opening_words(work, WORDS)
    fact = work.session.scalars(select(Outbox).where(Outbox.fact == "opening_words_chosen")).one()
    for _ in range(2):
        begin_waits(work, fact.ids)
    assert [one.person_id for one in waits(work)] == [her.person_id]


def test_the_only_keeper_is_told_twice_and_where_there_is_none_the_office_at_once(work):
    office = officer(work, Role.DUTY_OFFICER)
    (only,) = keepers_of_keys(work, 1)
    from_the_queue(work)
    for _ in range(3):
        a_day_passes(work)
    assert told(work) == [only.person_id, only.person_id, office.person_id]


def test_without_any_keeper_who_can_be_told_the_office_hears_after_a_day(work):
    office = officer(work, Role.DUTY_OFFICER)
    from_the_queue(work)
    assert len(waits(work)) == 1
    a_day_passes(work)
    heard = [one for one in work.session.scalars(select(Message)) if one.state != "withheld"]
    assert [one.person_id for one in heard] == [office.person_id]


def test_where_nobody_is_duty_officer_another_office_hears_of_it(work):
    """Once there is one, it is hers again."""
    offices = (Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY)
    signatory, secretary = (officer(work, role) for role in offices)
    from_the_queue(work)
    a_day_passes(work)
    heard = [one for one in work.session.scalars(select(Message)) if one.state != "withheld"]
    assert [one.person_id for one in heard] == [secretary.person_id]
    assert [says_so(work, one) for one in (signatory, secretary)] == [[], [SAID]]
    duty = officer(work, Role.DUTY_OFFICER)
    seen = [says_so(work, one) for one in (signatory, secretary, duty)]
    assert seen == [[], [], [SAID]]


def test_the_signatories_hear_of_it_where_neither_is_held(work):
    signatory, treasurer = (officer(work, role) for role in (Role.SIGNATORY, Role.TREASURER))
    from_the_queue(work)
    a_day_passes(work)
    assert signatory.person_id in told(work)
    assert [says_so(work, one) for one in (signatory, treasurer)] == [[SAID], []]


def test_no_other_office_hears_of_what_goes_around_the_duty_officers(work):
    """It would know by that around whom."""
    subject, secretary = (
        officer(work, role) for role in (Role.DUTY_OFFICER, Role.MEMBERSHIP_SECRETARY)
    )
    from_the_queue(work, subject=subject.person_id)
    for _ in range(3):
        a_day_passes(work)
    assert secretary.person_id not in told(work)
    assert [says_so(work, one) for one in (subject, secretary)] == [[], []]


def test_nobody_it_goes_around_is_told_nor_whose_it_is(work):
    """Of the office neither: her own three days later she sees no line about it."""
    subject, named, other = (officer(work, Role.DUTY_OFFICER) for _ in range(3))
    case, her = from_the_queue(work, subject=subject.person_id)
    with acting_as(work, her):
        keep_out(work, case.ref, named.person_id)
    for _ in range(3):
        a_day_passes(work)
    assert other.person_id in told(work)
    assert not {subject.person_id, named.person_id} & set(told(work))
    assert [says_so(work, one) for one in (subject, named, other)] == [[], [], [SAID]]
    ask = f"UPDATE case_wait SET last_asked_person_id = {named.person_id}"
    assert refused(work, ask) == "case_wait_goes_around"


def test_a_wait_goes_on_only_forward(work):
    keepers_of_keys(work)
    from_the_queue(work)
    a_day_passes(work)
    assert refused(work, "UPDATE case_wait SET steps = 0") == "case_wait_goes_on"
    again = (
        "INSERT INTO case_wait (case_id, person_id, since, steps, last_asked_person_id, ended_at)"
        " SELECT case_id, {}, since, {}, {}, {} FROM case_wait"
    )
    for begun in (
        ("last_asked_person_id", 3, "NULL", "NULL"),
        ("last_asked_person_id", 0, "last_asked_person_id", "NULL"),
        ("last_asked_person_id", 0, "NULL", "since"),
    ):
        assert refused(work, again.format(*begun)) == "case_wait_begins"
    for change in ("UPDATE case_wait SET since = since", "DELETE FROM case_wait"):
        assert refused(work, change) == "42501"
    assert [one.steps for one in waits(work)] == [1]


def test_a_wait_without_a_timer_is_found(work):
    keepers_of_keys(work)
    from_the_queue(work)
    lost = INVARIANTS["wait_nobody_is_told_of"]
    assert work.session.connection().exec_driver_sql(lost).all() == []
    for timer in asked_for(work):
        timer.done_at = work.clock.now()
    work.session.flush()
    assert len(work.session.connection().exec_driver_sql(lost).all()) == 1
