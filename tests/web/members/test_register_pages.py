"""The register by hand: finding, one member, changing, and what a branch secretary never sees."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.builders.members import PASSPHRASE, make_branch, make_circles, make_member
from tests.builders.readings import SAID_WHY, written_down
from union.kernel.actor import Actor, Role
from union.kernel.phone import read_phone
from union.members.models import Member
from union.members.queries import contact_points, languages, reach
from union.members.services import Wish, change_phone, stop_phone_changes

KEY = "a" * 31
LEGAL = "Zqxlegalname Devi"


@pytest.fixture
def prepared(pages):
    """Two branches, a member in each, and an officer who can open legal names."""
    with pages.begin(Actor.system("test")) as work:
        officer = make_circles(work)
        bidar, hassan = make_branch(work), make_branch(work, "Hassan", 13.0, 76.1)
        her = make_member(
            work,
            bidar,
            card_number="KA/90001",
            called="Meena",
            legal_name=LEGAL,
            phone="5845012345",
            languages=("kn", "tcy"),
            joined_on=date(2019, 7, 12),
            wish=Wish(channels=("sms",), ask_for="Akka"),
        )
        other = make_member(work, hassan, card_number="KA/90002", called="Sona", phone="5845012345")
        return {
            "officer": officer,
            "bidar": bidar.id,
            "bidar_ref": bidar.ref,
            "hassan_ref": hassan.ref,
            "her": her.ref,
            "her_id": her.person_id,
            "other": other.ref,
        }


@pytest.fixture
def secretary(sign_in, prepared):
    return sign_in(Role.MEMBERSHIP_SECRETARY, person_id=prepared["officer"])


@pytest.fixture
def branch_secretary(sign_in, prepared):
    return sign_in(Role.BRANCH_SECRETARY, branch_id=prepared["bidar"])


def test_branches_and_who_is_in_them(secretary, prepared):
    assert "2 members are with us" in secretary.get("/members/").text
    shown = secretary.get(f"/members/branch/{prepared['bidar_ref']}").text
    assert "Meena · KA/90001" in shown
    assert "Sona" not in shown


@pytest.mark.parametrize("words", ["ka-90001", "90001", "58450 12345", "+91 58450 12345", "meen"])
def test_she_is_found_by_card_phone_or_called_name(secretary, words):
    assert "KA/90001" in secretary.post("/members/find", data={"words": words}).text


def test_nobody_is_found_for_other_words(secretary):
    assert "Whom do you look for" in secretary.get("/members/find").text
    assert "Nobody was found" in secretary.post("/members/find", data={"words": "Xyz"}).text


def test_a_branch_secretary_keeps_to_her_branch(branch_secretary, prepared):
    assert branch_secretary.get("/members/").location.endswith(prepared["bidar_ref"])
    assert branch_secretary.get(f"/members/branch/{prepared['hassan_ref']}").status_code == 404
    assert branch_secretary.get(f"/members/{prepared['her']}").status_code == 200
    assert branch_secretary.get(f"/members/{prepared['other']}").status_code == 404
    found = branch_secretary.post("/members/find", data={"words": "5845012345"}).text
    assert "KA/90001" in found
    assert "KA/90002" not in found
    assert "KA/90002" not in branch_secretary.post("/members/find", data={"words": "90002"}).text
    assert branch_secretary.get("/books-in/").status_code == 403


def test_her_page_says_who_may_reach_her_how_and_no_legal_name(secretary, prepared):
    shown = secretary.get(f"/members/{prepared['her']}").text
    assert f'href="/members/branch/{prepared["bidar_ref"]}">← Everybody of Bidar' in shown
    for words in ("Meena · KA/90001", "+915845012345", "shared with others", "Akka", "Tulu"):
        assert words in shown
    assert LEGAL not in shown


def test_a_legal_name_opens_with_ones_own_password_and_she_can_see_it(secretary, prepared, pages):
    address = f"/members/{prepared['her']}/legal-name"
    wrong = secretary.post(address, data={"passphrase": "not mine", **SAID_WHY})
    assert "Those are not your opening words" in wrong.text
    assert LEGAL not in wrong.text
    assert LEGAL in secretary.post(address, data={"passphrase": PASSPHRASE, **SAID_WHY}).text
    with pages.reading(Actor.system("test")) as work:
        (seen,) = written_down(work, "legal_name_opened")
    assert seen.subject_person_id == prepared["her_id"]


def test_a_branch_secretary_opens_no_legal_name(branch_secretary, prepared):
    answer = branch_secretary.post(
        f"/members/{prepared['her']}/legal-name", data={"passphrase": PASSPHRASE}
    )
    assert answer.status_code == 403


def test_a_new_number_goes_before_the_old_one(secretary, prepared, pages):
    data = {"command_key": f"{KEY}1", "number": "58450 99999", "first": "first"}
    answers = [secretary.post(f"/members/{prepared['her']}/phone", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    with pages.reading(Actor.system("test")) as work:
        numbers = [point.e164 for point in contact_points(work, prepared["her_id"])]
    assert numbers == ["+915845099999", "+915845012345"]


def test_a_number_that_is_no_longer_hers_is_never_used(secretary, prepared, pages):
    with pages.reading(Actor.system("test")) as work:
        (point,) = contact_points(work, prepared["her_id"])
    secretary.post(
        f"/members/{prepared['her']}/phone/{point.ref}/end", data={"command_key": f"{KEY}1"}
    )
    with pages.reading(Actor.system("test")) as work:
        assert contact_points(work, prepared["her_id"]) == []


def test_a_number_that_cannot_be_read_is_said_and_kept_on_the_page(secretary, prepared):
    data = {"command_key": f"{KEY}1", "number": "12 34", "first": "first"}
    answer = secretary.post(f"/members/{prepared['her']}/phone", data=data)
    assert "ten of them" in answer.text
    assert "12 34" in answer.text


def test_her_wish_is_changed(secretary, prepared, pages):
    data = {
        "command_key": f"{KEY}1",
        "channels": ["call", "visit"],
        "not_before": "16:00",
        "ask_for": "",
        "wish": "after work",
    }
    secretary.post(f"/members/{prepared['her']}/reach", data=data)
    with pages.reading(Actor.system("test")) as work:
        wish = reach(work, prepared["her_id"])
    assert (wish.channels, str(wish.not_before), wish.ask_for, wish.wish) == (
        {"call", "visit"},
        "16:00:00",
        None,
        "after work",
    )


def test_she_moves_to_another_branch_and_where_she_was_stays(secretary, prepared):
    data = {"command_key": f"{KEY}1", "branch": prepared["hassan_ref"], "on": "2026-10-10"}
    secretary.post(f"/members/{prepared['her']}/branch", data=data)
    shown = secretary.get(f"/members/{prepared['her']}").text
    assert "Hassan" in shown
    assert "Bidar" in shown
    again = {**data, "command_key": f"{KEY}2"}
    answer = secretary.post(f"/members/{prepared['her']}/branch", data=again)
    assert "belongs to this branch already" in answer.text


def test_what_we_know_of_her_is_changed(secretary, prepared, pages):
    assert "Meena" in secretary.get(f"/members/{prepared['her']}/change").text
    data = {
        "command_key": f"{KEY}1",
        "called": "Mina",
        "category": "trans",
        "languages": ["kn", "hi"],
        "place": "",
    }
    secretary.post(f"/members/{prepared['her']}/change", data=data)
    assert "Mina · KA/90001" in secretary.get(f"/members/{prepared['her']}").text
    with pages.reading(Actor.system("test")) as work:
        assert languages(work.session, prepared["her_id"]) == ["kn", "hi"]


def test_she_is_given_a_card_and_the_old_one_still_finds_her(secretary, prepared):
    secretary.post(f"/members/{prepared['her']}/card", data={"command_key": f"{KEY}1"})
    shown = secretary.get(f"/members/{prepared['her']}").text
    assert "KA/90003" in shown
    assert "KA/90003" in secretary.post("/members/find", data={"words": "ka-90001"}).text
    taken = {"command_key": f"{KEY}2", "number": "KA/90002"}
    answer = secretary.post(f"/members/{prepared['her']}/card", data=taken)
    assert "belongs to another member" in answer.text


def test_nothing_is_sent_to_who_has_died(secretary, prepared, pages):
    data = {"command_key": f"{KEY}1", "state": "died", "on": "2026-10-01"}
    secretary.post(f"/members/{prepared['her']}/end", data=data)
    shown = secretary.get(f"/members/{prepared['her']}").text
    assert "Nothing is sent to her" in shown
    assert "+915845012345" not in shown
    with pages.reading(Actor.system("test")) as work:
        assert work.session.get(Member, prepared["her_id"]).status == "died"


def test_a_day_that_cannot_be_is_said_and_nothing_changes(secretary, prepared):
    move = {"command_key": f"{KEY}1", "branch": prepared["hassan_ref"], "on": "2031-01-01"}
    answer = secretary.post(f"/members/{prepared['her']}/branch", data=move)
    assert "That day has not come yet" in answer.text
    assert "2031-01-01" in answer.text
    left = {"command_key": f"{KEY}2", "state": "left", "on": "1901-01-01"}
    assert "before she joined" in secretary.post(f"/members/{prepared['her']}/end", data=left).text


def test_who_left_comes_back_with_a_reason_that_stands_on_her_page(secretary, prepared):
    her = f"/members/{prepared['her']}"
    assert "She came back" not in secretary.get(her).text
    secretary.post(
        f"{her}/end", data={"command_key": f"{KEY}1", "state": "left", "on": "2026-06-01"}
    )
    assert f"{her}/back" in secretary.get(her).text
    back = {"command_key": f"{KEY}2", "on": "2026-10-01", "reason": ""}
    assert "in a few words" in secretary.post(f"{her}/back", data=back).text
    secretary.post(f"{her}/back", data={**back, "reason": "She works here again"})
    shown = secretary.get(her).text
    assert "She works here again" in shown
    assert "She left, Mon 1 June 2026" in shown
    assert "with us" in shown


def test_a_death_by_mistake_is_taken_back(secretary, branch_secretary, prepared):
    her = f"/members/{prepared['her']}"
    secretary.post(
        f"{her}/end", data={"command_key": f"{KEY}1", "state": "died", "on": "2026-10-01"}
    )
    data = {"command_key": f"{KEY}2", "reason": "It was her sister"}
    assert branch_secretary.post(f"{her}/mistake", data=data).status_code == 403
    secretary.post(f"{her}/mistake", data=data)
    assert "+915845012345" in secretary.get(her).text


@pytest.mark.parametrize(("words", "others"), [("sona", "KA/90002"), ("KA/90002", "KA/90002")])
def test_from_a_branch_one_looks_there_first_and_widens_by_a_button(
    secretary, prepared, words, others
):
    opened = secretary.get(f"/members/branch/{prepared['bidar_ref']}").text
    assert prepared["bidar_ref"] in opened
    here = secretary.post(
        "/members/find", data={"words": words, "branch": prepared["bidar_ref"]}
    ).text
    assert others not in here.replace(f'value="{words}"', "")
    assert "Nobody of Bidar" in here
    assert "Look in all branches" in here
    assert "KA/90002" in secretary.post("/members/find", data={"words": words, "branch": ""}).text


def test_what_is_found_in_a_branch_says_where_it_was_looked_for(secretary, prepared):
    data = {"words": "5845012345", "branch": prepared["bidar_ref"]}
    shown = secretary.post("/members/find", data=data).text
    assert "KA/90001" in shown
    assert "KA/90002" not in shown
    assert "Looked for in Bidar" in shown


def test_nobody_looks_in_a_branch_that_is_not_hers(branch_secretary, prepared):
    data = {"words": "sona", "branch": prepared["hassan_ref"]}
    assert branch_secretary.post("/members/find", data=data).status_code == 404
    own = {"words": "nobody at all", "branch": prepared["bidar_ref"]}
    assert "Look in all branches" not in branch_secretary.post("/members/find", data=own).text


def test_there_is_nobody_of_that_reference(secretary):
    assert secretary.get("/members/zzzzzzzzzzzz").status_code == 404
    assert secretary.get("/members/branch/zzzzzzzzzzzz").status_code == 404


def test_a_change_of_her_numbers_that_was_stopped_is_told_to_who_keeps_her_entry(
    pages, prepared, secretary, branch_secretary, clock
):
    page, told = f"/members/{prepared['her']}", "said no to a change of her numbers"
    with pages.begin(Actor.system("test")) as work:
        change_phone(work, prepared["her_id"], read_phone("5845012399"), first=True)
    assert told not in secretary.get(page).text
    with pages.begin(Actor.system("test")) as work:
        assert stop_phone_changes(work, "+915845012345")
    for officer in (secretary, branch_secretary):
        shown = officer.get(page).text
        assert told in shown
        assert not re.search(r"12399\b", shown)
    clock.advance(timedelta(days=31))
    assert told not in secretary.get(page).text
