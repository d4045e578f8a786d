"""A paralegal's pages, and the page on which one sees who opened what."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.builders.crisis import report
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, make_case, make_paralegal
from tests.builders.members import make_branch, make_member
from tests.builders.readings import written_down
from union.kernel.actor import Actor, Role
from union.legal.models import CaseConsent, LegalCase
from union.legal.rules import Purpose
from union.legal.services import give_consent, open_follow_up, read_case

KEY = "0" * 31
SYSTEM = Actor.system("test")


@pytest.fixture
def prepared(pages):
    """A paralegal, a member and her case."""
    with pages.begin(SYSTEM) as work:
        paralegal = make_paralegal(work)
        member = make_member(work)
        case = make_case(work, paralegal, member.person_id)
    return paralegal, member, case.ref


@pytest.fixture
def her_paralegal(sign_in, prepared):
    return sign_in(Role.PARALEGAL, person_id=prepared[0].person_id)


def openings(pages, member) -> int:
    with pages.reading(SYSTEM) as work:
        return len(written_down(work, "opened_case", subject_person_id=member.person_id))


def test_the_list_names_nobody_and_is_no_reading(her_paralegal, prepared, pages):
    _, member, ref = prepared
    shown = her_paralegal.get("/papers/").text
    assert f"/papers/{ref}" in shown
    assert "Talk with her" in shown
    assert member.card_number not in shown
    assert openings(pages, member) == 0


def test_opening_a_case_is_written_down_and_she_sees_it(her_paralegal, prepared, pages, sign_in):
    _, member, ref = prepared
    her = sign_in(Role.MEMBER, person_id=member.person_id)
    assert "Nobody has opened anything" in her.get("/papers/who-opened").text
    shown = her_paralegal.get(f"/papers/{ref}").text
    assert NOTE in shown
    assert member.card_number in shown
    assert openings(pages, member) == 1
    assert "opened your case" in her.get("/papers/who-opened").text


@pytest.mark.parametrize("role", [Role.PARALEGAL, Role.COORDINATOR, Role.LAWYER, Role.SYSADMIN])
def test_nobody_else_opens_it(sign_in, prepared, pages, role):
    _, member, ref = prepared
    browser = sign_in(role)
    refused = 404 if role in {Role.PARALEGAL, Role.LAWYER} else 403
    assert browser.get(f"/papers/{ref}").status_code == refused
    answer = browser.post(
        f"/papers/{ref}/note", data={"note-command_key": f"{KEY}1", "note-words": "x"}
    )
    assert answer.status_code == refused
    assert openings(pages, member) == 0


def test_the_whole_work_on_a_case(her_paralegal, prepared, pages):
    _, _, ref = prepared

    def post(page, **fields):
        prefix = fields.pop("prefix", page)
        data = {f"{prefix}-{name}": value for name, value in fields.items()}
        data[f"{prefix}-command_key"] = f"{KEY[:-2]}{len(sent):02d}0"[-32:]
        sent.append(page)
        return her_paralegal.post(f"/papers/{ref}/{page}", data=data)

    sent: list[str] = []
    assert post("step", step="court", on="2026-10-20", words="with her sister").status_code == 302
    assert post("note", words="the inspector was asked for the register").status_code == 302
    assert post("consent", purpose="share_lawyer", given_on="2026-10-16").status_code == 302
    assert post("party", role="police", words="the night inspector").status_code == 302
    assert post("party", role="client", words="by mistake zqx").status_code == 302
    nobody = post("party", role="", words="somebody at the gate")
    assert nobody.status_code == 200
    assert "Choose one of these." in nobody.text
    assert "somebody at the gate" in nobody.text
    outs = re.findall(r"/party/([0-9a-z]{12})/out", her_paralegal.get(f"/papers/{ref}").text)
    assert post(f"party/{outs[-1]}/out", prefix="plain").status_code == 302
    taken_out = her_paralegal.get(f"/papers/{ref}").text
    assert "by mistake zqx" not in taken_out
    assert "Taken out, written by mistake: A client" in taken_out
    assert post("acts", acts="arrest").status_code == 302
    shown = her_paralegal.get(f"/papers/{ref}").text
    for words in (
        "Be in court",
        "with her sister",
        "asked for the register",
        "A lawyer may be told",
        "the night inspector",
        "Taken or held by the police",
    ):
        assert words in shown
    with pages.reading(SYSTEM) as work:
        consent = work.session.scalars(select(CaseConsent.ref)).one()
    assert post(f"consent/{consent}/withdraw", prefix="plain").status_code == 302
    assert "taken back" in her_paralegal.get(f"/papers/{ref}").text
    assert post("close", outcome="partly", words="done").status_code == 302
    closed = her_paralegal.get(f"/papers/{ref}").text
    assert "Closed: Partly as she wished" in closed
    assert "This is closed" in her_paralegal.get(post("note", words="more").location).text


def test_a_refused_step_keeps_what_was_written(her_paralegal, prepared):
    answer = her_paralegal.post(
        f"/papers/{prepared[2]}/step",
        data={
            "step-command_key": f"{KEY}2",
            "step-step": "court",
            "step-on": "2026-10-01",
            "step-words": "bring the bail paper",
        },
    )
    assert "That day has passed" in answer.text
    assert "bring the bail paper" in answer.text


def test_handing_back_and_taking(her_paralegal, prepared, sign_in, pages):
    _, _, ref = prepared
    answer = her_paralegal.post(f"/papers/{ref}/hand-back", data={"plain-command_key": f"{KEY}3"})
    assert answer.status_code == 302
    assert her_paralegal.get(f"/papers/{ref}").status_code == 404
    with pages.begin(SYSTEM) as work:
        other = make_paralegal(work)
    browser = sign_in(Role.PARALEGAL, person_id=other.person_id)
    assert "Nobody has these yet" in browser.get("/papers/").text
    taken = browser.post(f"/papers/{ref}/take", data={"command_key": f"{KEY}4"})
    assert taken.location.endswith(f"/papers/{ref}")
    late = her_paralegal.post(f"/papers/{ref}/take", data={"command_key": f"{KEY}5"})
    assert "Somebody else was quicker" in late.text


def test_opening_one_by_hand(her_paralegal, pages):
    with pages.begin(SYSTEM) as work:
        card = make_member(work).card_number
    form = {"command_key": f"{KEY}6", "card": card, "acts": "eviction", "note": "put out at noon"}
    made = her_paralegal.post("/papers/new", data=form)
    assert made.status_code == 302
    shown = her_paralegal.get(made.location).text
    assert "put out at noon" in shown
    assert card in shown


@pytest.mark.parametrize("note", ["", "  \n "], ids=["nothing", "spaces"])
def test_an_empty_sheet_opens_no_case_and_says_what_is_needed(her_paralegal, pages, note):
    with pages.begin(SYSTEM) as work:
        card = make_member(work).card_number
        before = work.session.scalars(select(LegalCase.ref)).all()
    empty = {"command_key": f"{KEY}8", "card": card, "note": note}
    refused = her_paralegal.post("/papers/new", data=empty)
    assert refused.status_code == 200
    (beside,) = re.findall(r'<span class="wrong"\s+id="acts-wrong-1">([^<]*)</span>', refused.text)
    assert beside.startswith("Tick what was done, or write below what she said.")
    assert f'value="{card}"' in refused.text
    with pages.reading(SYSTEM) as work:
        assert work.session.scalars(select(LegalCase.ref)).all() == before


@pytest.mark.parametrize("told", [{"acts": "wages"}, {"note": "not paid since May"}])
def test_what_was_done_or_her_words_are_enough(her_paralegal, told):
    made = her_paralegal.post("/papers/new", data={"command_key": f"{KEY}9", **told})
    assert made.status_code == 302


def test_what_happened_opens_with_her_consent(pages, sign_in):
    with pages.begin(SYSTEM) as work:
        make_branch(work)
        paralegal = make_paralegal(work)
        contact = report(work, number="+915442900234", may_call_back=True)
        open_follow_up(work, {"incident_id": contact.incident_id})
        ref = work.session.scalars(
            select(LegalCase.ref).where(LegalCase.incident_id == contact.incident_id)
        ).one()
    browser = sign_in(Role.PARALEGAL, person_id=paralegal.person_id)
    before = browser.get(f"/papers/{ref}").text
    assert "not yours to read yet" in before
    assert "+915442900234" in before
    browser.post(
        f"/papers/{ref}/consent",
        data={
            "consent-command_key": f"{KEY}7",
            "consent-purpose": "read_timeline",
            "consent-given_on": "2026-10-16",
        },
    )
    after = browser.get(f"/papers/{ref}").text
    assert "The call came" in after


def test_a_member_sees_no_list_of_cases(sign_in):
    assert sign_in(Role.MEMBER).get("/papers/").status_code == 403


def test_consent_of_one_case_opens_no_other(pages):
    with pages.begin(SYSTEM) as work:
        make_branch(work)
        make_branch(work, "Gadag", 15.43, 75.62)
        paralegal = make_paralegal(work)
        contacts = report(work), report(work, place="Gadag tank", district="Gadag")
        for contact in contacts:
            open_follow_up(work, {"incident_id": contact.incident_id})
        first, second = work.session.scalars(select(LegalCase).order_by(LegalCase.id)).all()
        with acting_as(work, paralegal):
            give_consent(work, first.ref, Purpose.READ_TIMELINE, work.clock.today())
            assert read_case(work, first.ref).timeline
            assert read_case(work, second.ref).timeline is None
