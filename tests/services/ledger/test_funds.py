"""Money between funds by two hands, and gifts with their receipts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.members import make_member
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.ledger.errors import (
    AnsweredAlreadyError,
    DayToComeError,
    FundRestrictedError,
    FundShortError,
    OtherHandNeededError,
    OwnProposalError,
    SameFundError,
    TransferStandsError,
    WordsMissingError,
)
from union.ledger.models import Donation, InterFundTransfer
from union.ledger.queries.donations import donation_by_ref
from union.ledger.queries.inter_fund import held_in, transfer_by_ref, transfers_to_answer
from union.ledger.services import (
    NewDonation,
    NewTransfer,
    answer_transfer,
    propose_back,
    propose_transfer,
    take_back_donation,
    take_donation,
)
from union.members.services.pairs import merge_members

TODAY = date(2026, 10, 16)


@pytest.fixture
def treasurer(work):
    make_books(work)
    make_receipt(work, 100_000)
    make_receipt(work, 50_000, fund="welfare")
    work.actor = make_person_as(work, Role.TREASURER)
    return work.actor


def decided(**fields):
    values = {
        "from_fund": "general",
        "to_fund": "welfare",
        "money_account": "1110",
        "amount_minor": 30_000,
        "decided_on": TODAY,
        "words": "General meeting, minute 7: a bad monsoon",
        **fields,
    }
    return NewTransfer(**values)


def second(work, ref, *, agreed=True):
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        return answer_transfer(work, ref, agreed=agreed)


def held(work):
    return held_in(work.session, "1110", "general"), held_in(work.session, "1110", "welfare")


def test_money_moves_when_a_second_hand_agrees_and_not_before(work, treasurer):
    made = propose_transfer(work, decided())
    assert held(work) == (100_000, 50_000)
    with pytest.raises(OwnProposalError):
        answer_transfer(work, made.ref, agreed=True)
    entry = second(work, made.ref)
    assert (entry.kind, held(work)) == ("fund_transfer", (70_000, 80_000))
    with pytest.raises(AnsweredAlreadyError):
        second(work, made.ref)
    assert transfer_by_ref(work, made.ref).words.startswith("General meeting")


def test_an_entry_joined_with_hers_is_no_second_hand(work, treasurer):
    kept, gone = make_member(work).person_id, make_member(work).person_id
    with acting_as(work, replace(treasurer, person_id=gone)):
        made = propose_transfer(work, decided())
        assert not transfer_by_ref(work, made.ref).may_answer
    merge_members(work, kept, gone)
    with acting_as(work, replace(treasurer, person_id=kept)):
        assert not transfer_by_ref(work, made.ref).may_answer
        assert transfers_to_answer(work.session, kept) == 0
        with pytest.raises(OwnProposalError):
            answer_transfer(work, made.ref, agreed=True)
    other = make_person_as(work, Role.SIGNATORY)
    assert transfers_to_answer(work.session, other.person_id) == 1
    with acting_as(work, other):
        assert transfer_by_ref(work, made.ref).may_answer


def test_what_is_not_agreed_to_moves_nothing(work, treasurer):
    made = propose_transfer(work, decided())
    assert second(work, made.ref, agreed=False) is None
    assert held(work) == (100_000, 50_000)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"from_fund": "welfare", "to_fund": "general"}, FundRestrictedError),
        ({"from_fund": "welfare", "to_fund": "legal"}, FundRestrictedError),
        ({"to_fund": "general"}, SameFundError),
        ({"amount_minor": 100_001}, FundShortError),
        ({"money_account": "1010"}, FundShortError),
        ({"decided_on": date(2026, 10, 17)}, DayToComeError),
        ({"words": "  "}, WordsMissingError),
    ],
)
def test_what_no_decision_can_do(work, treasurer, fields, error):
    with pytest.raises(error):
        propose_transfer(work, decided(**fields))


def test_a_fund_that_has_it_no_more_gives_nothing(work, treasurer):
    first = propose_transfer(work, decided(amount_minor=60_000))
    again = propose_transfer(work, decided(amount_minor=60_000))
    second(work, first.ref)
    with pytest.raises(FundShortError):
        second(work, again.ref)


def test_a_mistake_goes_back_whole_by_two_hands_while_its_month_is_open(work, treasurer, clock):
    made = propose_transfer(work, decided())
    second(work, made.ref)
    back = propose_back(work, made.ref, "It should have been three hundred")
    assert held(work) == (70_000, 80_000)
    second(work, back.ref)
    assert held(work) == (100_000, 50_000)
    assert transfer_by_ref(work, made.ref).taken_back
    with pytest.raises(TransferStandsError):
        propose_back(work, made.ref, "again")
    late = propose_transfer(work, decided())
    second(work, late.ref)
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    with pytest.raises(TransferStandsError):
        propose_back(work, late.ref, "too late")


def test_only_those_who_sign_decide_and_read_why(work, treasurer):
    made = propose_transfer(work, decided())
    with acting_as(work, make_person_as(work, Role.TRUSTEE)):
        assert transfer_by_ref(work, made.ref).words is None
        with pytest.raises(NotAllowedError):
            propose_transfer(work, decided())
        with pytest.raises(NotAllowedError):
            answer_transfer(work, made.ref, agreed=True)
    kept = work.session.get_one(InterFundTransfer, made.id)
    assert b"monsoon" not in kept.words


def gift(**fields):
    values = {
        "income_account": "4110",
        "fund": "welfare",
        "money_account": "1010",
        "amount_minor": 25_000,
        "given_on": TODAY,
        **fields,
    }
    return NewDonation(**values)


def test_a_gift_lies_in_the_fund_it_was_meant_for_under_the_next_number(work, treasurer):
    first = take_donation(work, gift(giver="Shanta", words="for schoolbooks"))
    second_one = take_donation(work, gift(fund="general"))
    assert (first.number, second_one.number) == (1, 2)
    assert held_in(work.session, "1010", "welfare") == 25_000
    view = donation_by_ref(work, first.ref)
    assert (view.giver, view.words) == ("Shanta", "for schoolbooks")
    assert b"Shanta" not in work.session.get_one(Donation, first.id).giver
    assert donation_by_ref(work, second_one.ref).giver == ""


def test_a_members_gift_lies_under_her_own_key(work, treasurer):
    member = make_member(work, called="Rani")
    given = take_donation(work, gift(giver_person_id=member.person_id, words="for the ill"))
    assert given.key_ref == member.key_ref
    with acting_as(work, make_person_as(work, Role.TRUSTEE)):
        assert donation_by_ref(work, given.ref).words == ""


def test_a_gift_written_down_by_mistake_is_taken_back_once_and_keeps_its_number(work, treasurer):
    given = take_donation(work, gift())
    with pytest.raises(OtherHandNeededError):
        take_back_donation(work, given.ref)
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        back = take_back_donation(work, given.ref)
        assert take_back_donation(work, given.ref).id == back.id
    assert held_in(work.session, "1010", "welfare") == 0
    assert take_donation(work, gift()).number == 2
    assert donation_by_ref(work, given.ref).back.id == back.id


def test_what_a_gift_must_be(work, treasurer):
    with pytest.raises(WordsMissingError):
        take_donation(work, gift(income_account="4190"))
    with pytest.raises(DayToComeError):
        take_donation(work, gift(given_on=date(2026, 10, 17)))
    with acting_as(work, make_person_as(work, Role.SIGNATORY)), pytest.raises(NotAllowedError):
        take_donation(work, gift())
