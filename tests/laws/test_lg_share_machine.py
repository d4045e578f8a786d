"""Consent and sharing in any order: a lawyer reads a case exactly while a model says she may.

The model is a handful of plain values. After every step each share that was ever made is tried
by its lawyer, through the service, the list and what stands before the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.laws.machines import in_parts
from union.identity.models import Account, RoleGrant
from union.identity.queries import actor_of_account
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotFoundError, UnionError
from union.legal.invariants import INVARIANTS
from union.legal.models import LegalCase
from union.legal.queries import lawyers, shared_with
from union.legal.queries.about import about_share
from union.legal.rules import CaseOutcome, Part, Purpose
from union.legal.services import (
    NewShare,
    close_case,
    end_share,
    give_consent,
    hand_back_case,
    keep_out,
    read_share,
    share_case,
    withdraw_consent,
)

TEST = Actor.system("test")
WHO = st.integers(0, 1)
DAYS = st.sampled_from([30, 3, 89, 0, -1, 90, 200])
SELDOM = st.integers(0, 7).map(lambda number: number == 7)
PARTS = st.frozensets(st.sampled_from([Part.HER, Part.PARTIES, Part.STORY]))
SPANS = st.sampled_from([timedelta(hours=1), timedelta(days=1), timedelta(days=40)])
MOST_DAYS = 90


@dataclass
class Shared:
    """A share as the model knows it."""

    ref: str
    lawyer: int
    parts: frozenset[Part]
    until: datetime
    ended: bool = False


class Sharing(RuleBasedStateMachine):
    """One case, two paralegals, two lawyers, and a clock that only goes on."""

    unit = clock = None
    paralegals: tuple[Actor, ...] = ()
    lawyers: tuple[int, ...] = ()

    @initialize()
    def begin(self):
        self.shares, self.kept_out = list[Shared](), set[int]()
        self.consent, self.open = None, True
        self.in_office = [True for _ in self.lawyers]
        with self.unit.begin(TEST) as work:
            for account_id in self.lawyers:
                give_role(work, account_id, Grant(Role.LAWYER))
            self.case = make_case(work, self.paralegals[0], make_member(work).person_id).ref

    @rule()
    def she_says_yes(self):
        today = self.clock.today()
        done = self._do(lambda work: give_consent(work, self.case, Purpose.SHARE_LAWYER, today).ref)
        assert (done is not None) == (self.open and self.consent is None)
        self.consent = done or self.consent

    @rule()
    def she_takes_it_back(self):
        """Never too late: also when the case is closed."""
        if self.consent is None:
            return
        assert self._do(lambda work: withdraw_consent(work, self.case, self.consent)) is not None
        self.consent = None
        self._end(range(len(self.lawyers)))

    @rule(nth=WHO, days=DAYS, parts=PARTS, without_asking=SELDOM)
    def it_is_shared(self, nth, days, parts, without_asking):
        if self.consent is None and not without_asking:
            self.she_says_yes()
        day = self.clock.today() + timedelta(days=days)

        def share(work):
            case = work.session.scalars(select(LegalCase).where(LegalCase.ref == self.case)).one()
            person_id = self._lawyer(work, nth).person_id
            found = [one.office for one in lawyers(work, case) if one.person_id == person_id]
            made = share_case(work, self.case, NewShare((found or ["none"])[0], parts, day))
            return made.ref, made.until_at

        may = (
            self.open
            and self.consent is not None
            and self.in_office[nth]
            and nth not in self.kept_out
            and 0 <= days < MOST_DAYS
            and not any(one.lawyer == nth and self._stands(one) for one in self.shares)
        )
        done = self._do(share)
        assert (done is not None) == may, (nth, days)
        if done is not None:
            self.shares.append(Shared(done[0], nth, parts, done[1]))

    @rule(nth=st.integers(0, 5))
    def a_share_is_ended(self, nth):
        if self.shares:
            share = self.shares[nth % len(self.shares)]
            assert self._do(lambda work: end_share(work, self.case, share.ref)) is not None
            share.ended = True

    @rule(span=SPANS)
    def time_passes(self, span):
        self.clock.advance(span)

    @rule(nth=WHO, now=SELDOM)
    def her_office_ends(self, nth, now):
        if not now:
            return
        with self.unit.begin(TEST) as work:
            held = work.session.scalars(
                select(RoleGrant).where(
                    RoleGrant.account_id == self.lawyers[nth], RoleGrant.ended_at.is_(None)
                )
            )
            for grant in held:
                grant.ended_at = work.clock.now()
        self.in_office[nth] = False
        self._end([nth])

    @rule(nth=WHO)
    def she_is_our_lawyer_again(self, nth):
        with self.unit.begin(TEST) as work:
            give_role(work, self.lawyers[nth], Grant(Role.LAWYER))
        self.in_office[nth] = True

    @rule(nth=WHO, now=SELDOM)
    def it_goes_around_her(self, nth, now):
        if not now:
            return

        def keep(work):
            return keep_out(work, self.case, self._lawyer(work, nth).person_id)

        if self._do(keep) is not None:
            self.kept_out.add(nth)
            self._end([nth])

    @rule(now=SELDOM)
    def another_takes_it_on(self, now):
        if now:
            self._do(lambda work: hand_back_case(work, self.case))

    @rule(now=SELDOM)
    def it_is_closed(self, now):
        if now and self._do(lambda work: close_case(work, self.case, CaseOutcome.PARTLY)):
            self.open = False

    @invariant()
    def she_reads_it_while_she_may_and_no_longer(self):
        if not hasattr(self, "shares"):
            return
        for share in self.shares:
            self._try_to_read(share)
        with self.unit.reading(TEST) as work:
            for name, query in INVARIANTS.items():
                assert work.session.connection().exec_driver_sql(query).all() == [], name

    def _try_to_read(self, share: Shared) -> None:
        may = self._stands(share) and self.in_office[share.lawyer]
        with self.unit.begin(TEST) as work:
            lawyer = self._lawyer(work, share.lawyer)
            with acting_as(work, lawyer):
                try:
                    content = read_share(work, share.ref)
                except NotFoundError:
                    assert not may
                else:
                    assert may
                    given = (content.caller, content.parties, content.events)
                    asked = (Part.HER, Part.PARTIES, Part.STORY)
                    for part, shown in zip(asked, given, strict=True):
                        assert (shown is not None) == (part in share.parts)
                listed = {one.ref for one in shared_with(work, lawyer.person_id)}
                assert (share.ref in listed) == self._stands(share)
                until = about_share(work, {"share_ref": share.ref}).shared_until
                assert (until.get(lawyer.person_id, self.clock.now()) > self.clock.now()) == (
                    self._stands(share)
                )

    def _stands(self, share: Shared) -> bool:
        return not share.ended and self.clock.now() < share.until

    def _end(self, whose) -> None:
        for share in self.shares:
            share.ended = share.ended or share.lawyer in whose

    def _lawyer(self, work, nth: int) -> Actor:
        return actor_of_account(work, work.session.get_one(Account, self.lawyers[nth]))

    def _do(self, act):
        """What came of it, done by whoever has the case; None where it was refused."""
        try:
            with self.unit.begin(TEST) as work:
                case = work.session.scalars(
                    select(LegalCase).where(LegalCase.ref == self.case)
                ).one()
                has = next(
                    one for one in self.paralegals if one.person_id == case.assignee_person_id
                )
                with acting_as(work, has):
                    return act(work)
        except UnionError:
            return None


@in_parts(8, 30)
def test_in_any_order_a_lawyer_reads_no_more_than_she_may(committing, clock, examples, steps, part):
    with committing.begin(TEST) as work:
        paralegals = tuple(make_paralegal(work) for _ in range(2))
        accounts = tuple(make_account(work, new_person(work).id).id for _ in range(2))
    known = {"unit": committing, "clock": clock, "paralegals": paralegals, "lawyers": accounts}
    machine = type(f"SharingOfThese{part}", (Sharing,), known)
    run_state_machine_as_test(
        seed(part)(machine) if part else machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
