"""Who opened what, in the browser: hers, the keepers', and what two trustees are asked."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from tests.builders.identity import make_account
from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.readings import written_down
from union.identity.services import give_role
from union.infra.reading_seals import lay_seal, newest_heads, say_head
from union.infra.readings import Reading, Reason, Why, write_down
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_command_key
from union.members.models import Member
from union.office.readings.services import keeping

TEST = Actor.system("test")
MINE = "/papers/who-opened"


@pytest.fixture
def her(pages):
    """A member of whom an officer opened something twenty-two times."""
    with pages.begin(TEST) as work:
        member, sita = make_member(work, called="Meena"), make_member(work, called="Sita")
        account = make_account(work, sita.person_id)
        give_role(work, account.id, Grant(Role.MEMBERSHIP_SECRETARY))
        grants = frozenset({Grant(Role.MEMBERSHIP_SECRETARY)})
        with acting_as(work, Actor(sita.person_id, account.id, grants)):
            for number in range(22):
                why = Why(Reason.OTHER, f"form {number}") if number else Why(Reason.COURT_ORDER)
                reading = ("legal_name_opened", "member", member.person_id, member.person_id)
                write_down(work, Reading(*reading, why), member.key_ref)
        lay_seal(work)
        say_head(work, work.clock.today())
        return member.person_id


@pytest.fixture
def mine(sign_in, her):
    return sign_in(Role.MEMBER, person_id=her)


def refs(pages) -> list[str]:
    with pages.reading(TEST) as work:
        return [one.ref for one in written_down(work)]


def send(browser, address, **data):
    return browser.post(address, data={"command_key": new_command_key(), **data})


def test_she_reads_all_of_them_in_plain_words_page_by_page(mine, pages):
    first = mine.get(MINE).text
    assert "Sita · " in first
    assert "opened your name as papers have it" in first
    assert "she said: “form 21”" in first
    assert "Membership secretary" in first
    assert "because a court ordered it" not in first
    further = f"{MINE}?before={refs(pages)[2]}"
    assert f'href="{further}"' in first
    rest = mine.get(further).text
    assert "because a court ordered it" in rest
    assert "form 21" not in rest
    assert "Earlier" not in rest


def test_nobody_reads_another_s(sign_in, pages, her, mine):
    other = sign_in(Role.MEMBER)
    assert "Nobody has opened anything of yours." in other.get(MINE).text
    ref = refs(pages)[0]
    for path in ("wrong", "proof"):
        assert mine.get(f"{MINE}/{ref}/{path}").status_code == 200
        assert other.get(f"{MINE}/{ref}/{path}").status_code == 404
        assert mine.get(f"{MINE}/000000000000/{path}").status_code == 404
    assert send(other, f"{MINE}/{ref}/wrong", words="x").status_code == 404


def test_this_was_not_right_goes_to_a_trustee_and_comes_back(sign_in, pages, mine):
    ref = refs(pages)[0]
    assert "Was this not right?" in mine.get(f"{MINE}/{ref}/wrong").text
    said = send(mine, f"{MINE}/{ref}/wrong", words="nobody asked me")
    assert said.location.endswith(MINE)
    assert "asked about this already" in send(mine, f"{MINE}/{ref}/wrong", words="x").text
    trustee = sign_in(Role.TRUSTEE)
    assert "1 member asks who opened hers" in trustee.get("/").text
    shown = trustee.get("/readings/questions").text
    assert "1 member waits for an answer." in shown
    address = shown.split('href="/readings/questions/')[1][:12]
    one = trustee.get(f"/readings/questions/{address}").text
    assert "nobody asked me" in one
    assert "Sita · " in one
    assert "A court ordered it" in one
    assert "Meena" not in one, "who asked is not named"
    kept = send(trustee, f"/readings/questions/{address}", words="we spoke with her")
    assert "Choose one of these." in kept.text
    assert "we spoke with her" in kept.text, "what was written stays"
    answer = {"outcome": "was_not_right", "words": "we spoke with her"}
    assert send(trustee, f"/readings/questions/{address}", **answer).status_code == 302
    back = mine.get(f"{MINE}?before={refs(pages)[2]}").text
    assert "It was not right to open it" in back
    assert "we spoke with her" in back


def test_her_proof_is_the_line_as_it_stands_in_the_chain(sign_in, pages, mine):
    proof = mine.get(f"{MINE}/{refs(pages)[0]}/proof")
    salt, said = proof.text.splitlines()
    assert len(salt) == 32
    assert said.startswith("reading-v1|")
    assert "court_order" in said
    copy = sign_in(Role.TRUSTEE).get("/readings/copy.zip")
    with ZipFile(io.BytesIO(copy.data)) as file:
        assert len(file.read("readings.jsonl").splitlines()) == 22
        assert salt.encode() not in file.read("readings.jsonl")


def test_no_proof_names_who_came_at_night(mine, pages, her):
    with pages.begin(TEST) as work:
        who, key_ref = make_member(work).person_id, work.session.get_one(Member, her).key_ref
        with acting_as(work, Actor(who, None, frozenset({Grant(Role.OPERATOR)}))):
            for what in ("opened_taken_name", "legal_name_opened"):
                write_down(work, Reading(what, "taken", 1, her, Why(Reason.SAFETY)), key_ref)
    for ref, status in zip(refs(pages)[-2:], (404, 200), strict=True):
        shown = mine.get(f"{MINE}/{ref}/wrong")
        assert shown.status_code == 200
        assert ("Take the file" in shown.text) == (status == 200)
        assert mine.get(f"{MINE}/{ref}/proof").status_code == status


def test_a_trustee_takes_a_place_and_signs_that_she_wrote_it_down(sign_in, pages, her, monkeypatch):
    monkeypatch.setattr(keeping, "check_own_password", lambda *_: None)
    trustee, other = sign_in(Role.TRUSTEE), sign_in(Role.TRUSTEE)
    with pages.reading(TEST) as work:
        figures = newest_heads(work.session, 1)[0].figures
    shown = trustee.get("/readings/").text
    assert "The list of readings is whole." in shown
    assert "Place 1 is free" in shown
    assert "I have written it down" not in shown
    assert send(trustee, "/readings/place").status_code == 302
    shown = trustee.get("/readings/").text
    assert figures in shown
    assert "Write the day’s figures down" in trustee.get("/").text
    assert "I have written it down" in shown
    signed = send(trustee, "/readings/written", seen=figures, password="hers")
    assert signed.status_code == 302
    assert "You have written the newest line down." in trustee.get("/readings/").text
    assert "Write the day’s figures down" not in trustee.get("/").text
    assert "another trustee" in other.get("/readings/").text
    stale = send(other, "/readings/written", seen=figures, password="hers")
    assert "You do not keep this list." in stale.text
    assert send(trustee, "/readings/place/give-up").status_code == 302
    assert "Place 1 is free" in trustee.get("/readings/").text


def test_the_trustees_page_says_when_somebody_changed_the_list(sign_in, pages, her, monkeypatch):
    monkeypatch.setattr(
        "union.office.readings.views.keeping.broken_rows", lambda _work: {"readings_unchanged": 1}
    )
    trustee = sign_in(Role.TRUSTEE)
    send(trustee, "/readings/place")
    shown = trustee.get("/readings/").text
    assert "This list was changed behind our back." in shown
    assert "I have written it down" not in shown, "nobody signs under what does not hold"


def test_an_inquiry_is_asked_for_by_one_and_agreed_by_another(sign_in, pages, her):
    first, second = sign_in(Role.TRUSTEE), sign_in(Role.TRUSTEE)
    with pages.begin(TEST) as work:
        cards = [make_member(work, called=called).card_number for called in ("Rekha", "Uma")]
        until = work.clock.today().replace(day=28).isoformat()
    asked = {"about": cards[0], "reader": "KA/00000", "until": until}
    refused = send(first, "/readings/inquiries", **asked).text
    assert cards[0] in refused, "what was typed stays"
    assert send(first, "/readings/inquiries", **asked | {"reader": cards[1]}).status_code == 302
    assert "I agree" not in first.get("/readings/inquiries").text
    shown = second.get("/readings/inquiries").text
    assert "About Rekha" in shown
    address = shown.split('action="/readings/inquiries/')[1][:12]
    wrong = send(first, f"/readings/inquiries/{address}", answer="yes").text
    assert "This needs two trustees" in wrong
    assert send(second, f"/readings/inquiries/{address}", answer="yes").status_code == 302
    assert "agreed on" in first.get("/readings/inquiries").text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TREASURER, Role.PARALEGAL, Role.SYSADMIN])
def test_nobody_else_comes_to_the_trustees_pages(sign_in, role):
    browser = sign_in(role)
    for path in ("", "questions", "inquiries", "copy.zip"):
        assert browser.get(f"/readings/{path}").status_code == 403
