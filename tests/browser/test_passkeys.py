"""Passkeys in Chromium: a telephone with a lock adds one, opens by it, proves by it, is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.test_pages import PHONE_WIDTH, RULES, TOO_SMALL_FOR_A_THUMB
from tests.browser.walking import enter_as, go_by

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]
LOCK = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Lock:
    """The lock of the telephone that a page is on, as Chromium pretends it."""

    line: CDPSession
    name: str

    @classmethod
    def of(cls, page: Page) -> Lock:
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        made = line.send("WebAuthn.addVirtualAuthenticator", {"options": LOCK})
        return cls(line, made["authenticatorId"])

    def keys(self) -> list[dict[str, object]]:
        held = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.name})
        return list(held["credentials"])

    def refuses(self) -> None:
        """Another finger than hers."""
        self.line.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": False}
        )


def signed_in_anew(phone: Phone) -> Page:
    """A sign-in of this test's own, proven just now: what ends here ends nobody else's."""
    page = phone()
    enter_as(page, "treasurer")
    return page


def test_a_telephones_lock_opens_the_notebook_until_it_is_ended(phone: Phone) -> None:
    page = signed_in_anew(phone)
    lock = Lock.of(page)
    page.goto("/me/keys")
    expect(page.get_by_text("it needs JavaScript")).to_be_hidden()
    page.get_by_label("A name for it").fill("little blue")
    page.get_by_role("button", name="Add this telephone").click()
    expect(page.get_by_text("It is kept")).to_be_visible()
    expect(page.get_by_text("little blue")).to_be_visible()
    page.get_by_text("End it for good").first.click()
    assert Axe().run(page, options=RULES).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    assert page.evaluate(TOO_SMALL_FOR_A_THUMB) == []
    (held,) = lock.keys()
    assert held["rpId"] == "localhost"
    assert held["userName"] == "little blue"

    page.goto("/prove?back=/me/keys")
    page.get_by_role("button", name="Use this telephone’s lock").click()
    page.wait_for_url(lambda address: "/prove" not in address)
    assert page.url.endswith("/me/keys")

    go_by(page, page.get_by_role("button", name="Close the notebook"))
    page.goto("/sign-in?back=/me/keys")
    page.get_by_role("button", name="Use this telephone’s lock").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    assert page.url.endswith("/me/keys")
    expect(page.get_by_text("last used")).to_be_visible()

    page.get_by_label("A name for it").fill("once more")
    page.get_by_role("button", name="Add this telephone").click()
    expect(page.get_by_text("has one already")).to_be_visible()

    page.get_by_text("End it for good").first.click()
    page.get_by_role("button", name="End it for good").click()
    expect(page.get_by_text("It opens nothing any more")).to_be_visible()

    go_by(page, page.get_by_role("button", name="Close the notebook"))
    page.goto("/sign-in")
    page.get_by_role("button", name="Use this telephone’s lock").click()
    expect(page.get_by_text("lock did not open it")).to_be_visible()


def test_another_finger_is_told_what_to_do_and_nothing_is_lost(phone: Phone) -> None:
    page = signed_in_anew(phone)
    lock = Lock.of(page)
    lock.refuses()
    page.goto("/me/keys")
    page.get_by_label("A name for it").fill("little blue")
    page.get_by_role("button", name="Add this telephone").click()
    expect(page.get_by_text("did not make one")).to_be_visible()
    assert page.get_by_label("A name for it").input_value() == "little blue"
    assert lock.keys() == []


def test_without_scripts_the_door_is_the_other_way_and_the_page_says_so(phone: Phone) -> None:
    page = phone(java_script_enabled=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Use this telephone’s lock")).to_be_hidden()
