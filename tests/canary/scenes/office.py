"""Words of the office: an audit, why something was opened and what she asks of it, a hold."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tests.builders.audit import PASSWORD, make_trustee
from tests.canary.scenes.stage import OPENS, Stage
from union.infra.holds import HeldThing, HoldReason
from union.infra.readings import ReadingRow, Reason, Why
from union.infra.sealing import LEGAL_NAMES
from union.kernel.actor import Role
from union.members.models import Member
from union.members.services.legal_names import open_legal_name
from union.office.audit.services import answer_finding, open_audit, sign_report, write_finding
from union.office.audit.services.findings import REPLY, NewFinding
from union.office.readings.rules import Outcome
from union.office.readings.services.asking import answer_question, ask_about
from union.office.retention.services.holds import NewHold, place_hold


def an_audit(stage: Stage) -> None:
    """A trustee looks over a week, writes down what she found, and signs; the treasurer replies."""
    word = stage.word
    with stage.as_machine() as work:
        trustee = make_trustee(work)
    with stage.unit.begin(trustee) as work:
        today = work.clock.today()
        audit = open_audit(work, "surprise", today - timedelta(days=7), today)
        finding = write_finding(work, audit.ref, NewFinding(word(), "minor"))
        sign_report(work, audit.ref, PASSWORD)
    with stage.as_somebody(Role.TREASURER) as work:
        answer_finding(work, finding.ref, REPLY, word())


def what_was_opened(stage: Stage) -> None:
    """Her name is opened for a reason in words; she asks about it and is answered."""
    word = stage.word
    with stage.as_machine() as work:
        her = stage.member(work, called=word(), legal_name=word())
        reader = stage.holder_of(work, LEGAL_NAMES)
    with stage.as_person(reader, Role.MEMBERSHIP_SECRETARY) as work:
        open_legal_name(work, her, OPENS, Why(Reason.OTHER, word()))
    with stage.as_person(her, Role.MEMBER) as work:
        row = select(ReadingRow.ref).where(ReadingRow.subject_person_id == her)
        question = ask_about(work, work.session.scalars(row).one(), word())
    with stage.as_somebody(Role.TRUSTEE) as work:
        answer_question(work, question.ref, Outcome.WAS_RIGHT, word())


def a_hold(stage: Stage) -> None:
    """A court asks that what is kept of her stays."""
    with stage.as_somebody(Role.MEMBERSHIP_SECRETARY) as work:
        her = work.session.get_one(Member, stage.member(work, called=stage.word()))
        until = work.clock.today() + timedelta(days=30)
        new = NewHold(
            HeldThing.PERSON, her.card_number or "", HoldReason.COURT_ORDER, stage.word(), until
        )
        place_hold(work, new)
