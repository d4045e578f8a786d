"""Whose dues a line may be: by our own code, card, telephone or what she paid before.

A card or code that is written out beats whose telephone it came from: a friend's phone pays often.
"""

from __future__ import annotations

from collections.abc import Iterator

from union.bank.rules.kinds import Kind, Reason
from union.bank.rules.known import Candidate, Known, LineFacts, Payer

OUR_CODE, CARD, PHONE, HISTORY = 100, 90, 85, 70
SHARED, DOUBTFUL = 45, 60
_SEEN_OFTEN = 2
_MONTHS_AHEAD = 12
_USUAL_MINOR = 120_000
"""What a year costs where her fee is not known: more than that, somebody looks at it first."""


def payers_of(facts: LineFacts, known: Known) -> list[Candidate]:
    """Everybody whose payment it may be, with scores; who is named twice stands once."""
    found: dict[int, tuple[int, list[Reason]]] = {}
    for person_id, score, reason in _named(facts, known):
        held, reasons = found.get(person_id, (0, []))
        more = 5 if held else 0
        found[person_id] = (min(100, max(held, score) + more), [*reasons, reason])
    return [
        _weighed(facts.amount_minor, known.payers[person_id], score, reasons)
        for person_id, (score, reasons) in found.items()
        if person_id in known.payers
    ]


def _named(facts: LineFacts, known: Known) -> Iterator[tuple[int, int, Reason]]:
    for code in facts.codes:
        if code in known.by_code:
            yield known.by_code[code], OUR_CODE, Reason.OUR_CODE
    cards = {known.by_card[card] for card in facts.cards if card in known.by_card}
    for person_id in sorted(cards):
        several = len(cards) > 1
        score, reason = (SHARED, Reason.CARDS_SEVERAL) if several else (CARD, Reason.CARD)
        yield person_id, score, reason
    for phone in facts.phones:
        people = known.by_phone.get(phone, ())
        for person_id in people:
            shared = len(people) > 1
            score, reason = (SHARED, Reason.PHONE_SHARED) if shared else (PHONE, Reason.PHONE)
            yield person_id, score, reason
    if facts.payer_index is not None:
        before = known.by_payer.get(facts.payer_index, {})
        for person_id, times in before.items():
            often = 15 if times >= _SEEN_OFTEN and len(before) == 1 else 0
            yield person_id, (HISTORY if len(before) == 1 else SHARED) + often, Reason.PAID_BEFORE


def _weighed(amount_minor: int, payer: Payer, score: int, reasons: list[Reason]) -> Candidate:
    said = list(dict.fromkeys(reasons))
    if not payer.active:
        score, said = min(score, DOUBTFUL), [*said, Reason.MEMBER_GONE]
    usual = max(payer.owed_minor, _MONTHS_AHEAD * payer.fee_minor or _USUAL_MINOR)
    if amount_minor == payer.owed_minor:
        score, said = min(100, score + 8), [*said, Reason.AMOUNT_DUE]
    elif payer.fee_minor and amount_minor % payer.fee_minor == 0 and amount_minor <= usual:
        score, said = min(100, score + 5), [*said, Reason.AMOUNT_MONTHS]
    elif amount_minor > usual:
        score, said = min(score, DOUBTFUL), [*said, Reason.AMOUNT_UNUSUAL]
    if not payer.active:
        score = min(score, DOUBTFUL)
    return Candidate(Kind.DUES, score, tuple(said), person_id=payer.person_id)
