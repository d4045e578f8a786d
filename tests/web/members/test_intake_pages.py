"""Bringing a book in by hand: shown, taken, decided, taken back; and what is kept apart."""

from __future__ import annotations

import io
import re

import pytest
from flask import request
from sqlalchemy import select

from tests.builders.members import PASSPHRASE, make_circles, make_districts
from tests.builders.readings import SAID_WHY, written_down
from union.kernel.actor import Actor, Role
from union.members.models import ImportUpload, Member
from union.members.queries.imports import mapping_named

KEY = "b" * 31
HEADING = (
    "Sl,ID card no,Called,Name in register,W/T/M,Mobile,District,Born,Joined on,"
    "Fee per month,Paid upto,Remarks"
)
BOOK = f"""{HEADING}
1,KA/80001,Rani,Zqxasha,W,5845012341,Bidar,04-06-1982,12-07-2019,20,10/2026,
1a,KA/80009,Rani,ZQXASHA M,W,5845012341,Bidar,04-06-1982,12-07-2019,20,10/2026,
2,KA/80002,Sona,Zqxusha,W,5845012342,Bidar,05-06-1982,12-07-2019,20,08/2026,
3,KA/80003,Tara,Zqxlatha,W,5845012343,??,06-06-1982,12-07-2019,20,10/2026,
4,KA/80004,Julie,Zqxlittle,W,5845012344,Bidar,09-03-2012,12-07-2025,20,10/2026,
"""


@pytest.fixture
def officer(pages):
    with pages.begin(Actor.system("test")) as work:
        make_districts(work)
        return make_circles(work)


@pytest.fixture
def secretary(sign_in, officer):
    return sign_in(Role.MEMBERSHIP_SECRETARY)


@pytest.fixture
def guardian(sign_in, officer):
    return sign_in(Role.SAFEGUARDING_OFFICER, person_id=officer)


def choose(browser, content=BOOK, mapping=""):
    answer = browser.post(
        "/books-in/",
        data={
            "command_key": f"{KEY}1",
            "mapping": mapping,
            "file": (io.BytesIO(content.encode()), "book.csv"),
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302
    return answer.location


def take(browser, preview):
    answer = browser.post(f"{preview}/take", data={"command_key": f"{KEY}2"})
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def taken(secretary):
    take(secretary, choose(secretary))
    return secretary


def members(pages):
    with pages.reading(Actor.system("test")) as work:
        return set(work.session.scalars(select(Member.card_number)))


def test_every_row_is_shown_before_anything_is_written(secretary, pages):
    preview = choose(secretary)
    shown = secretary.get(preview).text
    assert "2 members would come in" in shown
    assert "row 3" in shown
    assert "Nobody knows this district" in shown
    assert "Perhaps the same person as row 2" in shown
    assert "row 6" not in shown
    assert members(pages) == set()


def test_it_comes_in_and_says_how_far_it_is(secretary, pages):
    said = take(secretary, choose(secretary))
    for words in ("Reading", "Comparing", "Writing", "Opening arrears", "See what came of it"):
        assert words in said
    assert re.search(r'content="0; url=/books-in/batch/[0-9a-z]{12}"', said)
    assert members(pages) == {"KA/80001", "KA/80002"}
    with pages.reading(Actor.system("test")) as work:
        assert {row.content for row in work.session.scalars(select(ImportUpload))} == {b""}


def test_a_large_file_touches_no_disk(app):
    with app.test_request_context("/books-in/", method="POST"):
        stream = request._get_file_stream(10_000_000, "text/csv")
    assert isinstance(stream, io.BytesIO)


def test_the_same_file_again_would_change_nothing(taken):
    assert "was brought in before" in taken.get(choose(taken)).text


def test_a_file_let_go_is_gone(secretary):
    preview = choose(secretary)
    secretary.post(f"{preview}/let-go")
    answer = secretary.get(preview)
    assert answer.status_code == 409
    assert "Choose it once more" in answer.text
    assert 'type="file"' in answer.text


def test_back_after_bringing_in_leads_to_what_came_of_it(secretary):
    preview = choose(secretary)
    take(secretary, preview)
    batch = secretary.get("/books-in/").text.split("/books-in/batch/")[1][:12]
    again = {"command_key": f"{KEY}9"}
    for answer in (
        secretary.get(preview),
        secretary.get(f"{preview}/columns"),
        secretary.post(f"{preview}/take", data=again),
    ):
        assert answer.location.endswith(f"/books-in/batch/{batch}")
    assert "is in already" in secretary.get(f"/books-in/batch/{batch}").text


def test_rows_are_named_by_who_stands_in_them_and_never_by_a_legal_name(secretary):
    preview = choose(secretary)
    shown = secretary.get(preview).text
    assert "Tara · KA/80003" in shown
    assert "Julie" not in shown
    take(secretary, preview)
    batch = secretary.get("/books-in/").text.split("/books-in/batch/")[1][:12]
    later = secretary.get(f"/books-in/batch/{batch}").text
    assert "Tara · KA/80003" in later
    assert "Rani · KA/80009" in later
    assert "Zqx" not in shown + later
    assert "ZQX" not in shown + later


def test_the_sums_are_said_in_a_sentence(secretary):
    shown = secretary.get(choose(secretary)).text
    assert "The file has 5 rows, and each is counted once" in shown
    assert "1 row may be somebody we have" in shown


def test_somebody_elses_file_is_not_shown(secretary, sign_in):
    preview = choose(secretary)
    assert sign_in(Role.MEMBERSHIP_SECRETARY).get(preview).status_code == 409


def test_a_whole_file_is_taken_back_by_a_button(taken, pages):
    batch = taken.get("/books-in/").text.split("/books-in/batch/")[1][:12]
    shown = taken.get(f"/books-in/batch/{batch}").text
    assert "row 3" in shown
    taken.post(f"/books-in/batch/{batch}/back", data={"command_key": f"{KEY}3"})
    assert members(pages) == set()
    assert "was taken back" in taken.get(f"/books-in/batch/{batch}").text


def test_a_pair_is_looked_at_joined_and_parted(taken, pages):
    listed = taken.get("/books-in/pairs").text
    ref = listed.split("/books-in/pairs/")[1][:12]
    shown = taken.get(f"/books-in/pairs/{ref}").text
    assert "a row added under hers" in shown
    assert "KA/80009" in shown
    assert "Rani · KA/80009, row 3 of a book" in listed
    assert "12 July 2019" in shown
    assert "4 June 1982" in shown
    assert not re.findall(r"\b(?:1982|2019)-\d\d", shown)
    taken.post(f"/books-in/pairs/{ref}/same", data={"command_key": f"{KEY}4"})
    assert "No pair waits" in taken.get("/books-in/pairs").text
    found = taken.post("/members/find", data={"words": "KA/80009"}).text
    assert "KA/80001" in found
    her = re.findall(r'href="/members/([0-9a-z]{12})"', found)[0]
    page = taken.get(f"/members/{her}").text
    merge = page.split("/books-in/merges/")[1][:12]
    parted = taken.post(f"/books-in/merges/{merge}/undo", data={"command_key": f"{KEY}5"})
    assert parted.location.endswith(f"/books-in/pairs/{ref}")
    assert "the row waits once more" in taken.get(parted.location).text
    assert "KA/80001" not in taken.post("/members/find", data={"words": "KA/80009"}).text
    assert members(pages) == {"KA/80001", "KA/80002"}
    taken.post(f"/books-in/pairs/{ref}/two", data={"command_key": f"{KEY}6"})
    assert members(pages) == {"KA/80001", "KA/80002", "KA/80009"}


def test_a_second_entry_is_put_side_by_side_and_joined(taken, pages):
    found = taken.post("/members/find", data={"words": "KA/80001"}).text
    her = re.findall(r'href="/members/([0-9a-z]{12})"', found)[0]
    address = f"/books-in/second-entry/{her}"
    assert "Which other entry is hers" in taken.get(address).text
    nobody = taken.post(address, data={"command_key": f"{KEY}a", "card": "KA/99999"})
    assert "There is nothing here" in nobody.text
    herself = taken.post(address, data={"command_key": f"{KEY}c", "card": "KA/80001"})
    assert "joined already" in herself.text
    both = taken.post(address, data={"command_key": f"{KEY}d", "card": "80002"}).location
    assert "Is this one person" in taken.get(both).text
    taken.post(f"{both}/same", data={"command_key": f"{KEY}e"})
    assert "KA/80001" in taken.post("/members/find", data={"words": "KA/80002"}).text


def test_two_people_stay_two(taken, pages):
    ref = taken.get("/books-in/pairs").text.split("/books-in/pairs/")[1][:12]
    taken.post(f"/books-in/pairs/{ref}/two", data={"command_key": f"{KEY}4"})
    assert members(pages) == {"KA/80001", "KA/80002", "KA/80009"}
    again = taken.post(f"/books-in/pairs/{ref}/same", data={"command_key": f"{KEY}6"})
    assert "Somebody has decided this already" in again.text
    assert "They were taken in as two" in taken.get(f"/books-in/pairs/{ref}").text


def test_a_book_nobody_knows_gets_its_columns_named(secretary, pages):
    book = "Kramanka;Hesaru;Jille\n80011;Zqxrani;Bidar\n"
    preview = choose(secretary, book, "third book")
    assert secretary.get(preview).location.endswith("/columns")
    chosen = {
        "command_key": f"{KEY}7",
        "mapping": "third book",
        "card": "Kramanka",
        "name": "Hesaru",
        "district": "Jille",
    }
    secretary.post(f"{preview}/columns", data=chosen)
    assert "1 member would come in" in secretary.get(preview).text
    with pages.reading(Actor.system("test")) as work:
        assert mapping_named(work.session, "third book") is not None


def test_what_is_no_table_is_said_in_words(secretary):
    for content in (b"PK\x03\x04zip", b"", b"\x00\x01\x02"):
        answer = secretary.post(
            "/books-in/",
            data={
                "command_key": f"{KEY}1",
                "mapping": "first book",
                "file": (io.BytesIO(content), "book.xlsx"),
            },
            content_type="multipart/form-data",
        )
        assert answer.status_code == 409
        assert "no table of text" in answer.text
        assert "Choose a register to bring in" in answer.text
        assert "first book" in answer.text


def test_rows_kept_apart_open_for_one_officer_only(taken, guardian, pages):
    assert taken.get("/books-in/apart").status_code == 403
    assert "Zqxlittle" not in guardian.get("/books-in/apart").text
    wrong = guardian.post("/books-in/apart", data={"passphrase": "no", **SAID_WHY}).text
    assert "Those are not your opening words" in wrong
    shown = guardian.post("/books-in/apart", data={"passphrase": PASSPHRASE, **SAID_WHY}).text
    assert "Zqxlittle" in shown
    ref = shown.split("/books-in/apart/")[1][:12]
    guardian.post(f"/books-in/apart/{ref}/done", data={"command_key": f"{KEY}8"})
    assert (
        "seen to"
        in guardian.post("/books-in/apart", data={"passphrase": PASSPHRASE, **SAID_WHY}).text
    )
    with pages.reading(Actor.system("test")) as work:
        assert len(written_down(work, "set_aside_opened")) == 2


def test_rows_kept_apart_are_on_no_other_page(taken):
    for address in ("/members/", "/books-in/", "/books-in/pairs"):
        assert not re.search(r"\b80004\b", taken.get(address).text)
    assert "Nobody was found" in taken.post("/members/find", data={"words": "KA/80004"}).text
    assert "Nobody was found" in taken.post("/members/find", data={"words": "5845012344"}).text
    assert "Nobody was found" in taken.post("/members/find", data={"words": "Julie"}).text
