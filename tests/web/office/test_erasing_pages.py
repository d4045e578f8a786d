"""The pages about erasing, as officers and she use them."""

from __future__ import annotations

import pytest

from tests.builders.erasing import Cast, carry_out, make_cast, make_officer
from tests.builders.members import make_member
from union.kernel.actor import Actor, Role
from union.office.erasing.queries import order_of
from union.office.erasing.rules import WAIT

TEST = Actor.system("test")


@pytest.fixture
def cast(pages) -> Cast:
    with pages.begin(TEST) as work:
        return make_cast(work)


def open_order(pages, cast):
    with pages.reading(TEST) as work:
        return order_of(work, cast.her)


def test_two_officers_by_their_pages_and_a_certificate(pages, cast, sign_in, clock):
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    two = sign_in(Role.DUTY_OFFICER, person_id=cast.two.person_id)
    refused = one.post("/erasing/", data={"card": cast.card})
    assert "Choose one of these" in refused.text
    assert f'value="{cast.card}"' in refused.text
    one.post("/erasing/", data={"card": cast.card, "how": "office"})
    ref = open_order(pages, cast).ref
    assert f"/erasing/{ref}/agree" not in one.get("/erasing/").text
    assert "two officers" in one.post(f"/erasing/{ref}/agree").text
    assert f"/erasing/{ref}/agree" in two.get("/erasing/").text
    two.post(f"/erasing/{ref}/agree")
    assert open_order(pages, cast).told_at is not None
    assert "may still say no" in one.get("/erasing/").text
    clock.advance(WAIT)
    carry_out(pages)
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    done = one.get("/erasing/").text
    assert "certificate 1" in done
    assert cast.card not in done
    said = one.get(f"/erasing/{ref}/certificate.txt")
    assert said.text.startswith("sangha-certificate-1\nnumber 1\n")
    paper = one.get(f"/erasing/{ref}/certificate.pdf")
    assert paper.data.startswith(b"%PDF")
    assert one.get("/erasing/0123456789ab/certificate.pdf").status_code == 404


def test_she_asks_and_says_no_on_her_own_page(pages, cast, sign_in):
    hers = sign_in(Role.MEMBER, person_id=cast.her)
    assert "Nobody asked" in hers.get("/papers/erase").text
    assert "Say that you know this" in hers.post("/papers/erase").text
    hers.post("/papers/erase", data={"sure": "y"})
    assert open_order(pages, cast).asked_how == "herself"
    assert "Two officers must agree first" in hers.get("/papers/erase").text
    hers.post("/papers/erase/stop")
    assert open_order(pages, cast) is None


def test_an_officer_stops_it(pages, cast, sign_in):
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    one.post("/erasing/", data={"card": cast.card, "how": "court"})
    ref = open_order(pages, cast).ref
    one.post(f"/erasing/{ref}/stop")
    assert open_order(pages, cast) is None
    assert "It was stopped at the office." in one.get("/erasing/").text
    assert "This was stopped, or it has begun" in one.post(f"/erasing/{ref}/stop").text


def test_who_holds_an_office_is_told_what_must_be_over(pages, sign_in):
    with pages.begin(TEST) as work:
        officer = make_officer(work)
    hers = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=officer.person_id)
    assert "She holds an office" in hers.get("/papers/erase").text


def test_nobody_finds_her_own_order_at_the_office(pages, cast, sign_in):
    with pages.begin(TEST) as work:
        other = make_member(work).card_number
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    for card, words in ((other, ""), ("KA/99999", "nothing here")):
        answer = one.post("/erasing/", data={"card": card, "how": "office"})
        assert words in answer.text
    assert "waits" in one.get("/erasing/").text
