"""One caller who rang, wrote and rang again; and what is over when the call is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Contact, Page
from union.crisis.queries.waiting import waiting_contacts
from union.crisis.rules.kinds import (
    AsSheWished,
    Attachment,
    ClosedBy,
    ContactChannel,
    ContactState,
    DealtHow,
    Outcome,
)
from union.infra.work import Work
from union.kernel.actor import Actor, Role

HERS_ALONE = "+915442900234"
RANG, WROTE = ContactChannel.MISSED_CALL, ContactChannel.SMS


@pytest.fixture
def desk(work) -> Work:
    """The same work, done by an operator."""
    bidar = make_branch(work)
    for _ in range(4):
        make_responder(work, bidar)
    operator = make_in_charge(work, Role.OPERATOR)
    actor = Actor(operator, None, frozenset())
    return Work(work.session, work.clock, actor, work.vault, work.routes)


def reaches(work, channel, number=HERS_ALONE, **fields) -> Contact:
    return services.receive_contact(work, services.Report(channel=channel, number=number, **fields))


def thrice(work) -> list[Contact]:
    return [
        reaches(work, RANG),
        reaches(work, WROTE, words="help at Bidar fort"),
        reaches(work, RANG),
    ]


def test_she_is_one_line_with_the_count_and_the_latest(desk):
    first, wrote, last = thrice(desk)
    reaches(desk, RANG, number="+915442900299")
    lines = waiting_contacts(desk)
    assert sorted(line.count for line in lines) == [1, 3]
    hers = next(line for line in lines if line.count == 3)
    assert hers.ref == wrote.ref, "the one on which people were sent out"
    assert hers.refs == (first.ref, wrote.ref, last.ref)
    assert hers.channel == RANG


def test_they_are_taken_and_dealt_with_together_and_hang_on_the_one_call(desk):
    first, wrote, last = thrice(desk)
    services.take_together(desk, first.id)
    assert {c.state for c in (first, wrote, last)} == {ContactState.TAKEN}
    services.deal_together(desk, first.id, DealtHow.SPOKEN, [wrote.ref, last.ref])
    assert {c.state for c in (first, wrote, last)} == {ContactState.DEALT}
    assert {c.incident_id for c in (first, wrote, last)} == {wrote.incident_id}
    assert waiting_contacts(desk) == []


def test_what_came_in_meanwhile_was_not_seen_and_stays(desk):
    first, wrote, last = thrice(desk)
    meanwhile = reaches(desk, WROTE, words="they are back")
    services.deal_together(desk, first.id, DealtHow.SPOKEN, [wrote.ref, last.ref])
    assert meanwhile.state is ContactState.OPEN
    assert [line.ref for line in waiting_contacts(desk)] == [meanwhile.ref]


def test_another_number_is_never_dealt_with_along(desk):
    first = reaches(desk, RANG)
    other = reaches(desk, RANG, number="+915442900299")
    services.deal_together(desk, first.id, DealtHow.NO_NEED, [other.ref])
    assert other.state is ContactState.OPEN


def test_rung_back_three_times_is_enough_for_all_but_not_for_who_rang_since(desk):
    first, second = reaches(desk, RANG), reaches(desk, RANG)
    for _ in range(2):
        services.note_try_together(desk, first.id)
    third = reaches(desk, RANG)
    services.note_try_together(desk, first.id)
    services.deal_together(desk, first.id, DealtHow.NOT_REACHED, [second.ref, third.ref])
    states = [one.state for one in (first, second, third)]
    assert states == [ContactState.DEALT, ContactState.DEALT, ContactState.OPEN]


def close(desk, incident_id: int) -> None:
    page = desk.session.scalars(select(Page).where(Page.incident_id == incident_id)).first()
    services.answer_link(desk, page.id, HERS)
    services.arrive(desk, page.id)
    services.close_incident(
        desk,
        incident_id,
        services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, page.person_id),
    )


def test_whoever_ends_it_has_dealt_with_every_call_about_it(desk):
    contact = report(desk)
    again = report(desk, place="Bidar bus stand")
    services.attach_by_hand(desk, again.id, contact.incident_id)
    close(desk, contact.incident_id)
    assert (contact.state, contact.dealt_how) == (ContactState.DEALT, DealtHow.ATTACHED)
    assert again.state is ContactState.DEALT
    assert waiting_contacts(desk) == []


def test_one_that_only_looked_alike_keeps_waiting_for_a_person(desk):
    contact = report(desk)
    alike = report(desk)
    assert alike.attachment is Attachment.PROVISIONAL
    close(desk, contact.incident_id)
    (line,) = waiting_contacts(desk)
    assert (line.ref, line.ended) == (alike.ref, True)


def test_whoever_writes_down_what_she_hears_has_dealt_with_it(desk):
    contact = services.receive_contact(desk, services.Report(), ask=False)
    services.take_contact(desk, contact.id)
    services.heard_in_person(desk, contact.id)
    assert contact.state is ContactState.TAKEN, "nothing is known yet"
    services.tell_more(desk, contact.id, services.Report(place="Bidar fort"))
    services.heard_in_person(desk, contact.id)
    assert contact.dealt_how is DealtHow.SPOKEN


@pytest.mark.parametrize("channel", [RANG, WROTE, ContactChannel.APP])
def test_but_a_text_or_a_ring_was_not_heard_by_reading_it(desk, channel):
    contact = reaches(desk, channel, place="Bidar fort")
    services.take_contact(desk, contact.id)
    services.heard_in_person(desk, contact.id)
    assert contact.state is ContactState.TAKEN


def test_nor_one_that_somebody_else_has_in_hand(desk):
    contact = services.receive_contact(desk, services.Report(place="Bidar fort"))
    services.heard_in_person(desk, contact.id)
    assert contact.state is ContactState.OPEN
