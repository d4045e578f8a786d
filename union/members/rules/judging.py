"""What becomes of each row of a book: taken, doubtful, proposed as somebody we have, or refused.

Nothing is assumed: a row that may be somebody we have is only proposed and waits for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from union.members.rules.findings import SEALED, Finding, Verdict, weigh
from union.members.rules.likeness import (
    SAME_BIRTH,
    SAME_CARD,
    SAME_DISTRICT,
    SAME_JOINING,
    SAME_NAME,
    SAME_PHONE,
    Traits,
    evidence,
    may_be_same,
    name_key,
    serial_base,
)
from union.members.rules.reading import RowReading


class Match(StrEnum):
    """Whom a row is about."""

    NEW = "new"
    KNOWN = "known"
    LIKE_ROW = "like_row"
    LIKE_MEMBER = "like_member"
    NOBODY = "nobody"
    KEPT_APART = "kept_apart"
    KEPT_APART_BEFORE = "kept_apart_before"
    SEEN = "seen"


HIDDEN = frozenset({Match.KEPT_APART, Match.KEPT_APART_BEFORE})
"""Rows that are counted as refused and shown to nobody but one officer."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The register as far as a new book can be compared with it.

    ``cards`` and ``phones`` (E.164) lead to persons, ``traits`` tells what is known of them;
    ``kept_apart`` are cards of rows that are sealed; ``seen`` gives, for lines of this very
    file that were read before, the verdict they had; ``seen_apart`` those that are sealed.
    """

    cards: Mapping[str, int] = field(default_factory=dict)
    phones: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    traits: Mapping[int, Traits] = field(default_factory=dict)
    kept_apart: frozenset[str] = frozenset()
    seen: Mapping[int, Verdict] = field(default_factory=dict)
    seen_apart: frozenset[int] = frozenset()


NOTHING_KNOWN = Knowledge()


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its one verdict, and the row or the member it is about if there is one."""

    reading: RowReading
    verdict: Verdict
    match: Match
    person_id: int | None = None
    like_line: int | None = None
    reasons: tuple[str, ...] = ()


def traits_of(reading: RowReading) -> Traits:
    """What of a row can be compared."""
    return Traits(
        card=reading.card,
        phones=frozenset(phone.e164 for phone in reading.phones),
        name=reading.name,
        born=reading.born.written() if reading.born else None,
        joined=reading.joined.written() if reading.joined else None,
        district=reading.district,
        serial=reading.serial,
    )


def judge_book(readings: Iterable[RowReading], known: Knowledge = NOTHING_KNOWN) -> list[Judged]:
    """Judge every row, in the order of the book; each gets exactly one verdict."""
    pile = _Pile()
    judged = [_judge(reading, known, pile) for reading in readings]
    return _with_shared_phones(judged, known)


class _Pile:
    """The rows of this book that were kept so far, found again by what they share."""

    def __init__(self) -> None:
        self.rows: list[tuple[RowReading, Traits]] = []
        self.hidden: list[Traits] = []
        self._by: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, reading: RowReading, traits: Traits) -> None:
        at = len(self.rows)
        self.rows.append((reading, traits))
        for handle in _handles(traits):
            self._by[handle].append(at)

    def near(self, traits: Traits) -> list[tuple[RowReading, Traits]]:
        wanted = set(_handles(traits))
        base = serial_base(traits.serial)
        if base:
            wanted.add(("serial", base))
        return [self.rows[at] for at in sorted({at for h in wanted for at in self._by[h]})]


def _handles(traits: Traits) -> list[tuple[str, str]]:
    found = [("phone", phone) for phone in traits.phones]
    if traits.card:
        found.append(("card", traits.card))
    if traits.serial:
        found.append(("serial", traits.serial.casefold()))
    if traits.born and traits.name:
        found.append(("birth", f"{traits.born} {name_key(traits.name)}"))
    return found


def _judge(reading: RowReading, known: Knowledge, pile: _Pile) -> Judged:
    traits = traits_of(reading)
    if reading.line in known.seen:
        seen = reading.finding(Finding("seen_before"))
        return Judged(seen, known.seen[reading.line], Match.SEEN)
    before = reading.line in known.seen_apart
    if (before and reading.born is None) or _is_kept_apart(reading, traits, known, pile):
        pile.hidden.append(traits)
        match = Match.KEPT_APART_BEFORE if before else Match.KEPT_APART
        return Judged(reading, Verdict.REFUSED, match)
    if weigh(reading.findings) is Verdict.REFUSED:
        return Judged(reading, Verdict.REFUSED, Match.NOBODY)
    found = _like_member(reading, traits, known) or _like_row(reading, traits, pile)
    if found is not None:
        return found
    for other, other_traits in pile.near(traits):
        if traits.card and traits.card == other_traits.card:
            reading = replace(reading, card=None).finding(
                Finding("card_of_another", "card", other_line=other.line)
            )
            traits = replace(traits, card=None)
            break
    pile.add(reading, traits)
    return Judged(reading, weigh(reading.findings), Match.NEW)


def _is_kept_apart(reading: RowReading, traits: Traits, known: Knowledge, pile: _Pile) -> bool:
    if any(finding.code in SEALED for finding in reading.findings):
        return True
    if traits.card is not None and traits.card in known.kept_apart and reading.born is None:
        return True
    return any(may_be_same(evidence(traits, hidden)) for hidden in pile.hidden)


def _like_member(reading: RowReading, traits: Traits, known: Knowledge) -> Judged | None:
    holder = known.cards.get(traits.card) if traits.card else None
    if holder is not None:
        agreed = evidence(traits, known.traits[holder])
        if agreed & {SAME_PHONE, SAME_JOINING, SAME_NAME, SAME_BIRTH}:
            return Judged(reading, weigh(reading.findings), Match.KNOWN, person_id=holder)
        return _proposed(reading, Match.LIKE_MEMBER, agreed | {SAME_CARD}, person_id=holder)
    holders = [known.phones.get(e164, ()) for e164 in sorted(traits.phones)]
    hers_alone = all(len(people) <= 1 for people in holders)
    for person_id in dict.fromkeys(person for people in holders for person in people):
        agreed = evidence(traits, known.traits[person_id])
        if (
            may_be_same(agreed)
            or SAME_JOINING in agreed
            or (hers_alone and SAME_DISTRICT in agreed)
        ):
            return _proposed(reading, Match.LIKE_MEMBER, agreed, person_id=person_id)
    return None


def _like_row(reading: RowReading, traits: Traits, pile: _Pile) -> Judged | None:
    for other, other_traits in pile.near(traits):
        agreed = evidence(traits, other_traits)
        if may_be_same(agreed):
            return _proposed(reading, Match.LIKE_ROW, agreed, like_line=other.line)
    return None


def _proposed(
    reading: RowReading,
    match: Match,
    agreed: frozenset[str],
    *,
    person_id: int | None = None,
    like_line: int | None = None,
) -> Judged:
    finding = Finding("may_be_same", other_line=like_line)
    return Judged(
        reading.finding(finding),
        Verdict.DUPLICATE,
        match,
        person_id=person_id,
        like_line=like_line,
        reasons=tuple(sorted(agreed)),
    )


def _with_shared_phones(judged: list[Judged], known: Knowledge) -> list[Judged]:
    """Note on each row that is taken how many have her number; that alone means nothing."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for one in judged:
        if one.match in {Match.NEW, Match.KNOWN}:
            who = str(one.person_id or f"line {one.reading.line}")
            for phone in one.reading.phones:
                holders[phone.e164] |= {who, *map(str, known.phones.get(phone.e164, ()))}
    noted = []
    for one in judged:
        most = max((len(holders[phone.e164]) for phone in one.reading.phones), default=0)
        if one.match in {Match.NEW, Match.KNOWN} and most > 1:
            note = Finding("phone_shared", "phone", hint=str(most))
            noted.append(replace(one, reading=one.reading.finding(note)))
        else:
            noted.append(one)
    return noted
