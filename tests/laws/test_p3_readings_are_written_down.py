"""P3: every read of a sealed field or a case is logged where its subject can see it, first.

A page is opened as a browser does it, and attacked where the order could break: the log refused,
the page failing after the log, and a second door.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import union
from tests.builders.identity import make_signed_in
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.readings import WHY, written_down
from tests.builders.welfare import (
    HEALTH_WORDS,
    PASSPHRASE,
    make_claim,
    make_committee,
    make_scheme,
)
from tests.laws.money import Books, forbidden, refused
from union.infra import readings, sealing
from union.infra.readings import Reading
from union.infra.vault import Vault
from union.kernel.actor import Actor, Role
from union.legal.services import add_note, read_case
from union.office.readings.queries.openings import openings_of
from union.web.words.readings import OPENINGS
from union.welfare.services import hear_claimant, open_sealed_words

TEST = Actor.system("test")
HOUSE = Path(union.__file__).parent
KEY = "0" * 32


class LogLostError(Exception):
    """The log could not be written."""


def seen_by(work, person_id: int) -> list[str]:
    return [opening.what for opening in openings_of(work, person_id)]


@pytest.fixture
def case(pages):
    """A paralegal with a case of a member's, and her browser's token."""
    with pages.begin(TEST) as work:
        paralegal, member = make_paralegal(work), make_member(work)
        ref = make_case(work, paralegal, member.person_id).ref
        token = make_signed_in(work, [Role.PARALEGAL], paralegal.person_id)
    return ref, member.person_id, token


@pytest.fixture
def claim(pages):
    """A claim with sealed words, and the token of somebody entitled to open them."""
    with pages.begin(TEST) as work:
        make_scheme(work)
        judge = make_committee(work)
        made = make_claim(work)
        with acting_as(work, judge):
            hear_claimant(work, made.ref, "what she said aloud")
        token = make_signed_in(work, [Role.WELFARE_COMMITTEE], judge.person_id)
    return made.ref, made.person_id, token


def browser(app: Flask, token: str):
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def open_words(client, ref: str):
    data = {"open-command_key": KEY, "open-passphrase": PASSPHRASE, "open-reason": "claim"}
    return client.post(f"/claims/{ref}/open", data=data)


def test_a_case_is_shown_after_its_reading_was_kept(app, pages, case):
    ref, member_id, token = case
    assert NOTE in browser(app, token).get(f"/papers/{ref}").text
    with pages.reading(TEST) as work:
        assert seen_by(work, member_id) == ["opened_case"]


def test_sealed_words_are_shown_after_each_reading_was_kept(app, pages, claim):
    ref, member_id, token = claim
    assert HEALTH_WORDS in open_words(browser(app, token), ref).text
    with pages.reading(TEST) as work:
        assert seen_by(work, member_id) == ["opened_hearing_note", "opened_health_words"]


@pytest.mark.parametrize("page", ["step", "note", "consent", "party", "close"])
def test_a_form_sent_back_shows_the_case_again_and_is_a_reading_too(app, pages, case, page):
    ref, member_id, token = case
    answer = browser(app, token).post(f"/papers/{ref}/{page}", data={})
    assert NOTE in answer.text
    with pages.reading(TEST) as work:
        assert seen_by(work, member_id) == ["opened_case"]


def test_a_page_that_breaks_on_the_way_out_leaves_the_reading_standing(
    app, pages, case, monkeypatch
):
    ref, member_id, token = case

    def broken(*_, **__):
        raise LogLostError

    monkeypatch.setattr("union.legal.views.case.page", broken)
    with pytest.raises(LogLostError):
        browser(app, token).get(f"/papers/{ref}")
    with pages.reading(TEST) as work:
        assert seen_by(work, member_id) == ["opened_case"]


def test_where_the_log_cannot_be_written_nothing_is_opened(app, case, claim, monkeypatch):
    opened: list[str] = []
    real = Vault.decrypt_bytes

    def watched(self, key_ref, place, row, blob):
        opened.append(place)
        return real(self, key_ref, place, row, blob)

    def lost(*_, **__):
        raise LogLostError

    monkeypatch.setattr(Vault, "decrypt_bytes", watched)
    monkeypatch.setattr(readings, "_add", lost)
    with pytest.raises(LogLostError):
        browser(app, case[2]).get(f"/papers/{case[0]}")
    with pytest.raises(LogLostError):
        open_words(browser(app, claim[2]), claim[0])
    secret = ("case_", "legal_case.", "claim.", "claim_hearing.", "incident", "contact")
    assert [place for place in opened if place.startswith(secret)] == []


def test_a_reading_that_is_rolled_back_was_never_shown(own_books: Books):
    with own_books.work() as work:
        paralegal, member = make_paralegal(work), make_member(work)
        ref = make_case(work, paralegal, member.person_id).ref

    def read_and_break(work):
        read_case(work, ref)
        raise LogLostError

    with pytest.raises(LogLostError), own_books.work(paralegal) as work:
        read_and_break(work)
    with own_books.work() as work:
        assert seen_by(work, member.person_id) == []
    with own_books.work(paralegal) as work:
        read_case(work, ref)
    with own_books.work() as work:
        assert seen_by(work, member.person_id) == ["opened_case"]


def test_a_wrong_password_opens_nothing_and_is_no_reading(own_books: Books):
    with own_books.work() as work:
        make_scheme(work)
        judge = make_committee(work)
        claim = make_claim(work)
    with pytest.raises(sealing.PassphraseWrongError), own_books.work(judge) as work:
        open_sealed_words(work, claim.ref, "another", WHY)
    with own_books.work() as work:
        assert seen_by(work, claim.person_id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM reading",
        "UPDATE reading SET subject_person_id = NULL",
        "TRUNCATE reading CASCADE",
    ],
)
def test_nobody_takes_a_reading_out_again(own_books: Books, statement):
    with own_books.work() as work:
        paralegal, member = make_paralegal(work), make_member(work)
        ref = make_case(work, paralegal, member.person_id).ref
        with acting_as(work, paralegal):
            read_case(work, ref)
    with forbidden(), own_books.attack() as cursor:
        cursor.execute(statement)
    with refused("reading_append_only"), own_books.attack(owner=True) as cursor:
        cursor.execute(statement)


def test_neither_words_nor_names_stand_in_the_tables(own_books: Books):
    with own_books.work() as work:
        make_scheme(work)
        judge, paralegal = make_committee(work), make_paralegal(work)
        claim = make_claim(work)
        case = make_case(work, paralegal, claim.person_id)
        with acting_as(work, paralegal):
            add_note(work, case.ref, NOTE)
        with acting_as(work, judge):
            hear_claimant(work, claim.ref, HEALTH_WORDS)
    tables = ("claim", "claim_hearing", "claim_decision", "case_event", "legal_case", "command")
    with own_books.work() as work:
        dump = "".join(
            str(work.session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t")).all())
            for table in tables
        )
    for canary in (HEALTH_WORDS, NOTE, HEALTH_WORDS.encode().hex(), NOTE.encode().hex()):
        assert canary not in dump


def test_there_is_one_door_to_a_case_and_one_to_sealed_words():
    """Words of cases open in a module that the one door alone calls; sealing shows nothing."""
    reads = (
        r"\.decrypt\(|\.decrypt_bytes\(|OpenCircle\(|what_happened\(|timeline_of\(|open_from_room\("
    )
    code = {
        path.relative_to(HOUSE).as_posix(): path.read_text()
        for domain in ("legal", "welfare")
        for path in (HOUSE / domain).rglob("*.py")
    }
    door, words, seals = (f"legal/services/{name}.py" for name in ("reading", "words", "rooms"))
    decrypts = {name for name, text in code.items() if re.search(reads, text)}
    assert decrypts == {door, words, seals, "welfare/services/reading.py"}
    assert {name for name, text in code.items() if "= words_of(" in text} == {door}
    assert len(re.findall(reads, code[seals])) == 1
    assert re.search(r"text = \S+\.decrypt\(.*\)\n +sealed = seal_to_room\(.* text\)", code[seals])


def test_whoever_opens_a_circle_anywhere_is_written_down(own_books: Books):
    with own_books.work() as work:
        make_scheme(work)
        judge = make_committee(work)
        claim = make_claim(work)
        with acting_as(work, judge):
            circle = sealing.OpenCircle(work, sealing.HEALTH, PASSPHRASE)
            field = sealing.SealedField(sealing.HEALTH, claim.key_ref, "claim.health", claim.ref)
            reading = Reading("opened_health_words", "claim", claim.id, claim.person_id, WHY)
            assert circle.open(field, claim.health, reading) == HEALTH_WORDS
    with own_books.work() as work:
        (entry,) = written_down(work, "opened_health_words")
    assert (entry.actor_person_id, entry.subject_person_id) == (judge.person_id, claim.person_id)


def test_every_circle_opens_behind_a_known_door_and_what_was_read_has_words():
    code = {path.relative_to(HOUSE).as_posix(): path.read_text() for path in HOUSE.rglob("*.py")}
    opens = {name for name, text in code.items() if re.search(r"= OpenCircle\(", text)}
    assert opens == {
        "crisis/services/minors.py",
        "crisis/services/taken_mark.py",
        "members/services/legal_names.py",
        "members/services/set_aside.py",
        "welfare/services/reading.py",
    }
    said = {what for text in code.values() for what in re.findall(r'\bReading\("(\w+)"', text)}
    assert said - {"set_aside_opened"} <= OPENINGS.keys(), "rows kept apart are nobody's yet"
    assert len(said) >= 8
    among_acts = re.compile(r'audit\.log\(\s*work,\s*"(opened_\w+|\w+_opened)"')
    assert [name for name, text in code.items() if among_acts.search(text)] == []
