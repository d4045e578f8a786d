"""An officer's page of her own secrets, and a demonstration's people, who have no telephone."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from tests.builders.identity import give_role
from tests.builders.members import make_member
from tests.builders.signing import PASSWORD, make_officer
from union.demo.codes import give_code
from union.demo.people import DemoPerson
from union.identity.rules.codes import code_of, step_of
from union.identity.rules.secrets import DEMONSTRATION_PASSWORD as DEMONSTRATION
from union.identity.services import create_account
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.web.current import EXTENSION

TEST = Actor.system("test")
SECRETS = "/me/office-secrets"


@pytest.fixture
def her(pages):
    with pages.begin(TEST) as work:
        return make_officer(work)


@pytest.fixture
def browser(client, her, clock):
    client.post("/sign-in", data=her.form(clock))
    return client


def test_another_password_is_taken_and_no_secret_comes_back(browser, her):
    form = {"password": PASSWORD, "new_password": "cold river at dawn"}
    differ = browser.post(f"{SECRETS}/password", data={**form, "new_password_again": "x"})
    assert "The two differ" in differ.text
    assert "cold river" not in differ.text
    form["new_password_again"] = form["new_password"]
    assert browser.post(f"{SECRETS}/password", data=form).status_code == 302
    assert browser.get(SECRETS).status_code == 200
    wrong = browser.post(f"{SECRETS}/password", data=form)
    assert "not your password" in wrong.text


@pytest.mark.parametrize("way", ["password", "other"])
def test_neither_her_name_nor_the_unions_nor_what_is_common_is_taken(pages, client, clock, way):
    with pages.begin(TEST) as work:
        member = make_member(work, called="Vanajakshi", card_number="B-20417")
        her = make_officer(work, person_id=member.person_id)
    client.post("/sign-in", data=her.form(clock))
    for chosen in ("vanajakshi b-20417", "Notebook Vanajakshi", "manchesterunited", DEMONSTRATION):
        form = {"password": PASSWORD, "new_password": chosen, "new_password_again": chosen}
        answer = client.post(f"{SECRETS}/{way}", data=form)
        assert answer.status_code == 200
        assert "would try this early" in answer.text
        assert chosen not in answer.text


def test_in_a_demonstration_its_own_password_is_taken(app, browser):
    held = app.extensions[EXTENSION]
    shown = dataclasses.replace(held.settings, demonstration=True)
    app.extensions[EXTENSION] = dataclasses.replace(held, settings=shown)
    form = dict.fromkeys(("new_password", "new_password_again"), DEMONSTRATION)
    answer = browser.post(f"{SECRETS}/password", data={"password": PASSWORD, **form})
    assert answer.status_code == 302


def test_a_new_telephone_counts_from_its_first_code(browser, clock):
    shown = browser.get(f"{SECRETS}/telephone").text
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]{32,})</code>", shown)[1].replace(" ", "")
    assert browser.post(f"{SECRETS}/telephone", data={"code": "000000"}).status_code == 200
    code = code_of(secret, step_of(clock.now()))
    assert browser.post(f"{SECRETS}/telephone", data={"code": code}).status_code == 302
    assert secret[:4] not in browser.get(SECRETS).text


def test_a_new_sheet_is_shown_once(browser):
    assert "none that still opens" in browser.get(SECRETS).text
    sheet = browser.post(f"{SECRETS}/sheet")
    assert len(re.findall(r"<code>\d{1,2} [0-9A-Z-]{12}</code>", sheet.text)) == 10
    again = browser.get(SECRETS).text
    assert "10 lines" in again
    assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", again)


@pytest.mark.parametrize("address", [SECRETS, f"{SECRETS}/telephone"])
def test_it_asks_for_a_fresh_proof(browser, clock, address):
    clock.advance(timedelta(minutes=6))
    assert browser.get(address).status_code == 303


@pytest.fixture
def made_up(app, pages):
    person = DemoPerson("Treasurer", "treasurer", (Role.TREASURER,))
    held = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = dataclasses.replace(held, showcase=(person,))
    with pages.begin(TEST) as work:
        account = create_account(work, new_person(work).id, "treasurer", person.password)
        give_role(work, account.id, Grant(Role.TREASURER))
        give_code(work, account)
    return person


def test_in_a_demonstration_one_press_lets_in_as_often_as_one_likes(app, made_up):
    for _ in range(5):
        browser = app.test_client()
        pressed = browser.post("/sign-in/as", data={"sign_in_name": "treasurer"})
        assert pressed.status_code == 302
        assert browser.get("/").status_code == 200
    stranger = app.test_client().post("/sign-in/as", data={"sign_in_name": "somebody"})
    assert stranger.status_code == 404


def test_and_one_press_proves_it_again(app, made_up, clock):
    browser = app.test_client()
    browser.post("/sign-in/as", data={"sign_in_name": "treasurer"})
    clock.advance(timedelta(minutes=6))
    assert browser.get(SECRETS).status_code == 303
    assert "Made-up people" in browser.get(f"/prove?back={SECRETS}").text
    assert browser.post(f"/prove/as?back={SECRETS}").headers["Location"] == SECRETS
    assert browser.get(SECRETS).status_code == 200


def test_outside_one_nobody_proves_anything_by_a_press(browser):
    assert browser.post("/prove/as").status_code == 404
    assert "Made-up" not in browser.get("/prove").text
