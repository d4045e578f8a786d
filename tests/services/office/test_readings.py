"""Hers to see and to question; two trustees who keep the list; an inquiry, told when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import make_account
from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.readings import WHY, written_down
from union.identity.services import give_role
from union.infra.keystore import KeyGoneError
from union.infra.reading_seals import lay_seal, newest_heads, say_head
from union.infra.readings import Reading, Reason, Why, write_down
from union.infra.signing import Signature, is_signed
from union.infra.timers import Timer
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.models import Member
from union.messages.models import Message
from union.office.readings.errors import (
    AnsweredAlreadyError,
    AskedAlreadyError,
    HeadNotNewestError,
    InquiryAnsweredError,
    InquiryNotByTwoError,
    InquiryTooLongError,
    KeeperAlreadyError,
    KeepersFullError,
    NotAKeeperError,
    NotYoursToAnswerError,
)
from union.office.readings.queries.asking import inquiries, question_by_ref, questions
from union.office.readings.queries.keeping import kept, troubles_now
from union.office.readings.queries.openings import delays_of, opening_of, openings_of
from union.office.readings.rules import Outcome, Trouble
from union.office.readings.services import keeping
from union.office.readings.services.asking import answer_question, ask_about, on_question
from union.office.readings.services.inquiries import answer_inquiry, propose_inquiry
from union.office.readings.services.keeping import give_up_place, take_place, write_head_down

WORDS = "I never asked anybody for this"


def officer(work, *roles: Role, **fields) -> Actor:
    """A member with offices, as she signs in."""
    member = make_member(work, **fields)
    account = make_account(work, member.person_id)
    for role in roles:
        give_role(work, account.id, Grant(role))
    return Actor(member.person_id, account.id, frozenset(Grant(role) for role in roles))


def as_her(member) -> Actor:
    return Actor(member.person_id, None, frozenset({Grant(Role.MEMBER)}))


def read(work, reader: Actor, member, what="legal_name_opened", why=WHY) -> None:
    with acting_as(work, reader):
        reading = Reading(what, "member", member.person_id, member.person_id, why)
        write_down(work, reading, member.key_ref)


@pytest.fixture
def reader(work) -> Actor:
    return officer(work, Role.MEMBERSHIP_SECRETARY, called="Sita")


@pytest.fixture
def her(work):
    return make_member(work, called="Meena")


@pytest.fixture
def trustees(work) -> list[Actor]:
    return [officer(work, Role.TRUSTEE) for _ in range(3)]


def test_she_reads_who_what_and_why_by_name_and_office(work, reader, her):
    read(work, reader, her, why=Why(Reason.OTHER, " for the bank's form "))
    (shown,) = openings_of(work, her.person_id)
    assert shown.by.startswith("Sita · ")
    assert shown.offices == (Role.MEMBERSHIP_SECRETARY,)
    assert (shown.what, shown.reason, shown.words) == (
        "legal_name_opened",
        "other",
        "for the bank's form",
    )
    assert openings_of(work, reader.person_id) == []


def test_who_comes_at_night_is_told_by_her_office_alone(work, her):
    team = officer(work, Role.RESPONDER, called="Radha")
    read(work, team, her, "opened_taken_name", Why(Reason.ON_THE_SPOT))
    (shown,) = openings_of(work, her.person_id)
    assert (shown.by, shown.offices) == ("", (Role.RESPONDER,))


def test_she_sees_all_of_them_page_by_page_and_not_her_own(work, reader, her):
    for _ in range(5):
        read(work, reader, her)
    read(work, as_her(her), her)
    first = openings_of(work, her.person_id, limit=3)
    rest = openings_of(work, her.person_id, before=first[-1].ref, limit=3)
    assert [one.number for one in first + rest] == sorted(
        (one.id for one in written_down(work)[:5]), reverse=True
    )


def test_a_sign_in_under_force_shows_what_somebody_sees_to_whom_nothing_happened(work, reader, her):
    read(work, reader, her)
    ref = openings_of(work, her.person_id)[0].ref
    forced = Actor(her.person_id, 1, frozenset(), duress=True)
    with acting_as(work, forced):
        assert openings_of(work, her.person_id) == []
        assert delays_of(work, her.person_id) == []
        with pytest.raises(NotFoundError):
            opening_of(work, her.person_id, ref)
    assert len(openings_of(work, her.person_id)) == 1


def test_words_that_were_erased_leave_the_line(work, reader, her):
    read(work, reader, her, why=Why(Reason.OTHER, "for the bank's form"))
    work.vault.destroy_key(her.key_ref)
    (shown,) = openings_of(work, her.person_id)
    assert (shown.reason, shown.words) == ("other", "")
    with pytest.raises(KeyGoneError):
        read(work, reader, her, why=Why(Reason.OTHER, "once more"))


def test_she_asks_once_and_a_trustee_who_did_not_read_it_answers(work, reader, her, trustees):
    read(work, reader, her)
    ref = openings_of(work, her.person_id)[0].ref
    with acting_as(work, as_her(her)):
        question = ask_about(work, ref, WORDS)
        with pytest.raises(AskedAlreadyError):
            ask_about(work, ref, WORDS)
    assert WORDS.encode() not in question.words
    told = work.session.scalars(select(Message.person_id).where(Message.template == "desk")).all()
    assert sorted(told) == sorted(one.person_id for one in trustees)
    with acting_as(work, trustees[0]):
        seen = question_by_ref(work, question.ref)
        assert (seen.asked.words, seen.mine) == (WORDS, False)
        assert seen.by.startswith("Sita · ")
        answer_question(work, question.ref, Outcome.WAS_NOT_RIGHT, "she was spoken with")
        with pytest.raises(AnsweredAlreadyError):
            answer_question(work, question.ref, Outcome.WAS_RIGHT, "no")
        assert [one.ref for one in questions(work)] == [question.ref]
    shown = opening_of(work, her.person_id, ref)
    assert (shown.asked.outcome, shown.asked.answer) == (
        Outcome.WAS_NOT_RIGHT,
        "she was spoken with",
    )
    assert open_timers(work) == []


def open_timers(work) -> list[Timer]:
    rows = select(Timer).where(Timer.kind == "readings_question", Timer.done_at.is_(None))
    return list(work.session.scalars(rows))


def test_the_trustee_who_read_it_neither_hears_of_it_nor_answers(work, her, trustees):
    read(work, trustees[0], her)
    ref = openings_of(work, her.person_id)[0].ref
    with acting_as(work, as_her(her)):
        question = ask_about(work, ref, "")
    told = set(work.session.scalars(select(Message.person_id)))
    assert told == {one.person_id for one in trustees[1:]}
    with acting_as(work, trustees[0]):
        assert question_by_ref(work, question.ref).mine
        with pytest.raises(NotYoursToAnswerError):
            answer_question(work, question.ref, Outcome.WAS_RIGHT, "it was")


def test_a_question_nobody_answers_is_told_again_every_three_days(work, reader, her, trustees):
    read(work, reader, her)
    with acting_as(work, as_her(her)):
        ask_about(work, openings_of(work, her.person_id)[0].ref, WORDS)
    (timer,) = open_timers(work)
    assert timer.due_at == work.clock.now() + timedelta(days=3)
    work.clock.move_to(timer.due_at)
    for _ in range(2):
        on_question(work, timer)
    assert len(work.session.scalars(select(Message)).all()) == 6
    (again,) = open_timers(work)
    assert again.due_at == work.clock.now() + timedelta(days=3)


def test_nobody_asks_about_what_is_not_hers(work, reader, her):
    read(work, reader, her)
    ref = openings_of(work, her.person_id)[0].ref
    for actor in (as_her(make_member(work)), reader, Actor.anonymous()):
        with acting_as(work, actor), pytest.raises(NotFoundError):
            ask_about(work, ref, WORDS)


def test_an_officer_who_is_no_trustee_answers_nothing(work, reader, her):
    for act in (
        lambda: answer_question(work, "x", Outcome.WAS_RIGHT, "x"),
        lambda: take_place(work),
        lambda: propose_inquiry(work, "a", "b", work.clock.today()),
    ):
        with acting_as(work, reader), pytest.raises(NotAllowedError):
            act()


def test_two_trustees_keep_the_list_and_nobody_keeps_it_twice(work, trustees):
    with acting_as(work, trustees[0]):
        take_place(work)
        with pytest.raises(KeeperAlreadyError):
            take_place(work)
    with acting_as(work, trustees[1]):
        take_place(work)
    with acting_as(work, trustees[2]):
        with pytest.raises(KeepersFullError):
            take_place(work)
        with pytest.raises(NotAKeeperError):
            give_up_place(work)
    with acting_as(work, trustees[0]):
        give_up_place(work)
    with acting_as(work, trustees[2]):
        assert take_place(work).place == 1


def test_she_signs_that_the_newest_figures_stand_on_her_paper(
    work, reader, her, trustees, monkeypatch
):
    monkeypatch.setattr(keeping, "check_own_password", lambda *_: None)
    read(work, reader, her)
    lay_seal(work)
    head = say_head(work, work.clock.today())
    with acting_as(work, trustees[0]):
        with pytest.raises(NotAKeeperError):
            write_head_down(work, head.figures, "pw")
        take_place(work)
        with pytest.raises(HeadNotNewestError):
            write_head_down(work, "0000 0000 0000 0000", "pw")
        receipt = write_head_down(work, head.figures, "pw")
        assert write_head_down(work, head.figures, "pw") is receipt
        shown = kept(work)
    said = keeping.receipt_text(head).encode()
    assert is_signed(said, Signature(receipt.public_key, receipt.signature))
    assert shown.heads[0].written == {1}
    assert troubles_now(work) == [(Trouble.PLACE_FREE, 2)]
    work.clock.advance(timedelta(days=3))
    assert (Trouble.NOT_WRITTEN, 3) in troubles_now(work)
    assert newest_heads(work.session, 1)[0].holds


@pytest.fixture
def inquiry(work, reader, her, trustees):
    reader_card = make_card_of(work, reader)
    with acting_as(work, trustees[0]):
        until = work.clock.today() + timedelta(days=10)
        return propose_inquiry(work, her.card_number, reader_card, until)


def make_card_of(work, actor: Actor) -> str:
    return work.session.get_one(Member, actor.person_id).card_number


def test_what_an_inquiry_opens_is_shown_to_her_when_it_is_over(
    work, reader, her, trustees, inquiry
):
    read(work, reader, her)
    assert len(openings_of(work, her.person_id)) == 1, "nothing is kept back before the second yes"
    with acting_as(work, trustees[1]):
        answer_inquiry(work, inquiry.ref, agreed=True)
    read(work, reader, her)
    read(work, officer(work, Role.PARALEGAL), her)
    assert len(openings_of(work, her.person_id)) == 2, "what others open is shown at once"
    assert delays_of(work, her.person_id) == []
    work.clock.move_to(inquiry.ends_at)
    read(work, reader, her)
    shown = openings_of(work, her.person_id)
    assert [one.kept_until is not None for one in shown] == [False, False, True, False]
    (delay,) = delays_of(work, her.person_id)
    assert (delay.begun_at, delay.ended_at) == (
        inquiry.proposed_at,
        inquiry.ends_at,
    )


def test_an_inquiry_needs_two_trustees_who_are_neither(work, reader, her, trustees, inquiry):
    with acting_as(work, trustees[0]), pytest.raises(InquiryNotByTwoError):
        answer_inquiry(work, inquiry.ref, agreed=True)
    both = officer(work, Role.TRUSTEE)
    cards = (make_card_of(work, reader), make_card_of(work, both))
    with acting_as(work, both):
        for about, who in ((cards[1], cards[0]), (cards[0], cards[1]), (cards[0], cards[0])):
            with pytest.raises(InquiryNotByTwoError):
                propose_inquiry(work, about, who, work.clock.today() + timedelta(days=2))
    with acting_as(work, trustees[0]):
        for days in (-1, 31):
            until = work.clock.today() + timedelta(days=days)
            with pytest.raises(InquiryTooLongError):
                propose_inquiry(work, her.card_number, cards[0], until)
        answer_inquiry(work, inquiry.ref, agreed=False)
    with acting_as(work, trustees[1]), pytest.raises(InquiryAnsweredError):
        answer_inquiry(work, inquiry.ref, agreed=True)
    assert [one.agreed for one in inquiries(work)] == [False]


def test_she_whom_it_is_about_finds_it_on_no_list(work, her, inquiry):
    account = make_account(work, her.person_id)
    with acting_as(work, Actor(her.person_id, account.id, frozenset({Grant(Role.TRUSTEE)}))):
        assert inquiries(work) == []
    assert len(inquiries(work)) == 1
