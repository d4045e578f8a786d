"""Need to know: two worlds, equal but for one case, look the same to whoever must not learn of it.

Everything she can be led to is opened before and after: pages, books on paper, files, counts and
searches, compared byte for byte. What she can still infer stands in docs/security.md.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text

from tests.builders.audit import make_a_season
from tests.builders.crisis import report
from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.legal import NOTE, make_paralegal, tomorrow
from tests.builders.members import make_branch, make_member
from tests.builders.papers import pdf
from tests.laws.crawling import differences, looks_like_nothing, sight
from union.identity.queries import actor_of_account
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.ledger.models import Paper
from union.ledger.queries.floats import floats
from union.ledger.services import (
    NewSettlement,
    NewSpending,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    tell_spent,
    write_voucher,
)
from union.legal.models import LegalCase
from union.legal.queries import lawyers
from union.legal.rules import Act, CaseOutcome, Part, PartyRole, Purpose, Step
from union.legal.services import (
    NewCase,
    NewComplaint,
    NewShare,
    NextStep,
    add_note,
    add_party,
    close_case,
    give_consent,
    open_case,
    open_complaint,
    set_next_step,
    share_case,
)

TEST = Actor.system("test")
PAPER = pdf(b"a bill")
CARD = "KA/77001"
NOTHING = f"/papers/{'0' * 12}"
SEARCHES = (
    NOTHING,
    "/register?q=Canary",
    f"/dues/find?card={CARD}",
    f"/dues/passbook?card={CARD}",
)
NUMBERS = """
SELECT sequencename, last_value FROM pg_sequences WHERE sequencename ~
  '^(voucher|journal|person|member|paper|bank|dues|receipt|cash|float|collector|payment)'
"""
"""Numbers that pages show: a gap in them would tell that something happened in between."""


@pytest.fixture
def season(pages):
    """Money moving: receipts on a round, cash handed in, vouchers paid."""
    with pages.begin(TEST) as work:
        make_a_season(work)


@pytest.fixture
def union(pages):
    """The people a case needs: whose it will be, who follows it, a lawyer."""
    with pages.begin(TEST) as work:
        make_branch(work)
        asha = make_member(work, called="Asha", card_number="KA/77009")
        paralegal = make_paralegal(work)
        lawyer = make_account(work, new_person(work).id)
        give_role(work, lawyer.id, Grant(Role.LAWYER))
        return asha.person_id, paralegal, actor_of_account(work, lawyer)


def a_case(pages, union, *, shared: bool = True, closed: bool = True) -> str:
    """Opened, worked on, shared with a lawyer, closed; it costs nothing."""
    whose, paralegal, _lawyer = union
    with pages.begin(TEST) as work, acting_as(work, paralegal):
        ref = open_case(work, NewCase(whose, (Act.ARREST,), NOTE)).ref
        add_note(work, ref, "a second note")
        add_party(work, ref, PartyRole.POLICE, "the sub-inspector")
        set_next_step(work, ref, NextStep(Step.COURT, tomorrow(work), "court three"))
        if shared:
            give_consent(work, ref, Purpose.SHARE_LAWYER, work.clock.today())
            case = work.session.query(LegalCase).filter_by(ref=ref).one()
            (one,) = lawyers(work, case)
            until = work.clock.today() + timedelta(days=30)
            share_case(work, ref, NewShare(one.office, frozenset({Part.STORY}), until))
        if closed:
            close_case(work, ref, CaseOutcome.PARTLY, "it went as it went")
    return ref


def a_call(pages) -> None:
    with pages.begin(TEST) as work:
        report(work)


def numbers(pages) -> dict[str, int]:
    with pages.reading(TEST) as work:
        return dict(work.session.execute(text(NUMBERS)).all())


@pytest.mark.parametrize("role", [Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE])
def test_who_keeps_the_money_cannot_learn_that_a_case_or_a_call_exists(
    sign_in, pages, season, union, role
):
    browser = sign_in(role)
    before, counted = sight(browser, *SEARCHES), numbers(pages)
    assert len(before) > 40
    ref = a_case(pages, union)
    a_call(pages)
    after = sight(browser, *SEARCHES)
    assert differences(before, after) == []
    assert numbers(pages) == counted
    assert looks_like_nothing(browser, f"/papers/{ref}", NOTHING)


def test_a_branch_secretary_learns_nothing_of_another_district(sign_in, pages, union):
    with pages.begin(TEST) as work:
        kolar = make_branch(work, "Kolar", 13.13, 78.13).id
    browser = sign_in(Role.BRANCH_SECRETARY, branch_id=kolar)
    before = sight(browser, *SEARCHES)
    a_case(pages, union)
    a_call(pages)
    assert differences(before, sight(browser, *SEARCHES)) == []


def test_a_paralegal_learns_nothing_of_anothers_case(sign_in, pages, union):
    with pages.begin(TEST) as work:
        other = make_paralegal(work)
    browser = sign_in(Role.PARALEGAL, person_id=other.person_id)
    before = sight(browser)
    ref = a_case(pages, union, closed=False)
    assert differences(before, sight(browser)) == []
    assert browser.get(f"/papers/{ref}").status_code == 404
    assert looks_like_nothing(browser, f"/papers/{ref}", NOTHING)


def test_a_lawyer_learns_only_of_what_is_shared_with_her(sign_in, pages, union):
    browser = sign_in(Role.LAWYER, person_id=union[2].person_id)
    before = sight(browser)
    a_case(pages, union, shared=False)
    assert differences(before, sight(browser)) == []
    a_case(pages, union, closed=False)
    assert "/papers/shared" in differences(before, sight(browser))


HERS = (
    Role.MEMBER,
    Role.COLLECTOR,
    Role.WELFARE_COMMITTEE,
    Role.PARALEGAL,
    Role.DUTY_OFFICER,
    Role.COORDINATOR,
    Role.MEMBERSHIP_SECRETARY,
    Role.TREASURER,
)


def test_a_complaint_goes_around_her_whatever_she_holds(sign_in, pages, union):
    """Two receive it who are not she; her whole office looks as it did."""
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named").person_id
        for _ in range(2):
            give_role(work, make_account(work).id, Grant(Role.COUNSELLOR))
    browser = sign_in(*HERS, person_id=named)
    before = sight(browser, *SEARCHES)
    with pages.begin(TEST) as work:
        herself = make_account(work, union[0])
        with acting_as(work, actor_of_account(work, herself)):
            words = "she took a part of my money"
            new = NewComplaint(union[0], words, person_ids=frozenset({named}))
            ref = open_complaint(work, new).ref
    assert differences(before, sight(browser, *SEARCHES)) == []
    assert browser.get(f"/papers/{ref}").status_code == 404
    assert looks_like_nothing(browser, f"/papers/{ref}", NOTHING)


def test_the_measure_can_fail(sign_in, pages, union):
    """Whoever follows the case does see a difference: the comparison is not blind."""
    browser = sign_in(Role.PARALEGAL, person_id=union[1].person_id)
    before = sight(browser)
    assert differences(before, sight(browser)) == []
    a_case(pages, union, closed=False)
    assert {"/", "/papers/"} <= set(differences(before, sight(browser)))


def care_money(pages) -> dict[str, str]:
    """A voucher for the law by the second signatory, and a float told of; their addresses."""
    with pages.begin(TEST) as work:
        make_receipt(work, 500_000, fund="crisis")
        make_receipt(work, 500_000, fund="legal")
        holder, treasurer, signatory = (
            make_person_as(work, role) for role in (Role.RESPONDER, Role.TREASURER, Role.SIGNATORY)
        )
        bill = NewSpending(
            holder.person_id, "legal", "1110", "5020", 70_000, "bail for Canary", (BytesIO(PAPER),)
        )
        with acting_as(work, treasurer), pytest.raises(NotAllowedError):
            write_voucher(work, bill)
        with acting_as(work, signatory):
            bill.papers[0].seek(0)
            voucher = write_voucher(work, bill)
        with acting_as(work, treasurer):
            set_float(work, holder.person_id, "surety", 90_000)
            (held,) = floats(work, holder.person_id)
            filled = give_float(work, held.account.ref, 80_000, "1110", "again")
        for actor in (treasurer, signatory):
            with acting_as(work, actor):
                approve_voucher(work, filled.ref, filled.content_hash)
        with acting_as(work, treasurer):
            pay_voucher(work, filled.ref)
        with acting_as(work, holder):
            today = work.clock.today()
            told = NewSettlement(500, today, "surety for Canary", (BytesIO(PAPER),))
            told_ref = tell_spent(work, held.account.ref, told).ref
        papers = work.session.scalars(select(Paper.ref)).all()
        return {
            "voucher": f"/books/vouchers/{voucher.ref}",
            "float": f"/books/floats/{held.account.ref}",
            "floats": "/books/floats",
            "open": "/books/floats/new",
            "take": f"/books/settlements/{told_ref}",
            **{f"paper{number}": f"/books/papers/{ref}" for number, ref in enumerate(papers)},
        }


def test_the_treasurer_reads_no_word_and_no_paper_of_care_money(sign_in, pages, union):
    with pages.begin(TEST) as work:
        make_books(work)
    where = care_money(pages)
    treasurer, signatory = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    told = ("Canary", "Surety", "Hospital and medicine", "Auto and taxi")
    codes = ("auto", "hospital", "surety")
    for name in ("voucher", "float", "floats", "open"):
        shown = treasurer.get(where[name]).text
        assert [word for word in told if word in shown] == [], name
        assert [code for code in codes if f'"{code}"' in shown] == [], name
    assert "bail for Canary" in signatory.get(where["voucher"]).text
    assert "surety for Canary" in signatory.get(where["float"]).text
    assert "Surety" not in signatory.get(where["floats"]).text
    for number in range(2):
        assert treasurer.get(where[f"paper{number}"]).status_code == 404
        assert signatory.get(where[f"paper{number}"]).status_code == 200
    take = {"command_key": "0" * 32, "answer": "take"}
    assert b"Taken" not in treasurer.post(where["take"], data=take, follow_redirects=True).data
    take["command_key"] = "1" * 32
    assert b"Taken" in signatory.post(where["take"], data=take, follow_redirects=True).data
