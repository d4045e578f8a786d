"""The closed list of words by which a bank names what it does itself; members never write these."""

from __future__ import annotations

import re

from union.bank.rules.kinds import Kind

_WORDS: tuple[tuple[Kind, int, str], ...] = (
    (Kind.CARD_FEE, -1, r"\b(MDR|POS RENT\w*|EDC RENT\w*|CARD FEES?|STRIPE FEES?|PG FEES?)\b"),
    (Kind.CHARGEBACK, -1, r"\b(CHARGE ?BACK|CARD DISPUTE)\b"),
    (
        Kind.CHARGE,
        -1,
        r"\b(CHARGES?|CHRGS?|CHGS?|CHG|[CSI]?GST|AMC|COMMISSION|FOLIO|MIN ?BAL|NEFT COMM)\b",
    ),
    (Kind.WITHDRAWAL, -1, r"\b(ATM|CASH WD\w*|CASH WITHDRAW\w*|SELF)\b"),
    (
        Kind.INTEREST,
        1,
        r"\b(INT\.? ?PD|INTEREST (CREDIT\w*|CAPITALISED|PAID)|CREDIT INTEREST|INT CR|SB INT)\b",
    ),
    (Kind.DEPOSIT, 1, r"\b(CASH DEP\w*|BY CASH|CDM|CASH RECD|CASH CREDIT)\b"),
    (Kind.PAYOUT, 1, r"\b(STRIPE|RAZORPAY|PAYOUT|CARD SETTL\w*|SETTLEMENT)\b"),
    (Kind.RETURNED, 1, r"\b(RTN|RETURN\w*|REV|REVERSAL|RVSL|REJECT\w*|FAILED|UNCREDITED)\b"),
)
_FROM_PEOPLE = re.compile(r"\b(UPI|IMPS|CHQ|CHEQUE)\b")
"""Here a person may have written the words herself: only what came back is believed."""

_COMPILED = tuple((kind, side, re.compile(words)) for kind, side, words in _WORDS)


def kinds_named(text: str, amount_minor: int) -> tuple[Kind, ...]:
    """The kinds that a bank's own words in this narration mean, for this side, in order."""
    side, shouted = (1 if amount_minor > 0 else -1), text.upper()
    named = [
        kind for kind, of_side, words in _COMPILED if of_side == side and words.search(shouted)
    ]
    if _FROM_PEOPLE.search(shouted):
        named = [kind for kind in named if kind is Kind.RETURNED]
    return tuple(named)
