"""P6: the lock that somebody is made to press is a true one, as the page said it would be.

Whoever forces her sees what he would see of anybody's lock: one that did nothing would tell him
which of her passwords it was.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from tests.builders.locking import hand_of, make_keeper
from tests.builders.members import PASSPHRASE
from tests.builders.signing import PASSWORD, make_officer
from union.identity.models import SignInSession
from union.infra.audit import AuditEntry
from union.infra.office_locks import OfficeLockPaper, standing_lock
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.office.locking import services
from union.office.locking.services import bring_back, give_hand

TEST = Actor.system("test")
OTHER = "grey kettle on monday"
LOCK = "/office/lock"
CHANGES = re.compile(
    r'name="(command_key|csrf_token)"[^>]*value="[^"]*"|data-shuts-in="\d+"|at [0-9:]{5}'
)

LETTERS = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23"
MADE = re.compile(rb"/CreationDate \([^)]*\)|/ID\s*\[[^]]*\]")


def opened(app, her, clock, password: str):
    clock.advance(timedelta(minutes=1))
    browser = app.test_client()
    typed = {"sign_in_name": her.name, "password": password, "code": her.code(clock)}
    assert browser.post("/sign-in", data=typed).status_code == 302
    return browser


def seen(answer) -> tuple[int, str | None, str]:
    return answer.status_code, answer.location, CHANGES.sub("", answer.text)


def print_it(browser) -> tuple[int, list[tuple[str, str]], bytes]:
    """A paper for the drawer, to its last byte but when it was made."""
    answer = browser.post(f"{LOCK}/paper", data={"command_key": new_command_key()})
    headers = [one for one in answer.headers if one[0] != "Set-Cookie"]
    return answer.status_code, sorted(headers), MADE.sub(b"", answer.data)


def press(browser) -> list[object]:
    """What there is to see: the page, both its buttons, where they lead, any page afterwards."""
    page, paper = seen(browser.get(LOCK)), print_it(browser)
    pressed = browser.post(LOCK, data={"command_key": new_command_key()})
    left = seen(browser.get(pressed.location))
    return [page, seen(pressed), paper, left, seen(browser.get(LOCK)), seen(browser.get("/"))]


def bring_it_back(pages, keepers) -> None:
    for one in keepers:
        with pages.begin(hand_of(one)) as work:
            hand = give_hand(work, PASSPHRASE)
        if hand.is_second:
            bring_back(pages, hand_of(one), hand)


def test_it_locks_and_tells_no_forced_sign_in_from_her_own(app, pages, clock, monkeypatch):
    monkeypatch.setattr(services, "new_slip", lambda: LETTERS)
    with pages.begin(TEST) as work:
        her = make_officer(work, "radha", [Role.TREASURER, Role.DUTY_OFFICER])
        keepers = [make_keeper(work, role) for role in (Role.SIGNATORY, Role.TRUSTEE)]
    form = {"new_password": OTHER, "new_password_again": OTHER}
    honest = opened(app, her, clock, PASSWORD)
    assert honest.post("/me/office-secrets/other", data=form).status_code == 302
    told = []
    for password in (PASSWORD, OTHER):
        browser = opened(app, her, clock, password)
        told.append(press(browser))
        with pages.reading(TEST) as work:
            assert standing_lock(work.session).locked_by == her.account.person_id
            still_in = select(SignInSession.ref).where(SignInSession.ended_at.is_(None))
            assert work.session.scalars(still_in).all() == []
        bring_it_back(pages, keepers)
        with pages.reading(TEST) as work:
            assert standing_lock(work.session) is None
    assert told[0] == told[1]
    assert told[0][1][0] == 302
    assert told[0][2][2].startswith(b"%PDF")
    with pages.reading(TEST) as work:
        forced = select(SignInSession.duress).order_by(SignInSession.made_at)
        assert work.session.scalars(forced).all() == [False, False, True]
        printed = select(func.count()).select_from(OfficeLockPaper)
        assert work.session.scalar(printed) == 1, "hers; the other locks nothing"
        locked = select(AuditEntry.actor_person_id).where(AuditEntry.action == "office_locked")
        assert work.session.scalars(locked).all() == [her.account.person_id] * 2


def test_a_member_who_is_made_to_open_her_notebook_finds_no_lock(sign_in):
    assert sign_in(Role.MEMBER).get(LOCK).status_code == 403
