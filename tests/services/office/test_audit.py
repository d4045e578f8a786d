"""An audit from the first question to the signature; nothing of it names anybody."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.builders.audit import CANARIES, PASSWORD, make_a_season, make_trustee
from tests.builders.exports import seal_and_sign
from tests.builders.ledger import acting_as, make_person_as, make_receipt
from union.dues.services import import_collections
from union.identity.errors import PasswordWrongError
from union.infra.person_signing import PersonSigningKey
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.ledger.services import reverse_entry
from union.office.audit.errors import (
    DaysBackwardsError,
    HandlesMoneyError,
    NothingToDrawError,
    NotLookedAtError,
    ReportSignedError,
    SignedAlreadyError,
)
from union.office.audit.queries.guide import GUIDE, ask_all, ask_step
from union.office.audit.queries.reports import report_of
from union.office.audit.queries.workspace import (
    audits,
    finding_by_ref,
    papers_of,
    population,
    samples,
    span_of,
)
from union.office.audit.rules.sampling import draw, population_hash
from union.office.audit.rules.steps import Span, Verdict
from union.office.audit.services import (
    answer_finding,
    draw_sample,
    look_at_paper,
    open_audit,
    sign_report,
    write_finding,
)
from union.office.audit.services.findings import NewFinding
from union.office.audit.services.looking import NewSample

SPAN = Span(date(2026, 4, 1), date(2026, 10, 16))


@pytest.fixture
def season(work):
    make_a_season(work)
    seal_and_sign(work)
    work.actor = make_trustee(work)
    return work


@pytest.fixture
def audit(season):
    return open_audit(season, "yearly", SPAN.from_on, SPAN.to_on)


def step(work, code):
    return ask_step(work, code, SPAN)


def test_every_step_is_asked_and_none_names_anybody(season):
    steps = ask_all(season, SPAN)
    assert [one.code for one in steps] == list(GUIDE)
    said = json.dumps([[dict(one.figures), list(map(str, one.rows))] for one in steps])
    for canary in CANARIES:
        assert canary not in said


def test_books_that_are_in_order_are_said_to_be(season):
    for code in ("opening", "papers", "purposes", "floats", "seals", "corrections"):
        assert step(season, code).verdict in {Verdict.WELL, Verdict.NOTHING}, code


def test_a_receipt_book_is_complete_but_for_what_is_missing(season):
    found = step(season, "receipt_books")
    assert found.figures == {"books": 1, "used": 3, "missing": 1, "waiting": 0, "outside": 0}
    assert (found.verdict, found.rows[0][-1]) == (Verdict.LOOK, "3")


def test_a_slip_on_a_sheet_waits_and_is_not_missing(season):
    line = b"collector,receipt,date,member,amount\nKA/77002,3,03-09-2026,KA/99999,20\n"
    assert import_collections(season, line).refused == 1
    found = step(season, "receipt_books")
    assert (found.figures["missing"], found.figures["waiting"]) == (0, 1)
    assert (found.verdict, found.rows[0][-1]) == (Verdict.LOOK, "")


def test_cash_is_followed_from_the_receipt_to_the_desk(season):
    found = step(season, "deposits")
    assert (found.figures["taken_minor"], found.figures["handed_minor"]) == (6000, 4000)
    assert found.figures["in_hand_minor"] == 2000
    assert found.figures["unsigned"] == 1
    age = step(season, "days_to_deposit")
    assert age.figures["longest"] == 59


def test_a_round_with_two_signs_deserves_a_look(season):
    found = step(season, "lapping")
    assert (found.figures["rounds"], found.figures["suspicious"]) == (1, 1)
    assert found.rows[0][0].startswith("1020-")


def test_two_hands_are_counted_anew_from_what_was_approved(season):
    found = step(season, "approvals")
    assert (found.figures["payments"], found.figures["wrong"]) == (6, 0)
    assert (found.verdict, found.figures["hurried"]) == (Verdict.LOOK, 6)
    assert (found.whole, len(found.rows)) == (6, 6)
    assert {row[3:] for row in found.rows} == {(2, 0)}


def test_a_correction_that_reaches_back_is_seen(season):
    early = make_receipt(season, 5000, happened_on=date(2026, 8, 3))
    reverse_entry(season, early.id)
    found = step(season, "corrections")
    assert (found.figures["corrections"], found.figures["back"]) == (1, 1)
    assert found.verdict is Verdict.LOOK


def test_no_cash_count_at_all_wants_a_look(season):
    assert step(season, "cash_counts").verdict is Verdict.LOOK


def test_who_signs_for_money_looks_nothing_over(work):
    make_a_season(work)
    for roles in ((Role.TRUSTEE, Role.TREASURER), (Role.SIGNATORY,), (Role.MEMBER,)):
        with acting_as(work, make_person_as(work, *roles)), pytest.raises(HandlesMoneyError):
            open_audit(work, "yearly", SPAN.from_on, SPAN.to_on)


@pytest.mark.parametrize("days", [(1, -1), (0, 1)])
def test_days_lie_in_order_and_not_ahead(season, days):
    today = season.clock.today()
    first, last = (today + timedelta(days=one) for one in days)
    with pytest.raises(DaysBackwardsError):
        open_audit(season, "surprise", first, last)


def test_a_sample_is_drawn_again_from_its_seed(season, audit):
    sample = draw_sample(season, audit.ref, NewSample("vouchers", 4, "dice 3 1 6"))
    papers = population(season, "vouchers", span_of(audit))
    assert (sample.population, sample.population_hash) == (6, population_hash(papers))
    again = [one.paper.id for one in draw(papers, "dice 3 1 6", 4)]
    assert [one.item.object_id for one in papers_of(season.session, sample)] == again
    other = draw_sample(season, audit.ref, NewSample("receipts", 50))
    assert (len(other.seed), samples(season.session, audit)[1].size) == (16, 3)


def test_there_must_be_something_to_draw(season):
    empty = open_audit(season, "surprise", date(2026, 4, 1), date(2026, 4, 2))
    with pytest.raises(NothingToDrawError):
        draw_sample(season, empty.ref, NewSample("vouchers", 3))


def test_a_finding_is_answered_by_who_keeps_the_money_and_settled_by_a_trustee(season, audit):
    made = write_finding(
        season, audit.ref, NewFinding("No. 3 is torn out", "serious", "receipt_books")
    )
    with acting_as(season, make_person_as(season, Role.TREASURER)):
        answer_finding(season, made.ref, "reply", "It was spoilt; here it is")
        with pytest.raises(NotAllowedError):
            answer_finding(season, made.ref, "settled", "fine")
    with pytest.raises(NotAllowedError):
        answer_finding(season, made.ref, "reply", "I reply for her")
    answer_finding(season, made.ref, "settled", "Seen")
    view = finding_by_ref(season, made.ref)
    assert (view.words, view.state) == ("No. 3 is torn out", "settled")
    assert [one.words for one in view.answers] == ["It was spoilt; here it is", "Seen"]


def test_the_words_of_a_finding_lie_encrypted(season, audit):
    made = write_finding(season, audit.ref, NewFinding("canary words", "minor"))
    assert b"canary words" not in bytes(made.body)


def test_a_report_waits_for_the_papers_that_were_drawn(season, audit):
    sample = draw_sample(season, audit.ref, NewSample("vouchers", 2))
    with pytest.raises(NotLookedAtError):
        sign_report(season, audit.ref, PASSWORD)
    for position in (1, 2):
        look_at_paper(season, sample.ref, position, "right")
    sign_report(season, audit.ref, PASSWORD)
    assert [one.signed for one in audits(season.session)] == [True]


def test_a_report_is_signed_by_her_password_and_stays_as_it_was(season, audit):
    write_finding(season, audit.ref, NewFinding("No. 3 is torn out", "minor"))
    with pytest.raises(PasswordWrongError):
        sign_report(season, audit.ref, "not hers at all")
    sign_report(season, audit.ref, PASSWORD)
    make_receipt(season, 777)
    view = report_of(season, audit)
    assert [one.holds for one in view.signatures] == [True]
    assert ["1110", "welfare", 8_580_000] in view.content["standing"]
    assert view.content["findings"][0]["words"] == "No. 3 is torn out"
    for canary in CANARIES:
        assert canary not in json.dumps(view.content)
    for change in (
        lambda: write_finding(season, audit.ref, NewFinding("too late", "minor")),
        lambda: draw_sample(season, audit.ref, NewSample("vouchers", 2)),
    ):
        with pytest.raises(ReportSignedError):
            change()
    with pytest.raises(SignedAlreadyError):
        sign_report(season, audit.ref, PASSWORD)


def test_a_second_trustee_signs_the_same_report_with_a_key_of_her_own(season, audit):
    sign_report(season, audit.ref, PASSWORD)
    with acting_as(season, make_trustee(season)):
        sign_report(season, audit.ref, PASSWORD)
    view = report_of(season, audit)
    assert [one.holds for one in view.signatures] == [True, True]
    assert len({one.key_print for one in view.signatures}) == 2
    assert season.session.query(PersonSigningKey).count() == 2


def test_what_the_last_report_said_must_still_stand_at_the_next_opening(season, clock):
    first = open_audit(season, "yearly", SPAN.from_on, SPAN.to_on)
    sign_report(season, first.ref, PASSWORD)
    clock.advance(timedelta(days=2))
    span = Span(date(2026, 10, 17), season.clock.today())
    assert ask_step(season, "opening", span).verdict is Verdict.WELL
    make_receipt(season, 4200, happened_on=date(2026, 10, 14))
    found = ask_step(season, "opening", span)
    assert (found.verdict, found.figures["reported"]) == (Verdict.WRONG, "2026-10-16")
    assert ("4110", "general", -1_000_000, -1_004_200) in found.rows
