"""First sentences for those who handle money: member, collector, treasurer, signatory, trustee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date, gettext, ngettext

from union.bank.queries.hands import words_waiting
from union.bank.queries.lines import waiting_count
from union.dues.queries.accounts import account_of
from union.dues.queries.collectors import collector_of
from union.dues.queries.passbook import passbook
from union.dues.queries.proposals import proposals_to_answer
from union.dues.queries.rounds import round_count
from union.kernel.money import format_amount
from union.ledger.queries.counts import counts_to_see
from union.ledger.queries.inter_fund import transfers_to_answer
from union.ledger.queries.keeping import next_to_close
from union.office.audit.queries.workspace import findings_at
from union.office.queries.today import (
    accounts_to_confirm,
    both_sides,
    cash_to_sign,
    money_held,
    month_to_charge,
    receipts_written,
    refusals_to_answer,
    vouchers_to_pay,
    vouchers_wanting_a_hand,
)
from union.office.today.card import Act, Card, Stamp
from union.office.today.readings import readings_to_see

if TYPE_CHECKING:
    from union.infra.work import Work
    from union.kernel.periods import Month


def member(work: Work) -> Card:
    """Up to when she has paid, what is due, and twelve stamps."""
    if work.actor.person_id is None:
        return Card(gettext("This notebook is not tied to a card yet. Ask your branch secretary."))
    account = account_of(work.session, work.actor.person_id)
    if not account.known:
        paid = gettext("Nobody has written down yet up to when you have paid.")
    elif account.paid_to is None:
        paid = gettext("Nothing is written in your book yet.")
    else:
        paid = gettext("You have paid up to %(month)s.", month=_month(account.paid_to))
    if account.owed_minor:
        due = gettext("%(sum)s is due.", sum=format_amount(account.owed_minor))
    elif account.credit_minor:
        due = gettext("%(sum)s is paid ahead.", sum=format_amount(account.credit_minor))
    else:
        due = gettext("Nothing is due.")
    return Card(
        f"{paid} {due}",
        (
            Act(gettext("Open my book"), "dues.my_passbook"),
            Act(gettext("Call somebody"), "crisis.help_me"),
            Act(gettext("When I cannot work"), "welfare.mine"),
        ),
        stamps=_stamps(work, work.actor.person_id),
    )


def _stamps(work: Work, person_id: int) -> tuple[Stamp, ...]:
    book = passbook(work, person_id, work.clock.today().year)
    if book is None:
        return ()
    return tuple(
        Stamp(format_date(one.month.first_day, "MMM"), one.state.value, _missing(one.due_minor))
        for one in book.stamps
    )


def _missing(due_minor: int) -> str:
    return format_amount(due_minor) if due_minor else ""


def _month(month: Month) -> str:
    return str(format_date(month.first_day, "MMMM y"))


def collector(work: Work) -> Card:
    """What she carries."""
    mine = collector_of(work.session, work.actor.person_id)
    count = None if mine is None else round_count(work.session, mine.id)
    receipts = receipts_written(work.session, work.actor.person_id)
    if count and count.held_minor:
        sentence = gettext("You carry %(sum)s.", sum=format_amount(count.held_minor))
    elif count and count.not_booked_minor:
        sentence = gettext(
            "%(sum)s that you handed in is not booked yet.",
            sum=format_amount(count.not_booked_minor),
        )
    else:
        sentence = gettext("Your hands are empty: all you took is handed in.")
    return Card(
        sentence,
        (
            Act(gettext("Go on my round"), "dues.write_receipt"),
            *_counted_from_her(work),
            Act(gettext("The cash I hold"), "dues.my_round"),
        ),
        note=ngettext(
            "%(num)s receipt is written in all.", "%(num)s receipts are written in all.", receipts
        ),
    )


def _counted_from_her(work: Work) -> tuple[Act, ...]:
    """Cash another counted from her stays open until she says whether it is right."""
    waiting = cash_to_sign(work.session, work.actor.person_id or 0)
    if not waiting:
        return ()
    words = ngettext(
        "%(num)s count of your cash to sign", "%(num)s counts of your cash to sign", waiting
    )
    return (Act(words, "dues.my_round"),)


def treasurer(work: Work) -> Card:
    """What waits to be paid, and what there is."""
    held = money_held(work.session)
    waiting = vouchers_to_pay(work.session)
    sentence = (
        ngettext(
            "%(num)s voucher is ready to be paid.",
            "%(num)s vouchers are ready to be paid.",
            waiting,
        )
        if waiting
        else gettext("No voucher waits to be paid.")
    )
    return Card(
        sentence,
        (
            Act(gettext("Pay a voucher"), "ledger.vouchers")
            if waiting
            else Act(gettext("Take a payment"), "dues.find_payer"),
            *_of_the_bank(work),
            *_months_to_do(work),
            *_funds_to_agree(work),
            *_for_her_word(work),
            Act(gettext("Count cash with a collector"), "dues.cash_in_hand"),
            Act(gettext("Trial balance"), "ledger.trial_balance"),
        ),
        note=gettext(
            "%(bank)s in the bank, %(cash)s in cash and on rounds.",
            bank=format_amount(held.get("bank", 0)),
            cash=format_amount(held.get("cash", 0)),
        ),
    )


def _of_the_bank(work: Work) -> tuple[Act, ...]:
    """Lines of the bank that wait hold up the month, so nobody is to forget them."""
    lines, _oldest = waiting_count(work.session)
    if not lines:
        return ()
    words = ngettext("%(num)s bank line waits", "%(num)s bank lines wait", lines)
    return (Act(words, "bank.waiting"),)


def _months_to_do(work: Work) -> tuple[Act, ...]:
    """The next month to charge, and the next one to close once it is over, by their names."""
    today, acts = work.clock.today(), []
    if charge := month_to_charge(work.session, today):
        words = gettext("Charge the dues of %(month)s", month=_month(charge))
        acts.append(Act(words, "dues.month", {"period": str(charge)}))
    close = next_to_close(work.session)
    if close is not None and close.last_day < today:
        words = gettext("Close %(month)s", month=_month(close))
        acts.append(Act(words, "closing.month", {"month": str(close)}))
    return tuple(acts)


def _funds_to_agree(work: Work) -> tuple[Act, ...]:
    """What somebody decided to move between funds waits for another hand."""
    waiting = transfers_to_answer(work.session, work.actor.person_id or 0)
    if not waiting:
        return ()
    words = ngettext(
        "%(num)s move between funds to answer", "%(num)s moves between funds to answer", waiting
    )
    return (Act(words, "ledger.transfers_between_funds"),)


def _counts_to_see(work: Work) -> tuple[Act, ...]:
    """A box that was counted holds only once somebody else says so."""
    waiting = counts_to_see(work.session, work.actor.person_id or 0)
    if not waiting:
        return ()
    words = ngettext("%(num)s cash count to see", "%(num)s cash counts to see", waiting)
    return (Act(words, "ledger.counts"),)


def signatory(work: Work) -> Card:
    """What waits for her hand."""
    waiting = vouchers_wanting_a_hand(work.session, work.actor.person_id or 0)
    if not waiting:
        return Card(
            gettext("No voucher waits for your hand."),
            (
                Act(gettext("Look at the vouchers"), "ledger.vouchers"),
                *_for_her_word(work),
                *_counts_to_see(work),
                *_funds_to_agree(work),
            ),
        )
    return Card(
        ngettext(
            "%(num)s voucher waits for your hand.", "%(num)s vouchers wait for your hand.", waiting
        ),
        (
            Act(gettext("Read and sign"), "ledger.vouchers"),
            *_for_her_word(work),
            *_counts_to_see(work),
            *_funds_to_agree(work),
        ),
    )


def _for_her_word(work: Work) -> tuple[Act, ...]:
    """What waits for her answer: findings, and lines, accounts, refused payments to confirm."""
    session, herself = work.session, work.actor.person_id or 0
    acts = []
    if found := findings_at(session, "open", "reopened"):
        words = ngettext(
            "%(num)s finding of the trustees to answer",
            "%(num)s findings of the trustees to answer",
            found,
        )
        acts.append(Act(words, "audit.all_findings"))
    if lines := words_waiting(session, work.actor.person_id):
        words = ngettext(
            "%(num)s line of the bank to confirm", "%(num)s lines of the bank to confirm", lines
        )
        acts.append(Act(words, "bank.hands"))
    if accounts := accounts_to_confirm(session, herself):
        words = ngettext(
            "%(num)s account to be paid to, to confirm",
            "%(num)s accounts to be paid to, to confirm",
            accounts,
        )
        acts.append(Act(words, "bank.payees"))
    if refusals := refusals_to_answer(session, herself):
        words = ngettext(
            "%(num)s payment said to be refused by the bank",
            "%(num)s payments said to be refused by the bank",
            refusals,
        )
        acts.append(Act(words, "bank.batches"))
    return (*acts, *to_answer(work))


def to_answer(work: Work) -> tuple[Act, ...]:
    """What others proposed of members' dues, for her to agree to or refuse."""
    waiting = proposals_to_answer(work.session, work.actor.person_id or 0)
    if not waiting:
        return ()
    words = ngettext(
        "%(num)s proposal about dues to answer", "%(num)s proposals about dues to answer", waiting
    )
    return (Act(words, "dues.proposals"),)


def trustee(work: Work) -> Card:
    """Whether the books balance."""
    debit, credit = both_sides(work.session)
    if debit == credit:
        sentence = gettext("The books balance: %(sum)s on both sides.", sum=format_amount(debit))
    else:
        sentence = gettext(
            "The books do not balance: %(debit)s against %(credit)s.",
            debit=format_amount(debit),
            credit=format_amount(credit),
        )
    return Card(
        sentence,
        (
            Act(gettext("Look the books over"), "audit.workspace"),
            *_replies_to_read(work),
            *readings_to_see(work),
            *_counts_to_see(work),
            *_funds_to_agree(work),
            Act(gettext("Trial balance"), "ledger.trial_balance"),
        ),
    )


def _replies_to_read(work: Work) -> tuple[Act, ...]:
    """Findings that were answered wait for a trustee: settled, or to be followed up."""
    said = findings_at(work.session, "reply")
    if not said:
        return ()
    words = ngettext("%(num)s reply to a finding", "%(num)s replies to findings", said)
    return (Act(words, "audit.all_findings"),)
