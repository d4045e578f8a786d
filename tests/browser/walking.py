"""How a browser walks through a demonstration: which pages there are, how one becomes somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

PATIENT_MS = 60_000
"""How long a page may take on a machine that is busy with something else."""

expect.set_options(timeout=PATIENT_MS)

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page worth looking at: its name, who opens it, where, and the links to follow."""

    name: str
    who: str | None
    address: str
    follow: tuple[str, ...] = ()


BRANCH = 'main li a[href*="/members/branch/"]'
MEMBER = 'main li a[href^="/members/"]:not([href*="/branch/"])'

STOPS = (
    Stop("sign-in", None, "/sign-in"),
    Stop("open", None, "/open"),
    Stop("open-new-card", None, "/open/new"),
    Stop("away", None, "/away"),
    Stop("parts", None, "/look"),
    Stop("night", None, "/look/night"),
    Stop("nothing-here", None, "/no-such-page"),
    Stop("home-member", "member", "/"),
    Stop("passbook", "member", "/dues/mine"),
    Stop("claim-ask", "member", "/claims/ask"),
    Stop("scheme", "member", "/claims/rules"),
    Stop("who-opened", "member", "/papers/who-opened"),
    Stop("readings", "trustee", "/readings/"),
    Stop("inquiries", "trustee", "/readings/inquiries"),
    Stop("what-opens", "member", "/me/secrets"),
    Stop("begin", None, "/begin"),
    Stop("prove", "trustee", "/prove"),
    Stop("locks", "trustee", "/me/locks"),
    Stop("where-open", "trustee", "/me/sessions"),
    Stop("my-codes", "trustee", "/me/office-secrets"),
    Stop("opening-words", "trustee", "/me/opening-words"),
    Stop("who-stands-here", "signatory", "/people/seen"),
    Stop("number-card", "secretary", "/members/", (BRANCH, MEMBER, 'a[href$="/number"]')),
    Stop("number-word", "signatory", "/number/word"),
    Stop("known-voice", "signatory", "/number/voice"),
    Stop("home-treasurer", "treasurer", "/"),
    Stop("take-dues", "treasurer", "/dues/take"),
    Stop("cash", "treasurer", "/dues/cash"),
    Stop("count-cash", "treasurer", "/dues/cash", ("main a.line",)),
    Stop("lines-waiting", "treasurer", "/dues/waiting"),
    Stop("settle-line", "treasurer", "/dues/waiting", ("main a.line",)),
    Stop("remarks", "treasurer", "/dues/remarks"),
    Stop("her-passbook", "treasurer", "/dues/remarks", ("main a.line",)),
    Stop("let-off", "treasurer", "/dues/remarks", ("main a.line", 'a[href*="let-off"]')),
    Stop("bring-sheet", "treasurer", "/dues/sheets"),
    Stop("books", "treasurer", "/dues/books"),
    Stop("issue-book", "treasurer", "/dues/books/issue"),
    Stop("her-round", "treasurer", "/dues/cash", ("main a.line", 'a[href$="/round"]')),
    Stop("type-sheet", "treasurer", "/dues/cash", ("main a.line", 'a[href$="/typed"]')),
    Stop("differences", "treasurer", "/dues/cash/differences"),
    Stop("said", "treasurer", "/dues/said"),
    Stop("samples", "signatory", "/dues/samples"),
    Stop("say-paid", "member", "/dues/mine/said"),
    Stop("write-receipt", "collector", "/dues/round"),
    Stop("book-on-phone", None, "/dues/book/"),
    Stop("rates", "treasurer", "/dues/rates"),
    Stop("charged", "treasurer", "/dues/months", ("main a.line",)),
    Stop("months", "treasurer", "/dues/months"),
    Stop("bank-home", "treasurer", "/bank/"),
    Stop("bring-statement", "treasurer", "/bank/bring-in"),
    Stop("bank-waiting", "treasurer", "/bank/waiting"),
    Stop("bank-many", "treasurer", "/bank/many?tick=went"),
    Stop("bank-line", "treasurer", "/bank/waiting", ("main a.line",)),
    Stop("bank-second-hand", "signatory", "/bank/second-hand"),
    Stop("bank-ceiling", "treasurer", "/bank/ceiling"),
    Stop("bank-proof", "treasurer", "/bank/proof"),
    Stop("payment-files", "treasurer", "/bank/files-out"),
    Stop("cards", "treasurer", "/checkout/cards"),
    Stop("cards-standing", "treasurer", "/checkout/standing"),
    Stop("her-cards", "member", "/checkout/monthly"),
    Stop("pay-address", "treasurer", "/bank/address"),
    Stop("trial-balance", "treasurer", "/books/trial-balance"),
    Stop("journal", "treasurer", "/books/journal"),
    Stop("write-voucher", "treasurer", "/books/vouchers/new"),
    Stop("boxes", "treasurer", "/books/boxes"),
    Stop("cash-book", "treasurer", "/books/boxes/1010?month=2026-10"),
    Stop("count-box", "treasurer", "/books/boxes/1010/count"),
    Stop("floats", "treasurer", "/books/floats"),
    Stop("open-float", "treasurer", "/books/floats/new"),
    Stop("gifts", "treasurer", "/books/donations"),
    Stop("write-a-gift", "treasurer", "/books/donations/new"),
    Stop("between-funds", "treasurer", "/books/transfers"),
    Stop("move-between-funds", "treasurer", "/books/transfers/new"),
    Stop("plan", "treasurer", "/books/budget"),
    Stop("close-month", "treasurer", "/books/months/2026-04"),
    Stop("reports", "trustee", "/reports"),
    Stop("balance-sheet", "trustee", "/reports/balance-sheet"),
    Stop("money-i-hold", "responder", "/books/floats/mine"),
    Stop("entry", "treasurer", "/books/journal", ('a[href*="/entries/"]',)),
    Stop("vouchers", "signatory", "/books/vouchers"),
    Stop("home-collector", "collector", "/"),
    Stop("my-round", "collector", "/dues/cash/mine"),
    Stop("look-over", "trustee", "/audit/"),
    Stop("heads", "trustee", "/audit/heads"),
    Stop("found", "treasurer", "/audit/findings"),
    Stop("open-month", "member", "/open-books/?month=2026-10"),
    Stop("open-year", "member", "/open-books/years/2026"),
    Stop("home-secretary", "secretary", "/"),
    Stop("home-operator", "operator", "/"),
    Stop("home-responder", "responder", "/"),
    Stop("claims", "welfare", "/claims/"),
    Stop("cases", "paralegal", "/papers/"),
    Stop("case-new", "paralegal", "/papers/new"),
    Stop("phones", None, "/outside/phones"),
    Stop("board", "coordinator", "/board"),
    Stop("calls", "operator", "/calls"),
    Stop("call-new", "operator", "/calls/new"),
    Stop("asked-of-me", "responder", "/mine"),
    Stop("help-button", "member", "/help"),
    Stop("rota", "coordinator", "/rota"),
    Stop("hours-by-district", "coordinator", "/rota/coverage"),
    Stop("hours-of-a-district", "coordinator", "/rota/coverage", (".cover a",)),
    Stop("papers", "coordinator", "/trained"),
    Stop("one-paper", "coordinator", "/trained", ("main a.line",)),
    Stop("train", "coordinator", "/trained/new"),
    Stop("practice", "coordinator", "/practice"),
    Stop("where-we-meet", "coordinator", "/meeting-points"),
    Stop("where-one-district-meets", "coordinator", "/meeting-points", ("main a.line",)),
    Stop("counter", None, "/counter/kn"),
    Stop("my-hours", "responder", "/rota/mine"),
    Stop("one-of-my-hours", "responder", "/rota/mine", ("#hours a.line",)),
    Stop("weekly-hours", "responder", "/rota/of/me/weekly"),
    Stop("away-days", "responder", "/rota/of/me/away"),
    Stop("rota-wish", "responder", "/rota/of/me/wish"),
    Stop("how-reached", "responder", "/ways/"),
    Stop("how-words-go", "coordinator", "/ways/health"),
    Stop("register", "secretary", "/members/"),
    Stop("branch", "secretary", "/members/", ('main a[href*="/branch/"]',)),
    Stop("member", "secretary", "/members/", ('main a[href*="/branch/"]', MEMBER)),
    Stop("bring-in", "secretary", "/books-in/"),
    Stop("pairs", "secretary", "/books-in/pairs"),
)
"""In the order in which somebody new would look at them."""

NIGHT = (
    Stop("incident", "coordinator", "/board", (".watch a",)),
    Stop("taken", "coordinator", "/board", (".watch a", 'main a[href$="/list"]')),
    Stop("claim", "welfare", "/claims/", ('main a.line[href*="/claims/"]',)),
)
"""What is there only after a night was lived through."""

SHOWN = {
    "sign-in",
    "home-member",
    "call-new",
    "board",
    "incident",
    "phones",
    "take-dues",
    "trial-balance",
    "claim",
}
"""What docs/screens keeps; any other is made by naming it."""


def go_by(page: Page, way: Locator) -> None:
    """Press what leads to another page, and wait until that is here whole, its scripts too."""
    with page.expect_navigation():
        way.click()


def stand_still(page: Page) -> None:
    """From now on no time passes on this page, until its clock goes on."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))


def enter_as(page: Page, sign_in_name: str) -> None:
    """Become one of the people offered on the sign-in page."""
    page.locator(f'button[name="sign_in_name"][value="{sign_in_name}"]').click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


DOOR = "/prove"


def prove_again(page: Page) -> None:
    """Go through the door that stands before a page, where one does."""
    if DOOR in page.url:
        page.get_by_role("button", name="Made-up people").click()
        page.wait_for_url(lambda address: DOOR not in address)


def walk_to(page: Page, stop: Stop) -> None:
    """Open a stop and follow its links, each the first whose selector fits."""
    page.goto(stop.address)
    if stop.address != DOOR:
        prove_again(page)
    for selector in stop.follow:
        go_by(page, page.locator(selector).first)
        prove_again(page)
