"""What a line may be, each with a score and its reasons; certain only if nothing comes near it.

Pure: what there is to match with is handed in. Nothing here books anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from union.bank.rules.kinds import Kind, Reason
from union.bank.rules.known import (
    BookEntry,
    Candidate,
    Judgement,
    Known,
    LineFacts,
    OpenVoucher,
)
from union.bank.rules.payers import CARD, PHONE, payers_of
from union.bank.rules.words import kinds_named

CERTAIN = 80
LIKELY = 40
_APART = 20
_BEFORE, _AFTER = timedelta(days=5), timedelta(days=7)
_CHEQUE = timedelta(days=45)
_RETURNS = timedelta(days=30)
_KEPT = 5
_CODED = (Reason.OUR_CODE, Reason.AMOUNT_SAME)


def judge(facts: LineFacts, known: Known) -> Judgement:
    """The likeliest first, and whether the first is certain: sure in itself, and nothing near."""
    people = payers_of(facts, known)
    found = [*_in_books(facts, known, people), *_own_ways(facts, known)]
    if facts.amount_minor > 0:
        found += [*people, *_returned(facts, known)]
    else:
        found += _vouchers(facts, known)
    ranked = sorted(
        (one for one in found if one.score >= LIKELY),
        key=lambda one: (-one.score, one.kind, one.person_id or 0, one.target_id or 0),
    )
    alone = not ranked[1:] or ranked[0].score - ranked[1].score >= _APART
    clear = bool(ranked) and (alone or _told_apart(ranked[0], ranked[1]))
    sure = clear and ranked[0].score >= CERTAIN
    return Judgement(tuple(ranked[:_KEPT]), sure)


def no_ones(facts: LineFacts, known: Known) -> tuple[str, ...]:
    """Card numbers in a line that stand in no register."""
    return tuple(card for card in facts.cards if card not in known.by_card)


def _told_apart(best: Candidate, rival: Candidate) -> bool:
    """A payment that stands in the books already is itself, not a second one of the same woman."""
    return best.kind is Kind.BOOKED and rival.person_id == best.person_id is not None


def _in_books(facts: LineFacts, known: Known, people: list[Candidate]) -> Iterator[Candidate]:
    """Entries somebody made by hand before the statement came."""
    sure = {one.person_id for one in people if one.score >= PHONE}
    named = {known.by_card[card] for card in facts.cards if card in known.by_card} | sure
    for entry in known.entries:
        if entry.amount_minor != facts.amount_minor or not _near(entry, facts):
            continue
        if named and entry.person_id is not None and entry.person_id not in named:
            continue
        reasons = [Reason.AMOUNT_SAME, Reason.DAY_NEAR]
        score = 65 if entry.posted_on == facts.booked_on else 55
        if entry.person_id in named:
            score, reasons = 98, [*reasons, Reason.SAME_PERSON]
        yield Candidate(
            Kind.BOOKED, score, tuple(reasons), person_id=entry.person_id, target_id=entry.entry_id
        )


def _near(entry: BookEntry, facts: LineFacts) -> bool:
    after = _CHEQUE if facts.amount_minor < 0 else _AFTER
    return entry.posted_on - _BEFORE <= facts.booked_on <= entry.posted_on + after


def _own_ways(facts: LineFacts, known: Known) -> Iterator[Candidate]:
    """What the bank says in its own words, and cash or card money of ours on its way."""
    named = kinds_named(facts.text, facts.amount_minor)
    yield from _taken_back(facts, known, told=Kind.CHARGEBACK in named)
    for kind in named:
        if kind is Kind.DEPOSIT:
            yield _deposit(facts, known)
        elif kind is Kind.PAYOUT:
            holds = known.provider_minor >= facts.amount_minor
            reason = Reason.PROVIDER_HOLDS if holds else Reason.PROVIDER_SHORT
            yield Candidate(kind, 90 if holds else 50, (Reason.BANK_WORDS, reason))
        elif kind in {Kind.CHARGE, Kind.CARD_FEE}:
            large = -facts.amount_minor > known.ceiling.line_minor
            reasons = (Reason.BANK_WORDS, *((Reason.AMOUNT_LARGE,) if large else ()))
            yield Candidate(kind, 60 if large else 95, reasons)
        elif kind is Kind.INTEREST:
            yield Candidate(kind, 95, (Reason.BANK_WORDS,))
        elif kind is Kind.WITHDRAWAL:
            yield Candidate(kind, 60, (Reason.BANK_WORDS,))


def _taken_back(facts: LineFacts, known: Known, *, told: bool) -> Iterator[Candidate]:
    """Money a card company took back: only as its own statement says, to the paisa."""
    words = (Reason.BANK_WORDS,) if told else ()
    for one in known.taken_back:
        if one.amount_minor == -facts.amount_minor and one.happened_on <= facts.booked_on:
            reasons = (*words, Reason.AMOUNT_SAME, Reason.PROVIDER_TOLD)
            yield Candidate(
                Kind.CHARGEBACK, 90 if told else 60, reasons, target_id=one.card_line_id
            )


def _deposit(facts: LineFacts, known: Known) -> Candidate:
    """Cash paid in: sure if collectors handed in just that, and the desk held it."""
    if facts.amount_minor > known.desk_minor:
        return Candidate(Kind.DEPOSIT, 60, (Reason.BANK_WORDS, Reason.CASH_SHORT))
    sums = {known.desk_minor, *_handed(facts, known)}
    if facts.amount_minor in sums:
        return Candidate(Kind.DEPOSIT, 92, (Reason.BANK_WORDS, Reason.HANDED_OVER))
    return Candidate(Kind.DEPOSIT, 65, (Reason.BANK_WORDS,))


def _handed(facts: LineFacts, known: Known) -> Iterator[int]:
    """What was handed in on each of the days before, and on all days back to each."""
    total = 0
    for day in sorted(known.handed_over, reverse=True):
        if day <= facts.booked_on:
            total += known.handed_over[day]
            yield known.handed_over[day]
            yield total


def _vouchers(facts: LineFacts, known: Known) -> Iterator[Candidate]:
    paid_out = -facts.amount_minor
    for code in facts.codes:
        item, batch = known.items.get(code), known.batches.get(code)
        if item is not None and item.entry_id is None and item.amount_minor == paid_out:
            yield Candidate(Kind.VOUCHER, 100, _CODED, target_id=item.voucher_id)
        if batch is not None and batch.open_minor == paid_out:
            yield Candidate(Kind.BATCH, 100, _CODED, target_id=batch.batch_id)
    named = {
        *(known.by_card[card] for card in facts.cards if card in known.by_card),
        *(person for phone in facts.phones for person in known.by_phone.get(phone, ())),
    }
    coded = {known.items[code].voucher_id for code in facts.codes if code in known.items}
    for one in known.vouchers:
        if one.amount_minor == paid_out and one.voucher_id not in coded:
            yield _voucher(one, named)


def _voucher(one: OpenVoucher, named: set[int]) -> Candidate:
    if one.payee_person_id in named:
        both = (Reason.AMOUNT_SAME, Reason.SAME_PERSON)
        return Candidate(Kind.VOUCHER, CARD, both, target_id=one.voucher_id)
    score = 50 if one.in_batch else 60
    return Candidate(Kind.VOUCHER, score, (Reason.AMOUNT_SAME,), target_id=one.voucher_id)


def _returned(facts: LineFacts, known: Known) -> Iterator[Candidate]:
    """A payment of ours that came back: by its code, or by the bank's word and the amount."""
    for code in facts.codes:
        item = known.items.get(code)
        if item is None or item.entry_id is None or item.amount_minor != facts.amount_minor:
            continue
        yield Candidate(Kind.RETURNED, 100, _CODED, target_id=item.entry_id)
        return
    if Kind.RETURNED not in kinds_named(facts.text, facts.amount_minor):
        return
    reasons = (Reason.BANK_WORDS, Reason.AMOUNT_SAME)
    for paid in known.paid_out:
        lately = paid.posted_on <= facts.booked_on <= paid.posted_on + _RETURNS
        if paid.amount_minor == -facts.amount_minor and lately:
            yield Candidate(
                Kind.RETURNED, 65, reasons, person_id=paid.person_id, target_id=paid.entry_id
            )
