"""P1: where words were kept long enough and are gone, every page says since when, and none breaks.

Whatever is kept under a key lies there for real; then come the years, and the hands let all of it
go that do so every night.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import (
    HERS,
    as_person,
    make_responder,
    report,
)
from tests.builders.erasing import WORDS as IN_ROWS
from tests.builders.erasing import make_row
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, WORDS, choose_words, make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.raids import everybody, go, type_list
from tests.laws.crawling import sight
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.rules.debrief import HowSheIs, LessonTag
from union.crisis.rules.kinds import AnsweredBy, AsSheWished, ClosedBy, Kind, Outcome
from union.crisis.rules.taken import Standing
from union.crisis.services.debrief import (
    NewLesson,
    Told,
    finish_lesson,
    write_debrief,
    write_lesson,
)
from union.infra.retention import (
    DESTROY,
    RECORDS,
    Asked,
    RetentionDay,
    RetentionKey,
    days_of,
    destroy_ordered,
)
from union.infra.timers import set_timer
from union.kernel.actor import Actor, Role
from union.legal.rules import CaseOutcome, PartyRole
from union.legal.services import add_party, close_case
from union.members.models import ImportBatch
from union.members.rules.findings import Finding
from union.office.retention.collected import KEPT
from union.web.opening import PREFIX

TEST = Actor.system("test")
CANARY = "canary at the tank"
YEARS = timedelta(days=3700)
GONE = re.compile(rb"These words are gone since \d{1,2} \w{3} \d{4}\.")
PROVE = pytest.mark.prove


@dataclass
class Aged:
    """Who may look, and at what."""

    went: int
    paralegal: int
    raid: str
    case: str
    addresses: list[str]


def an_end(pages, **fields) -> tuple[int, str]:
    """A call, somebody with her, an end, what was said of it and a lesson that was seen to."""
    with pages.begin(TEST) as work:
        contact = report(work, words=CANARY, place=CANARY, **fields)
        incident_id = contact.incident_id
        page = work.session.scalars(
            select(Page).where(Page.incident_id == incident_id).order_by(Page.id)
        ).first()
        went, page_id = page.person_id, page.id
    with as_person(pages, went) as work:
        services.answer_here(work, page_id, HERS, AnsweredBy.APP)
    with as_person(pages, went) as work:
        services.arrive(work, page_id)
        if fields:
            type_list(work, incident_id, f"{CANARY}, insulin 2am\nwoman in green")
            for one in everybody(work):
                go(work, one, Standing.RELEASED, words=CANARY)
        services.close_incident(
            work,
            incident_id,
            services.Closing(
                ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, went, words=CANARY
            ),
        )
    with as_person(pages, went) as work:
        write_debrief(work, incident_id, Told(CANARY, CANARY, CANARY, {went: HowSheIs.WELL}))
        new = NewLesson(CANARY, LessonTag.POLICE, went, work.clock.today())
        finish_lesson(work, write_lesson(work, incident_id, new).id, CANARY)
        ref = work.session.get_one(Incident, incident_id).ref
    return went, ref


@pytest.fixture
def aged(pages, clock) -> Aged:
    with pages.begin(TEST) as work:
        responders = [make_responder(work) for _ in range(2)]
        assert responders
        paralegal = make_paralegal(work)
        choose_words(work, paralegal)
        her = make_member(work)
        case = make_case(work, paralegal, her.person_id)
        with acting_as(work, paralegal):
            add_party(work, case.ref, PartyRole.POLICE, CANARY)
            close_case(work, case.ref, CaseOutcome.PARTLY, CANARY)
        row = make_row(work, her)
        row.findings = [Finding("phone_missing", "phone").packed()]
        book = work.session.get_one(ImportBatch, row.batch_id).ref
        case_ref = case.ref
    went, call = an_end(pages)
    _, raid = an_end(pages, kind=Kind.ARREST_OR_RAID, people=2)
    with pages.reading(TEST) as work:
        taken = [one.ref for one in everybody(work)]
    clock.advance(YEARS)
    let_go(pages)
    addresses = [
        *(f"/incidents/{ref}" for ref in (call, raid)),
        *(f"/after/{ref}/debrief" for ref in (call, raid)),
        f"/incidents/{raid}/list",
        *(f"/incidents/{raid}/list/{ref}" for ref in taken),
        "/lessons",
        f"/papers/{case_ref}",
        f"/books-in/batch/{book}",
    ]
    return Aged(went, paralegal.person_id, raid, case_ref, addresses)


def let_go(pages) -> None:
    """Seven nights on which the union saw to its records, and the last one's work."""
    with pages.begin(TEST) as work:
        now = work.clock.now()
        for back in range(6, -1, -1):
            at = now - timedelta(days=back)
            work.session.add(RetentionDay(day=at.astimezone(work.clock.zone).date(), begun_at=at))
            work.session.flush()
        for one in KEPT:
            if one.hand is not None:
                one.hand(work, Asked(now, days_of(work.session, one.rule)))
        subject_type, subject_id = RECORDS
        about = {"subject_type": subject_type, "subject_id": subject_id}
        timer = set_timer(work, kind=DESTROY, due_at=now, **about)
    with pages.begin(TEST) as work:
        destroy_ordered(work, work.session.merge(timer))
        gone = set(work.session.scalars(select(RetentionKey.kind)))
    assert gone >= {"incident_words", "taken_lists", "cases", "import_rows"}


FEW = (Role.COORDINATOR, Role.MEMBERSHIP_SECRETARY)
"""Whose own links lead to most of it; the others look at each page by its address."""


def looked_at(browser, aged, *, everywhere: bool) -> dict[str, bytes]:
    seen = sight(browser) if everywhere else {}
    for address in aged.addresses:
        answer = browser.get(address)
        seen[address] = f"{answer.status_code} ".encode() + answer.data
    return seen


@pytest.mark.parametrize(
    "crawls", [pytest.param(FEW, id="few"), pytest.param(tuple(Role), id="all", marks=PROVE)]
)
def test_every_page_over_words_that_are_gone_answers_and_says_since_when(sign_in, aged, crawls):
    paralegal = sign_in(Role.PARALEGAL, person_id=aged.paralegal)
    field = {f"{PREFIX}passphrase": WORDS, f"{PREFIX}back": "/"}
    assert paralegal.post("/opened/", data=field).status_code == 302
    went = sign_in(Role.RESPONDER, person_id=aged.went)
    browsers = [(Role.PARALEGAL, paralegal), (Role.RESPONDER, went)]
    browsers += [(role, sign_in(role)) for role in {Role.OPERATOR, *crawls}]
    said = set[str]()
    for who, browser in browsers:
        seen = looked_at(browser, aged, everywhere=who in crawls)
        status = {at: int(answer.split(b" ", 1)[0]) for at, answer in seen.items()}
        assert {at: one for at, one in status.items() if one == 409 or one >= 500} == {}, who
        leaks = (CANARY, NOTE, IN_ROWS)
        told = [at for at, one in seen.items() if any(word.encode() in one for word in leaks)]
        assert told == [], who
        said |= {at for at, answer in seen.items() if GONE.search(answer)}
    assert [at for at in aged.addresses if at not in said] == []
