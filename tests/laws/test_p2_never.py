"""P2, by hand: what each must never see, as PRODUCT.md has it, whatever the table says.

The walk asks whether the guard does what the table says; this asks whether the table is right.
"""

from __future__ import annotations

import pytest

from union.kernel.access import Relation
from union.kernel.actor import Role
from union.web.access import TABLE

_CRISES = (
    "crisis.board",
    "crisis.board_fragment",
    "crisis.board_stream",
    "crisis.calls",
    "crisis.call",
    "crisis.incident",
    "crisis.taken_list",
    "crisis.figures_file",
)
_CASES = ("legal.cases", "legal.case", "legal.take")
_QUEUE = ("legal.cases", "legal.take")
"""A complaint against one of our own is received by some who see no other case."""
_SEALED = ("members.legal_name", "crisis.minor", "intake.apart", "welfare.open_words")
_LEDGER = ("ledger.journal", "ledger.voucher", "ledger.vouchers", "exports.books", "reports.show")
_NAMES = ("members.member", "members.branch", "members.find", "dues.passbook", "bank.line")

NEVER: dict[Role, tuple[str, ...]] = {
    Role.MEMBER: (*_CRISES, *_CASES, *_SEALED, *_LEDGER, "members.find", "welfare.claims"),
    Role.COLLECTOR: (*_CRISES, *_CASES, *_SEALED, "ledger.journal", "members.find"),
    Role.TREASURER: (*_CRISES, *_CASES, *_SEALED, "welfare.claim", "members.member"),
    Role.SIGNATORY: (*_CRISES, *_CASES, *_SEALED, "welfare.claim", "members.member"),
    Role.TRUSTEE: (*_CRISES, *_CASES, *_SEALED, *_NAMES, "ledger.paper", "dues.receipt"),
    Role.MEMBERSHIP_SECRETARY: (
        *_CRISES,
        *_CASES,
        "crisis.minor",
        "intake.apart",
        "welfare.open_words",
        "ledger.journal",
    ),
    Role.WELFARE_COMMITTEE: (*_CRISES, *_QUEUE, *_LEDGER, "members.legal_name", "members.find"),
    Role.BRANCH_SECRETARY: (*_CRISES, *_CASES, *_SEALED, "dues.passbook", "intake.files"),
    Role.OPERATOR: (*_LEDGER, *_CASES, *_SEALED, "dues.standing", "dues.passbook"),
    Role.DUTY_OFFICER: (*_LEDGER, *_CASES, *_SEALED, "dues.passbook"),
    Role.RESPONDER: ("crisis.board", "crisis.incident", "crisis.calls", *_CASES, *_LEDGER),
    Role.TEAM_LEAD: ("crisis.board", "crisis.incident", "crisis.calls", *_CASES, *_LEDGER),
    Role.COUNSELLOR: ("crisis.board", "crisis.incident", "crisis.calls", *_QUEUE, *_LEDGER),
    Role.COORDINATOR: (*_LEDGER, *_CASES, *_SEALED, "dues.passbook"),
    Role.PEER_EDUCATOR: (*_CRISES, *_CASES, *_SEALED, *_NAMES),
    Role.PARALEGAL: (*_LEDGER, "crisis.board", "crisis.incident", *_SEALED, "dues.passbook"),
    Role.LAWYER: (*_CRISES, *_QUEUE, *_SEALED, *_LEDGER, *_NAMES, "crisis.district_numbers"),
    Role.RETURNING_OFFICER: (*_CRISES, *_CASES, *_SEALED, *_LEDGER, *_NAMES),
    Role.SAFEGUARDING_OFFICER: (*_LEDGER, *_CASES, "crisis.board", "members.legal_name"),
    Role.SYSADMIN: (*_CRISES, *_CASES, *_SEALED, *_LEDGER, *_NAMES, "welfare.claim"),
}

_PAIRS = [(role, page) for role, pages in NEVER.items() for page in pages]

_SIGNED_IN = {"identity.sign_out", "identity.prove", "identity.prove_as"}
_EVERYBODYS = {*_SIGNED_IN, "home.home", "retention.kept"}
_LOCKS = "locking.lock"
"""Nothing refuses a lock; the page names nobody."""

CLOSED = {
    Role.SYSADMIN: {*_EVERYBODYS, _LOCKS, "ways.health"},
    Role.LAWYER: {*_EVERYBODYS, _LOCKS, "legal.shared", "legal.received", "legal.complain"},
}
"""All that whoever keeps the machine running, and an outside lawyer, open without a tie."""


def test_every_role_has_something_it_must_never_see():
    assert set(NEVER) == set(Role)
    assert len(_PAIRS) > 60


@pytest.mark.parametrize(("role", "page"), _PAIRS)
def test_what_she_must_never_see_is_not_hers_to_open(role, page):
    assert role not in TABLE[page].roles


def test_an_outside_lawyer_and_the_keeper_of_the_machine_open_a_closed_list():
    for role, most in CLOSED.items():
        opens = {
            row.endpoint
            for row in TABLE.values()
            if role in row.roles and row.relation is Relation.ANY and not row.public
        }
        assert opens <= most, role


@pytest.mark.parametrize(
    ("page", "relation"),
    [
        ("members.member", Relation.BRANCH),
        ("members.branch", Relation.BRANCH),
        ("members.legal_name", Relation.BRANCH),
        ("legal.case", Relation.ASSIGNED),
        ("legal.note", Relation.ASSIGNED),
        ("crisis.my_page_act", Relation.CALLED),
        ("crisis.team_list", Relation.CALLED),
        ("crisis.debrief", Relation.CALLED),
        ("welfare.my_claim", Relation.OWN),
        ("dues.passbook", Relation.OWN),
        ("dues.receipt_pdf", Relation.OWN),
        ("checkout.back", Relation.OWN),
        ("ledger.paper", Relation.OWN),
        ("intake.files", Relation.WHOLE),
    ],
)
def test_what_is_somebodys_asks_for_a_tie(page, relation):
    assert TABLE[page].relation is relation


def test_only_those_who_keep_the_books_need_no_tie_to_a_passbook_and_nobody_to_a_case():
    keepers = {Role.TREASURER, Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}
    assert TABLE["dues.passbook"].every == keepers
    for row in TABLE.values():
        if row.relation in {Relation.ASSIGNED, Relation.SHARED}:
            assert not row.every, row.endpoint
