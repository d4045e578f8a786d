"""Who may be a child: sealed for the named officers, helped like anybody, every reading logged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.builders.crisis import HERS, live_page, make_in_charge, make_responder
from tests.builders.members import PASSPHRASE, make_branch, make_circles
from tests.builders.readings import WHY, written_down
from union.crisis import services
from union.crisis.models import Incident, Page, SealedTelling
from union.crisis.queries.board import board
from union.crisis.queries.desk import contact_by_ref
from union.crisis.queries.mine import my_pages
from union.crisis.queries.waiting import waiting_contacts
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, Kind
from union.crisis.rules.minors import LAW, LOOK_AGAIN, Decision
from union.crisis.services.minors import MINOR, decide, on_minor, open_tellings_of
from union.infra.sealing import NotEntitledError, PassphraseWrongError
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.messages.models import Message

LANE = "blue house behind Bidar mill"
SAID = "she says she is fifteen"


def of(work, person_id: int) -> Work:
    return Work(
        work.session, work.clock, Actor(person_id, None, frozenset()), work.vault, work.routes
    )


@pytest.fixture
def officer(work) -> Work:
    return of(work, make_circles(work))


@pytest.fixture
def child(work, officer):
    bidar = make_branch(work)
    for _ in range(3):
        make_responder(work, bidar)
    return services.receive_contact(
        work,
        services.Report(
            channel=ContactChannel.HOTLINE,
            kind=Kind.CLIENT_VIOLENCE,
            place=LANE,
            words=SAID,
            district="Bidar",
            may_be_minor=True,
        ),
    )


def test_people_are_asked_at_once_and_no_list_says_where_or_what(work, child):
    assert work.session.scalar(select(func.count()).select_from(Page)) > 0
    assert (child.place, child.words) == (None, None)
    (line,) = waiting_contacts(work)
    (watch,) = board(work).watches
    assert line.sealed
    assert watch.sealed
    assert (line.place, line.branch) == (None, "")
    assert (watch.place, watch.branch, watch.kind) == (None, "", Kind.UNKNOWN)
    assert all((one.where, one.km) == ("", None) for one in watch.team)
    shown = contact_by_ref(work, child.ref)
    assert (shown.place, shown.words) == (None, None)


def test_she_who_goes_learns_the_place_after_her_own_digits(work, child):
    her = work.session.scalars(select(Page.person_id).order_by(Page.id)).first()
    page = live_page(work, her)
    assert my_pages(work, her, "elsewhere")[0].place is None
    services.answer_here(work, page.id, HERS, AnsweredBy.APP)
    if page.briefed_at is None:
        services.briefed(work, page.id)
    assert my_pages(work, her, "elsewhere")[0].place == LANE


def test_the_officer_alone_opens_it_and_each_reading_is_written_down(work, child, officer):
    told = open_tellings_of(officer, child.id, PASSPHRASE, WHY)
    assert (told[0].place, told[0].words) == (LANE, SAID)
    (entry,) = written_down(work, "minor_opened")
    assert (entry.actor_person_id, entry.object_id) == (officer.actor.person_id, child.id)
    with pytest.raises(PassphraseWrongError):
        open_tellings_of(officer, child.id, "wrong words", WHY)
    another = of(work, make_in_charge(work, Role.COORDINATOR))
    with pytest.raises(NotEntitledError):
        open_tellings_of(another, child.id, PASSPHRASE, WHY)


def test_what_is_told_later_is_sealed_too_and_loses_nothing(work, child, officer):
    services.tell_more(
        work, child.id, services.Report(channel=child.channel, words="a van outside", place="mill")
    )
    assert child.words is None
    told = open_tellings_of(officer, child.id, PASSPHRASE, WHY)
    assert [one.words for one in told] == ["a van outside", SAID]


def test_the_officers_are_told_again_until_one_of_them_has_decided(work, child, officer):
    def open_timers() -> list[Timer]:
        rows = select(Timer).where(Timer.subject_type == MINOR, Timer.done_at.is_(None))
        return list(work.session.scalars(rows))

    (timer,) = open_timers()
    work.clock.advance(LOOK_AGAIN + timedelta(seconds=1))
    on_minor(work, timer)
    assert len(open_timers()) == 1
    decide(officer, child.id, Decision.STILL_LOOKING)
    assert len(open_timers()) == 1
    decide(officer, child.id, Decision.TOLD_COMMITTEE)
    assert open_timers() == []
    assert child.sealed_at is not None, "it stays sealed"


def test_the_named_officers_are_sent_to_their_list_in_words_that_say_nothing(work):
    make_circles(work)
    make_branch(work)
    named = make_in_charge(work, Role.SAFEGUARDING_OFFICER)
    services.receive_contact(work, services.Report(words=SAID, may_be_minor=True))
    told = work.session.scalars(select(Message.person_id).where(Message.template == "desk"))
    assert told.all() == [named]


def test_that_she_is_grown_opens_it_again_with_the_officers_passphrase(work, child, officer):
    with pytest.raises(PassphraseWrongError):
        decide(officer, child.id, Decision.GROWN, "wrong words")
    decide(officer, child.id, Decision.GROWN, PASSPHRASE)
    shown = contact_by_ref(work, child.ref)
    assert (shown.place, shown.words) == (LANE, SAID)
    assert not board(work).watches[0].sealed


def test_without_any_named_officer_it_is_helped_and_kept_out_of_the_lists(work):
    make_responder(work, make_branch(work))
    contact = services.receive_contact(
        work, services.Report(place=LANE, district="Bidar", may_be_minor=True)
    )
    assert contact.incident_id is not None
    assert work.session.get_one(Incident, contact.incident_id).place is not None
    assert waiting_contacts(work)[0].place is None
    assert contact_by_ref(work, contact.ref).place is None


def test_nothing_of_it_lies_open_in_its_tables(work, child):
    for table in ("contact", "sealed_telling", "incident", "incident_event"):
        for row in work.session.execute(text(f"SELECT t::text FROM {table} t")).scalars():
            assert LANE not in row
            assert SAID not in row
    assert work.session.scalar(select(func.count()).select_from(SealedTelling)) == 1


def test_each_line_of_law_has_its_source_and_its_day():
    assert all(line.source and line.since.year >= 2012 for line in LAW)
