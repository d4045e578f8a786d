"""Who may read which case, in as few words as it can be said; it has never heard of a database.

The machine of consent and sharing does to the product what it does to this, and asks both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from union.kernel.actor import Role
from union.legal.rules import Part, Purpose


class Who(IntEnum):
    """The people of the story; the last is an entry of the register and signs in nowhere."""

    PARALEGAL = 0
    OTHER_PARALEGAL = 1
    LAWYER = 2
    COUNSELLOR = 3
    COMMITTEE = 4
    TREASURER = 5
    MEMBER = 6
    ENTRY = 7


OFFICE = {
    Who.PARALEGAL: Role.PARALEGAL,
    Who.OTHER_PARALEGAL: Role.PARALEGAL,
    Who.LAWYER: Role.LAWYER,
    Who.COUNSELLOR: Role.COUNSELLOR,
    Who.COMMITTEE: Role.WELFARE_COMMITTEE,
    Who.TREASURER: Role.TREASURER,
    Who.MEMBER: Role.MEMBER,
}
HELPS = frozenset({Who.PARALEGAL, Who.OTHER_PARALEGAL})
RECEIVES = frozenset({Who.LAWYER, Who.COUNSELLOR, Who.COMMITTEE})


@dataclass
class Shown:
    """A share: with whom there is but one lawyer, which parts, until when."""

    ref: str
    parts: frozenset[Part]
    until: datetime
    ended: bool = False


@dataclass
class Case:
    """A case as far as anybody's reading goes."""

    ref: str
    id: int
    is_complaint: bool = False
    incident_id: int | None = None
    subject: Who | None = None
    has: set[Who] = field(default_factory=set)
    out: set[Who] = field(default_factory=set)
    avoid: frozenset[Who] = frozenset()
    gave_back: set[Who] = field(default_factory=set)
    open: bool = True
    yes: dict[Purpose, str] = field(default_factory=dict)
    shares: list[Shown] = field(default_factory=list)

    @property
    def shows_the_call(self) -> bool:
        return self.incident_id is not None and Purpose.READ_TIMELINE in self.yes

    @property
    def is_shown(self) -> bool:
        return any(not one.ended for one in self.shares)

    def end_shares(self) -> None:
        for one in self.shares:
            one.ended = True


@dataclass
class Model:
    """Who holds her office, whom the loose entry stands for, and the cases, the first first."""

    in_office: set[Who] = field(default_factory=lambda: set(OFFICE))
    joined_to: Who | None = None
    cases: list[Case] = field(default_factory=list)

    def one(self, who: Who | None) -> Who | None:
        """Who that is: joined entries are one person."""
        return self.joined_to if who is Who.ENTRY and self.joined_to is not None else who

    def is_out(self, case: Case, who: Who) -> bool:
        return self.one(who) in {self.one(named) for named in case.out}

    def is_hers(self, case: Case, who: Who) -> bool:
        return case.subject is not None and self.one(who) == self.one(case.subject)

    def able(self, case: Case) -> set[Who]:
        """Who could have it."""
        offices = (RECEIVES if case.is_complaint else HELPS) & self.in_office
        free = {one for one in offices if not self.is_out(case, one)}
        return {one for one in free - case.avoid if not self.is_hers(case, one)}

    def may_read(self, case: Case, who: Who) -> bool:
        """The whole of it: she has it, holds the office she has it in, and is not kept out."""
        offices = RECEIVES if case.is_complaint else HELPS
        has = who in case.has and who in offices & self.in_office
        return has and not self.is_out(case, who)

    def may_take(self, case: Case, who: Who) -> bool:
        free = case.open and not case.is_complaint and not case.has
        return free and who in self.able(case)

    def is_offered(self, case: Case, who: Who) -> bool:
        """Whether it stands in her queue; who is only named in its conflict sees the line."""
        free = case.open and not case.is_complaint and not case.has and case.subject is not who
        return free and not self.is_out(case, who)

    def may_read_share(self, case: Case, share: Shown, who: Who, now: datetime) -> bool:
        """What is shared: by the lawyer, until its end, unless it goes around her."""
        hers = who is Who.LAWYER and who in self.in_office and not self.is_out(case, who)
        return hers and not share.ended and now < share.until

    def may_be_shown(self, case: Case, by: Who) -> bool:
        """Whether the lawyer can be given a share by her who has it."""
        consents = case.open and Purpose.SHARE_LAWYER in case.yes
        lawyer = Who.LAWYER in self.in_office and not self.is_out(case, Who.LAWYER)
        return consents and lawyer and by is not Who.LAWYER

    def may_name(self, case: Case, by: Who, named: Who) -> bool:
        """Whether her who has it may keep somebody out of it: not herself, not whose it is."""
        return not self.is_hers(case, named) and self.one(named) is not self.one(by)

    def somebody_has(self, case: Case) -> bool:
        offices = RECEIVES if case.is_complaint else HELPS
        return bool(case.has & offices & self.in_office)
