"""The trustees' workspace in words: each step as a question, its answer, and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "audit_handles_money": lazy_gettext(
        "You sign for money here, so somebody else must look the books over."
    ),
    "audit_days_backwards": lazy_gettext(
        "The last day lies after the first and not in the future. Choose the days again."
    ),
    "audit_nothing_to_draw": lazy_gettext(
        "There is no such paper in those days, so none was drawn."
    ),
    "audit_report_signed": lazy_gettext(
        "The report is signed, so nothing in it changes. Open a new look at the books."
    ),
    "audit_not_looked_at": lazy_gettext(
        "Some drawn papers were not looked at yet. Say of each what you saw, then sign."
    ),
    "audit_signed_already": lazy_gettext("You have signed this report already."),
    "signing_key_missing": lazy_gettext(
        "The machine has no key to sign with. Ask whoever keeps it to add one."
    ),
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step: its name, what is asked, what the figures come to, and why it matters.

    ``well`` is said instead when all is in order, ``bare`` when there was nothing to ask about:
    when the figure named by ``counted`` is nought. ``besides`` is added, by figure, where the
    figure is not nought.
    """

    title: LazyString
    question: LazyString
    answer: LazyString
    why: LazyString
    well: LazyString
    bare: LazyString | None = None
    counted: str = ""
    besides: Mapping[str, LazyString] = field(default_factory=dict)


STEPS: dict[str, StepWords] = {
    "opening": StepWords(
        lazy_gettext("Opening balances"),
        lazy_gettext("Is what stood at the beginning what stood at the end before?"),
        lazy_gettext("Balances brought in: %(accounts)s. Of them differ: %(off)s."),
        lazy_gettext(
            "Added up from every entry and laid beside the kept balances, and beside the last"
            " signed report."
        ),
        lazy_gettext("What was brought in is what stood before (balances: %(accounts)s)."),
        lazy_gettext("The books began in these days, so nothing was brought in."),
        "accounts",
    ),
    "receipt_books": StepWords(
        lazy_gettext("Receipt books"),
        lazy_gettext("Is every number of every book accounted for?"),
        lazy_gettext(
            "Books: %(books)s. Numbers used: %(used)s, missing: %(missing)s. Receipts that stand in"
            " no book: %(outside)s."
        ),
        lazy_gettext("A torn-out slip is the oldest way to keep money. Ask to see the carbons."),
        lazy_gettext("Every number is accounted for. Books: %(books)s, receipts: %(used)s."),
        lazy_gettext("No receipt book was handed out yet."),
        "books",
        besides={
            "waiting": lazy_gettext(
                "On a sheet already, and waiting there for somebody’s word: %(waiting)s."
            ),
        },
    ),
    "deposits": StepWords(
        lazy_gettext("Cash handed in"),
        lazy_gettext("Was all cash of the receipts handed in, countersigned and banked?"),
        lazy_gettext(
            "%(taken)s was taken, %(handed)s handed in, %(banked)s carried to the bank;"
            " %(in_hand)s is still in hand."
        ),
        lazy_gettext("Lay the deposit slips of the bank beside the hand-overs."),
        lazy_gettext(
            "%(taken)s was taken and %(handed)s handed in; nothing differed and every hand-over is"
            " countersigned. %(banked)s was carried to the bank, %(in_hand)s is still in hand."
        ),
        besides={
            "differing_minor": lazy_gettext("%(differing)s differed."),
            "unsigned": lazy_gettext("Hand-overs not countersigned: %(unsigned)s."),
            "ahead": lazy_gettext(
                "More was handed in than is booked: %(ahead_sum)s (rounds: %(ahead)s)."
            ),
        },
    ),
    "days_to_deposit": StepWords(
        lazy_gettext("Days from receipt to hand-over"),
        lazy_gettext("How long does cash stay in a collector’s hands?"),
        lazy_gettext(
            "Rounds: %(collectors)s. The longest wait in days: %(longest)s. Kept cash longer than"
            " %(limit)s days: %(slow)s."
        ),
        lazy_gettext("The oldest cash counts as handed in first."),
        lazy_gettext(
            "Nobody kept cash longer than %(limit)s days. Rounds: %(collectors)s, the longest wait"
            " in days: %(longest)s."
        ),
        lazy_gettext("Nobody collected in these days."),
        "collectors",
    ),
    "lapping": StepWords(
        lazy_gettext("Signs of lapping"),
        lazy_gettext("Was one receipt’s cash covered by the next one’s?"),
        lazy_gettext("Rounds: %(rounds)s. With two signs or more: %(suspicious)s."),
        lazy_gettext(
            "Four signs: cash older than a month, days running against the numbers, receipts"
            " written down six weeks late, members who say otherwise. One alone means nothing."
        ),
        lazy_gettext("No round shows two signs (rounds: %(rounds)s)."),
        lazy_gettext("Nobody collected in these days."),
        "rounds",
    ),
    "cash_counts": StepWords(
        lazy_gettext("Cash counted"),
        lazy_gettext("Was the cash counted by two, and was it what the book says?"),
        lazy_gettext("Counts: %(counts)s. Differed: %(off)s. Seen by nobody else: %(alone)s."),
        lazy_gettext("On a surprise visit count first, before anything else is asked."),
        lazy_gettext("Counts: %(counts)s, each seen by another and each as the book says."),
        lazy_gettext("Cash was never counted in these days."),
        "counts",
    ),
    "bank": StepWords(
        lazy_gettext("Bank"),
        lazy_gettext("Does the bank’s own statement agree with the book?"),
        lazy_gettext(
            "Accounts looked at: %(accounts)s, up to %(until)s. %(unexplained)s cannot be"
            " explained; %(waiting)s stands on one side only for now."
        ),
        lazy_gettext("Ask the bank itself for the balance, not the one who keeps the book."),
        lazy_gettext("The bank agrees with the book up to %(until)s, line by line."),
        lazy_gettext("No statement of the bank for these days is here."),
        "accounts",
    ),
    "approvals": StepWords(
        lazy_gettext("Two hands"),
        lazy_gettext("Did two people approve every payment, neither of them the payee?"),
        lazy_gettext(
            "Payments: %(payments)s, together %(paid)s. Without two hands: %(wrong)s. Signed by"
            " both within one minute: %(hurried)s."
        ),
        lazy_gettext("Two signatures within a minute may be one person holding two passwords."),
        lazy_gettext(
            "Every payment bears two hands, never the payee’s: %(payments)s, together %(paid)s."
        ),
        lazy_gettext("Nothing was paid by voucher in these days."),
        "payments",
    ),
    "papers": StepWords(
        lazy_gettext("Papers"),
        lazy_gettext("Is there a paper or a reason beside every payment?"),
        lazy_gettext("Payments: %(payments)s. With neither: %(bare)s, together %(bare_sum)s."),
        lazy_gettext("You see that a paper is there. What it says is for those who approve."),
        lazy_gettext("A paper or a reason lies beside every payment (%(payments)s)."),
        lazy_gettext("Nothing was paid by voucher in these days."),
        "payments",
    ),
    "purposes": StepWords(
        lazy_gettext("Purposes"),
        lazy_gettext("Was each fund spent on its own purpose, and only what it held?"),
        lazy_gettext("Entries outside a purpose: %(misspent)s. Funds overdrawn: %(overdrawn)s."),
        lazy_gettext("A fund below nought was lent what belonged to another."),
        lazy_gettext("Every fund was spent on its purpose, and none beyond what it held."),
    ),
    "payees": StepWords(
        lazy_gettext("Payees"),
        lazy_gettext("Does one bank account stand behind several payees?"),
        lazy_gettext(
            "Accounts behind more than one payee: %(shared)s; %(paid)s went there. Payments to"
            " people who approve payments: %(own)s, together %(own_sum)s."
        ),
        lazy_gettext(
            "Accounts are compared without being seen. Women who share an account are no crime:"
            " ask, do not accuse."
        ),
        lazy_gettext("No bank account stands behind two payees, and nobody who approves was paid."),
    ),
    "floats": StepWords(
        lazy_gettext("Floats for the night"),
        lazy_gettext("Were floats settled with papers in time?"),
        lazy_gettext("%(out)s is out (floats: %(floats)s). Past their day: %(late)s."),
        lazy_gettext("You see sums and days only, never what a night was about."),
        lazy_gettext("%(out)s is out (floats: %(floats)s), none past its day."),
        lazy_gettext("No float is out."),
        "floats",
    ),
    "corrections": StepWords(
        lazy_gettext("Taken back and put right"),
        lazy_gettext("What was corrected, and did it reach back into an earlier month?"),
        lazy_gettext("Corrections: %(corrections)s, together %(amount)s. Reach back: %(back)s."),
        lazy_gettext("Mistakes are honest. Many large ones shortly before a close are not."),
        lazy_gettext("Corrections: %(corrections)s, together %(amount)s, all within their month."),
        lazy_gettext("Nothing was taken back or put right."),
        "corrections",
    ),
    "months": StepWords(
        lazy_gettext("Months"),
        lazy_gettext("Were the months closed, and in time?"),
        lazy_gettext(
            "Months: %(months)s, closed: %(closed)s. Stood open longer than %(limit)s days:"
            " %(late)s."
        ),
        lazy_gettext("An open month can still be written into."),
        lazy_gettext("Months: %(months)s, closed: %(closed)s. None stood open too long."),
    ),
    "seals": StepWords(
        lazy_gettext("Seals"),
        lazy_gettext("Was anything changed after it was written?"),
        lazy_gettext(
            "Seals: %(seals)s, signed days: %(heads)s, broken: %(broken)s, entries that should have"
            " been sealed: %(unsealed)s."
        ),
        lazy_gettext(
            "Take the export home and check it on your own machine: then you need trust nobody."
        ),
        lazy_gettext(
            "Every seal fits, every head is signed and nothing older than today waits: seals"
            " %(seals)s, signed days %(heads)s."
        ),
        besides={"tonight": lazy_gettext("Written today, sealed tonight: %(tonight)s.")},
    ),
}

WAYS: dict[str, tuple[str, LazyString]] = {
    "opening": ("ledger.trial_balance", lazy_gettext("Every balance, on any day")),
    "cash_counts": ("ledger.boxes", lazy_gettext("The boxes and their counts")),
    "approvals": ("ledger.vouchers", lazy_gettext("All vouchers")),
    "papers": ("ledger.vouchers", lazy_gettext("All vouchers")),
    "floats": ("ledger.all_floats", lazy_gettext("All floats")),
    "corrections": ("ledger.journal", lazy_gettext("The journal")),
    "months": ("closing.months", lazy_gettext("The months, and what was left at each")),
    "seals": ("audit.seal_heads", lazy_gettext("Heads, day by day")),
}
"""The page on which a step's things are kept."""

NO_STEP = lazy_gettext("At none of them")

VERDICTS: dict[str, tuple[str, LazyString]] = {
    "well": ("settled", lazy_gettext("in order")),
    "look": ("asked", lazy_gettext("look at it")),
    "wrong": ("due", lazy_gettext("wrong")),
    "nothing": ("waiting", lazy_gettext("nothing to ask")),
}
"""The mark and the word of each verdict."""

KINDS: dict[str, LazyString] = {
    "yearly": lazy_gettext("Yearly audit"),
    "surprise": lazy_gettext("Surprise visit"),
}

SAMPLES: dict[str, LazyString] = {
    "vouchers": lazy_gettext("Vouchers"),
    "receipts": lazy_gettext("Receipts"),
}

LOOKED: dict[str, tuple[str, LazyString]] = {
    "right": ("settled", lazy_gettext("it is right")),
    "wrong": ("due", lazy_gettext("it is not right")),
    "missing": ("due", lazy_gettext("the paper is not there")),
}

SEVERITIES: dict[str, LazyString] = {
    "remark": lazy_gettext("A remark"),
    "minor": lazy_gettext("To be put right"),
    "serious": lazy_gettext("Serious"),
    "grave": lazy_gettext("Grave: tell the members"),
}

ANSWERS: dict[str, tuple[str, LazyString]] = {
    "open": ("due", lazy_gettext("waits for a reply")),
    "reply": ("asked", lazy_gettext("the treasurer replied")),
    "follow_up": ("waiting", lazy_gettext("followed up")),
    "settled": ("settled", lazy_gettext("settled")),
    "reopened": ("due", lazy_gettext("open again")),
}
