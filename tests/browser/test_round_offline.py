"""A round without signal: network cut, browser killed, started again, sent twice, booked once."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import union.demo
from tests.browser.profile import Phone
from tests.browser.walking import PATIENT_MS, enter_as
from tests.browser.wire import Wire, wire_to

pytestmark = pytest.mark.outside

PIN = "rain7boat"
COLLECTOR = "KA/00718"
REGISTER = Path(union.demo.__file__).parent / "data" / "register.csv"
CANNOT_BE = "KA/99999"
PHONES = ("Mobile", "Other mobile")


@pytest.fixture
def wire(union_at: str) -> Iterator[Wire]:
    with wire_to(union_at) as wire:
        yield wire


@pytest.fixture
def handset(chromium: Browser, tmp_path: Path) -> Iterator[Phone]:
    handset = Phone(chromium.browser_type, tmp_path / "profile")
    yield handset
    handset.kill()


@pytest.fixture
def first_no(union_at: str, chromium: Browser) -> int:
    """The first white receipt of the demonstration's collector."""
    context = chromium.new_context(base_url=union_at)
    context.set_default_timeout(PATIENT_MS)
    page = context.new_page()
    page.goto("/sign-in")
    enter_as(page, "collector")
    page.goto("/dues/round")
    said = page.locator("h1").inner_text()
    context.close()
    return int(re.findall(r"\d+", said)[0])


KEPT = """Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((resolve) => setTimeout(() => resolve(false), 60000)),
])"""


def sign_in(page: Page, wire: Wire) -> None:
    page.goto(f"{wire.address}/sign-in")
    enter_as(page, "collector")


def take_along(context: BrowserContext, wire: Wire) -> Page:
    page = context.pages[0]
    sign_in(page, wire)
    page.goto(f"{wire.address}/dues/book/")
    assert page.evaluate(KEPT), "the page is not kept for when there is no signal"
    page.get_by_role("button", name="Take today along").click()
    page.get_by_label("Your number").first.fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.get_by_role("button", name="Lock it with this").click()
    expect(page.get_by_role("heading", name="Next receipt")).to_be_visible()
    return page


def no_signal(context: BrowserContext, wire: Wire) -> None:
    context.set_offline(True)
    wire.cut()


def signal_again(context: BrowserContext, wire: Wire) -> None:
    wire.mend()
    context.set_offline(False)


def unlock(page: Page, pin: str = PIN) -> None:
    page.get_by_label("Your number").last.fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def write(page: Page, card: str, amount: str) -> int:
    page.get_by_label("Card number, or called name").fill(card)
    page.get_by_label("How much she gives").fill(amount)
    page.get_by_role("button", name="Write the receipt").click()
    number = page.locator('[data-slot="number"]')
    expect(number).to_be_visible()
    written = int(number.inner_text())
    page.get_by_role("button", name="The next one").click()
    return written


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-said]")).to_contain_text(words)


def held(page: Page, address: str) -> int:
    page.goto(f"{address}/dues/cash/mine")
    said = page.locator("h1").inner_text()
    found = re.search(r"₹([\d,]+)", said)
    sum_ = int(found[1].replace(",", "")) if found else 0
    return -sum_ if "more than" in said else sum_


def test_a_round_without_signal_survives_the_battery_and_books_once(
    handset: Phone, wire: Wire, first_no: int
) -> None:
    context = handset.start()
    sign_in(context.pages[0], wire)
    before = held(context.pages[0], wire.address)
    page = take_along(context, wire)
    member = re.findall(r"KA/\d{5}", page.locator('[data-slot="people"]').inner_text())[0]

    no_signal(context, wire)
    page.reload()
    unlock(page)
    expect(page.get_by_role("heading", name="Next receipt")).to_be_visible()
    numbers = [write(page, member.lower().replace("/", " "), "20"), write(page, member, "25.00")]
    numbers.append(write(page, CANNOT_BE, "30"))
    assert numbers == [first_no, first_no + 1, first_no + 2]

    handset.kill()
    nothing_that_harms(handset)
    context = handset.start()
    no_signal(context, wire)
    page = context.pages[0]
    page.goto(f"{wire.address}/dues/book/")
    unlock(page, "rain7boot")
    said(page, "That is not it.")
    unlock(page)
    page.get_by_role("button", name="What I wrote (3)").click()
    page.get_by_role("button", name="Send what I wrote").click()
    said(page, "No signal. Nothing is lost")

    signal_again(context, wire)
    sign_in(page, wire)
    wire.lose_answer_to(b"POST /dues/book/sync")
    page.goto(f"{wire.address}/dues/book/")
    unlock(page)
    page.get_by_role("button", name="What I wrote (3)").click()
    page.get_by_role("button", name="Send what I wrote").click()
    said(page, "All is sent. Somebody must look")
    assert wire.lost == 1

    lines = page.locator('[data-slot="lines"]')
    expect(lines).to_contain_text("waits: Nobody in the register has this card number.")
    assert held(page, wire.address) == before + 45
    page.goto(f"{wire.address}/dues/round")
    expect(page.get_by_text(f"Your next receipt is {first_no + 3}.")).to_be_visible()
    expect(page.get_by_text(f"Receipt {first_no + 2}")).to_be_visible()


def nothing_that_harms(handset: Phone) -> None:
    """P5: no number to ring, no name in law, not even her PIN or a card typed in."""
    held = handset.contents()
    held += held.replace(b"\0", b"")  # texts kept in two bytes a letter, too
    assert b"publicKey" in held, "the profile was not read as it should be"
    text = REGISTER.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    words = {word.decode() for word in re.findall(rb"[A-Za-z]{4,}", held)}
    runs = b" ".join(set(re.findall(rb"\d{8,}", held))).decode()
    numbers = {re.sub(r"\D", "", row[name])[-10:] for row in rows for name in PHONES} - {""}
    assert len(numbers) > 500
    assert {number for number in numbers if number in runs} == set()
    names = {row["Name in register"].strip() for row in rows} - {""}
    assert {name for name in names if set(re.findall(r"[A-Za-z]{4,}", name)) & words} == set()
    assert PIN.encode() not in held
    assert CANNOT_BE.encode() not in held


def test_two_tabs_never_write_one_number_twice(handset: Phone, wire: Wire, first_no: int) -> None:
    context = handset.start()
    page = take_along(context, wire)
    no_signal(context, wire)
    other = context.new_page()
    other.goto(f"{wire.address}/dues/book/")
    unlock(other)
    expect(other.get_by_role("heading", name="Next receipt")).to_be_visible()

    numbers = [write(tab, "KA/00030", "20") for tab in (page, other, page, other)]
    begun = numbers[0]
    assert numbers == [begun, begun + 1, begun + 2, begun + 3]

    signal_again(context, wire)
    for tab in (page, other):
        tab.get_by_role("button", name="What I wrote").click()
    for tab in (page, other):
        tab.get_by_role("button", name="Send what I wrote").click()
    for tab in (page, other):
        said(tab, "All is sent")
    page.goto(f"{wire.address}/dues/round")
    expect(page.get_by_text(f"Your next receipt is {begun + 4}.")).to_be_visible()


def test_a_second_phone_is_told_where_the_book_is_and_the_first_says_what_it_sent(
    handset: Phone, wire: Wire, first_no: int, chromium: Browser, tmp_path: Path
) -> None:
    page = take_along(handset.start(), wire)
    other = Phone(chromium.browser_type, tmp_path / "other")
    try:
        second = other.start().pages[0]
        sign_in(second, wire)
        second.goto(f"{wire.address}/dues/book/")
        second.get_by_role("button", name="Take today along").click()
        said(second, "Your book is on another phone of yours since")
        second.goto(f"{wire.address}/dues/round")
        expect(second.get_by_text("Your white receipts are on your phone.")).to_be_visible()

        assert write(page, "KA/00030", "20") == first_no
        page.get_by_role("button", name="What I wrote (1)").click()
        page.get_by_role("button", name="Send what I wrote").click()
        said(page, "All is sent")
        told = page.locator('[data-slot="sent"]:visible')
        expect(told).to_contain_text(re.compile(r"Sent at \d\d:\d\d: 1. Still on this phone: 0."))

        second.reload()
        expect(second.get_by_text(f"Your next receipt is {first_no + 1}.")).to_be_visible()
    finally:
        other.kill()


LATER = "const now = Date.now; Date.now = () => now.call(Date) + 25 * 3600 * 1000;"
TEN_WRONG = """async () => {
  let came = "";
  for (let at = 0; at < 10; at += 1) {
    const lock = await Round.keep.get("lock");
    if (lock) await Round.keep.put({ ...lock, notBefore: 0 });
    came = await Round.book.enter(`wrong${at}`);
  }
  return came;
}"""


@pytest.mark.parametrize("end", ["a day", "ten wrong tries"])
def test_what_can_be_read_goes_and_what_is_sealed_still_arrives(
    handset: Phone, wire: Wire, first_no: int, end: str
) -> None:
    context = handset.start()
    page = take_along(context, wire)
    no_signal(context, wire)
    number = write(page, "KA/00030", "20")
    if end == "a day":
        page.add_init_script(LATER)
    page.reload()
    if end == "ten wrong tries":
        assert page.evaluate(TEN_WRONG) == "wiped"
        page.reload()
    expect(page.get_by_role("heading", name="Nothing is on this phone.")).to_be_visible()
    assert page.evaluate("Round.keep.get('book')") is None

    signal_again(context, wire)
    page.get_by_role("button", name="Send them").click()
    said(page, "All is sent and written down.")
    page.goto(f"{wire.address}/dues/round")
    expect(page.get_by_text(f"Your next receipt is {number + 1}.")).to_be_visible()


def test_it_means_nothing_to_a_stranger(phone: Callable[..., Page], union_at: str) -> None:
    page = phone()
    answer = page.request.get(f"{union_at}/dues/book/manifest.json").json()
    assert (answer["name"], answer["short_name"]) == ("Notebook", "Notebook")
    page.goto("/dues/book/")
    assert page.title() == "Notebook"
    expect(page.get_by_role("heading", name="Nothing is on this phone.")).to_be_visible()
