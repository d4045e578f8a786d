"""Who would be asked if nobody answered, step by step: the engine's own rules, and nobody is told.

It knows no more than the rules do: whoever cannot be reached tonight is found out only in truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union.crisis.rules.choosing import Choice, Wanted, Weighed, choose
from union.crisis.rules.escalation import District, Step, how_many, scope, widening
from union.crisis.rules.kinds import IN_CHARGE, AskedAs, PageState, Who
from union.crisis.rules.needs import needs_for
from union.crisis.rules.policies import asks_for
from union.crisis.rules.progress import in_charge_first

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from union.crisis.rules.choosing import Candidate
    from union.crisis.rules.policies import Draft


@dataclass(frozen=True, slots=True)
class Stage:
    """What the rules are given: where, when, who there is, and who holds an office then."""

    home: District
    local: datetime
    districts: Sequence[District]
    candidates: Mapping[AskedAs, Sequence[Candidate]]
    in_charge: Mapping[AskedAs, Sequence[int]]
    down: Mapping[AskedAs, Collection[int]] = field(default_factory=dict)
    """Of who holds an office, those down for that hour; without an entry all are alike."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One step: after how many seconds, who would be asked as what, and who could not be."""

    step: Step
    after_seconds: int
    asked: tuple[tuple[AskedAs, Weighed], ...] = ()
    in_charge: tuple[int, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody at all would be asked."""
        return not self.asked and not self.in_charge


def rehearse(draft: Draft, stage: Stage) -> list[Rehearsed]:
    """Every step in turn, as if nobody ever answered; nobody is asked twice.

    The last step, which is taken again and again, stands there once more if it then reaches those
    who hold the office and are not down for that hour.
    """
    done: list[Rehearsed] = []
    already: frozenset[int] = frozenset()
    after = 0
    for number, step in enumerate((*draft.steps, *draft.steps[-1:])):
        if number == len(draft.steps) and not _in_charge(stage, step, already):
            break
        one = _one_step(draft, stage, step, already, after)
        already |= {weighed.person_id for _, weighed in one.asked} | set(one.in_charge)
        after += step.wait_seconds if not one.is_empty else 0
        done.append(one)
    return done


def _one_step(
    draft: Draft, stage: Stage, step: Step, already: frozenset[int], after: int
) -> Rehearsed:
    held = _in_charge(stage, step, already)
    asked: list[tuple[AskedAs, Weighed]] = []
    left_out: dict[str, int] = {}
    needs = step.of(needs_for(draft.quorum, None)) if step.who is not Who.COORDINATORS else {}
    for role, missing in needs.items():
        taken = already | set(held) | {weighed.person_id for _, weighed in asked}
        choice = _within(stage, step, role, how_many(missing, 0, step.spare), taken)
        asked.extend((role, weighed) for weighed in choice.chosen)
        for reason, count in choice.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + count
    return Rehearsed(step, after, tuple(asked), tuple(held), left_out)


def _in_charge(stage: Stage, step: Step, already: frozenset[int]) -> list[int]:
    """As the engine asks them: who is down for that hour first, the others once that was vain."""
    held: list[int] = []
    in_vain = [(one, PageState.SILENT) for one in already]
    for office in IN_CHARGE:
        if not asks_for(step, office) or _only_coordinators(step, office):
            continue
        holders = stage.in_charge[office]
        first = in_charge_first(holders, stage.down.get(office, holders), in_vain)
        asked = [one for one in first if one not in {*already, *held}]
        if not asked and set(held).isdisjoint(first):
            asked = [one for one in holders if one not in {*already, *held}]
        held.extend(asked)
    return held


def _only_coordinators(step: Step, office: AskedAs) -> bool:
    return step.who is Who.COORDINATORS and office is not AskedAs.COORDINATOR


def _within(stage: Stage, step: Step, role: AskedAs, count: int, already: frozenset[int]) -> Choice:
    """As the engine widens: the first circle in which somebody is found, sleepers last of all."""
    wanted = Wanted(
        role=role, count=count, local=stage.local, cell=stage.home.cell, already=already
    )
    choice = Choice(())
    for who in widening(step.who, role):
        branches = scope(who, stage.home, stage.districts)
        wanted = replace(wanted, branches=branches)
        choice = choose(stage.candidates[role], wanted)
        if choice.is_empty and branches is None:
            choice = choose(stage.candidates[role], replace(wanted, asleep_too=True))
        if not choice.is_empty:
            break
    return choice
