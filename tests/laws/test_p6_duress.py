"""P6: what opens with the other PIN is dull to the letter, changes nothing, and is heard of.

Two worlds: a member of whom nothing was ever written, and one with a claim, a case that was read,
other sign-ins and a known telephone. Every page of the second, opened under force, must be that
of the first.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.number_cards import OTHER, PIN, WORD, opened_card
from tests.builders.welfare import make_claim, make_committee, make_scheme
from tests.laws.money import refused
from union.crisis.models import Contact
from union.crisis.rules.kinds import ContactChannel, ContactState
from union.crisis.services.force import opened_under_force
from union.identity.models import Account, SignInSession
from union.identity.services.devices import keep_device
from union.identity.services.pins import set_other_pin
from union.identity.services.sessions import Kind, begin_session
from union.infra.outbox import Outbox
from union.infra.timers import Timer
from union.kernel.actor import Actor, Proof, Role
from union.legal.services import read_case
from union.messages.models import Message
from union.web.access import TABLE
from union.web.duress import NOBODY, PLAYED
from union.welfare.models import Claim

SYSTEM = Actor.system("test")
KEYS = re.compile(r'name="(command_key|csrf_token)"[^>]*value="[^"]*"')
PICTURE = re.compile(r'<div class="pay-code">.*?</div>', re.DOTALL)
REFS = re.compile(r"\b[0-9a-hjkmnp-tv-z]{12}\b")


@pytest.fixture
def worlds(pages, clock):
    """The one of whom nothing was written, and the other, each with her card; the claim's ref."""
    with pages.begin(SYSTEM) as work:
        make_scheme(work)
        make_committee(work)
        dull, full = make_member(work, called="Rani"), make_member(work, called="Rani")
        cards = [opened_card(work, one.person_id) for one in (dull, full)]
        claim = make_claim(work, full)
        paralegal = make_paralegal(work)
        case = make_case(work, paralegal, full.person_id)
        with acting_as(work, paralegal):
            read_case(work, case.ref)
        hers = Actor(full.person_id, cards[1].account_id, frozenset())
        with acting_as(work, hers):
            set_other_pin(work, cards[1].account_id, OTHER)
        ref = claim.ref
    clock.advance(timedelta(days=40))
    with pages.begin(SYSTEM) as work:
        keep_device(work, cards[1].account_id)
        account = work.session.get_one(Account, cards[1].account_id)
        begin_session(work, account, {Proof.NUMBER_PIN, Proof.WORD}, Kind.MEMBER)
    return (dull, cards[0].digits), (full, cards[1].digits), ref


def opened(app, digits: str, pin: str, word: str = WORD):
    """A browser in which this PIN and this word were typed."""
    browser = app.test_client()
    assert browser.post("/open", data={"number": digits, "pin": pin}).status_code == 302
    proved = browser.post("/prove", data={"word": word}, query_string={"back": "/claims/mine"})
    assert proved.status_code == 302, "any word is taken under force, and hers otherwise"
    return browser


def bare(text: str, card: str) -> str:
    """A page without what differs for any two: a form's keys, her card number, its picture."""
    text = PICTURE.sub("", KEYS.sub("KEY", text.replace(card, "CARD")))
    return REFS.sub("REF", text)


def her_pages(app):
    """Every page a member may open whose address names nothing."""
    for rule in app.url_map.iter_rules():
        row = TABLE.get(rule.endpoint)
        if row is None or row.public or "GET" not in rule.methods or rule.arguments:
            continue
        if Role.MEMBER in row.roles:
            yield rule.rule


def test_under_force_every_page_is_that_of_somebody_of_whom_nothing_was_written(app, worlds):
    (dull, dull_card), (full, full_card), _ = worlds
    nothing, forced = opened(app, dull_card, PIN), opened(app, full_card, OTHER, "any word at all")
    walked = 0
    for address in her_pages(app):
        there, here = nothing.get(address), forced.get(address)
        assert (here.status_code, bare(here.text, full.card_number)) == (
            there.status_code,
            bare(there.text, dull.card_number),
        ), address
        walked += 1
    assert walked > 12


def test_without_force_she_sees_what_is_hers(app, worlds):
    _, (_, card), ref = worlds
    browser = opened(app, card, PIN)
    assert "You asked last" in browser.get("/claims/mine").text
    assert browser.get(f"/claims/mine/{ref}").status_code == 200
    assert "Para" in browser.get("/papers/who-opened", follow_redirects=True).text


def test_under_force_what_she_has_is_no_address_at_all(app, worlds):
    _, (_, card), ref = worlds
    forced = opened(app, card, OTHER)
    mine, nobodys = forced.get(f"/claims/mine/{ref}"), forced.get("/claims/mine/zzzzzzzzzzzz")
    assert mine.status_code == nobodys.status_code == 404
    assert bare(mine.text, "-") == bare(nobodys.text, "-")
    assert forced.get("/me/sessions").text.count('name="sign_in"') <= 1


def test_under_force_nothing_she_is_made_to_change_is_changed_and_it_looks_done(app, pages, worlds):
    _, (_, card), ref = worlds
    forced = opened(app, card, OTHER)
    assert forced.get("/ways/").status_code == 200, "whoever looks first has the union's key made"
    with pages.reading(SYSTEM) as work:
        before = _written(work)
    for rule in app.url_map.iter_rules():
        row = TABLE.get(rule.endpoint)
        if row is None or row.public or Role.MEMBER not in row.roles:
            continue
        if "POST" not in rule.methods or row.reach in ("nothing", "dues"):
            continue
        address = rule.build(dict.fromkeys(rule.arguments, ref))[1]
        new = {"pin": "904172", "pin_again": "904172", "word": "his word", "word_again": "his word"}
        said = forced.post(address, data={**new, "command_key": "1" * 32}, follow_redirects=True)
        assert "Written down" in said.text or rule.endpoint in PLAYED, rule.endpoint
    with pages.reading(SYSTEM) as work:
        assert _written(work) == before
    hers = opened(app, card, PIN)
    assert hers.get("/claims/mine").status_code == 200


TABLES = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND relname NOT IN ('try_spent', 'sign_in_session', 'alembic_version') ORDER BY 1
"""
CONTENT = "SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} t"


def _written(work) -> list[tuple[int, str]]:
    """Every row of every table, as it stands."""
    tables = work.session.scalars(text(TABLES)).all()
    rows = (work.session.execute(text(CONTENT.format(table))).one() for table in tables)
    return [tuple(row) for row in rows]


def test_dues_are_hers_and_help_is_real_under_force(app, pages, worlds):
    _, (full, card), _ = worlds
    forced = opened(app, card, OTHER)
    assert full.card_number in forced.get("/dues/mine/card").text
    said = forced.post("/help", data={"sure": "yes", "command_key": "0" * 32})
    assert said.status_code == 200
    with pages.reading(SYSTEM) as work:
        button = select(Contact).where(Contact.channel == ContactChannel.APP)
        assert work.session.scalars(button).one().person_id == full.person_id


def test_opening_is_told_in_the_same_rows_whichever_pin_it_was(app, pages, worlds):
    (_, dull_card), (_, full_card), _ = worlds

    def rows_after(digits: str, pin: str) -> list[tuple[str, list[str]]]:
        with pages.reading(SYSTEM) as work:
            last = work.session.scalar(select(func.max(Outbox.id))) or 0
        app.test_client().post("/open", data={"number": digits, "pin": pin})
        with pages.reading(SYSTEM) as work:
            rows = work.session.scalars(select(Outbox).where(Outbox.id > last)).all()
            return [(row.fact, sorted(row.ids)) for row in rows]

    assert rows_after(dull_card, PIN) == rows_after(full_card, OTHER)


def test_those_in_charge_hear_of_it_with_a_timer_and_she_by_no_way(pages, worlds):
    _, (full, _), _ = worlds
    ids = {"person_id": full.person_id, "other": 1}
    with pages.begin(SYSTEM) as work:
        for _again in range(2):
            opened_under_force(work, ids)
        opened_under_force(work, {**ids, "other": 0})
    with pages.reading(SYSTEM) as work:
        contact = work.session.scalars(select(Contact)).one()
        assert (contact.channel, contact.state) == (ContactChannel.OTHER_PIN, ContactState.OPEN)
        assert contact.person_id == full.person_id
        assert contact.incident_id is None
        assert not contact.may_call_back
        timers = select(Timer).where(Timer.subject_type == "contact", Timer.done_at.is_(None))
        assert work.session.scalars(timers).one().subject_id == contact.id
        assert not work.session.scalars(
            select(Message).where(Message.person_id == full.person_id)
        ).all()


def test_the_desk_reads_that_nobody_may_ring_her(sign_in, pages, worlds):
    _, (full, _), _ = worlds
    with pages.begin(SYSTEM) as work:
        opened_under_force(work, {"person_id": full.person_id, "other": 1})
        ref = work.session.scalars(select(Contact.ref)).one()
    duty = sign_in(Role.DUTY_OFFICER)
    assert "1 call waits" in duty.get("/calls").text
    assert "do not ring" in duty.get(f"/calls/{ref}").text


def test_a_sign_in_under_force_stays_one_however_much_is_proven(app, pages, worlds):
    _, (_, card), _ = worlds
    opened(app, card, OTHER)
    with pages.reading(SYSTEM) as work:
        held = work.session.scalars(
            select(SignInSession).where(SignInSession.duress).order_by(SignInSession.made_at)
        ).all()
        assert len(held) == 2
        assert sum(one.ended_at is None for one in held) == 1


def test_the_other_pin_counts_after_a_forced_finger_too(app, pages, worlds):
    _, _, ref = worlds
    with pages.begin(SYSTEM) as work:
        account_id = work.session.scalars(
            select(SignInSession.account_id).where(SignInSession.ended_at.is_(None))
        ).first()
        account = work.session.get_one(Account, account_id)
        tokens = [begin_session(work, account, {Proof.PASSKEY}, Kind.MEMBER) for _ in range(2)]
    hers, forced = app.test_client(), app.test_client()
    for browser, token, pin in ((hers, tokens[0], PIN), (forced, tokens[1], OTHER)):
        with browser.session_transaction() as session:
            session["_user_id"] = token
        assert browser.get("/dues/mine").status_code == 200, "a finger opens her dues"
        assert browser.get("/claims/mine").status_code == 303
        assert "Write your PIN too" in browser.get("/prove").text
        proved = browser.post("/prove", data={"pin": pin}, query_string={"back": "/claims/mine"})
        assert proved.status_code == 302
    assert hers.get(f"/claims/mine/{ref}").status_code == 200
    assert forced.get(f"/claims/mine/{ref}").status_code == 404
    assert "asked for nothing" in forced.get("/claims/mine").text
    with pages.reading(SYSTEM) as work:
        told = work.session.scalars(
            select(Outbox).where(Outbox.fact == "opened_by_pin").order_by(Outbox.id.desc())
        ).first()
        assert told.ids["other"] == 1


def test_nobody_is_number_nought_in_any_table(committing, slate):
    with committing.begin(SYSTEM) as work:
        make_member(work)
    raw = slate.owner.raw_connection()
    try:
        with raw.cursor() as cursor:
            cursor.execute("SELECT min(id) FROM person")
            assert cursor.fetchone()[0] > NOBODY
    finally:
        raw.close()


def test_a_contact_about_it_always_names_her(committing, slate):
    raw = slate.engine.raw_connection()
    try:
        with refused("contact_other_pin_check"), raw.cursor() as cursor:
            cursor.execute(
                """INSERT INTO contact (ref, channel, received_at, key_ref, cell_exact, kind,
                     may_call_back, state, overflow, tries)
                   VALUES ('zzzzzzzzzzzz', 'other_pin', '2026-10-16', gen_random_uuid(), false,
                     'unknown', false, 'open', 0, 0)"""
            )
    finally:
        raw.rollback()
        raw.close()


def test_a_claim_made_under_force_is_no_claim(app, pages, worlds):
    _, (_, card), _ = worlds
    forced = opened(app, card, OTHER)
    forced.post("/claims/ask", data={"from_on": "2026-11-01", "until_on": "2026-11-05"})
    with pages.reading(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(Claim)) == 1
