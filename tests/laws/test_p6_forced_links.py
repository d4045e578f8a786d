"""P6: no link and no button that an officer is shown under force answers as on no honest day.

Whoever stands beside her presses everything. Beside each forced sign-in stands one of a newcomer
in the same office, with empty hands: what answers by its own code answers both in the same words,
and nothing is kept of what was sent under force.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.access.walked import build
from tests.attacks.rows import every_row
from tests.builders.identity import give_role, make_account
from tests.builders.passkeys import PLACE
from tests.builders.signing import PASSWORD, make_officer
from tests.laws.crawling import LINK, NOT_FOLLOWED
from union.identity.models import Account
from union.identity.rules.codes import code_of, step_of
from union.identity.services.codes import make_recovery_codes
from union.identity.services.hashing import hash_secret
from union.identity.services.opening import choose_opening_words
from union.identity.services.sessions import Kind, On, begin_session
from union.kernel.actor import Actor, Grant, Proof, Role
from union.web.access import TABLE
from union.web.current import EXTENSION
from union.web.duress import HERS_ALONE, PLAYED

TEST = Actor.system("test")
OTHER, WORDS, CHOSEN = "grey kettle on monday", "nine brown boxes", "cold river at dawn"
OFFICES = sorted(set(Role) - {Role.MEMBER})
SECRETS = "/me/office-secrets"
FORM = re.compile(r'<form\b[^>]*?action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
ASKED = re.compile(r'data-ask="([^"]*)"')
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
RANDOM = re.compile(
    r'name="(command_key|csrf_token)"[^>]*?value="[^"]*"|data-shuts-in="\d+"|<code[^>]*>[^<]*</code>'
    r'|<div class="pay-code">.*?</div>|<ol class="lines">.*?</ol>',
    re.DOTALL,
)
"""Keys of forms, letters shown once, a picture of them, and the list of what was set up."""
SLIP = re.compile(r'<div class="slip\b.*?</div>', re.DOTALL)
LETTERS = re.compile(r"<code[^>]*>([^<]*)</code>")
NOTHING_WAITS = "Nothing waits for you here."
UNTOUCHED = {"sign_in_session", "try_spent"}
LEAVES = {
    *("/leave", "/sign-out", "/language", "/prove", "/office/lock", "/office/lock/paper"),
    "/ways/device",
}
"""They end the sitting or change the tongue, are attacked in `test_p6_forced_lock`, or are filled
by a browser alone."""


@dataclass(frozen=True)
class Sitting:
    """A browser in which somebody is signed in by this password."""

    browser: FlaskClient
    account: Account
    password: str


@pytest.fixture(autouse=True)
def named_address(app):
    """The deployment has a name and https, so that telephones' locks work."""
    kit = app.extensions[EXTENSION]
    settings = replace(kit.settings, public_url=PLACE.origin)
    app.extensions[EXTENSION] = replace(kit, settings=settings)


@pytest.fixture
def sits(app, pages):
    """A function: a newcomer in these offices, signed in, and whether she was made to."""
    names = iter(range(1000))

    def sat(roles, *, forced: bool) -> Sitting:
        with pages.begin(TEST) as work:
            her = make_officer(work, f"officer {next(names)}", roles)
            her.account.other_hash = hash_secret(OTHER)
            on = On(duress=forced)
            token = begin_session(work, her.account, {Proof.PASSWORD_CODE}, Kind.OFFICE, on)
            account = her.account
            acts = Actor(account.person_id, account.id, frozenset())
        with pages.begin(acts) as work:
            choose_opening_words(work, WORDS)
            make_recovery_codes(work, work.session.merge(account))
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
        return Sitting(browser, account, OTHER if forced else PASSWORD)

    return sat


def bare(page: str) -> str:
    """What a page says in its own part, without what is random by design."""
    found = MAIN.search(page)
    return re.sub(r"\s+", " ", RANDOM.sub("", found[0] if found else page))


def endpoint_of(app, address: str) -> str:
    return app.url_map.bind("localhost").match(address.partition("?")[0])[0]


def walk(browser, dull: set[str]) -> tuple[dict[str, str], set[str]]:
    """Every page she is led to, all of which open, and where their forms and scripts send.

    What was found ``dull`` before, for whichever office, is not asked again.
    """
    seen: dict[str, str] = {}
    sent_to: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen or address in dull or NOT_FOLLOWED.match(address):
            continue
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        seen[address] = answer.text if answer.mimetype == "text/html" else ""
        if address != "/" and NOTHING_WAITS in seen[address]:
            dull.add(address)
        waiting += map(unescape, LINK.findall(seen[address]))
        found = [action for action, _inside in FORM.findall(seen[address])]
        sent_to |= {unescape(one) for one in (*found, *ASKED.findall(seen[address]))}
    return seen, sent_to


def filled(who: Sitting, address: str, code: str = "") -> dict[str, str]:
    """What somebody who knows what she does would write into the form that sends there."""
    later = ("second", "third", "fourth")
    again = {"new_password": CHOSEN, "new_password_again": CHOSEN}
    words = {"passphrase": CHOSEN, "passphrase_again": CHOSEN, "passphrase_before": WORDS}
    hers = {
        "passphrase": who.password,
        "command_key": "1" * 32,
        "first": "sms",
        **dict.fromkeys(later, ""),
    }
    return {
        f"{SECRETS}/password": {"password": who.password, **again},
        f"{SECRETS}/other": dict.fromkeys(again, "the third one of them"),
        f"{SECRETS}/telephone": {"code": code},
        "/me/opening-words/other": words,
        "/me/keys/ask": {"label": "small phone", "command_key": "1" * 32},
        "/me/keys/add": {
            "label": "small phone",
            "command_key": "2" * 32,
            "question": "0" * 12,
            "answer": "{}",
        },
        "/ways/order/duty": {**hers, "command_key": "3" * 32},
        "/ways/order/ordinary": hers | {"command_key": "4" * 32},
        "/ways/mailbox": {**hers, "command_key": "5" * 32, "address": "a@example.org"},
    }.get(address, {"command_key": "6" * 32})


def pressed_by(who: Sitting, address: str, clock) -> tuple[object, ...]:
    """What somebody sees who sends what is right: the answer, where it ends, and what that says."""
    letters = letters_of(who.browser.get(f"{SECRETS}/telephone"))
    assert letters == letters_of(who.browser.post(f"{SECRETS}/telephone", data={"code": "1"}))
    code = code_of(letters, step_of(clock.now()))
    answer = who.browser.post(address, data=filled(who, address, code))
    if answer.is_json:
        return answer.status_code, sorted(answer.json), sorted(answer.json["options"])
    ends = who.browser.get(answer.location).text if answer.location else ""
    told = [" ".join(one.split()) for one in SLIP.findall(ends)]
    return answer.status_code, answer.location, answer.mimetype, bare(answer.text), told


def letters_of(answer) -> str:
    return LETTERS.search(answer.text)[1].replace(" ", "")


def standing(pages) -> dict[str, tuple[int, str | None]]:
    with pages.reading(TEST) as work:
        return {name: told for name, told in every_row(work).items() if name not in UNTOUCHED}


def test_every_link_of_every_office_opens_and_what_answers_answers_as_on_an_honest_day(app, sits):
    dull, answered = set(), set()
    for role in OFFICES:
        forced, newcomer = sits([role], forced=True), sits([role], forced=False)
        seen, sent_to = walk(forced.browser, dull)
        assert {f"{SECRETS}/sheet", f"{SECRETS}/password", "/me/keys/ask"} <= sent_to, role
        for address, page in seen.items():
            endpoint = endpoint_of(app, address)
            own = endpoint in PLAYED | HERS_ALONE or TABLE[endpoint].roles >= set(Role)
            if own and address not in {"/", "/prove"} and not address.startswith("/me/sessions"):
                honest = newcomer.browser.get(address)
                assert honest.status_code == 200, (role, address)
                assert bare(page) == bare(honest.text), (role, address)
                answered.add(endpoint)
    assert len(dull) > 50
    assert answered >= HERS_ALONE | {"identity.own_telephone", "identity.keys", "ways.mine"}


def test_every_button_answers_in_the_words_of_an_honest_day_and_keeps_nothing(sits, pages, clock):
    offices = [Role.RESPONDER, Role.TREASURER]
    forced, newcomer = (sits(offices, forced=made_to) for made_to in (True, False))
    _, sent_to = walk(forced.browser, set())
    shown = (one for one in sent_to if one not in LEAVES and "/sessions" not in one)
    addresses = sorted(shown, reverse=True)
    assert len(addresses) > 9
    before = standing(pages)
    here = {one: pressed_by(forced, one, clock) for one in addresses}
    assert standing(pages) == before
    there = {one: pressed_by(newcomer, one, clock) for one in addresses}
    assert here == there
    assert standing(pages) != before
    assert {told[0] for told in here.values()} == {200, 302}


def test_what_is_wrong_is_refused_in_the_same_words(sits):
    forced, newcomer = (sits([Role.TREASURER], forced=made_to) for made_to in (True, False))
    new = {"new_password": CHOSEN, "new_password_again": CHOSEN}
    same = [dict.fromkeys(new, who.password) for who in (forced, newcomer)]
    wrong = [
        (f"{SECRETS}/password", {"password": "not hers at all", **new}),
        (f"{SECRETS}/password", {"password": "x", **new, "new_password_again": "another"}),
        (f"{SECRETS}/other", dict.fromkeys(new, "manchesterunited")),
        ("/me/opening-words/other", {"passphrase": "short", "passphrase_again": "short"}),
        (f"{SECRETS}/telephone", {"code": "nothing"}),
    ]
    for address, fields in wrong:
        here, there = (who.browser.post(address, data=fields) for who in (forced, newcomer))
        assert here.status_code == there.status_code == 200, address
        assert bare(here.text) == bare(there.text), address
    here, there = (
        who.browser.post(f"{SECRETS}/other", data=typed)
        for who, typed in zip((forced, newcomer), same, strict=True)
    )
    assert "must differ" in here.text
    assert bare(here.text) == bare(there.text)


def test_a_forced_sheet_opens_nothing_and_hers_still_does(app, sits, pages):
    forced = sits([Role.TREASURER], forced=True)
    kept = "SELECT string_agg(code_hash, ' ' ORDER BY id) FROM recovery_code WHERE ended_at IS NULL"
    with pages.reading(TEST) as work:
        before = work.session.scalar(text(kept))
    sheet = LETTERS.findall(forced.browser.post(f"{SECRETS}/sheet").text)
    assert len(set(sheet)) == 10
    for password in (PASSWORD, OTHER):
        typed = {"sign_in_name": forced.account.sign_in_name, "password": password}
        said = app.test_client().post("/sign-in", data={**typed, "code": sheet[0]})
        assert said.status_code == 200, "it is asked again"
    with pages.reading(TEST) as work:
        assert work.session.scalar(text(kept)) == before


FULL = [
    ("/books/floats/mine", "ledger.float", Role.RESPONDER),
    ("/dues/cash/mine", "dues.round", Role.COLLECTOR),
    ("/papers/shared", "legal.share", Role.LAWYER),
]


def test_hands_that_are_full_look_empty(app, sits, pages):
    with pages.begin(TEST) as work:
        made = build(work)[0]
    for address, tied_by, role in FULL:
        newcomer = sits([role], forced=False).browser.get(address)
        told = {}
        for forced in (True, False):
            with pages.begin(TEST) as work:
                account = make_account(work, made[tied_by].tied)
                give_role(work, account.id, Grant(role))
                on = On(duress=forced)
                token = begin_session(work, account, {Proof.PASSWORD_CODE}, Kind.OFFICE, on)
            browser = app.test_client()
            with browser.session_transaction() as session:
                session["_user_id"] = token
            told[forced] = bare(browser.get(address).text)
        assert told[True] == bare(newcomer.text), address
        assert told[False] != told[True], (address, "her hands were full")
