"""Lines and proposals as pages say them: with names, reasons, and a key for the one click."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from union.bank.errors import ChoiceGoneError
from union.bank.queries.lines import LineView
from union.bank.queries.out import voucher_facts
from union.bank.queries.proposals import Proposed, proposed_for
from union.bank.rules.kinds import Kind
from union.bank.rules.known import Candidate
from union.infra.work import Work
from union.web.current import kit

KEY_LETTERS = 16


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """What a line may be: ``whom`` by name and card, ``key`` stands for exactly this."""

    candidate: Candidate
    whom: str
    key: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A waiting line with what is proposed for it, the likeliest first."""

    view: LineView
    age_days: int
    candidates: tuple[ShownCandidate, ...]
    cards: tuple[str, ...] = ()


class WaitsFor(StrEnum):
    """Whose word a line waits for that no rule has a proposal for."""

    SECOND = "second"
    CARD = "card"
    CAME = "came"
    WENT = "went"


def by_what_they_wait_for(
    lines: Collection[ShownLine], asked: Collection[int]
) -> dict[WaitsFor, list[ShownLine]]:
    """Lines without a proposal, by the question each asks; ``asked`` wait for a second person."""
    return {
        what: found
        for what in WaitsFor
        if (found := [one for one in lines if _waits_for(one, asked) is what])
    }


def _waits_for(one: ShownLine, asked: Collection[int]) -> WaitsFor:
    if one.view.line.id in asked:
        return WaitsFor.SECOND
    if one.cards:
        return WaitsFor.CARD
    return WaitsFor.CAME if one.view.line.amount_minor > 0 else WaitsFor.WENT


def show(work: Work, proposed: Collection[Proposed]) -> list[ShownLine]:
    """Lines as a page lists them."""
    candidates = [one for line in proposed for one in line.judgement.candidates]
    payees = voucher_facts(
        work.session,
        {one.target_id or 0 for one in candidates if one.kind is Kind.VOUCHER},
    )
    people = {one.person_id for one in candidates if one.person_id is not None}
    names = kit().name_people(work, people | set(payees.values()))
    return [
        ShownLine(
            line.view,
            line.age_days,
            tuple(
                ShownCandidate(one, _whom(one, names, payees), key_of(work, line.view, one))
                for one in line.judgement.candidates
            ),
            line.cards,
        )
        for line in proposed
    ]


def key_of(work: Work, view: LineView, one: Candidate) -> str:
    """What a page sends back for one candidate: it cannot be turned into another."""
    said = f"{view.line.ref}|{one.kind}|{one.person_id}|{one.target_id}"
    return work.vault.fingerprint("command", said).hex()[:KEY_LETTERS]


def candidate_of(work: Work, view: LineView, key: str) -> Candidate:
    """The candidate that was shown under a key; ChoiceGoneError if it is none any more."""
    for one in proposed_for(work, view).judgement.candidates:
        if key_of(work, view, one) == key:
            return one
    raise ChoiceGoneError


def _whom(one: Candidate, names: Mapping[int, str], payees: Mapping[int, int]) -> str:
    person_id = one.person_id
    if one.kind is Kind.VOUCHER:
        person_id = payees.get(one.target_id or 0)
    return names.get(person_id or 0, "")
