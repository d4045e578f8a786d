"""The union in which the machine of consent acts: each act through its page's decision.

Does to the product what it does to the model. Where the product chooses somebody, the model says
among whom, and then takes the choice over. Every act commits, or is refused and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import choose_words, own_key_of
from tests.builders.members import make_branch, make_member
from tests.laws.consent_model import HELPS, OFFICE, RECEIVES, Case, Model, Who
from union.identity.models import Account
from union.identity.queries import actor_of_account
from union.infra.people import new_person
from union.infra.sealing import CASE_KEEPERS, OwnKey, make_circle
from union.infra.work import UnitOfWork, Work
from union.kernel.access import Answer, decide
from union.kernel.actor import Actor, Grant
from union.kernel.clock import ManualClock
from union.kernel.errors import UnionError
from union.legal.invariants import INVARIANTS
from union.legal.models import LegalCase
from union.legal.queries import receivers_of
from union.legal.queries.about import ABOUTS
from union.legal.rules import TWO
from union.members.services.pairs import undo_merge
from union.web.access import TABLE

TEST = Actor.system("test")
KEEPER = Who.COMMITTEE
"""She keeps the keys of cases, but of those that go around her."""
SLOTS = 3
"""So many cases are had, or asked for, at a time; the others are closed, or nobody's for good."""


def _with_words(work: Work, people: dict[Who, int]) -> Iterator[tuple[int, OwnKey]]:
    """Give whoever works on cases opening words; each one's key, opened."""
    for who in sorted(HELPS | RECEIVES):
        her = Actor(people[who], None, frozenset())
        choose_words(work, her)
        yield people[who], own_key_of(work, her)


@dataclass
class Story:
    """Its people, and what has become of them and of the cases."""

    unit: UnitOfWork
    clock: ManualClock
    accounts: dict[Who, int]
    person_ids: dict[Who, int]
    model: Model = field(default_factory=Model)
    opened: dict[int, OwnKey] = field(default_factory=dict)
    joined: int | None = None
    done: int = 0
    told: list[tuple[str, int]] = field(default_factory=list)
    actor: Actor = TEST

    @classmethod
    def made_in(cls, unit: UnitOfWork, clock: ManualClock) -> Self:
        with unit.begin(TEST) as work:
            make_branch(work)
            members = {who: make_member(work).person_id for who in Who if who is not Who.LAWYER}
            people = {**members, Who.LAWYER: new_person(work).id}
            accounts = {who: make_account(work, people[who]).id for who in OFFICE}
            for who, role in OFFICE.items():
                give_role(work, accounts[who], Grant(role))
            opened = dict(_with_words(work, people))
            make_circle(work, CASE_KEEPERS, [people[KEEPER]])
        return cls(unit, clock, accounts, people, opened=opened)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def own_key(self, work: Work, n: int = 1) -> OwnKey | None:
        """The key that whoever acts has open: at times none, and of some never any."""
        return self.opened.get(work.actor.person_id) if n % 2 else None

    def signed_in(self, work: Work, who: Who) -> Actor:
        return actor_of_account(work, work.session.get_one(Account, self.accounts[who]))

    def in_sight(self, step: int) -> list[Case]:
        """The cases of the day, and each time one of those before."""
        before, late = self.model.cases[:-SLOTS], self.model.cases[-SLOTS:]
        return [*late, before[step % len(before)]] if before else late

    def laws_broken(self, work: Work) -> dict[str, set[int]]:
        """What breaks what must always hold of cases."""
        run = work.session.connection().exec_driver_sql
        each = (
            f"SELECT '{name}', found.* FROM ({query}) found" for name, query in INVARIANTS.items()
        )
        broken: dict[str, set[int]] = {}
        for name, subject_id in run(" UNION ALL ".join(each)):
            broken.setdefault(name, set()).add(subject_id)
        return broken

    def do(self, what: str, n: int) -> None:
        """One act, drawn as a byte: by whom, about which case, and how."""
        before, done = (repr(self.model), self.now, self.unit), self.done
        getattr(self, what)(n)
        if (repr(self.model), self.now, self.unit) != before or self.done != done:
            self.told.append((what, n))

    def _case(self, n: int) -> Case | None:
        late = self.model.cases[-SLOTS:]
        return late[n % SLOTS] if n % SLOTS < len(late) else None

    def _whoever(self, case: Case, n: int) -> Who:
        """Mostly somebody who has it, at times anybody."""
        has = sorted(case.has)
        return has[n % len(has)] if has and n % 8 else Who(n // SLOTS % len(OFFICE))

    def _tries(self, who: Who, endpoint: str, args, act):
        """What came of it; None where the page's decision or the service refused."""
        row = TABLE[endpoint]
        try:
            with self.unit.begin(TEST) as work, acting_as(work, self.signed_in(work, who)):
                about = ABOUTS[row.about](work, args) if row.about else None
                if decide(work.actor, row, about, self.now) is not Answer.OPEN:
                    return None
                return act(work)
        except UnionError:
            return None

    def _of_case(self, n: int, endpoint: str, act, may) -> tuple[Case, Who, object] | None:
        """Somebody acts on a case; None if there is none or it was refused, as the model says."""
        case = self._case(n)
        if case is None:
            return None
        who = self._whoever(case, n)
        done = self._tries(who, endpoint, {"ref": case.ref}, lambda work: act(work, case))
        allowed = self.model.may_read(case, who) and may(case, who)
        assert (done is not None) == allowed, (endpoint, who, case)
        self.done += allowed
        return (case, who, done) if allowed else None

    # Where the product chooses.

    def _was_given(self, case: Case, among: set[Who]) -> None:
        with self.unit.reading(TEST) as work:
            person_id = work.session.get_one(LegalCase, case.id).assignee_person_id
        case.has = {who for who, one in self.person_ids.items() if one == person_id}
        assert case.has <= among, (case, among)
        assert bool(case.has) == bool(among), (case, among)

    def _was_received(self, case: Case, but: frozenset[Who] | set[Who] = frozenset()) -> None:
        able = self.model.able(case)
        stay = case.has & able
        more = able - stay - set(but)
        with self.unit.reading(TEST) as work:
            live = {one.person_id for one in receivers_of(work, case.id)}
        case.has = {who for who, one in self.person_ids.items() if one in live}
        assert stay <= case.has <= stay | more, case
        assert len(case.has) == min(TWO, len(stay | more)), case

    def parts(self, _n: int) -> None:
        if self.joined is None:
            return
        with self.unit.begin(TEST) as work:
            undo_merge(work, self.joined)
        self.joined = self.model.joined_to = None
