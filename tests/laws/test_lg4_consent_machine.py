"""LG4: five hundred steps of consent and sharing, and after each every person tries every case.

Whatever the table lets somebody open is asked of the decision, then of the door behind it, then
of the lists, exactly as the model says; each reading is written down, and each no is the same no
that an address of nothing gets.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from tests.laws.consent_acts import ConsentUnion
from tests.laws.consent_model import Case, Who
from tests.laws.machines import in_parts
from union.infra.readings import ReadingRow
from union.kernel.access import Answer, decide, may_knock
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError, UnionError
from union.legal.queries import (
    cases_of,
    cases_to_let_into,
    complaints_of,
    shared_with,
    unassigned_cases,
)
from union.legal.queries.about import ABOUTS
from union.legal.rules import Part, Said
from union.legal.services import read_case, read_share
from union.web.access import TABLE

STEPS = 500

NOTHING = "nothing-here"
PAGES = {kind: [row for row in TABLE.values() if row.about == kind] for kind in ABOUTS}
UNTIED = {
    *("legal.cases", "legal.received", "legal.shared", "legal.keys"),
    *("legal.open_new", "legal.take", "legal.complain", "legal.let_in", "legal.add_keeper"),
}
"""Pages of no one case: four lists, which are looked at, three doors by which a case begins or is
taken, which are tried, and two by which others are let into words. Whoever works on cases has
opening words, one keeps their keys; whom a room may open to the laws of rooms hold besides."""

PEOPLE = [one for one in Who if one is not Who.ENTRY]

WHAT = (
    *("opens", "opens_from_incident", "complains", "takes", "takes", "hands_back"),
    *("says_yes", "says_yes", "says_yes", "takes_it_back", "shares", "shares", "ends_a_share"),
    *("an_hour", "a_day", "forty_days", "office_ends", "office_is_hers_again"),
    *("office_is_hers_again", "joins", "parts", "keeps_out", "notes", "closes", "restarts"),
    "lets_in",
)


@dataclass
class Trying:
    """Everybody, after each act, at every case; ``asked`` is what must have been written down.

    Every page's decision is asked each time. The door behind it is tried by everybody where
    something became of a case, at every case where it became of people or all began anew, and at
    whatever is shown to somebody when the hour goes on.
    """

    story: ConsentUnion
    step: int = 0
    asked: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    actors: dict[Who, Actor] = field(default_factory=dict)
    before: tuple[object, ...] = ()
    known: dict[int, str] = field(default_factory=dict)
    at: datetime | None = None

    def everybody(self) -> None:
        """Each reads what she may and no more; what is read here is thrown away again."""
        self.asked.clear()
        self.step += 1
        with self.story.unit.reading(self.story.actor) as work:
            changed = self._what_changed(work)
            for who in PEOPLE:
                hers = replace(work, actor=self.actors[who], known={})
                for case in self.story.in_sight(self.step):
                    self._tries_every_page(hers, who, case)
                    if case.id in changed:
                        self._tries_the_doors(hers, who, case)
                if changed:
                    self._looks_at_lists(hers, who)
            rows = select(ReadingRow.actor_person_id, ReadingRow.what, ReadingRow.object_id)
            if changed:
                assert Counter(map(tuple, work.session.execute(rows))) == self.asked
                self._laws_hold(work)

    def _what_changed(self, work) -> set[int]:
        """The cases something became of since the last time, by the model."""
        story, known = self.story, {one.id: repr(one) for one in self.story.model.cases}
        people = frozenset(story.model.in_office), story.model.joined_to
        if self.before[:2] != people:
            self.actors = {who: story.signed_in(work, who) for who in PEOPLE}
        around = (*people, story.unit)
        everything, later = around != self.before, story.now != self.at
        changed = {one for one in known if everything or known[one] != self.known.get(one)}
        changed |= {one.id for one in story.model.cases if later and one.is_shown}
        self.before, self.known, self.at = around, known, story.now
        return changed

    def _tries_every_page(self, work, who: Who, case: Case) -> None:
        model, now = self.story.model, self.story.now
        may = model.may_read(case, who)
        self._decides(work, "legal.case", {"ref": case.ref}, may=may)
        if who in case.gave_back:
            again = who in model.in_office and not model.is_out(case, who)
            self._decides(work, "legal.case_handed_back", {"ref": case.ref}, may=again)
        for share in case.shares[-1:]:
            shown = model.may_read_share(case, share, who, now)
            self._decides(work, "legal.share", {"share_ref": share.ref}, may=shown)

    def _tries_the_doors(self, work, who: Who, case: Case) -> None:
        model, now = self.story.model, self.story.now
        self._opens(work, who, case, may=model.may_read(case, who))
        if who not in case.gave_back:
            may = model.may_read(case, who)
            self._decides(work, "legal.case_handed_back", {"ref": case.ref}, may=may)
        for share in case.shares[-3:]:
            shown = model.may_read_share(case, share, who, now)
            self._reads(work, who, case, share, may=shown)

    def _decides(self, work, kind, args, *, may) -> None:
        now = self.story.now
        if all(may_knock(work.actor, row) is not Answer.OPEN for row in PAGES[kind]):
            assert not may, "she is told no before anything is looked for"
            return
        about = ABOUTS[kind](work, args)
        for row in PAGES[kind]:
            said, of_nothing = (decide(work.actor, row, one, now) for one in (about, None))
            opens = may and work.actor.has(*row.roles)
            assert said is (Answer.OPEN if opens else of_nothing), (row.endpoint, args)

    def _opens(self, work, who, case, *, may) -> None:
        try:
            content = read_case(work, case.ref, self.story.own_key(work, int(self.step % 4 == 1)))
        except UnionError:
            assert not may, case
            return
        kept_out = self.story.model.is_out(case, who)
        assert may or kept_out, case
        assert may or not any(one.words for one in content.events), case
        assert content.said is not Said.OPEN or not any(one.closed for one in content.events)
        assert (content.timeline is not None) == case.shows_the_call
        standing = {one.purpose for one in content.consents if one.withdrawn_at is None}
        assert standing == set(case.yes)
        self._was_written_down(who, "opened_case", case)

    def _reads(self, work, who, case, share, *, may) -> None:
        try:
            content = read_share(work, share.ref, self.story.own_key(work, int(self.step % 4 == 1)))
        except NotFoundError:
            assert not may, share
            return
        assert may, share
        shown = (content.caller, content.parties, content.events)
        for part, it in zip((Part.HER, Part.PARTIES, Part.STORY), shown, strict=True):
            assert (it is not None) == (part in share.parts)
        told = case.shows_the_call and Part.HAPPENED in share.parts
        assert (content.timeline is not None) == told
        self._was_written_down(who, "opened_shared_case", case, told=told)

    def _was_written_down(self, who, what, case, *, told=None) -> None:
        reader = self.story.person_ids[who]
        self.asked[(reader, what, case.id)] += 1
        if case.shows_the_call if told is None else told:
            self.asked[(reader, "opened_incident_timeline", case.incident_id)] += 1

    def _looks_at_lists(self, work, who: Who) -> None:
        model, person_id = self.story.model, self.story.person_ids[who]
        mine = {one.ref for one in model.cases if one.open and model.may_read(one, who)}
        if self._may_list(work, "legal.cases"):
            assert {one.ref for one in cases_of(work, person_id)} == mine
            offered = {one.ref for one in model.cases if model.is_offered(one, who)}
            assert {one.ref for one in unassigned_cases(work)} == offered
        if self._may_list(work, "legal.received"):
            assert {one.ref for one in complaints_of(work, person_id)} == mine
        if self._may_list(work, "legal.shared"):
            shown = {
                share.ref
                for case in model.cases
                for share in case.shares
                if model.may_read_share(case, share, who, self.story.now)
            }
            assert {one.ref for one in shared_with(work, person_id)} == shown

        if self._may_list(work, "legal.keys"):
            away = {one.ref for one in model.cases if model.is_out(one, who)}
            hers = {one.ref for one in model.cases if model.is_hers(one, who)}
            assert not {one.ref for one in cases_to_let_into(work)} & (away | hers)

    def _may_list(self, work, endpoint: str) -> bool:
        return decide(work.actor, TABLE[endpoint], None, self.story.now) is Answer.OPEN

    def _laws_hold(self, work) -> None:
        for name, broken in self.story.laws_broken(work).items():
            assert broken == set(), name


def test_no_page_of_a_case_is_left_out():
    """No search, no export, no JSON of a case either, but what the machine tries by itself."""
    tried = {row.endpoint for rows in PAGES.values() for row in rows}
    assert {one for one in TABLE if one.startswith("legal.")} == tried | UNTIED


@in_parts(1, STEPS)
def test_in_any_order_everybody_reads_what_the_model_says(committing, clock, examples, steps, part):
    """One story of five hundred acts, another for each part of the long proof.

    In the story of every run everything comes about; the others go as they go. None is shrunk:
    five hundred acts upon a database are told as they went instead.
    """
    story = ConsentUnion.made_in(committing, clock)
    trying, draw = Trying(story), random.Random(part)
    for number in range(max(steps, STEPS)):
        what, n = draw.choice(WHAT), draw.randrange(256)
        try:
            story.do(what, n)
            trying.everybody()
        except BaseException as error:
            error.add_note(f"at {number}, {what} by {n}; before that {story.told[-12:]}")
            raise
    happened = {what for what, _n in story.told}
    assert part or happened == set(WHAT), "there was something that never came about"
