"""Asking, hearing, deciding and opening, by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as
from tests.builders.readings import written_down
from tests.builders.welfare import (
    HEALTH_WORDS,
    PASSPHRASE,
    make_claim,
    make_committee,
    make_granted_claim,
    make_scheme,
    make_sick_member,
)
from union.kernel.actor import Actor, Role
from union.ledger.models import Voucher
from union.ledger.services import withdraw_voucher
from union.welfare.models import Claim
from union.welfare.rules import Departure, Evidence, Outcome
from union.welfare.services import Ruling, decide_claim, hear_claimant

WHY = {"open-reason": "claim"}
KEY = "0" * 31
ASKED = {
    "command_key": f"{KEY}1",
    "from_on": "2026-10-01",
    "until_on": "2026-10-10",
    "health": HEALTH_WORDS,
    "evidence": "doctor",
}


@pytest.fixture
def prepared(pages):
    """A scheme, a committee, a member and her claim."""
    with pages.begin(Actor.system("test")) as work:
        make_scheme(work)
        judge = make_committee(work)
        member = make_sick_member(work)
        ref = make_claim(work, member).ref
    return judge, member, ref


@pytest.fixture
def her(sign_in, prepared):
    return sign_in(Role.MEMBER, person_id=prepared[1].person_id)


@pytest.fixture
def committee(sign_in, prepared):
    return sign_in(Role.WELFARE_COMMITTEE, person_id=prepared[0].person_id)


def test_asking_twice_by_a_double_click_is_one_claim(pages, sign_in, prepared):
    with pages.begin(Actor.system("test")) as work:
        member = make_sick_member(work)
    browser = sign_in(Role.MEMBER, person_id=member.person_id)
    answers = [browser.post("/claims/ask", data=ASKED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    with pages.reading(Actor.system("test")) as work:
        mine = select(Claim).where(Claim.person_id == member.person_id)
        assert len(work.session.scalars(mine).all()) == 1
    assert "with the committee" in browser.get(answers[0].location).text


def test_a_refused_form_keeps_what_was_written(her):
    answer = her.post("/claims/ask", data=ASKED)
    assert "asked for some of these days already" in answer.text
    assert HEALTH_WORDS in answer.text
    ahead = her.post("/claims/ask", data={**ASKED, "until_on": "2026-12-01"})
    assert "have not come yet" in ahead.text


def test_her_page_shows_her_claim_and_nobody_elses(her, sign_in, prepared, pages):
    _, _, ref = prepared
    assert "1 October 2026 to" in her.get("/claims/mine").text
    assert her.get(f"/claims/mine/{ref}").status_code == 200
    with pages.begin(Actor.system("test")) as work:
        other = make_sick_member(work)
    stranger = sign_in(Role.MEMBER, person_id=other.person_id)
    assert stranger.get(f"/claims/mine/{ref}").status_code == 404
    assert stranger.post(f"/claims/mine/{ref}/again", data={"command_key": f"{KEY}2"}).status_code


def test_the_committee_sees_reasons_and_no_sealed_word(committee, prepared):
    _, _, ref = prepared
    assert "1 person waits for an answer" in committee.get("/claims/").text
    shown = committee.get(f"/claims/{ref}").text
    assert "The rule would pay" in shown
    assert "Everything the rule asks for is there." in shown
    assert HEALTH_WORDS not in shown


def test_her_words_open_with_the_readers_own_password_and_she_sees_it(committee, prepared, pages):
    _, member, ref = prepared
    wrong = committee.post(
        f"/claims/{ref}/open",
        data={"open-command_key": f"{KEY}3", "open-passphrase": "not this", **WHY},
    )
    assert "Those are not your opening words" in wrong.text
    assert HEALTH_WORDS not in wrong.text
    right = committee.post(
        f"/claims/{ref}/open",
        data={"open-command_key": f"{KEY}4", "open-passphrase": PASSPHRASE, **WHY},
    )
    assert HEALTH_WORDS in right.text
    with pages.reading(Actor.system("test")) as work:
        seen = written_down(work, "opened_health_words", subject_person_id=member.person_id)
        assert [one.reason for one in seen] == ["claim"]


def test_hearing_then_refusing_then_asking_once_more(committee, her, prepared, sign_in):
    _, _, ref = prepared
    unheard = committee.post(
        f"/claims/{ref}/decide",
        data={
            "decide-command_key": f"{KEY}5",
            "decide-outcome": "refuse",
            "decide-departure": "evidence_doubted",
            "decide-money_account": "1010",
        },
    )
    assert "has not been heard yet" in unheard.text
    committee.post(
        f"/claims/{ref}/hear",
        data={"hear-command_key": f"{KEY}6", "hear-note": "the paper is from another month"},
    )
    refused = committee.post(
        f"/claims/{ref}/decide",
        data={
            "decide-command_key": f"{KEY}7",
            "decide-outcome": "refuse",
            "decide-departure": "evidence_doubted",
            "decide-money_account": "1010",
        },
    )
    assert refused.status_code == 302
    seen = her.get(f"/claims/mine/{ref}").text
    assert "It was refused" in seen
    assert "What was shown does not hold" in seen
    again = her.post(f"/claims/mine/{ref}/again", data={"command_key": f"{KEY}8"})
    assert again.status_code == 302
    assert "asked once more" in her.get(f"/claims/mine/{ref}").text
    before = committee.get(f"/claims/{ref}").text
    assert "You decided before, so somebody else of the committee hears her" in before
    assert "Decide so" not in before
    other = sign_in(Role.WELFARE_COMMITTEE).get(f"/claims/{ref}").text
    assert "Decide so" in other
    assert "Keep what she said" in other


def test_once_heard_the_page_no_longer_sends_the_committee_to_talk_with_her(committee, pages):
    with pages.begin(Actor.system("test")) as work:
        ref = make_claim(work, evidence=Evidence.OWN_WORD).ref
    assert "Talk with" in committee.get(f"/claims/{ref}").text
    data = {"hear-command_key": f"{KEY}6", "hear-note": "she was in hospital"}
    committee.post(f"/claims/{ref}/hear", data=data)
    heard = committee.get(f"/claims/{ref}").text
    assert "was heard. Now it can be decided." in heard
    assert "Talk with" not in heard


def test_a_grant_is_told_to_her_with_its_sum(committee, her, prepared):
    _, _, ref = prepared
    granted = committee.post(
        f"/claims/{ref}/decide",
        data={
            "decide-command_key": f"{KEY}9",
            "decide-outcome": "grant",
            "decide-days": "",
            "decide-departure": "",
            "decide-money_account": "1010",
        },
    )
    assert granted.status_code == 302
    assert "₹1,050 is granted" in her.get(f"/claims/mine/{ref}").text
    assert "has her answer" in committee.get(f"/claims/{ref}").text


def test_a_withdrawn_voucher_is_written_anew(pages, sign_in, prepared):
    judge, _, _ = prepared
    with pages.begin(Actor.system("test")) as work:
        claim = make_granted_claim(work, judge)
        voucher = work.session.get_one(Voucher, claim.voucher_id)
        withdraw_voucher(work, voucher.ref)
    browser = sign_in(Role.WELFARE_COMMITTEE, person_id=judge.person_id)
    assert "Its voucher was withdrawn" in browser.get(f"/claims/{claim.ref}").text
    answer = browser.post(
        f"/claims/{claim.ref}/pay-again",
        data={"pay-command_key": f"{KEY}a", "pay-money_account": "1110"},
    )
    assert answer.status_code == 302


def test_nobody_of_the_committee_opens_her_own(pages, sign_in, prepared):
    _, member, ref = prepared
    browser = sign_in(Role.WELFARE_COMMITTEE, Role.MEMBER, person_id=member.person_id)
    answer = browser.get(f"/claims/{ref}")
    assert "This is your own" in answer.text
    assert "Nobody waits" in browser.get("/claims/").text


def test_the_committee_writes_for_somebody_who_cannot(pages, committee):
    with pages.begin(Actor.system("test")) as work:
        member = make_sick_member(work)
    form = {**ASKED, "command_key": f"{KEY}b", "card": member.card_number}
    answer = committee.post("/claims/ask-for", data=form)
    assert answer.status_code == 302
    assert "The rule would pay" in committee.get(answer.location).text
    unknown = committee.post(
        "/claims/ask-for", data={**form, "card": "KA/99999", "command_key": f"{KEY}c"}
    )
    assert "nothing here" in unknown.text


@pytest.mark.parametrize(
    "role", [Role.TREASURER, Role.OPERATOR, Role.TRUSTEE, Role.PARALEGAL, Role.SYSADMIN]
)
def test_no_other_office_opens_a_claim(sign_in, prepared, role):
    browser = sign_in(role)
    assert browser.get("/claims/").status_code == 403
    assert browser.get(f"/claims/{prepared[2]}").status_code == 403


def test_the_rules_are_there_for_everybody(sign_in, prepared):
    shown = sign_in(Role.TRUSTEE).get("/claims/rules").text
    for sentence in (
        "The union pays ₹150 a day.",
        "The first 3 days are not paid; it pays from the day after them.",
        "In any twelve months it pays 30 days at most.",
        "Who has been a member for 6 months can ask for it.",
        "Not more than 3 months of dues may be unpaid when she falls ill.",
        "One of these must be shown: A paper from a doctor or hospital; Somebody of the union",
    ):
        assert sentence in shown


def test_a_kinder_decision_shows_why(pages, prepared, her):
    judge, _, ref = prepared
    with pages.begin(Actor.system("test")) as work, acting_as(work, judge):
        hear_claimant(work, ref, "x")
        decide_claim(work, ref, Ruling(Outcome.GRANT, 9, Departure.HARDSHIP))
    shown = her.get(f"/claims/mine/{ref}").text
    assert "She has nothing else to live on" in shown
    assert date(2026, 10, 1).isoformat() not in shown


CHANGE = {
    "command_key": f"{KEY}d",
    "from_on": "2026-11-01",
    "daily_amount": "200",
    "unpaid_days": "0",
    "waiting_months": "3",
    "arrears_ceiling_months": "2",
    "cap_days": "60",
    "evidence": ["doctor"],
}


def test_the_committee_changes_the_terms_from_a_day_on(committee, prepared):
    assert committee.post("/claims/rules/change", data=CHANGE).status_code == 302
    shown = committee.get("/claims/rules").text
    assert "₹200" in shown
    assert "₹150" in shown
    other = {**CHANGE, "command_key": f"{KEY}e", "cap_days": "10"}
    assert "decided already" in committee.post("/claims/rules/change", data=other).text
    back = {**CHANGE, "command_key": f"{KEY}f", "from_on": "2026-05-01"}
    assert "never backwards" in committee.post("/claims/rules/change", data=back).text
    words = {**CHANGE, "command_key": f"{KEY}0", "daily_amount": "much"}
    assert "in figures" in committee.post("/claims/rules/change", data=words).text


def test_nobody_else_changes_them(her):
    assert her.post("/claims/rules/change", data=CHANGE).status_code == 403
