"""The pages of passkeys: at the door, on the way to more, and her own list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import give_role, make_account, make_signed_in
from tests.builders.passkeys import PLACE, Lies, SoftPhone
from union.identity.models.passkeys import Passkey
from union.identity.services import passkeys
from union.identity.services.passkeys import Answer
from union.kernel.actor import Actor, Grant, Proof, Role
from union.kernel.ids import new_command_key
from union.web.current import EXTENSION


@pytest.fixture(autouse=True)
def named_address(app):
    """The deployment has a name and https; what the test's client calls it does not matter."""
    kit = app.extensions[EXTENSION]
    settings = replace(kit.settings, public_url=PLACE.origin)
    app.extensions[EXTENSION] = replace(kit, settings=settings)


@pytest.fixture
def make_her(pages):
    """A function: offices in, her account and her telephone with a passkey out."""

    def make(*roles):
        with pages.begin(Actor.system("test")) as work:
            account = make_account(work)
            for role in roles:
                give_role(work, account.id, Grant(role))
            her = Actor(account.person_id, account.id, frozenset())
        phone = SoftPhone()
        with pages.begin(her) as work:
            asked = passkeys.ask_to_add(work, PLACE, "b", "small phone")
            answer = Answer(asked.ref, "b", phone.make(asked.options))
            assert passkeys.add_passkey(work, PLACE, answer, "small phone") is not None
        return her, phone

    return make


def ask(client, **more):
    return client.post("/passkey/ask", **more)


def answer(client, phone, asked, *, office="yes", back=None, lies=None):
    said = asked.json
    form = {
        "question": said["question"],
        "answer": phone.give(said["options"], *([lies] if lies else [])),
        "office": office,
    }
    query = {"back": back} if back else None
    return client.post("/passkey/answer", data=form, query_string=query)


def test_an_officer_opens_her_work_by_her_telephones_lock(client, make_her):
    _, phone = make_her(Role.TREASURER)
    asked = ask(client)
    assert asked.json["options"]["allowCredentials"] == []
    let_in = answer(client, phone, asked, back="/books/journal")
    assert let_in.headers["Location"] == "/books/journal"
    assert client.get("/books/journal").status_code == 200


def test_at_a_members_own_door_the_same_finger_opens_no_office(client, make_her):
    _, phone = make_her(Role.TREASURER, Role.MEMBER)
    answer(client, phone, ask(client), office="")
    assert client.get("/").status_code == 200
    assert client.get("/books/journal").status_code in {303, 403}


def test_a_member_is_no_officer_at_the_officers_door(client, make_her, pages):
    _, phone = make_her(Role.MEMBER)
    answer(client, phone, ask(client), office="yes")
    assert client.get("/").status_code == 200
    assert client.get("/claims/ask").status_code == 303, "hers asks her PIN after the finger"


def test_wrong_and_unknown_are_answered_alike(client, make_her):
    _, phone = make_her(Role.TREASURER)
    wrong = answer(client, phone, ask(client), lies=Lies(spoilt=True))
    unknown = answer(client, phone.with_other_key(), ask(client))
    for refused in (wrong, unknown):
        assert refused.status_code == 302
        assert refused.headers["Location"].startswith("/sign-in")
    assert wrong.data == unknown.data
    assert "lock" in client.get("/sign-in").text
    assert client.get("/").status_code == 302


def test_a_refused_one_keeps_the_way_she_was_going(client, make_her):
    _, phone = make_her(Role.TREASURER)
    refused = answer(client, phone, ask(client), back="/books/journal", lies=Lies(spoilt=True))
    assert refused.headers["Location"] == "/sign-in?back=/books/journal"


def test_one_browsers_question_is_not_answered_in_another(app, client, make_her):
    _, phone = make_her(Role.TREASURER)
    asked = ask(client)
    other = app.test_client()
    ask(other)
    assert answer(other, phone, asked).headers["Location"].startswith("/sign-in")
    assert other.get("/").status_code == 302
    assert answer(client, phone, asked).headers["Location"] == "/"


def test_an_answer_opens_once(client, make_her):
    _, phone = make_her(Role.TREASURER)
    asked = ask(client)
    assert answer(client, phone, asked).headers["Location"] == "/"
    client.post("/sign-out")
    assert answer(client, phone, asked).headers["Location"].startswith("/sign-in")


def test_where_it_is_bound_to_is_the_deployments_and_never_what_a_visitor_calls_it(client):
    asked = ask(client, headers={"Host": "evil.example"}, base_url="https://evil.example")
    assert asked.json["options"]["rpId"] == PLACE.domain


def test_a_cookie_that_was_there_before_is_worth_nothing_after(client, make_her):
    _, phone = make_her(Role.TREASURER)
    asked = ask(client)
    before = client.get_cookie("s").value
    answer(client, phone, asked)
    assert client.get_cookie("s").value != before
    client.set_cookie("s", before)
    assert client.get("/").status_code == 302


def test_the_way_back_never_leads_out_of_the_house(client, make_her):
    _, phone = make_her(Role.TREASURER)
    let_in = answer(client, phone, ask(client), back="//evil.example")
    assert let_in.headers["Location"] == "/"


def test_asking_and_answering_need_a_page_of_ours(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    for address in ("/passkey/ask", "/passkey/answer"):
        assert client.post(address).status_code == 400


def test_without_a_name_of_our_own_nothing_is_offered(app, client, sign_in):
    kit = app.extensions[EXTENSION]
    bare = replace(kit.settings, public_url="http://127.0.0.1:8000")
    app.extensions[EXTENSION] = replace(kit, settings=bare)
    assert ask(client).status_code == 404
    assert "passkey" not in client.get("/sign-in").text
    assert "a secure address with a name" in sign_in(Role.TREASURER).get("/me/keys").text


def prove(client, phone, back, **more):
    asked = ask(client)
    form = {"question": asked.json["question"], "answer": phone.give(asked.json["options"])}
    return client.post("/prove", data=form | more, query_string={"back": back})


def test_an_officer_shows_by_the_lock_that_it_is_still_she(client, make_her, clock):
    _, phone = make_her(Role.TREASURER)
    answer(client, phone, ask(client))
    clock.advance(timedelta(minutes=6))
    assert client.get("/me/keys").headers["Location"] == "/prove?back=/me/keys"
    assert "telephone’s lock" in client.get("/prove").text
    before = client.get_cookie("s").value
    assert prove(client, phone, "/me/keys").headers["Location"] == "/me/keys"
    assert client.get("/me/keys").status_code == 200
    client.set_cookie("s", before)
    assert client.get("/").status_code == 302, "the sign-in of before is over"


def test_what_she_had_written_goes_on_with_her(client, make_her, clock):
    _, phone = make_her(Role.TREASURER)
    answer(client, phone, ask(client))
    kept = {"kept-address": "/me/keys/ask", "kept-field-label": "my tablet"}
    stranger = prove(client, phone.with_other_key(), "/", **kept)
    assert "did not open it" in stranger.text
    assert "my tablet" in stranger.text, "a wrong finger loses nothing"
    assert "my tablet" in prove(client, phone, "/", **kept).text


def test_anothers_passkey_proves_nothing_here(client, make_her, clock):
    _, phone = make_her(Role.TREASURER)
    _, theirs = make_her(Role.TREASURER)
    answer(client, phone, ask(client))
    clock.advance(timedelta(minutes=6))
    assert "did not open it" in prove(client, theirs, "/me/keys").text
    assert client.get("/me/keys").status_code == 303


def test_a_members_pin_and_her_finger_together_open_what_is_hers(client, pages, make_her):
    her, phone = make_her(Role.MEMBER)
    with pages.begin(Actor.system("test")) as work:
        token = make_signed_in(work, (), her.person_id, proofs={Proof.PIN})
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/claims/ask").status_code == 303
    assert prove(client, phone, "/claims/ask").headers["Location"] == "/claims/ask"
    assert client.get("/claims/ask").status_code == 200


def test_at_a_members_own_door_she_is_refused_at_that_door(client, make_her):
    _, phone = make_her(Role.MEMBER)
    refused = answer(client, phone, ask(client), office="", lies=Lies(spoilt=True))
    assert refused.headers["Location"].startswith("/open")


def add(client, phone, label="small phone", *, key=None, label_after=None):
    asked = client.post("/me/keys/ask", data={"label": label})
    if asked.status_code != 200:
        return asked
    form = {
        "question": asked.json["question"],
        "answer": phone.make(asked.json["options"]),
        "label": label_after or label,
        "command_key": key or new_command_key(),
    }
    return client.post("/me/keys/add", data=form), form


def test_she_adds_one_sees_it_and_ends_it(sign_in):
    browser = sign_in(Role.TREASURER)
    assert "No telephone’s lock yet" in browser.get("/me/keys").text
    added, _ = add(browser, SoftPhone(backed_up=True), "my tablet")
    assert added.headers["Location"] == "/me/keys"
    shown = browser.get("/me/keys").text
    assert "my tablet" in shown
    assert "Google or Apple" in shown
    ref = shown.split('name="key_ref"')[1].split('value="')[1].split('"')[0]
    form = {"key_ref": ref, "command_key": new_command_key()}
    assert browser.post("/me/keys/end", data=form).headers["Location"] == "/me/keys"
    assert "my tablet" not in browser.get("/me/keys").text
    assert browser.post("/me/keys/end", data=form).status_code == 302, "a second time is the same"


def test_sent_twice_one_is_added(sign_in, pages):
    browser = sign_in(Role.TREASURER)
    first, form = add(browser, SoftPhone())
    second = browser.post("/me/keys/add", data=form)
    assert first.headers["Location"] == second.headers["Location"] == "/me/keys"
    with pages.reading(Actor.system("test")) as work:
        assert len(work.session.scalars(select(Passkey.id)).all()) == 1


def test_what_is_refused_keeps_the_name_she_wrote(sign_in):
    browser = sign_in(Role.TREASURER)
    refused, _ = add(browser, SoftPhone(unlocks=False), "my tablet")
    assert refused.status_code == 200
    assert 'value="my tablet"' in refused.text
    assert "could not be kept" in refused.text


def test_without_a_name_the_telephone_is_not_even_asked(sign_in):
    asked = add(sign_in(Role.TREASURER), SoftPhone(), "  ")
    assert asked.status_code == 400
    assert asked.json["said"] == ["Give it a name."]


def test_nobody_ends_what_is_anothers(sign_in, make_her, pages):
    make_her(Role.TREASURER)
    with pages.reading(Actor.system("test")) as work:
        ref = work.session.scalars(select(Passkey.ref)).one()
    form = {"key_ref": ref, "command_key": new_command_key()}
    assert sign_in(Role.TREASURER).post("/me/keys/end", data=form).status_code == 404
    with pages.reading(Actor.system("test")) as work:
        assert work.session.scalars(select(Passkey.ended_at)).one() is None


def test_the_page_without_scripts_says_what_it_needs(sign_in):
    text = sign_in(Role.TREASURER).get("/me/keys").text
    assert "it needs JavaScript" in text
    assert "data-with-passkey hidden" in text
