"""The pages on which sealed words open: the field, the way back, what she wrote, the keepers."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, WORDS, choose_words, make_case, make_keeper, make_paralegal
from tests.builders.members import make_member
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_command_key
from union.legal.queries import case_by_ref, lawyers
from union.legal.rules import Part, Purpose
from union.legal.services import NewShare, give_consent, hand_back_case, share_case, take_case
from union.web.opening import PREFIX

TEST = Actor.system("test")
FIELD = 'name="opened-passphrase"'
HIDDEN = re.compile(r'<input type="hidden"\s+name="(kept-[^"]*)"\s+value="([^"]*)">')


OURS = {"Sec-Fetch-Site": "same-origin"}


def say_words(browser, back, words=WORDS, **kept):
    data = {f"{PREFIX}passphrase": words, f"{PREFIX}back": back, **kept}
    return browser.post("/opened/", data=data, headers=OURS)


def send(browser, address, prefix="", **fields):
    named = {f"{prefix}{name}": value for name, value in fields.items()}
    key = {f"{prefix}command_key": new_command_key()}
    return browser.post(address, data=key | named, headers=OURS)


@pytest.fixture
def scene(pages, sign_in):
    """A paralegal's browser and the address of her case, whose words are sealed."""
    with pages.begin(TEST) as work:
        paralegal = make_paralegal(work)
        choose_words(work, paralegal)
        ref = make_case(work, paralegal, make_member(work, called="Asha").person_id).ref
    return sign_in(Role.PARALEGAL, person_id=paralegal.person_id), f"/papers/{ref}", paralegal


def test_shut_it_shows_what_is_operational_and_one_field(scene):
    browser, address, _ = scene
    shown = browser.get(address).text
    assert NOTE not in shown
    assert shown.count(FIELD) == 1
    assert "Asha" in shown
    assert "Talk with her" in shown
    assert "Shut it now" not in shown


def test_her_words_bring_back_the_page_and_say_until_when(scene, clock):
    browser, address, _ = scene
    assert say_words(browser, address).headers["Location"] == address
    shown = browser.get(address).text
    assert NOTE in shown
    assert FIELD not in shown
    assert "Opened with your words, until 00:10" in shown
    clock.advance(timedelta(minutes=9))
    assert "until 00:19" in browser.get(address).text
    clock.advance(timedelta(minutes=10))
    assert NOTE not in browser.get(address).text


def test_a_button_shuts_it(scene):
    browser, address, _ = scene
    say_words(browser, address)
    answer = browser.post("/opened/shut", data={f"{PREFIX}back": address})
    assert answer.headers["Location"] == address
    assert browser.get_cookie("k") is None
    assert NOTE not in browser.get(address).text


def test_what_is_written_needs_no_words(scene):
    browser, address, _ = scene
    assert (
        send(browser, f"{address}/note", "note-", words="the tea stall saw it").status_code == 302
    )
    assert "the tea stall saw it" not in browser.get(address).text
    say_words(browser, address)
    assert "the tea stall saw it" in browser.get(address).text


def test_what_she_had_written_goes_with_her_and_is_sent_from_behind(scene):
    browser, address, _ = scene
    typed = {"step": "court", "on": "2026-10-01", "words": "take the & <paper>"}
    refused = send(browser, f"{address}/step", "step-", **typed)
    assert "That day has passed" in refused.text
    kept = {name: html.unescape(value) for name, value in HIDDEN.findall(refused.text)}
    assert kept["kept-address"] == f"{address}/step"
    assert kept["kept-field-step-words"] == "take the & <paper>"
    again = say_words(browser, address, "not these words at all", **kept)
    assert "Those are not your opening words" in again.text
    assert dict(HIDDEN.findall(again.text)).keys() == kept.keys()
    behind = say_words(browser, address, **kept).text
    assert f'action="{address}/step"' in behind
    assert "take the &amp; &lt;paper&gt;" in behind


def test_wrong_words_open_nothing_and_go_back_into_no_field(scene):
    browser, address, _ = scene
    answer = say_words(browser, address, "wrong words of mine")
    assert "Those are not your opening words" in answer.text
    assert "wrong words of mine" not in answer.text
    assert "Set-Cookie" not in answer.headers or "k=" not in answer.headers["Set-Cookie"]
    assert f'value="{address}"' in answer.text
    assert browser.post("/opened/", data={}).status_code == 200


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_it_leads_to_no_page_of_a_strangers(scene, back):
    browser, _, _ = scene
    assert say_words(browser, back).headers["Location"] == "/"


def test_who_has_no_words_is_told_where_to_choose_them(pages, sign_in, scene):
    _, address, first = scene
    with pages.begin(TEST) as work:
        other = make_paralegal(work)
        with acting_as(work, first):
            hand_back_case(work, address.rpartition("/")[2])
    hers = sign_in(Role.PARALEGAL, person_id=other.person_id)
    shown = hers.get(address).text
    assert "Choose your opening words" in shown
    assert NOTE not in shown
    refused = send(hers, f"{address}/note", "note-", words="the tea stall saw it")
    assert "This is sealed to others" in refused.text
    assert "the tea stall saw it" in refused.text
    assert "You have no opening words yet" in say_words(hers, address).text


@pytest.fixture
def from_the_queue(pages, sign_in):
    """A keeper's browser, that of a paralegal who took a case from the queue, and its address."""
    with pages.begin(TEST) as work:
        keeper, first = make_keeper(work), make_paralegal(work)
        choose_words(work, first)
        ref = make_case(work, first).ref
        with acting_as(work, first):
            hand_back_case(work, ref)
        other = make_paralegal(work)
        choose_words(work, other)
        with acting_as(work, other):
            take_case(work, ref)
    keepers = sign_in(Role.WELFARE_COMMITTEE, person_id=keeper.person_id)
    return keepers, sign_in(Role.PARALEGAL, person_id=other.person_id), f"/papers/{ref}"


def test_a_keeper_is_asked_on_her_first_page_and_lets_her_in(from_the_queue):
    keeper, hers, address = from_the_queue
    say_words(hers, address)
    waiting = hers.get(address).text
    assert "when somebody who holds its key lets you in" in waiting
    assert NOTE not in waiting
    assert "In 1 case somebody waits for you to let her in" in keeper.get("/").text
    asked = keeper.get("/papers/keys").text
    assert FIELD in asked
    assert NOTE not in asked
    assert "This opens only when you write your opening words" in (
        send(keeper, "/papers/keys/let-in").text
    )
    say_words(keeper, "/papers/keys")
    send(keeper, "/papers/keys/let-in")
    assert "1 case was opened to them" in keeper.get("/papers/keys").text
    assert "let her in" not in keeper.get("/").text
    assert NOTE in hers.get(address).text
    assert keeper.get(address).status_code == 404


def test_a_keeper_lets_another_keep(from_the_queue, pages):
    keeper, _, _ = from_the_queue
    with pages.begin(TEST) as work:
        second = make_paralegal(work)
        choose_words(work, second)
        name = make_account(work, second.person_id).sign_in_name
    say_words(keeper, "/papers/keys")
    assert "There should be two" in keeper.get("/papers/keys").text
    assert "has chosen her opening words" in (
        send(keeper, "/papers/keys/keeper", name="nobody").text
    )
    send(keeper, "/papers/keys/keeper", name=name)
    assert "There should be two" not in keeper.get("/papers/keys").text


def test_a_lawyer_reads_what_is_shown_to_her_with_her_own_words(pages, sign_in, scene):
    browser, address, paralegal = scene
    ref = address.rpartition("/")[2]
    with pages.begin(TEST) as work:
        account = make_account(work)
        give_role(work, account.id, Grant(Role.LAWYER))
        choose_words(work, Actor(account.person_id, account.id, frozenset()))
        with acting_as(work, paralegal):
            give_consent(work, ref, Purpose.SHARE_LAWYER, work.clock.today())
            case = case_by_ref(work.session, ref)
            office = next(x.office for x in lawyers(work, case) if x.person_id == account.person_id)
            until = work.clock.today() + timedelta(days=9)
            share = share_case(work, ref, NewShare(office, frozenset({Part.STORY}), until)).ref
        lawyer = account.person_id
    theirs, shared = sign_in(Role.LAWYER, person_id=lawyer), f"/papers/shared/{share}"
    say_words(theirs, shared)
    assert NOTE not in theirs.get(shared).text
    say_words(browser, address)
    browser.get(address)
    assert NOTE in theirs.get(shared).text
    theirs.post("/opened/shut", data={f"{PREFIX}back": shared})
    assert FIELD in theirs.get(shared).text
