"""What can happen in the union of the consent machine, each act drawn as one byte.

By whom, about which case and how is all in the byte; most bytes are of somebody who may, the
others try what the model says is refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from tests.builders.crisis import report
from tests.builders.identity import give_role
from tests.builders.ledger import acting_as
from tests.laws.consent_model import HELPS, OFFICE, RECEIVES, Case, Shown, Who
from tests.laws.consent_union import KEEPER, SLOTS, TEST, Story
from union.crisis.models import IncidentAvoid
from union.identity.models import RoleGrant
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Grant
from union.legal import services
from union.legal.models import LegalCase
from union.legal.queries import cases_to_let_into, lawyers
from union.legal.rules import SHARED_AT_MOST, CaseOutcome, Part, Purpose
from union.legal.services.story import LOOK
from union.legal.services.waiting import ASK, ask_on
from union.members.services.pairs import merge_members
from union.office.people.services import end_office

PURPOSES = (Purpose.SHARE_LAWYER, Purpose.SHARE_LAWYER, *Purpose)
DAYS = (30, 3, 89, 0, -1, 90)
PARTS = tuple(Part)
JOINED_WITH = (Who.PARALEGAL, Who.OTHER_PARALEGAL, Who.COUNSELLOR, Who.COMMITTEE)
NAMED = (Who.ENTRY, Who.ENTRY, Who.LAWYER, Who.COUNSELLOR, Who.OTHER_PARALEGAL, Who.MEMBER)


class ConsentUnion(Story):
    """Every act there is; each does to the model what the product is to do."""

    # Cases begin.

    def _is_room(self) -> bool:
        late = self.model.cases[-SLOTS:]
        return len(late) < SLOTS or not late[0].open or not (late[0].has or self._could(late[0]))

    def _could(self, case: Case) -> set[Who]:
        offices = RECEIVES if case.is_complaint else HELPS
        return {one for one in offices - case.avoid if not self.model.is_out(case, one)}

    def opens(self, n: int) -> None:
        if not self._is_room():
            return
        who, subject = Who(n % len(OFFICE)), (None, Who.MEMBER)[n // 8 % 2]
        new = services.NewCase(subject and self.person_ids[subject], (), "as she told it")

        def act(work: Work) -> tuple[str, int]:
            made = services.open_case(work, new)
            return made.ref, made.id

        done = self._tries(who, "legal.open_new", {}, act)
        assert (done is not None) == (who in HELPS & self.model.in_office)
        if done is not None:
            self.model.cases.append(Case(*done, subject=subject, has={who}))

    def opens_from_incident(self, n: int) -> None:
        if not self._is_room():
            return
        avoid = frozenset({Who(n % 2)} if n % 3 == 0 else ())
        with self.unit.begin(TEST) as work:
            incident_id = report(work).incident_id
            of_it = select(LegalCase).where(LegalCase.incident_id == incident_id)
            if work.session.scalar(of_it) is not None:
                return
            for who in avoid:
                named = IncidentAvoid(incident_id=incident_id, person_id=self.person_ids[who])
                work.session.add(named)
            work.session.flush()
            for _twice in range(2):
                services.open_follow_up(work, {"incident_id": incident_id})
            made = work.session.scalars(of_it).one()
            case = Case(made.ref, made.id, incident_id=incident_id, avoid=avoid)
        self.model.cases.append(case)
        self._was_given(case, self.model.able(case))

    def complains(self, n: int) -> None:
        if not self._is_room():
            return
        named = NAMED[n % len(NAMED)]
        new = services.NewComplaint(
            self.person_ids[Who.MEMBER], "what she did", frozenset({self.person_ids[named]})
        )

        def act(work: Work) -> tuple[str, int]:
            made = services.open_complaint(work, new)
            return made.ref, made.id

        done = self._tries(Who.MEMBER, "legal.complain", {}, act)
        assert (done is not None) == (self.model.one(named) is not Who.MEMBER)
        if done is not None:
            case = Case(*done, is_complaint=True, subject=Who.MEMBER, out={named})
            self.model.cases.append(case)
            self._was_received(case)

    # Who has one.

    def takes(self, n: int) -> None:
        """Mostly a paralegal, of a case that nobody has; at times anybody, of any."""
        free = [one for one in self.model.cases[-SLOTS:] if one.open and not one.has]
        case = free[n % len(free)] if free and n % 4 else self._case(n)
        if case is None:
            return
        who = Who(n // SLOTS % (len(HELPS) if n % 8 else len(OFFICE)))
        done = self._tries(who, "legal.take", {}, lambda w: services.take_case(w, case.ref))
        assert (done is not None) == self.model.may_take(case, who)
        if done is not None:
            case.has = {who}

    def hands_back(self, n: int) -> None:
        done = self._of_case(
            n,
            "legal.hand_back",
            lambda work, case: services.hand_back_case(work, case.ref, self.own_key(work, n // 8)),
            lambda case, _who: case.open,
        )
        if done is None:
            return
        case, who, _ = done
        case.gave_back.add(who)
        if case.is_complaint:
            case.has.discard(who)
            self._was_received(case, {who})
        else:
            self._was_given(case, self.model.able(case) - {who})

    def closes(self, n: int) -> None:
        done = self._of_case(
            n,
            "legal.close",
            lambda work, case: services.close_case(work, case.ref, CaseOutcome.PARTLY),
            lambda case, _who: case.open,
        )
        if done is not None:
            done[0].open = False

    def notes(self, n: int) -> None:
        self._of_case(
            n,
            "legal.note",
            lambda work, case: services.add_note(work, case.ref, "she called again"),
            lambda case, _who: case.open,
        )

    def lets_in(self, n: int) -> None:
        """Mostly the keeper; whoever waits and can be let in waits no more."""
        who = KEEPER if n % 4 else Who(n // 4 % Who.TREASURER)

        def act(work: Work) -> int:
            many = services.let_others_in(work, self.own_key(work))
            assert cases_to_let_into(work) == []
            return many

        self.done += bool(self._tries(who, "legal.let_in", {}, act))

    # Her word, and whom it reaches.

    def says_yes(self, n: int) -> None:
        purpose, today = PURPOSES[n // SLOTS % len(PURPOSES)], self.clock.today()
        done = self._of_case(
            n,
            "legal.consent",
            lambda work, case: services.give_consent(work, case.ref, purpose, today).ref,
            lambda case, _who: case.open and purpose not in case.yes,
        )
        if done is not None:
            done[0].yes[purpose] = done[2]

    def takes_it_back(self, n: int) -> None:
        """Never too late: also when the case is closed."""
        purpose = PURPOSES[n // SLOTS % len(PURPOSES)]
        done = self._of_case(
            n,
            "legal.withdraw",
            lambda work, case: services.withdraw_consent(
                work, case.ref, case.yes.get(purpose, "none")
            ),
            lambda case, _who: purpose in case.yes,
        )
        if done is not None:
            del done[0].yes[purpose]
            if purpose is Purpose.SHARE_LAWYER:
                done[0].end_shares()

    def shares(self, n: int) -> None:
        days = DAYS[n // SLOTS % len(DAYS)]
        parts = frozenset(one for at, one in enumerate(PARTS) if n >> at & 1)
        day = self.clock.today() + timedelta(days=days)

        def act(work: Work, case: Case) -> Shown:
            it = work.session.scalars(select(LegalCase).where(LegalCase.ref == case.ref)).one()
            hers = self.person_ids[Who.LAWYER]
            found = [one.office for one in lawyers(work, it) if one.person_id == hers]
            new = services.NewShare((found or ["none"])[0], parts, day)
            made = services.share_case(work, case.ref, new, self.own_key(work, n // 8))
            return Shown(made.ref, parts, made.until_at)

        done = self._of_case(
            n,
            "legal.share",
            act,
            lambda case, who: (
                self.model.may_be_shown(case, who)
                and 0 <= days < SHARED_AT_MOST.days
                and all(one.ended or one.until <= self.now for one in case.shares)
            ),
        )
        if done is not None:
            done[0].end_shares()
            done[0].shares.append(done[2])

    def ends_a_share(self, n: int) -> None:
        done = self._of_case(
            n,
            "legal.share_end",
            lambda work, case: services.end_share(
                work, case.ref, case.shares[-1].ref if case.shares else "none"
            ),
            lambda case, _who: bool(case.shares),
        )
        if done is not None:
            done[0].shares[-1].ended = True

    def keeps_out(self, n: int) -> None:
        named = NAMED[n // SLOTS % len(NAMED)]
        done = self._of_case(
            n,
            "legal.keep_out",
            lambda work, case: services.keep_out(work, case.ref, self.person_ids[named]),
            lambda case, who: case.open and self.model.may_name(case, who, named),
        )
        if done is None or named in done[0].out:
            return
        case = done[0]
        case.out.add(named)
        if self.model.one(named) is Who.LAWYER:
            case.end_shares()
        if case.is_complaint:
            self._was_received(case)

    # Offices, entries, time.

    def office_ends(self, n: int) -> None:
        """By her own hand; whoever has a case then has it no more."""
        who = Who(n % Who.TREASURER)
        if who not in self.model.in_office or n % 3:
            return
        with self.unit.begin(TEST) as work:
            held = select(RoleGrant.ref).where(
                RoleGrant.account_id == self.accounts[who], RoleGrant.ended_at.is_(None)
            )
            with acting_as(work, self.signed_in(work, who)):
                end_office(work, work.session.scalars(held).one())
        self.model.in_office.discard(who)
        if who is Who.LAWYER:
            for case in self.model.cases:
                case.end_shares()
        for case in self.model.cases:
            if who in case.has:
                self._was_left(case, who)

    def _was_left(self, case: Case, who: Who) -> None:
        shown = any(not one.ended for one in case.shares)
        if case.open and case.is_complaint:
            self._was_received(case)
        elif case.open:
            self._was_given(case, self.model.able(case) - {who})
        if (case.open or shown) and not self.model.somebody_has(case):
            case.end_shares()

    def office_is_hers_again(self, n: int) -> None:
        who = Who(n % Who.TREASURER)
        with self.unit.begin(TEST) as work:
            give_role(work, self.accounts[who], Grant(OFFICE[who]))
        self.model.in_office.add(who)

    def joins(self, n: int) -> None:
        """The loose entry turns out to be somebody's."""
        if self.model.joined_to is not None or n % 2:
            return
        who = JOINED_WITH[n // 2 % len(JOINED_WITH)]
        with self.unit.begin(TEST) as work:
            kept, gone = self.person_ids[who], self.person_ids[Who.ENTRY]
            self.joined = merge_members(work, kept, gone).id
            services.go_around_joined(work, kept)
        self.model.joined_to = who
        for case in self.model.cases:
            if self.model.is_out(case, who):
                self._goes_around(case, who)

    def _goes_around(self, case: Case, who: Who) -> None:
        if case.open and who in case.has:
            if case.is_complaint:
                self._was_received(case)
            else:
                self._was_given(case, self.model.able(case))
        if not self.model.somebody_has(case):
            case.end_shares()

    def an_hour(self, _n: int) -> None:
        self._passes(timedelta(hours=1))

    def a_day(self, _n: int) -> None:
        self._passes(timedelta(days=1))

    def forty_days(self, n: int) -> None:
        if n % 4 == 0:
            self._passes(timedelta(days=40))

    def _passes(self, span: timedelta) -> None:
        """The clock goes on, and the worker looks at every case whose hour has come."""
        self.clock.advance(span)
        for case in self.model.cases:
            if case.open:
                self._is_looked_at(case)
        with self.unit.begin(TEST) as work:
            due = select(Timer).where(
                Timer.kind == ASK, Timer.done_at.is_(None), Timer.due_at <= self.now
            )
            for timer in work.session.scalars(due).all():
                ask_on(work, timer)

    def _is_looked_at(self, case: Case) -> None:
        with self.unit.begin(TEST) as work:
            due = select(Timer).where(
                Timer.kind == LOOK,
                Timer.subject_id == case.id,
                Timer.done_at.is_(None),
                Timer.due_at <= self.now,
            )
            timer = work.session.scalars(due).one_or_none()
            if timer is None:
                return
            services.look_at_case(work, timer)
        if case.is_complaint:
            self._was_received(case)
        elif not case.has:
            self._was_given(case, self.model.able(case))

    def restarts(self, _n: int) -> None:
        """Another process, that remembers nothing."""
        bind = self.unit.sessions.kw["bind"]
        bind.dispose()
        self.unit = replace(self.unit, vault=self.unit.vault.fresh())
