"""A share rests on her word and ends with it; a complaint goes around whom it names.

Attacked by SQL as the application's login would send it, and by its services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from union.identity.models import RoleGrant
from union.identity.queries import actor_of_account
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotFoundError
from union.legal.invariants import INVARIANTS
from union.legal.models import CaseReceiver, CaseShare, LegalCase
from union.legal.queries import lawyers
from union.legal.rules import Part, Purpose
from union.legal.services import (
    NewComplaint,
    NewShare,
    end_share,
    give_consent,
    open_complaint,
    read_share,
    share_case,
    withdraw_consent,
)

TEST = Actor.system("test")
AT = "'2026-10-16T00:00:00Z'"
DENIED = "42501"


@dataclass(frozen=True)
class Scene:
    """A case shared with a lawyer, a complaint, and their people, by id."""

    ids: dict[str, int]
    paralegal: Actor
    lawyer: Actor
    case_ref: str
    consent_ref: str
    share_ref: str


@pytest.fixture
def scene(committing) -> Scene:
    with committing.begin(TEST) as work:
        paralegal, asha, named, twin = (
            make_paralegal(work),
            make_member(work),
            make_member(work),
            make_member(work),
        )
        lawyer = make_account(work, new_person(work).id)
        give_role(work, lawyer.id, Grant(Role.LAWYER))
        hearers = [make_account(work) for _ in range(2)]
        for one in (*hearers, make_account(work, named.person_id)):
            give_role(work, one.id, Grant(Role.COUNSELLOR))
        give_role(work, make_account(work, twin.person_id).id, Grant(Role.LAWYER))
        twin.merged_into = named.person_id
        case = make_case(work, paralegal, asha.person_id)
        with acting_as(work, paralegal):
            consent = give_consent(work, case.ref, Purpose.SHARE_LAWYER, work.clock.today())
            office = next(one for one in lawyers(work, case) if one.person_id == lawyer.person_id)
            until = work.clock.today() + timedelta(days=30)
            new = NewShare(office.office, frozenset({Part.STORY}), until)
            share = share_case(work, case.ref, new)
        herself = make_account(work, asha.person_id)
        with acting_as(work, actor_of_account(work, herself)):
            said = NewComplaint(asha.person_id, "words", frozenset({named.person_id}))
            complaint = open_complaint(work, said)
        ids = {
            "case": case.id,
            "complaint": complaint.id,
            "consent": consent.id,
            "share": share.id,
            "paralegal": paralegal.person_id,
            "lawyer": lawyer.person_id,
            "asha": asha.person_id,
            "named": named.person_id,
            "twin": twin.person_id,
            "hearer": hearers[0].person_id,
        }
        return Scene(
            ids,
            paralegal,
            actor_of_account(work, lawyer),
            case.ref,
            consent.ref,
            share.ref,
        )


def outcome(unit, scene: Scene, *statements: str) -> str | None:
    """The law that refused it, the state for want of a right, None if it was let through."""
    try:
        with unit.begin(TEST) as work:
            for sql in statements:
                filled = sql.format(**scene.ids, at=AT)
                work.session.execute(text(filled.replace(":", r"\:")))
    except DBAPIError as error:
        return error.orig.diag.constraint_name or error.orig.sqlstate
    return None


END = "UPDATE case_share SET ended_at = {at}, ended_how = 'ended' WHERE id = {share}"
SHARE = (
    "INSERT INTO case_share (ref, case_id, person_id, consent_id, parts, made_at,"
    " made_by_person_id, until_at) VALUES "
)
SHUT = "INSERT INTO case_shut_out (case_id, person_id, at) VALUES "
RECEIVE = "INSERT INTO case_receiver (case_id, person_id, at) VALUES "
LET_GO = "UPDATE case_receiver SET ended_at = {at}"
SHARED, AROUND = "case_share_lawful", "legal_case_goes_around"

ATTACKS = {
    "for more than ninety days": (
        (
            END,
            SHARE + "('s', {case}, {lawyer}, {consent}, '{{}}', {at}, {paralegal}, '2027-01-15')",
        ),
        "case_share_until_check",
    ),
    "with somebody who is no lawyer": (
        (SHARE + "('s', {case}, {hearer}, {consent}, '{{}}', {at}, {paralegal}, '2026-11-01')",),
        SHARED,
    ),
    "by somebody who has not the case": (
        (END, SHARE + "('s', {case}, {lawyer}, {consent}, '{{}}', {at}, {hearer}, '2026-11-01')"),
        SHARED,
    ),
    "on a consent to another case": (
        (SHARE + "('s', {complaint}, {lawyer}, {consent}, '{{}}', {at}, {hearer}, '2026-11-01')",),
        SHARED,
    ),
    "on a consent that was taken back": (
        (
            "UPDATE case_consent SET withdrawn_at = {at}, withdrawn_by_person_id = {paralegal}",
            SHARE + "('s', {case}, {lawyer}, {consent}, '{{}}', {at}, {paralegal}, '2026-11-01')",
        ),
        SHARED,
    ),
    "made longer": (("UPDATE case_share SET until_at = '2026-12-01'",), DENIED),
    "made wider": (("UPDATE case_share SET parts = '{{her}}'",), DENIED),
    "begun again": (
        (END, "UPDATE case_share SET ended_at = NULL, ended_how = NULL"),
        "case_share_kept",
    ),
    "unwritten": (("DELETE FROM case_share",), DENIED),
    "a complaint that names nobody": (
        (
            (
                "INSERT INTO legal_case (ref, key_ref, kind, acts, state, opened_at, next_step,"
                " next_on) VALUES ('c', gen_random_uuid(), 'complaint', '{{}}', 'open', {at},"
                " 'other', '2026-10-17')"
            ),
            (
                "INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)"
                " SELECT 'legal_look', 'legal_case', id, {at}, 0, {at} FROM legal_case"
                " WHERE ref = 'c'"
            ),
        ),
        "legal_complaint_names",
    ),
    "a complaint made into help": (
        ("UPDATE legal_case SET kind = 'aid' WHERE id = {complaint}",),
        "legal_case_kind_stays",
    ),
    "given to whom it names": (
        (LET_GO, RECEIVE + "({complaint}, {named}, {at})"),
        AROUND,
    ),
    "given to her other entry": (
        (LET_GO, RECEIVE + "({complaint}, {twin}, {at})"),
        AROUND,
    ),
    "shared with her other entry": (
        (
            SHUT + "({case}, {named}, {at})",
            SHARE + "('s', {case}, {twin}, {consent}, '{{}}', {at}, {paralegal}, '2026-11-01')",
        ),
        AROUND,
    ),
    "taken by whom it goes around": (
        (
            SHUT + "({case}, {named}, {at})",
            "UPDATE legal_case SET assignee_person_id = {twin} WHERE id = {case}",
        ),
        AROUND,
    ),
    "a line of hers in it": (
        (
            (
                "INSERT INTO case_event (ref, case_id, at, code, actor_person_id, facts)"
                " VALUES ('e', {complaint}, {at}, 'note', {named}, '{{}}')"
            ),
        ),
        AROUND,
    ),
    "a consent she wrote down": (
        (
            (
                "INSERT INTO case_consent (ref, case_id, purpose, recipient, given_on, recorded_at,"
                " recorded_by_person_id) VALUES ('k', {complaint}, 'share_lawyer', 'lawyer',"
                " '2026-10-16', {at}, {named})"
            ),
        ),
        AROUND,
    ),
    "received by three": ((RECEIVE + "({complaint}, {lawyer}, {at})",), "case_receiver_lawful"),
    "received by whose it is": (
        (LET_GO, RECEIVE + "({complaint}, {asha}, {at})"),
        "case_receiver_lawful",
    ),
    "received by somebody with no such office": (
        (LET_GO, RECEIVE + "({complaint}, {paralegal}, {at})"),
        "case_receiver_lawful",
    ),
    "whose it is kept out": ((SHUT + "({case}, {asha}, {at})",), "case_shut_out_has_it"),
    "who has it kept out of it": ((SHUT + "({case}, {paralegal}, {at})",), "case_shut_out_has_it"),
    "let in again": (("DELETE FROM case_shut_out",), DENIED),
    "another named in her place": (("UPDATE case_shut_out SET person_id = {hearer}",), DENIED),
}


@pytest.mark.parametrize("how", ATTACKS)
def test_no_way_around_her_word_or_to_whom_it_goes_around(committing, scene, how):
    statements, law = ATTACKS[how]
    assert outcome(committing, scene, *statements) == law


def test_her_word_taken_back_ends_the_share_in_the_same_commit(committing, scene):
    with committing.begin(TEST) as work, acting_as(work, scene.lawyer):
        read_share(work, scene.share_ref)
    with committing.begin(TEST) as work, acting_as(work, scene.paralegal):
        withdraw_consent(work, scene.case_ref, scene.consent_ref)
    with committing.begin(TEST) as work:
        share = work.session.scalars(select(CaseShare)).one()
        assert (share.ended_how, share.ended_by_person_id) == (
            "withdrawn",
            scene.paralegal.person_id,
        )
        with acting_as(work, scene.lawyer), pytest.raises(NotFoundError):
            read_share(work, scene.share_ref)


def test_an_ended_office_ends_her_shares_and_given_again_revives_none(committing, scene):
    with committing.begin(TEST) as work:
        held = work.session.scalars(
            select(RoleGrant).where(RoleGrant.account_id == scene.lawyer.account_id)
        ).one()
        held.ended_at = work.clock.now()
    with committing.begin(TEST) as work:
        give_role(work, scene.lawyer.account_id, Grant(Role.LAWYER))
        assert work.session.scalars(select(CaseShare.ended_how)).all() == ["office"]
        with acting_as(work, scene.lawyer), pytest.raises(NotFoundError):
            read_share(work, scene.share_ref)


def test_a_share_is_over_at_its_hour_and_when_it_is_ended(committing, scene, clock):
    with committing.begin(TEST) as work:
        until = work.session.scalars(select(CaseShare.until_at)).one()
        clock.move_to(until - timedelta(seconds=1))
        with acting_as(work, scene.lawyer):
            read_share(work, scene.share_ref)
            clock.move_to(until)
            with pytest.raises(NotFoundError):
                read_share(work, scene.share_ref)
        with acting_as(work, scene.paralegal):
            for _twice in range(2):
                end_share(work, scene.case_ref, scene.share_ref)
        assert work.session.scalars(select(CaseShare.ended_how)).all() == ["ended"]


def test_two_receive_it_and_neither_is_she_nor_whose_it_is(committing, scene):
    with committing.reading(TEST) as work:
        hands = set(work.session.scalars(select(CaseReceiver.person_id)))
        assert len(hands) == 2
        assert hands.isdisjoint({scene.ids["named"], scene.ids["twin"], scene.ids["asha"]})
        kinds = work.session.scalars(select(LegalCase.kind).order_by(LegalCase.id)).all()
        assert kinds == ["aid", "complaint"]
        for name, query in INVARIANTS.items():
            assert work.session.connection().exec_driver_sql(query).all() == [], name
