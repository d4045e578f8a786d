"""A claim asked, heard, decided, appealed and paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.builders.ledger import (
    acting_as,
    make_books,
    make_mistake,
    make_person_as,
    make_receipt,
)
from tests.builders.members import make_member
from tests.builders.readings import WHY, written_down
from tests.builders.welfare import (
    HEALTH_WORDS,
    PASSPHRASE,
    as_member,
    make_claim,
    make_committee,
    make_granted_claim,
    make_scheme,
    make_sick_member,
)
from union.infra.audit import AuditEntry
from union.infra.outbox import Outbox
from union.infra.sealing import CircleMissingError, NotEntitledError, PassphraseWrongError
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.ledger.models import JournalEntry, Voucher
from union.ledger.rules import AccountCode, FundCode
from union.ledger.services import approve_voucher, pay_voucher, withdraw_voucher
from union.welfare.errors import (
    AppealedBeforeError,
    ClaimSettledError,
    DaysClaimedError,
    DaysOverClaimError,
    DepartureUnexplainedError,
    NotHeardError,
    OwnClaimError,
    SameHandsError,
    SchemeNotInForceError,
)
from union.welfare.models import ClaimDecision
from union.welfare.queries import claim_view, claims_of, claims_waiting
from union.welfare.rules import ClaimState, Departure, Evidence, Outcome, Reason
from union.welfare.services import (
    NewClaim,
    Ruling,
    appeal_claim,
    ask_benefit,
    decide_claim,
    hear_claimant,
    mark_claim_paid,
    open_paid_again,
    open_sealed_words,
    prepare_payment,
    take_back_payment,
)

REFUSE = Ruling(Outcome.REFUSE, departure=Departure.EVIDENCE_DOUBTED)


@pytest.fixture
def judge(work):
    make_scheme(work)
    return make_committee(work)


def checked(work):
    """Ask every deferred law, as a commit would."""
    work.session.flush()
    work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    work.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def test_a_claim_keeps_its_words_sealed(work, judge):
    claim = make_claim(work)
    assert claim.state == ClaimState.ASKED
    assert claim.health is not None
    assert HEALTH_WORDS.encode() not in claim.health
    assert [line.ref for line in claims_waiting(work)] == [claim.ref]
    assert [line.ref for line in claims_of(work, claim.person_id)] == [claim.ref]


def test_without_anybody_entitled_nothing_is_taken_in(work):
    make_scheme(work)
    with pytest.raises(CircleMissingError):
        make_claim(work)
    assert make_claim(work, health="").health is None


def test_nobody_claims_for_somebody_else(work, judge):
    member = make_sick_member(work)
    new = NewClaim(member.person_id, date(2026, 10, 1), date(2026, 10, 2), Evidence.DOCTOR)
    with acting_as(work, as_member(make_member(work))), pytest.raises(NotAllowedError):
        ask_benefit(work, new)
    with acting_as(work, judge):
        assert ask_benefit(work, new).asked_by_person_id == judge.person_id


def test_no_day_is_claimed_twice(work, judge):
    member = make_sick_member(work)
    make_claim(work, member)
    with pytest.raises(DaysClaimedError):
        make_claim(work, member, from_on=date(2026, 10, 10), until_on=date(2026, 10, 12))
    make_claim(work, member, from_on=date(2026, 10, 11), until_on=date(2026, 10, 12))


def test_before_the_scheme_there_is_nothing_to_claim(work, judge):
    with pytest.raises(SchemeNotInForceError):
        make_claim(work, from_on=date(2025, 12, 30), until_on=date(2026, 1, 5))


def test_a_grant_stores_all_that_was_looked_at_and_prepares_a_voucher(work, judge):
    claim = make_granted_claim(work, judge)
    decision = work.session.scalars(select(ClaimDecision)).one()
    assert (decision.days, decision.amount_minor) == (7, 105_000)
    assert decision.inputs["claim"]["months_in_arrears"] == 0
    assert decision.inputs["terms"]["daily_amount_minor"] == 15000
    assert decision.reasons == ["within_rules", "first_days_unpaid"]
    voucher = work.session.get_one(Voucher, claim.voucher_id)
    assert (voucher.payee_person_id, voucher.amount_minor) == (claim.person_id, 105_000)
    assert (voucher.fund_code, voucher.source_kind) == ("welfare", "welfare_claim")
    checked(work)


def test_nobody_judges_her_own_claim(work, judge):
    member = make_sick_member(work)
    claim = make_claim(work, member)
    herself = Actor(member.person_id, None, frozenset({Grant(Role.WELFARE_COMMITTEE)}))
    with acting_as(work, herself):
        assert claims_waiting(work) == []
        for act in (
            lambda: hear_claimant(work, claim.ref, "I said so"),
            lambda: decide_claim(work, claim.ref, Ruling(Outcome.GRANT)),
            lambda: open_sealed_words(work, claim.ref, PASSPHRASE, WHY),
        ):
            with pytest.raises(OwnClaimError):
                act()


def test_only_the_committee_decides(work, judge):
    claim = make_claim(work)
    with acting_as(work, make_person_as(work, Role.TREASURER)), pytest.raises(NotAllowedError):
        decide_claim(work, claim.ref, Ruling(Outcome.GRANT))


def test_a_refusal_waits_for_the_hearing(work, judge):
    claim = make_claim(work)
    with acting_as(work, judge):
        for refusal in (REFUSE, Ruling(Outcome.REFUSE)):
            with pytest.raises(NotHeardError):
                decide_claim(work, claim.ref, refusal)
        hear_claimant(work, claim.ref, "she could show no paper")
        with pytest.raises(DepartureUnexplainedError):
            decide_claim(work, claim.ref, Ruling(Outcome.REFUSE))
        decide_claim(work, claim.ref, REFUSE)
    assert claim.state == ClaimState.REFUSED
    checked(work)


def test_an_appeal_is_heard_anew_by_other_hands_and_only_once(work, judge):
    member = make_sick_member(work)
    claim = make_claim(work, member)
    with acting_as(work, judge):
        hear_claimant(work, claim.ref, "first hearing")
        decide_claim(work, claim.ref, REFUSE)
    work.clock.advance(timedelta(days=2))
    with acting_as(work, as_member(make_member(work))), pytest.raises(NotFoundError):
        appeal_claim(work, claim.ref)
    with acting_as(work, as_member(member)):
        appeal_claim(work, claim.ref)
    with acting_as(work, judge):
        with pytest.raises(SameHandsError):
            decide_claim(work, claim.ref, Ruling(Outcome.GRANT))
        with pytest.raises(SameHandsError):
            hear_claimant(work, claim.ref, "heard by the one who refused")
    other = make_committee(work, entitled=False)
    with acting_as(work, other):
        with pytest.raises(NotHeardError):
            decide_claim(work, claim.ref, REFUSE)
        hear_claimant(work, claim.ref, "second hearing")
        decide_claim(work, claim.ref, REFUSE)
    with acting_as(work, as_member(member)), pytest.raises(AppealedBeforeError):
        appeal_claim(work, claim.ref)
    checked(work)


def test_the_committee_may_be_kinder_than_the_rule_and_says_why(work, judge):
    claim = make_claim(work, make_sick_member(work, joined_on=date(2026, 9, 1)))
    with acting_as(work, judge):
        assert claim_view(work, claim).proposal.reasons == (Reason.WAITING_TIME,)
        with pytest.raises(DaysOverClaimError):
            decide_claim(work, claim.ref, Ruling(Outcome.GRANT, 11, Departure.HARDSHIP))
        with pytest.raises(DepartureUnexplainedError):
            decide_claim(work, claim.ref, Ruling(Outcome.GRANT, 10))
        decision = decide_claim(work, claim.ref, Ruling(Outcome.GRANT, 10, Departure.HARDSHIP))
    assert (decision.amount_minor, decision.departure) == (150_000, "hardship")
    assert decision.paid_from_on == date(2026, 10, 1)


def test_the_second_claim_of_a_year_sees_the_first(work, judge):
    member = make_sick_member(work)
    make_granted_claim(work, judge, member, from_on=date(2026, 3, 1), until_on=date(2026, 3, 31))
    second = claim_view(work, make_claim(work, member))
    assert second.proposal.days_used == 28
    assert second.proposal.days == 2


def pay(work, voucher):
    treasurer = make_person_as(work, Role.TREASURER)
    for hand in (treasurer, make_person_as(work, Role.SIGNATORY)):
        with acting_as(work, hand):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    with acting_as(work, treasurer):
        pay_voucher(work, voucher.ref)


def test_a_paid_voucher_marks_the_claim_paid_once(work, judge):
    make_books(work)
    make_receipt(work, 500_000, AccountCode.CASH_AT_DESK, FundCode.WELFARE)
    claim = make_granted_claim(work, judge)
    voucher = work.session.get_one(Voucher, claim.voucher_id)
    mark_claim_paid(work, {"voucher_id": voucher.id + 1000})
    pay(work, voucher)
    for _ in range(2):
        mark_claim_paid(work, {"voucher_id": voucher.id})
    assert claim.state == ClaimState.PAID
    actions = work.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_person_id == claim.person_id)
    ).all()
    assert actions.count("benefit_paid") == 1
    checked(work)


def test_a_withdrawn_voucher_leaves_the_claim_granted_and_another_is_prepared(work, judge):
    claim = make_granted_claim(work, judge)
    voucher = work.session.get_one(Voucher, claim.voucher_id)
    with acting_as(work, judge), pytest.raises(ClaimSettledError):
        prepare_payment(work, claim.ref, AccountCode.BANK)
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        withdraw_voucher(work, voucher.ref)
    for _ in range(2):
        take_back_payment(work, {"voucher_id": voucher.id})
    assert claim.state == ClaimState.GRANTED
    with acting_as(work, judge):
        again = prepare_payment(work, claim.ref, AccountCode.BANK)
    assert claim.voucher_id == again.id != voucher.id
    checked(work)


@pytest.mark.parametrize("heard_of_it", [True, False])
def test_a_reversed_payment_opens_the_claim_again_and_it_is_paid_anew(work, judge, heard_of_it):
    make_books(work)
    make_receipt(work, 500_000, AccountCode.CASH_AT_DESK, FundCode.WELFARE)
    claim = make_granted_claim(work, judge)
    voucher = work.session.get_one(Voucher, claim.voucher_id)
    pay(work, voucher)
    mark_claim_paid(work, {"voucher_id": voucher.id})
    open_paid_again(work, {"voucher_id": voucher.id})
    assert claim.state == ClaimState.PAID
    for state, rest in (("voucher", ""), ("granted", ", voucher_id = NULL")):
        attack = f"UPDATE claim SET state = '{state}', paid_at = NULL{rest} WHERE id = :claim"
        with (
            pytest.raises(IntegrityError, match="welfare_claim_backed"),
            work.session.begin_nested(),
        ):
            work.session.execute(text(attack), {"claim": claim.id})
    paid = work.session.scalars(
        select(JournalEntry).where(JournalEntry.voucher_id == voucher.id)
    ).one()
    make_mistake(work, paid)
    facts = work.session.scalars(select(Outbox.fact)).all()
    assert "payment_reversed" in facts
    if heard_of_it:
        for _ in range(2):
            open_paid_again(work, {"voucher_id": voucher.id})
        assert (claim.state, claim.paid_at) == (ClaimState.VOUCHER, None)
        assert claim_view(work, claim).payment_reversed
        mark_claim_paid(work, {"voucher_id": voucher.id})
        assert claim.state == ClaimState.VOUCHER
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        withdraw_voucher(work, voucher.ref)
    take_back_payment(work, {"voucher_id": voucher.id})
    assert claim.state == ClaimState.GRANTED
    with acting_as(work, judge):
        again = prepare_payment(work, claim.ref, AccountCode.CASH_AT_DESK)
    pay(work, again)
    mark_claim_paid(work, {"voucher_id": again.id})
    assert claim.state == ClaimState.PAID
    checked(work)


def test_sealed_words_open_for_the_entitled_and_are_written_down(work, judge):
    claim = make_claim(work)
    with acting_as(work, judge):
        hear_claimant(work, claim.ref, "she has the discharge paper")
        words = open_sealed_words(work, claim.ref, PASSPHRASE, WHY)
    assert words.health == HEALTH_WORDS
    assert [note for _, note in words.notes] == ["she has the discharge paper"]
    rows = written_down(work, subject_person_id=claim.person_id)
    seen = [(one.what, one.actor_person_id) for one in rows]
    assert seen == [
        ("opened_health_words", judge.person_id),
        ("opened_hearing_note", judge.person_id),
    ]


def test_a_wrong_or_missing_key_opens_nothing(work, judge):
    claim = make_claim(work)
    with acting_as(work, judge), pytest.raises(PassphraseWrongError):
        open_sealed_words(work, claim.ref, "something else", WHY)
    with acting_as(work, make_committee(work, entitled=False)), pytest.raises(NotEntitledError):
        open_sealed_words(work, claim.ref, PASSPHRASE, WHY)
    with acting_as(work, make_person_as(work, Role.SYSADMIN)), pytest.raises(NotAllowedError):
        open_sealed_words(work, claim.ref, PASSPHRASE, WHY)
