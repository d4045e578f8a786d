"""Notices of the app in a real Chromium: the page gives its address, the worker shows and opens.

The browsers' own push services are outside and are not asked: an address made up in the page
stands for theirs, and Chromium is handed what they would have delivered.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, Worker, expect

from union.demo.people import PASSWORD

pytestmark = pytest.mark.outside

Phone = Callable[..., Page]

MADE_UP = """
const encoded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (asked) => {
  window.asked = encoded(asked.applicationServerKey);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const point = encoded(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { toJSON: () => ({
    endpoint: "https://fcm.googleapis.com/fcm/send/made-up",
    keys: { p256dh: point, auth: encoded(new Uint8Array(16)) },
  }) };
};
Notification.requestPermission = async () => "granted";
"""
LOOKS, PAUSE_MS = 1200, 50
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/ways/");
  const all = await worker.getNotifications();
  return all.length > 0 && all.map((one) => [one.title, one.body, one.tag, one.data.address]);
}"""
CLICK = """async (address) => {
  const opened = [];
  const given = { close: () => {}, data: { address } };
  self.clients.openWindow = async (to) => opened.push(to);
  const event = new Event("notificationclick");
  event.notification = given;
  event.waitUntil = () => {};
  self.dispatchEvent(event);
  delete self.clients.openWindow;
  return opened;
}"""


@pytest.fixture
def ready(phone: Phone, union_at: str) -> tuple[Page, CDPSession, str]:
    """A page whose worker runs, and the means to hand it what a push service would."""
    page = phone("coordinator")
    page.context.grant_permissions(["notifications"], origin=union_at)
    cdp = page.context.new_cdp_session(page)
    found: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    page.goto("/ways/")
    page.evaluate(
        "navigator.serviceWorker.register('/ways/worker.js')"
        ".then(() => navigator.serviceWorker.ready)"
    )
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page, cdp, found[-1]


def deliver(ready: tuple[Page, CDPSession, str], data: str) -> None:
    page, cdp, registration = ready
    parts = urlsplit(page.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    asked = {"origin": origin, "registrationId": registration, "data": data}
    cdp.send("ServiceWorker.deliverPushMessage", asked)


def shown(page: Page) -> list[list[str]]:
    """What stands on the phone, once something does."""
    for _ in range(LOOKS):
        found = page.evaluate(SHOWN)
        if found:
            return found
        page.wait_for_timeout(PAUSE_MS)
    return []


def worker_of(page: Page) -> Worker:
    known = page.context.service_workers
    return known[0] if known else page.context.wait_for_event("serviceworker")


def test_she_lets_her_phone_be_rung_and_takes_it_off_again(phone: Phone) -> None:
    page = phone("coordinator")
    page.add_init_script(MADE_UP)
    page.goto("/ways/")
    form = page.locator("#device")
    form.get_by_label("What you call this phone").fill("the red one")
    form.get_by_label("Your own password").fill(PASSWORD)
    form.get_by_role("button", name="This phone may ring me").click()
    hers = page.locator("li", has_text="the red one")
    expect(hers).to_be_visible()
    hers.get_by_text("Take it off").first.click()
    hers.get_by_label("Your own password").fill(PASSWORD)
    hers.get_by_role("button", name="Take it off").click()
    expect(page.locator("li", has_text="the red one")).to_have_count(0)


def test_without_scripts_the_page_says_what_works_all_the_same(phone: Phone) -> None:
    page = phone("coordinator", java_script_enabled=False)
    page.goto("/ways/")
    expect(page.locator("#device")).to_be_hidden()
    expect(page.get_by_text("cannot take notices")).to_be_visible()


def test_a_notice_shows_harmless_words_and_opens_its_slip_by_a_link(
    ready: tuple[Page, CDPSession, str], union_at: str
) -> None:
    page = ready[0]
    text = f"Namaste. Slip 4821 is ready: {union_at}/s/abc-DEF_123"
    deliver(ready, json.dumps({"key": "m7-a1", "text": text}))
    (notice,) = shown(page)
    assert notice == ["Notebook", "Namaste. Slip 4821 is ready", "m7", "/s/abc-DEF_123"]
    assert worker_of(page).evaluate(CLICK, notice[3]) == ["/s/abc-DEF_123"]


@pytest.mark.parametrize(
    "data",
    ["not json", '{"key": "m8-a1", "text": "Look: https://evil.example.test/s/abc"}'],
)
def test_whatever_else_comes_leads_home_only(
    ready: tuple[Page, CDPSession, str], data: str
) -> None:
    page = ready[0]
    deliver(ready, data)
    assert {one[3] for one in shown(page)} == {"/"}


def test_the_worker_keeps_nothing_on_the_phone(ready: tuple[Page, CDPSession, str]) -> None:
    page = ready[0]
    page.goto("/")
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.controller") is None, "only /ways/ is its own"
