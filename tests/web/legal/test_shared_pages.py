"""What a lawyer sees of a case, how a complaint is said and received, and who is kept out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, make_case, make_paralegal
from tests.builders.members import make_member
from union.identity.queries import offices_now
from union.infra.audit import AuditEntry
from union.infra.people import new_person
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.legal.models import (
    CaseConsent,
    CaseEvent,
    CaseReceiver,
    CaseShare,
    CaseShutOut,
    LegalCase,
)
from union.legal.rules import CaseOutcome, Purpose
from union.legal.services import close_case, give_consent

TEST = Actor.system("test")


def send(browser, address, prefix="", **fields):
    named = {f"{prefix}{name}": value for name, value in fields.items()}
    return browser.post(address, data={f"{prefix}command_key": new_command_key(), **named})


@pytest.fixture
def world(pages, sign_in):
    """A member's case, and the browsers of its paralegal, of a lawyer and of the member."""
    with pages.begin(TEST) as work:
        paralegal, asha = make_paralegal(work), make_member(work, called="Asha")
        ref, lawyer = make_case(work, paralegal, asha.person_id).ref, new_person(work).id
    return (
        ref,
        sign_in(Role.PARALEGAL, person_id=paralegal.person_id),
        sign_in(Role.LAWYER, person_id=lawyer),
        sign_in(Role.MEMBER, person_id=asha.person_id),
        paralegal,
    )


def consents(pages, world) -> None:
    with pages.begin(TEST) as work, acting_as(work, world[4]):
        give_consent(work, world[0], Purpose.SHARE_LAWYER, work.clock.today())


def shares(world, *parts, until="2026-11-01"):
    ref, paralegal, *_ = world
    office = re.search(r'name="share-lawyer"[^<]*<option[^>]*value="(\w+)"', page(world))[1]
    fields = {"lawyer": office, "parts": list(parts), "until_on": until}
    return send(paralegal, f"/papers/{ref}/share", "share-", **fields)


def page(world) -> str:
    return world[1].get(f"/papers/{world[0]}").text


def hers(world) -> str | None:
    found = re.search(r"/papers/shared/\w+", world[2].get("/papers/shared").text)
    return found and found[0]


def test_without_her_word_nothing_is_shared(world):
    answer = shares(world, "story")
    assert "She has not said that a lawyer may be told" in answer.text
    assert hers(world) is None


def test_a_lawyer_reads_what_was_shared_until_it_ends_and_she_sees_it(world, pages):
    ref, paralegal, lawyer, member, _ = world
    consents(pages, world)
    assert "Nothing is shared with you now" in lawyer.get("/").text
    assert shares(world, "story").status_code == 302
    assert "1 case is shared with you" in lawyer.get("/").text
    shown = lawyer.get(hers(world)).text
    assert NOTE in shown
    assert "to the end of Sun 1 November" in shown
    assert "Asha" not in shown
    assert "Asha" not in lawyer.get("/papers/shared").text
    assert lawyer.get(f"/papers/{ref}").status_code == 404
    assert "shared with a lawyer" in member.get("/papers/who-opened", follow_redirects=True).text
    there, end = hers(world), re.search(rf"/papers/{ref}/share/\w+/end", page(world))[0]
    assert send(paralegal, end, "plain-").status_code == 302
    assert lawyer.get(there).status_code == 404
    assert hers(world) is None
    assert shares(world, "her").status_code == 302
    again = lawyer.get(hers(world)).text
    assert "Asha" in again
    assert NOTE not in again


def test_her_word_taken_back_acts_on_the_next_page(world, pages):
    ref, paralegal, lawyer, *_ = world
    consents(pages, world)
    shares(world, "story")
    there = hers(world)
    assert lawyer.get(there).status_code == 200
    with pages.reading(TEST) as work:
        consent = work.session.scalars(select(CaseConsent.ref)).one()
    send(paralegal, f"/papers/{ref}/consent/{consent}/withdraw", "plain-")
    assert lawyer.get(there).status_code == 404
    assert "she took her yes back" in page(world)


@pytest.mark.parametrize("until", ["2026-10-15", "2027-01-20"])
def test_a_share_has_a_day_to_come_and_not_too_far(world, pages, until):
    consents(pages, world)
    answer = shares(world, "story", until=until)
    assert "at most ninety days away" in answer.text
    assert f'value="{until}"' in answer.text


@pytest.mark.parametrize("role", [Role.PARALEGAL, Role.TREASURER, Role.SYSADMIN, Role.MEMBER])
def test_only_a_lawyer_has_the_shared_pages(world, sign_in, role):
    assert sign_in(role).get("/papers/shared").status_code == 403


def test_another_lawyer_is_not_told_that_it_is_there(world, pages, sign_in):
    consents(pages, world)
    shares(world, "story")
    assert sign_in(Role.LAWYER).get(hers(world)).status_code == 404


@pytest.fixture
def hearers(pages, sign_in):
    with pages.begin(TEST) as work:
        people = [make_member(work, called=name).person_id for name in ("Uma", "Vani")]
    return [sign_in(Role.COUNSELLOR, person_id=one) for one in people]


def test_a_complaint_is_received_by_two_and_goes_around_her(world, pages, sign_in, hearers):
    *_, member, _ = world
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named")
    hers_ = sign_in(Role.WELFARE_COMMITTEE, Role.PARALEGAL, person_id=named.person_id)
    fields = {"card": named.card_number, "words": "she kept my money", "office": ""}
    answer = send(member, "/papers/complaint", **fields)
    assert answer.status_code == 302
    for browser in hearers:
        assert "1 complaint is in your hands" in browser.get("/").text
        (there,) = re.findall(r"/papers/\w{12}\b", browser.get("/papers/received").text)
        shown = browser.get(there).text
        assert "she kept my money" in shown
        assert "Named" in shown
    assert "No complaint is in your hands" in hers_.get("/papers/received").text
    assert "have nobody yet" not in hers_.get("/").text
    assert hers_.get(there).status_code == 404
    assert "There is nothing here" in send(hers_, f"{there}/take").text
    assert hers_.get(there).status_code == 404
    assert sign_in(Role.PARALEGAL).get(there).status_code == 404


def test_everybody_of_an_office_is_kept_out_where_no_card_is_known(world, pages, sign_in, hearers):
    *_, member, _ = world
    collector = sign_in(Role.COLLECTOR)
    fields = {"card": "", "words": "the collector took more", "office": "collector"}
    answer = send(member, "/papers/complaint", **fields)
    assert answer.status_code == 302
    assert "Two people" in member.get("/").text
    assert collector.get("/papers/received").status_code == 403
    with pages.reading(TEST) as work:
        assert len(work.session.scalars(select(CaseShutOut)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"card": "", "office": ""}, "Else nobody can be kept out"),
        ({"card": "KA/0", "office": ""}, "No card has this number"),
    ],
)
def test_a_complaint_that_names_nobody_keeps_what_was_written(world, fields, said):
    answer = send(world[3], "/papers/complaint", words="what she did", **fields)
    assert said in answer.text
    assert "what she did" in answer.text


def test_a_receiver_hands_it_on_and_a_third_receives_it(world, pages, sign_in, hearers):
    *_, member, _ = world
    third = sign_in(Role.WELFARE_COMMITTEE)
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named")
    send(member, "/papers/complaint", card=named.card_number, words="this", office="")
    before = [one for one in (*hearers, third) if "1 complaint" in one.get("/").text]
    assert len(before) == 2
    (there,) = re.findall(r"/papers/\w{12}\b", before[0].get("/papers/received").text)
    assert send(before[0], f"{there}/hand-back", "plain-").status_code == 302
    after = [one for one in (*hearers, third) if "1 complaint" in one.get("/").text]
    assert len(after) == 2
    assert before[0] not in after


def test_a_case_goes_around_somebody_its_paralegal_names(world, pages, sign_in):
    ref, paralegal, *_ = world
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named")
    other = sign_in(Role.PARALEGAL, person_id=named.person_id)
    answer = send(paralegal, f"/papers/{ref}/keep-out", "keep_out-", card=named.card_number)
    assert answer.status_code == 302
    assert "Named" in page(world)
    send(paralegal, f"/papers/{ref}/hand-back", "plain-")
    with pages.reading(TEST) as work:
        case = work.session.scalars(select(LegalCase)).one()
        assert case.assignee_person_id is None
    assert ref not in other.get("/papers/").text
    assert ref in sign_in(Role.PARALEGAL).get("/papers/").text


def test_who_loses_her_office_loses_her_cases_to_others(world, pages, sign_in, hearers):
    """In the commit that ends it: nobody waits for the morning to be found another."""
    ref, *_, member, paralegal = world
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    sign_in(Role.WELFARE_COMMITTEE)
    other = sign_in(Role.PARALEGAL)
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named")
    send(member, "/papers/complaint", card=named.card_number, words="this", office="")
    with pages.reading(TEST) as work:
        received = work.session.scalars(select(CaseReceiver.person_id)).all()
        grants = {
            one.grant.role: one.ref
            for one in offices_now(work)
            if one.person_id in {received[0], paralegal.person_id}
        }
    assert len(grants) == 2
    for grant in grants.values():
        assert send(secretary, f"/office/people/ended/{grant}").status_code == 302
    with pages.reading(TEST) as work:
        after = work.session.scalars(
            select(CaseReceiver.person_id).where(CaseReceiver.ended_at.is_(None))
        ).all()
        case = work.session.scalars(select(LegalCase).where(LegalCase.ref == ref)).one()
        assert len(after) == 2
        assert received[0] not in after
        assert case.assignee_person_id not in {None, paralegal.person_id}
    assert ref in other.get("/papers/").text


def test_she_whom_it_names_ends_an_office_and_learns_nothing(world, pages, sign_in, hearers):
    """A secretary whom the complaint is about: it is handed on, by nobody's hand."""
    *_, member, _ = world
    with pages.begin(TEST) as work:
        named = make_member(work, called="Named")
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=named.person_id)
    sign_in(Role.WELFARE_COMMITTEE)
    send(member, "/papers/complaint", card=named.card_number, words="this", office="")
    with pages.reading(TEST) as work:
        (first, _) = work.session.scalars(
            select(CaseReceiver.person_id).order_by(CaseReceiver.id)
        ).all()
        (grant,) = [one.ref for one in offices_now(work) if one.person_id == first]
    assert send(secretary, f"/office/people/ended/{grant}").status_code == 302
    with pages.reading(TEST) as work:
        live = work.session.scalars(
            select(CaseReceiver.person_id).where(CaseReceiver.ended_at.is_(None))
        ).all()
        assert len(live) == 2
        assert first not in live
        events = select(CaseEvent.id).where(CaseEvent.actor_person_id == named.person_id)
        traces = select(AuditEntry.id).where(
            AuditEntry.actor_person_id == named.person_id, AuditEntry.object_type == "legal_case"
        )
        assert work.session.scalars(events.union(traces)).all() == []


@pytest.mark.parametrize("closed", [True, False])
def test_what_nobody_has_any_more_is_shown_to_no_lawyer(world, pages, sign_in, closed):
    ref, _, _, _, paralegal = world
    consents(pages, world)
    shares(world, "story")
    with pages.begin(TEST) as work:
        if closed:
            with acting_as(work, paralegal):
                close_case(work, ref, CaseOutcome.PARTLY)
        (grant,) = [one.ref for one in offices_now(work) if one.person_id == paralegal.person_id]
        assert work.session.scalars(select(CaseShare.ended_at)).all() == [None]
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    assert send(secretary, f"/office/people/ended/{grant}").status_code == 302
    with pages.reading(TEST) as work:
        assert work.session.scalars(select(CaseShare.ended_how)).all() == ["ended"]
    assert hers(world) is None
