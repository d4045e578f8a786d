"""P6: an officer who is made to open her notebook opens an office in which nothing waits.

She has every office there is, and the union both sides of `tests/access` hold. With her other
password no page of any office is even looked for, nothing is changed, and those in charge hear.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.access.walked import address_of, build
from tests.attacks.rows import every_row
from tests.builders.identity import make_account
from tests.builders.locking import make_keeper
from tests.builders.signing import PASSWORD, make_officer
from union.crisis.models import Contact
from union.crisis.rules.kinds import ContactChannel
from union.crisis.services.force import opened_under_force
from union.identity.models import Account, SignInSession
from union.infra.audit import AuditEntry
from union.infra.outbox import Outbox
from union.kernel.actor import Actor, Role
from union.kernel.reach import Reach
from union.messages.models import Message
from union.office.locking.services import How, lock_office
from union.web.access import TABLE
from union.web.duress import HERS_ALONE, PLAYED

TEST = Actor.system("test")
OTHER = "grey kettle on monday"
SECRETS = "/me/office-secrets"
OFFICES = set(Role) - {Role.MEMBER}
KEYS = re.compile(r'name="(command_key|csrf_token)"[^>]*value="[^"]*"')
WHEN = re.compile(r'data-shuts-in="\d+"|shuts itself at [0-9:]+')
NOTHING_WAITS = "Nothing waits for you here."
MENU = re.compile(r'<nav class="menu".*?</nav>', re.DOTALL)
UNTOUCHED = {"sign_in_session", "try_spent"}


@pytest.fixture
def sides(pages):
    with pages.begin(TEST) as work:
        return build(work)


@pytest.fixture
def her(pages):
    with pages.begin(TEST) as work:
        return make_officer(work, "radha", OFFICES)


@pytest.fixture
def honest(app, her, clock):
    """Her browser, in which she has set the other password."""
    browser = app.test_client()
    assert browser.post("/sign-in", data=her.form(clock)).status_code == 302
    assert set_other(browser).status_code == 302
    return browser


@pytest.fixture
def forced(app, her, clock, honest):
    """A browser in which she was made to sign in."""
    return opened(app, her, clock, OTHER)


def set_other(browser, chosen: str = OTHER, again: str | None = None):
    form = {"new_password": chosen, "new_password_again": again or chosen}
    return browser.post(f"{SECRETS}/other", data=form)


def opened(app, her, clock, password: str):
    clock.advance(timedelta(seconds=30))
    browser = app.test_client()
    typed = {"sign_in_name": her.name, "password": password, "code": her.code(clock)}
    assert browser.post("/sign-in", data=typed).status_code == 302
    return browser


def bare(page: str) -> str:
    return KEYS.sub("KEY", page)


def hers_alone(row) -> bool:
    """A page that is everybody's, or hers before any office: it is as `test_p6_duress` says."""
    return row.public or row.roles >= set(Role) or row.reach in {Reach.NOTHING, Reach.DUES}


def office_pages(app, method: str):
    """What is answered by its own code is asked in `test_p6_forced_links` and `_forced_lock`."""
    answered = PLAYED if method == "POST" else PLAYED | HERS_ALONE
    for rule in sorted(app.url_map.iter_rules(), key=str):
        row = TABLE.get(rule.endpoint)
        if row is None or method not in rule.methods or hers_alone(row):
            continue
        if row.roles & OFFICES and rule.endpoint not in answered:
            yield row, rule


def test_the_first_page_is_that_of_a_quiet_day_under_her_own_menu(honest, forced):
    there, here = honest.get("/").text, forced.get("/").text
    assert NOTHING_WAITS not in there
    assert NOTHING_WAITS in here
    assert bare(MENU.search(here)[0]) == bare(MENU.search(there)[0])
    assert "/members" in here
    for told in (there, here):
        assert re.search(r'<span class="who">([^<]+)</span>', told)[1] == "Operator"


def test_no_page_of_any_office_shows_anything_or_is_looked_for(
    app, forced, sides, connection, pages
):
    asked: list[str] = []

    def said(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:
            asked.append(statement)

    dull, opened_dull, not_there = bare(forced.get("/").text), 0, 0
    event.listen(connection, "before_cursor_execute", said)
    try:
        for row, rule in office_pages(app, "GET"):
            named = None if row.names_nothing else sides[0][row.about].args
            asked.clear()
            answer = forced.get(address_of(rule, named))
            looked = [one for one in asked if "FROM office_lock" not in one]
            assert all("sign_in_session" in one for one in looked), (rule.rule, looked)
            if rule.arguments:
                nothing = forced.get(address_of(rule))
                assert answer.status_code == nothing.status_code == 404, rule.rule
                not_there += 1
            else:
                assert answer.status_code == 200, rule.rule
                page = bare(answer.text).replace(' aria-current="page"', "")
                assert strip(page) == strip(dull), rule.rule
                opened_dull += 1
    finally:
        event.remove(connection, "before_cursor_execute", said)
    assert opened_dull > 60
    assert not_there > 40


def strip(page: str) -> str:
    """A page without the mark of which one it is, and without the way back to it."""
    page = page.replace(' aria-current="page"', "")
    page = re.sub(r"<details\s+(open)?\s*>", "<details>", page)
    page = re.sub(r'name="back" value="[^"]*"', "", page)
    return re.sub(r"\s+", " ", page).replace(" >", ">")


def test_nothing_she_is_made_to_do_is_done_and_it_looks_done(app, forced, sides, pages):
    def standing():
        with pages.reading(TEST) as work:
            rows = every_row(work)
        return {name: told for name, told in rows.items() if name not in UNTOUCHED}

    before, done = standing(), 0
    for row, rule in office_pages(app, "POST"):
        named = None if row.names_nothing else sides[0][row.about].args
        sent = {"command_key": "1" * 32, "sure": "yes", "answer": "yes"}
        said = forced.post(address_of(rule, named), data=sent, follow_redirects=True)
        assert "Written down." in said.text, rule.rule
        done += 1
    assert done > 100
    assert standing() == before


def test_her_own_pages_tell_nothing_of_her(forced, honest):
    mine = forced.get(SECRETS)
    assert mine.status_code == 200
    assert "10 lines of yours were not used yet." in mine.text
    for page in ("/me/keys", "/me/sessions", f"{SECRETS}/telephone"):
        assert forced.get(page).status_code == 200, page
    assert forced.get("/me/sessions").text.count('name="sign_in"') <= 1


def test_it_is_told_in_as_many_rows_whichever_password_it_was(app, her, clock, honest, pages):
    def rows_after(password: str) -> list[tuple[str, list[str]]]:
        with pages.reading(TEST) as work:
            before = work.session.scalars(select(Outbox.id)).all()
        opened(app, her, clock, password)
        with pages.reading(TEST) as work:
            rows = work.session.scalars(select(Outbox).where(Outbox.id.not_in(before))).all()
            return [(row.fact, sorted(row.ids), row.ids.get("other")) for row in rows]

    hers, other = rows_after(PASSWORD), rows_after(OTHER)
    assert [row[:2] for row in hers] == [row[:2] for row in other]
    assert ([row[2] for row in hers], [row[2] for row in other]) == ([0], [1])


def test_a_contact_waits_at_the_desk_and_she_hears_nothing(sign_in, her, forced, pages):
    with pages.begin(TEST) as work:
        told = work.session.scalars(
            select(Outbox).where(Outbox.fact == "opened_by_pin").order_by(Outbox.id.desc())
        ).first()
        opened_under_force(work, told.ids)
    with pages.reading(TEST) as work:
        contact = work.session.scalars(
            select(Contact).where(Contact.channel == ContactChannel.OTHER_PIN)
        ).one()
        person_id = work.session.get_one(Account, her.account.id).person_id
        assert (contact.person_id, contact.may_call_back) == (person_id, False)
        heard = select(Message).where(Message.person_id == person_id)
        assert not work.session.scalars(heard).all()
    duty = sign_in(Role.DUTY_OFFICER)
    assert "do not ring" in duty.get(f"/calls/{contact.ref}").text
    assert "do not ring" not in forced.get("/calls").text


def test_at_the_door_inside_it_works_too_and_is_never_undone(app, her, clock, honest):
    clock.advance(timedelta(minutes=6))
    asked = {"password": OTHER, "code": her.code(clock)}
    proved = honest.post(f"/prove?back={SECRETS}", data=asked)
    assert proved.headers["Location"] == SECRETS
    assert NOTHING_WAITS in honest.get("/").text
    clock.advance(timedelta(minutes=6))
    asked = {"password": PASSWORD, "code": her.code(clock)}
    assert honest.post("/prove?back=/", data=asked).status_code == 302
    assert NOTHING_WAITS in honest.get("/").text


def test_what_asks_for_a_fresh_proof_asks_for_it_under_force_too(forced, clock):
    clock.advance(timedelta(minutes=6))
    assert forced.get(SECRETS).status_code == 303
    assert forced.get("/members/find").status_code in {200, 405}


def test_she_sets_it_herself_behind_a_fresh_proof(app, her, clock):
    browser = opened(app, her, clock, PASSWORD)
    assert "The two differ" in set_other(browser, again="another one here").text
    assert "would try this early" in set_other(browser, "short").text
    same = set_other(browser, PASSWORD)
    assert "must differ" in same.text
    assert PASSWORD not in same.text
    clock.advance(timedelta(minutes=6))
    assert set_other(browser).status_code == 403
    still = {"sign_in_name": her.name, "password": OTHER, "code": her.code(clock)}
    assert app.test_client().post("/sign-in", data=still).status_code == 200


def test_the_password_of_every_day_never_becomes_the_other_one(honest):
    form = {"password": PASSWORD, "new_password": OTHER, "new_password_again": OTHER}
    assert "must differ" in honest.post(f"{SECRETS}/password", data=form).text


def test_taken_away_it_opens_nothing_any_more(app, her, clock, honest):
    assert honest.post(f"{SECRETS}/no-other").status_code == 302
    clock.advance(timedelta(seconds=30))
    typed = {"sign_in_name": her.name, "password": OTHER, "code": her.code(clock)}
    assert app.test_client().post("/sign-in", data=typed).status_code == 200


def test_a_code_counts_once_whichever_password_it_came_with(app, her, clock, honest):
    clock.advance(timedelta(seconds=30))
    code = her.code(clock)
    for password, status in ((OTHER, 302), (PASSWORD, 200), (OTHER, 200)):
        typed = {"sign_in_name": her.name, "password": password, "code": code}
        assert app.test_client().post("/sign-in", data=typed).status_code == status


def test_who_knows_it_gets_no_new_tries_by_it(app, her, clock, honest):
    """Her telephone in one hand, her other password in the other: the first is not guessed."""
    browser = opened(app, her, clock, PASSWORD)
    answers = []
    for number in range(12):
        clock.advance(timedelta(seconds=30))
        guessed = OTHER if number % 4 == 0 else "a guess of his own"
        typed = {"sign_in_name": her.name, "password": guessed, "code": her.code(clock)}
        answers.append(browser.post("/sign-in", data=typed).status_code)
    assert 429 in answers


def test_by_nothing_that_is_kept_is_it_seen_who_has_one(app, her, clock, honest, pages):
    def told(work):
        return work.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.object_id == her.account.id)
            .order_by(AuditEntry.id)
        ).all()

    with pages.reading(TEST) as work:
        shapes = {
            re.sub(r"[A-Za-z0-9+/]{22,}", lambda one: str(len(one[0])), one)
            for one in work.session.scalars(
                select(Account.other_hash).where(Account.password_hash.is_not(None))
            )
        }
        before = len(told(work))
    assert len(shapes) == 1
    form = {"password": PASSWORD, "new_password": "cold river at dawn"}
    elsewhere = opened(app, her, clock, PASSWORD)
    honest.post(f"{SECRETS}/password", data={**form, "new_password_again": form["new_password"]})
    assert elsewhere.get("/").status_code == 302
    with pages.reading(TEST) as work:
        by_first = told(work)[before:]
    elsewhere = opened(app, her, clock, "cold river at dawn")
    set_other(honest, "nine brown boxes")
    assert elsewhere.get("/").status_code == 302
    with pages.reading(TEST) as work:
        assert told(work)[before:][len(by_first) :] == by_first


def test_a_sign_in_under_force_is_kept_as_one(forced, her, pages):
    with pages.reading(TEST) as work:
        held = work.session.scalars(select(SignInSession).where(SignInSession.duress)).one()
        assert (held.account_id, held.kind) == (her.account.id, "office")


@pytest.mark.parametrize("written", ["NULL", "''", "'plain words'"])
def test_the_database_holds_that_there_is_always_another_hash(committing, slate, written):
    with committing.begin(TEST) as work:
        make_officer(work, "radha")
    raw = slate.engine.raw_connection()
    try:
        law = "user_account_other_hash_check" if written != "NULL" else "other_hash"
        with pytest.raises(Exception, match=law), raw.cursor() as cursor:
            cursor.execute(f"UPDATE user_account SET other_hash = {written}")
    finally:
        raw.rollback()
        raw.close()


def test_an_account_made_by_the_database_alone_has_one_at_the_full_price(committing, prices):
    with committing.begin(TEST) as work:
        account = make_account(work)
        work.session.refresh(account)
        made = account.other_hash
    passes, memory, lanes = prices.signing_in
    assert made.startswith(f"$argon2id$v=19$m={memory},t={passes},p={lanes}$")


def test_a_lock_tells_no_forced_sign_in_from_her_own(app, her, clock, honest, pages):
    with pages.begin(TEST) as work:
        for role in (Role.SIGNATORY, Role.TRUSTEE):
            make_keeper(work, role)
        lock_office(work, How.COMMAND, None)
    browsers = [opened(app, her, clock, one) for one in (PASSWORD, OTHER)]
    for address in ("/members/find", "/office/recovery"):
        there, here = (browser.get(address) for browser in browsers)
        assert here.status_code == there.status_code == 503
        hers, other = (WHEN.sub("", bare(page.text)) for page in (there, here))
        assert hers == other
