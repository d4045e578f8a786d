"""The ways through the house: what a person came to do, not what the tables are called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from flask_babel import LazyString, lazy_gettext

from union.kernel.access import Answer, may_knock
from union.kernel.actor import Actor
from union.web.access import row_of

if TYPE_CHECKING:
    from union.kernel.actor import Grant


@dataclass(frozen=True, slots=True)
class Entry:
    """One way: its words, the page it leads to, and what kind of thing one came to do there."""

    label: LazyString
    endpoint: str
    group: LazyString | None = None


Ways = tuple[tuple[LazyString | None, tuple[Entry, ...]], ...]
"""Each group's words (None: it needs none) with its ways."""

CALLS = lazy_gettext("Somebody needs us")
MINE = lazy_gettext("What is mine")
MEMBERS = lazy_gettext("Members")
MONEY = lazy_gettext("Money")
BOOKS = lazy_gettext("Books")
CASES = lazy_gettext("Claims and cases")
OFFICE = lazy_gettext("The office")
"""What a person came to do; the menu shows the groups in the order of their first entry."""

ENTRIES: tuple[Entry, ...] = (
    Entry(lazy_gettext("Today"), "home.home"),
    Entry(lazy_gettext("Call somebody"), "crisis.help_me", CALLS),
    Entry(lazy_gettext("What is asked of me"), "crisis.my_pages", CALLS),
    Entry(lazy_gettext("Money I hold for the night"), "ledger.my_floats", CALLS),
    Entry(lazy_gettext("Somebody called me herself"), "crisis.called_myself", CALLS),
    Entry(lazy_gettext("The board"), "crisis.board", CALLS),
    Entry(lazy_gettext("Who waits to be heard"), "crisis.calls", CALLS),
    Entry(lazy_gettext("Write down a call"), "crisis.intake", CALLS),
    Entry(lazy_gettext("The districts’ figures"), "crisis.district_numbers", CALLS),
    Entry(lazy_gettext("My hours"), "crisis.rota_mine", CALLS),
    Entry(lazy_gettext("Hours by district"), "crisis.rota_coverage", CALLS),
    Entry(lazy_gettext("The rota"), "crisis.rota_all", CALLS),
    Entry(lazy_gettext("Papers and training"), "crisis.trained", CALLS),
    Entry(lazy_gettext("Practice calls"), "crisis.practice", CALLS),
    Entry(lazy_gettext("Where we meet"), "crisis.spots", CALLS),
    Entry(lazy_gettext("Who is asked, in which order"), "crisis.policies", CALLS),
    Entry(lazy_gettext("After the end"), "crisis.after", CALLS),
    Entry(lazy_gettext("What is to change"), "crisis.all_lessons", CALLS),
    Entry(lazy_gettext("How fast we were"), "crisis.figures", CALLS),
    Entry(lazy_gettext("How words get through"), "ways.health", CALLS),
    Entry(lazy_gettext("My passbook"), "dues.my_passbook", MINE),
    Entry(lazy_gettext("How I am reached"), "ways.mine", MINE),
    Entry(lazy_gettext("Pay by card"), "checkout.pay", MINE),
    Entry(lazy_gettext("When I cannot work"), "welfare.mine", MINE),
    Entry(lazy_gettext("What opens my notebook"), "identity.locks", MINE),
    Entry(lazy_gettext("Who opened what is mine"), "readings.who_opened", MINE),
    Entry(lazy_gettext("To be forgotten"), "erasing.mine", MINE),
    Entry(lazy_gettext("The register"), "members.register", MEMBERS),
    Entry(lazy_gettext("Bring a register in"), "intake.files", MEMBERS),
    Entry(lazy_gettext("Pairs that may be one person"), "intake.pairs", MEMBERS),
    Entry(lazy_gettext("Six digits for a new number card"), "number_cards.word", MEMBERS),
    Entry(lazy_gettext("I know a member’s voice"), "number_cards.voice", MEMBERS),
    Entry(lazy_gettext("Kept apart"), "intake.apart", MEMBERS),
    Entry(lazy_gettext("Who asked to be forgotten"), "erasing.orders", MEMBERS),
    Entry(lazy_gettext("Calls kept apart"), "crisis.minors", CALLS),
    Entry(lazy_gettext("Who opened what is sealed"), "readings.keeping", OFFICE),
    Entry(lazy_gettext("What we keep, and for how long"), "retention.kept", MINE),
    Entry(lazy_gettext("How long things are kept"), "retention.days", OFFICE),
    Entry(lazy_gettext("What is held"), "retention.holds", OFFICE),
    Entry(lazy_gettext("Look the books over"), "audit.workspace", BOOKS),
    Entry(lazy_gettext("The open books"), "open_books.month", BOOKS),
    Entry(lazy_gettext("What trustees found"), "audit.all_findings", BOOKS),
    Entry(lazy_gettext("Vouchers"), "ledger.vouchers", BOOKS),
    Entry(lazy_gettext("Write a voucher"), "ledger.write", BOOKS),
    Entry(lazy_gettext("Cash, bank and petty cash"), "ledger.boxes", BOOKS),
    Entry(lazy_gettext("Gifts and other income"), "ledger.all_donations", BOOKS),
    Entry(lazy_gettext("Between the funds"), "ledger.transfers_between_funds", BOOKS),
    Entry(lazy_gettext("Floats for the night"), "ledger.all_floats", BOOKS),
    Entry(lazy_gettext("The year’s plan"), "ledger.plan", BOOKS),
    Entry(lazy_gettext("The bank against the book"), "bank.reconciliation", BOOKS),
    Entry(lazy_gettext("Trial balance"), "ledger.trial_balance", BOOKS),
    Entry(lazy_gettext("Reports"), "reports.index", BOOKS),
    Entry(lazy_gettext("Close a month"), "closing.months", BOOKS),
    Entry(lazy_gettext("What the books began with"), "ledger.opening", BOOKS),
    Entry(lazy_gettext("Who waits for the committee"), "welfare.claims", CASES),
    Entry(lazy_gettext("My cases"), "legal.cases", CASES),
    Entry(lazy_gettext("What is shared with me"), "legal.shared", CASES),
    Entry(lazy_gettext("Keys of cases"), "legal.keys", CASES),
    Entry(lazy_gettext("Complaints I receive"), "legal.received", CASES),
    Entry(lazy_gettext("When one of us did wrong"), "legal.complain", MINE),
    Entry(lazy_gettext("Take dues"), "dues.find_payer", MONEY),
    Entry(lazy_gettext("A member’s passbook"), "dues.find_passbook", MONEY),
    Entry(lazy_gettext("My round"), "dues.write_receipt", MONEY),
    Entry(lazy_gettext("The cash I hold"), "dues.my_round", MONEY),
    Entry(lazy_gettext("Collectors’ cash"), "dues.cash_in_hand", MONEY),
    Entry(lazy_gettext("Paid by card"), "checkout.cards", MONEY),
    Entry(lazy_gettext("Bring in a collectors’ sheet"), "dues.sheets", MONEY),
    Entry(lazy_gettext("Lines that wait"), "dues.waiting", MONEY),
    Entry(lazy_gettext("Receipt books"), "dues.books", MONEY),
    Entry(lazy_gettext("Payments members told us of"), "dues.said", MONEY),
    Entry(lazy_gettext("Ask whether receipts are right"), "dues.samples", MONEY),
    Entry(lazy_gettext("Let off, for a second person"), "dues.proposals", MONEY),
    Entry(lazy_gettext("The bank’s statements"), "bank.home", MONEY),
    Entry(lazy_gettext("Bank lines for a second person"), "bank.hands", MONEY),
    Entry(lazy_gettext("Payment files"), "bank.batches", MONEY),
    Entry(lazy_gettext("A code to pay by"), "bank.my_code", MONEY),
    Entry(lazy_gettext("Charge a month"), "dues.months", MONEY),
    Entry(lazy_gettext("Reminders"), "dues.reminders", MONEY),
    Entry(lazy_gettext("How everybody stands"), "dues.standing", MEMBERS),
    Entry(lazy_gettext("What a month costs"), "dues.rates", MONEY),
    Entry(lazy_gettext("Who holds an office"), "people.offices", OFFICE),
    Entry(lazy_gettext("If keys are lost"), "locking.recovery", OFFICE),
    Entry(lazy_gettext("Who stands beside me"), "identity.seen", OFFICE),
)


LOCKS: tuple[tuple[Entry, LazyString], ...] = (
    (
        Entry(lazy_gettext("Where my notebook is open"), "identity.sessions"),
        lazy_gettext("Shut it where you left it open."),
    ),
    (
        Entry(lazy_gettext("My PIN and my second word"), "identity.me_secrets"),
        lazy_gettext("Choose others whenever you like."),
    ),
    (
        Entry(lazy_gettext("My password and codes"), "identity.office_secrets"),
        lazy_gettext("Another password, another telephone, a new recovery sheet."),
    ),
    (
        Entry(lazy_gettext("Opening by my telephone"), "identity.keys"),
        lazy_gettext("By its finger, face or number."),
    ),
    (
        Entry(lazy_gettext("My opening words"), "identity.opening_words"),
        lazy_gettext("They open what is sealed."),
    ),
)
"""What stands on the page of all that opens a notebook, each with what one does there."""


def locks_for(actor: Actor) -> list[tuple[Entry, LazyString]]:
    """What opens this actor's notebook, in the order of the table; under force what seems to."""
    somebody = replace(actor, grants=actor.grants | actor.seems)
    return [lock for lock in LOCKS if may_knock(somebody, row_of(lock[0].endpoint)) is Answer.OPEN]


def ways_for(actor: Actor) -> Ways:
    """The ways open to this actor by group, groups and ways in the order of the table.

    Under force they are those that she seems to have: ``union.web.duress`` stands behind them.
    """
    return _ways(actor.grants | actor.seems) if actor.account_id is not None else ()


@cache
def _ways(grants: frozenset[Grant]) -> Ways:
    # Kept by who they are: to compare or hash lazy words is to translate them, on every page.
    groups: dict[int, list[Entry]] = {}
    somebody = Actor(person_id=0, account_id=0, grants=grants)
    for entry in ENTRIES:
        if may_knock(somebody, row_of(entry.endpoint)) is Answer.OPEN:
            groups.setdefault(id(entry.group), []).append(entry)
    return tuple((entries[0].group, tuple(entries)) for entries in groups.values())
