"""A case as it is shown: plain values, filled at its one door and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from union.crisis.queries.desk import TimelineEvent
from union.legal.queries import Lawyer, ShareLine
from union.legal.rules import (
    Act,
    CaseKind,
    CaseOutcome,
    CaseState,
    PartyRole,
    Purpose,
    Recipient,
    Said,
    Step,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose case it is, and how she may be reached; ``who`` is "" if she has not said."""

    who: str
    branch: str
    numbers: tuple[str, ...]
    ask_for: str | None
    wish: str | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent, standing or withdrawn."""

    ref: str
    purpose: Purpose
    recipient: Recipient
    given_on: date
    by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody in the case, and what they are in it; ``who`` is None while that is closed."""

    ref: str
    role: PartyRole
    who: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the case's story; ``closed`` if it has words that did not open."""

    at: datetime
    code: str
    who: str
    facts: Mapping[str, Any]
    words: str | None
    closed: bool


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case as whoever has it sees it; ``timeline`` is None while she has not consented.

    ``said``: whether its words opened. What is operational stands here in any case.
    """

    ref: str
    said: Said
    kind: CaseKind
    state: CaseState
    opened_at: datetime
    acts: tuple[Act, ...]
    caller: Caller
    introduced_by: str
    parties: tuple[PartyLine, ...]
    consents: tuple[ConsentLine, ...]
    events: tuple[EventLine, ...]
    shares: tuple[ShareLine, ...]
    lawyers: tuple[Lawyer, ...]
    kept_out: tuple[str, ...]
    from_incident: bool
    timeline: tuple[TimelineEvent, ...] | None
    step: Step | None
    step_words: str | None
    next_on: date | None
    overdue: bool
    outcome: CaseOutcome | None


@dataclass(frozen=True, slots=True)
class SharedContent:
    """What of a case a lawyer sees; None for each part that was not shared with her."""

    said: Said
    state: CaseState
    opened_at: datetime
    until_on: date
    acts: tuple[Act, ...]
    step: Step | None
    next_on: date | None
    outcome: CaseOutcome | None
    caller: Caller | None
    parties: tuple[PartyLine, ...] | None
    events: tuple[EventLine, ...] | None
    timeline: tuple[TimelineEvent, ...] | None
