"""P6: whatever she, her partner and the office do in whatever order, no page above reach opens.

A long walk of chance over cards, PINs, words, waits and old cookies, beside a model that knows
nothing of the code: after every step three pages say what the model says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.builders.members import make_member
from tests.builders.number_cards import opened_card
from union.identity.queries.cards import cards_of_person
from union.identity.rules.tries import Bound
from union.identity.services.cards import stop_card
from union.identity.services.pins import set_other_pin
from union.kernel.actor import Actor

SYSTEM = Actor.system("test")
STEPS, RARELY = 90, 0.02
MEMBER_RESTS, SIGN_IN_LASTS = timedelta(minutes=15), timedelta(hours=12)
SEEN_EVERY, A_DAY = timedelta(minutes=5), timedelta(days=1)
FREE = Bound(free=10_000)
"""Tries are counted elsewhere: here everybody may try on."""

PINS, WORDS = ("482915", "739164", "904172"), ("red lamp", "blue door", "long road")


@dataclass
class Held:
    """What one sign-in is worth, as the model has it."""

    begun: datetime
    seen: datetime
    hers: bool = False
    forced: bool = False
    ended: bool = False


@dataclass
class Walk:
    """One woman, her card and one browser; the model stands beside it."""

    app: object
    pages: object
    clock: object
    chance: Random
    person_id: int = 0
    digits: str = ""
    pin: str = ""
    other: str = ""
    word: str = ""
    opens: datetime | None = None
    now: Held | None = None
    old: list[tuple[str, Held]] = field(default_factory=list)
    deep: int = 0

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()
        with self.pages.begin(SYSTEM) as work:
            self.person_id = make_member(work).person_id
        self.new_card()

    def new_card(self) -> None:
        self.pin, self.other = self.chance.sample(PINS, 2)
        self.word = self.chance.choice(WORDS)
        with self.pages.begin(SYSTEM) as work:
            card = opened_card(work, self.person_id, self.pin, self.word)
            set_other_pin(work, card.account_id, self.other)
        self.digits, self.opens = card.digits, self.clock.now() + A_DAY
        self.end_all()

    def stop(self) -> None:
        with self.pages.begin(SYSTEM) as work:
            card = cards_of_person(work.session, self.person_id).in_use
            assert card is None or stop_card(work, card)
        self.digits, self.opens = "", None
        self.end_all()

    def end_all(self) -> None:
        for held in (self.now, *(held for _, held in self.old)):
            if held is not None:
                held.ended = True

    def type_pin(self) -> None:
        pin = self.chance.choice(PINS)
        number = self.digits or "5" * 16
        self.holds()
        before = self.remembered()
        said = self.browser.post("/open", data={"number": number, "pin": pin})
        fits = bool(self.digits) and pin in (self.pin, self.other)
        assert (said.status_code == 302) is fits
        if fits:
            self.old += before
            at = self.clock.now()
            self.now = Held(at, at, forced=pin == self.other)

    def type_word(self) -> None:
        word = self.chance.choice(WORDS)
        held, before = self.holds(), self.remembered()
        said = self.browser.post("/prove", data={"word": word}, query_string={"back": "/"})
        if held is None:
            return
        ripe = self.opens is not None and self.opens <= self.clock.now()
        fits = ripe and (held.forced or word == self.word)
        assert (said.status_code == 302) is fits
        if fits:
            self.old += before
            held.ended = True
            at = self.clock.now()
            self.now = Held(held.begun, at, hers=True, forced=held.forced)
            self.deep += 1

    def wait(self) -> None:
        minutes = self.chance.choice((1, 4, 6, 14, 16, 90, 60 * 25))
        self.clock.advance(timedelta(minutes=minutes))

    def sign_out(self) -> None:
        if self.holds() is not None:
            self.old += self.remembered()
            self.now.ended = True
        self.browser.post("/sign-out")
        self.now = None

    def old_cookie(self) -> None:
        if not self.old:
            return
        cookie, held = self.chance.choice(self.old)
        self.old += self.remembered()
        self.browser.set_cookie("s", cookie)
        self.now = held

    def remembered(self) -> list[tuple[str, Held]]:
        """The cookie that stands in this browser now, and what it is worth."""
        cookie = self.browser.get_cookie("s")
        return [] if cookie is None or self.now is None else [(cookie.value, self.now)]

    def holds(self) -> Held | None:
        """The sign-in in this browser; that a page is asked for counts as use of it."""
        held, at = self.now, self.clock.now()
        if held is None or held.ended:
            return None
        if at >= held.begun + SIGN_IN_LASTS or held.seen <= at - MEMBER_RESTS:
            return None
        if held.seen <= at - SEEN_EVERY:
            held.seen = at
        return held

    def look(self) -> None:
        held = self.holds()
        seen = [self.browser.get(path).status_code for path in ("/dues/mine", "/claims/mine")]
        if held is None:
            assert seen == [302, 302]
        else:
            assert seen == [200, 200 if held.hers else 303]
        assert self.browser.get("/number/word").status_code in (302, 403), "no office, ever"


@pytest.mark.parametrize("seed", [1, 4])
def test_no_order_of_steps_opens_more_than_was_proven(app, pages, clock, seed, monkeypatch):
    monkeypatch.setattr("union.identity.views.cards.STRANGER", FREE)
    monkeypatch.setattr("union.identity.views.hers.HERS", FREE)
    monkeypatch.setattr("union.identity.views.hers.ACCOUNT", FREE)
    walk = Walk(app, pages, clock, Random(seed))
    steps = (
        *[walk.type_pin] * 6,
        *[walk.type_word] * 8,
        *[walk.wait] * 4,
        *[walk.old_cookie] * 2,
        walk.sign_out,
        walk.new_card,
    )
    for _ in range(STEPS):
        walk.chance.choice(steps)()
        if not walk.digits or walk.chance.random() < RARELY:
            walk.new_card() if not walk.digits else walk.stop()
        walk.look()
    assert walk.deep, "what is hers was opened on the way"
    assert len(walk.old) > walk.deep
