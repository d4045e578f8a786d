"""The slip's pages: she sets her own secrets, seen once, and another sees that it is she."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import make_account
from tests.builders.signing import make_officer
from union.identity.rules.codes import code_of, step_of
from union.identity.services.enrolment import invite, print_slip
from union.infra.audit import AuditEntry
from union.infra.people import new_person
from union.kernel.actor import Actor, Role

PASSWORD = "quiet lamp under rain"


@pytest.fixture
def slip(pages):
    with pages.begin(Actor.system("test")) as work:
        for _ in range(2):
            make_account(work)
        return print_slip(work, invite(work, new_person(work).id, "asha"))


def _secret(page: str) -> str:
    return re.search(r"<code[^>]*>([A-Z2-7 ]{32,})</code>", page)[1].replace(" ", "")


def _digits(page: str) -> str:
    return re.search(r"data-digits[^>]*>(\d{6})<", page)[1]


def test_from_a_slip_to_a_notebook_that_opens(client, clock, slip, sign_in):
    assert client.post("/begin", data={"slip": slip}).headers["Location"] == "/begin/secrets"
    shown = client.get("/begin/secrets").text
    assert "<svg" in shown
    secret = _secret(shown)
    form = {"password": PASSWORD, "password_again": PASSWORD, "code": "000000"}
    refused = client.post("/begin/secrets", data=form)
    assert PASSWORD not in refused.text
    assert _secret(refused.text) == secret, "her telephone need not be set up twice"
    form["code"] = code_of(secret, step_of(clock.now()))
    begun = client.post("/begin/secrets", data=form)
    assert begun.status_code == 200
    assert len(re.findall(r"<code>\d{1,2} [0-9A-Z-]{12}</code>", begun.text)) == 10
    assert client.get("/begin/secrets").headers["Location"] == "/begin"
    assert client.post("/begin/secrets", data=form).headers["Location"] == "/begin"
    clock.advance(timedelta(minutes=1))
    door = {"sign_in_name": "asha", "password": PASSWORD}
    waits = client.post("/sign-in", data={**door, "code": code_of(secret, step_of(clock.now()))})
    assert _digits(waits.text) == _digits(begun.text)
    assert client.get("/").status_code == 302, "nobody has seen her"
    seer = sign_in(Role.DUTY_OFFICER)
    assert seer.get("/people/seen").status_code == 200
    seen = {"sign_in_name": "asha", "digits": _digits(waits.text)}
    wrong = seer.post("/people/seen", data={**seen, "digits": "000001"})
    assert "Nobody of this name waits" in wrong.text
    assert seer.post("/people/seen", data=seen).status_code == 302
    clock.advance(timedelta(minutes=1))
    let_in = client.post("/sign-in", data={**door, "code": code_of(secret, step_of(clock.now()))})
    assert let_in.status_code == 302


@pytest.mark.parametrize("letters", ["AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "x"])
def test_letters_of_no_slip_open_nothing(client, slip, letters):
    assert "opens nothing" in client.post("/begin", data={"slip": letters}).text
    assert client.get("/begin/secrets").headers["Location"] == "/begin"


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.TREASURER, Role.COORDINATOR])
def test_only_who_gives_offices_sees_anybody(sign_in, role):
    assert sign_in(role).get("/people/seen").status_code == 403


def test_digits_are_not_guessed(sign_in, slip):
    seer = sign_in(Role.SIGNATORY)
    wrong = {"sign_in_name": "asha", "digits": "000001"}
    for _ in range(20):
        assert "Nobody of this name waits" in seer.post("/people/seen", data=wrong).text
    assert "Too many tries" in seer.post("/people/seen", data=wrong).text


def test_no_other_spelling_of_a_name_gives_new_tries_and_each_is_written_down(sign_in, slip, pages):
    seers = [sign_in(Role.SIGNATORY) for _ in range(2)]
    for at in range(20):
        wrong = {"sign_in_name": ("asha", "Asha", "ASHA ")[at % 3], "digits": "000001"}
        assert "Nobody of this name waits" in seers[at % 2].post("/people/seen", data=wrong).text
    last = {"sign_in_name": "aSHa", "digits": "000001"}
    assert "Too many tries" in seers[0].post("/people/seen", data=last).text
    with pages.begin(Actor.system("test")) as work:
        refused = select(AuditEntry.actor_person_id, AuditEntry.subject_person_id).where(
            AuditEntry.action == "seeing_refused"
        )
        rows = work.session.execute(refused).all()
        assert len(rows) == 21
        assert len(set(rows)) == 2, "who guessed, and at whom"


def test_who_guesses_at_many_names_runs_out_too(sign_in, slip):
    seer = sign_in(Role.SIGNATORY)
    for at in range(20):
        seer.post("/people/seen", data={"sign_in_name": f"name {at}", "digits": "000001"})
    last = {"sign_in_name": "asha", "digits": "000001"}
    assert "Too many tries" in seer.post("/people/seen", data=last).text


def test_what_no_keyboard_writes_is_not_looked_up(client, slip):
    for letters in ("asha\0", "\x1basha"):
        door = {"sign_in_name": letters, "password": PASSWORD, "code": "000000"}
        assert client.post("/sign-in", data=door).status_code == 200
        assert client.post("/begin", data={"slip": letters}).status_code == 200


BOATS, KITES = "seven boats and a kite", "nine kites over the quarry"


def both(words: str) -> dict[str, str]:
    return {"passphrase": words, "passphrase_again": words}


def test_opening_words_are_chosen_once_and_never_shown(sign_in):
    her = sign_in(Role.MEMBERSHIP_SECRETARY)
    words = both(BOATS)
    differ = her.post("/me/opening-words", data={**words, "passphrase_again": "another"})
    assert "The two differ" in differ.text
    assert her.post("/me/opening-words", data=words).status_code == 302
    shown = her.get("/me/opening-words").text
    assert "seven boats" not in shown
    assert 'action="/me/opening-words"' not in shown
    assert "You have chosen yours" in her.post("/me/opening-words", data=words).text


def test_other_opening_words_are_taken_by_those_of_before_only(sign_in):
    her, other = sign_in(Role.MEMBERSHIP_SECRETARY), "/me/opening-words/other"
    her.post("/me/opening-words", data=both(BOATS))
    wrong = her.post(other, data={"passphrase_before": "no words of mine", **both(KITES)})
    assert "Those are not your opening words" in wrong.text
    assert KITES not in wrong.text
    plain = her.post(other, data={"passphrase_before": BOATS, **both("short")})
    assert "Take twelve letters or more" in plain.text
    for _ in range(2):
        assert her.post(other, data={"passphrase_before": BOATS, **both(KITES)}).status_code == 302
        said = her.get("/me/opening-words").text
        assert "your other words open it" in said
        assert "A backup made before still opens" in said
        assert "If you forgot them" in said
    late = her.post("/opened/", data={"opened-passphrase": BOATS, "opened-back": "/"})
    assert "Those are not your opening words" in late.text
    now = her.post("/opened/", data={"opened-passphrase": KITES, "opened-back": "/"})
    assert now.status_code == 302


def test_for_a_day_after_new_secrets_little_opens_and_that_is_said(client, pages, clock):
    with pages.begin(Actor.system("test")) as work:
        her = make_officer(work)
        her.account.sensitive_from = clock.now() + timedelta(hours=24)
    assert client.post("/sign-in", data=her.form(clock)).status_code == 302
    assert client.get("/").status_code == 200
    assert client.get("/books/trial-balance").status_code == 403
    stopped = client.get("/me/keys")
    assert stopped.headers["Location"] == "/prove?back=/me/keys"
    assert "This opens on" in client.get("/prove").text
    assert client.post("/leave").status_code == 302
