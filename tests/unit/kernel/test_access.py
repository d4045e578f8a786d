"""The one decision, over plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from union.kernel.access import (
    HERSELF,
    LISTED,
    NOTHING,
    About,
    Answer,
    Relation,
    Scope,
    decide,
    scope,
)
from union.kernel.actor import Actor, Grant, Role
from union.web.access import LooseRowError, Row

NOW = datetime(2026, 10, 16, tzinfo=UTC)
ME, SHE = 1, 2
ROLES = frozenset({Role.PARALEGAL, Role.TREASURER})


@dataclass(frozen=True)
class Line:
    roles: frozenset[Role] = ROLES
    relation: Relation = Relation.OWN
    every: frozenset[Role] = field(default=frozenset())
    about: str | None = "thing"
    public: bool = False


def somebody(*grants: Grant) -> Actor:
    return Actor(ME, 7, frozenset(grants or {Grant(Role.PARALEGAL)}))


@pytest.mark.parametrize(
    ("relation", "about"),
    [
        (Relation.OWN, About(owners=frozenset({ME}))),
        (Relation.CALLED, About(called=frozenset({ME}))),
        (Relation.ASSIGNED, About(assigned=frozenset({ME}))),
        (Relation.SHARED, About(shared_until={ME: NOW + timedelta(seconds=1)})),
    ],
)
def test_each_tie_opens_its_own_relation_and_no_other(relation, about):
    assert decide(somebody(), Line(relation=relation), about, NOW) is Answer.OPEN
    for other in (Relation.OWN, Relation.CALLED, Relation.ASSIGNED, Relation.SHARED):
        if other is not relation:
            assert decide(somebody(), Line(relation=other), about, NOW) is Answer.NOT_THERE


def test_a_share_ends_to_the_second():
    about = About(shared_until={ME: NOW, SHE: NOW + timedelta(days=1)})
    assert decide(somebody(), Line(relation=Relation.SHARED), about, NOW) is Answer.NOT_THERE


def test_nothing_and_anothers_are_answered_alike():
    line = Line()
    assert decide(somebody(), line, None, NOW) is Answer.NOT_THERE
    assert decide(somebody(), line, About(owners=frozenset({SHE})), NOW) is Answer.NOT_THERE


def test_the_role_is_asked_before_the_object():
    about = About(owners=frozenset({ME}))
    assert decide(somebody(Grant(Role.MEMBER)), Line(), about, NOW) is Answer.REFUSED
    assert decide(somebody(Grant(Role.MEMBER)), Line(), None, NOW) is Answer.REFUSED
    assert decide(Actor.anonymous(), Line(), about, NOW) is Answer.SIGN_IN
    assert decide(Actor.system("worker"), Line(), about, NOW) is Answer.SIGN_IN


def test_whoever_is_shut_out_finds_nothing_whatever_she_holds():
    about = About(
        owners=frozenset({ME}), assigned=frozenset({ME}), branch_id=3, shut_out=frozenset({ME})
    )
    for line in (
        Line(),
        Line(every=ROLES),
        Line(relation=Relation.ANY),
        Line(relation=Relation.BRANCH),
    ):
        assert decide(somebody(), line, about, NOW) is Answer.NOT_THERE


def test_a_branch_is_kept_by_a_role_of_the_row_in_that_branch():
    line = Line(relation=Relation.BRANCH)
    here, there = About(branch_id=3), About(branch_id=4)
    bound = somebody(Grant(Role.PARALEGAL, 3), Grant(Role.MEMBER, 4), Grant(Role.MEMBER))
    assert decide(bound, line, here, NOW) is Answer.OPEN
    assert decide(bound, line, there, NOW) is Answer.NOT_THERE
    assert decide(bound, line, About(), NOW) is Answer.NOT_THERE
    assert decide(somebody(), line, there, NOW) is Answer.OPEN


def test_a_role_without_a_tie_opens_all_unless_it_is_bound_to_a_branch():
    line = Line(every=frozenset({Role.TREASURER}))
    hers = About(owners=frozenset({SHE}), branch_id=3)
    assert decide(somebody(Grant(Role.TREASURER)), line, hers, NOW) is Answer.OPEN
    assert decide(somebody(Grant(Role.TREASURER, 3)), line, hers, NOW) is Answer.OPEN
    assert decide(somebody(Grant(Role.TREASURER, 4)), line, hers, NOW) is Answer.NOT_THERE
    assert decide(somebody(Grant(Role.PARALEGAL)), line, hers, NOW) is Answer.NOT_THERE


def test_the_whole_is_for_an_office_of_the_whole_union():
    line = Line(relation=Relation.WHOLE, about=None)
    assert decide(somebody(), line, None, NOW) is Answer.OPEN
    assert decide(somebody(Grant(Role.PARALEGAL, 3)), line, None, NOW) is Answer.REFUSED


def test_lists_are_cut_and_never_refused():
    line = Line(relation=Relation.BRANCH, about=LISTED)
    bound = somebody(Grant(Role.PARALEGAL, 3), Grant(Role.TREASURER, 5), Grant(Role.MEMBER))
    assert decide(bound, line, None, NOW) is Answer.OPEN
    assert scope(bound, line) == Scope(branches=frozenset({3, 5}))
    assert scope(somebody(), line).branch_ids is None
    assert scope(somebody(Grant(Role.MEMBER)), line) is NOTHING
    assert NOTHING.branch_ids == frozenset()


def test_a_scope_is_the_person_where_the_tie_is_hers():
    line = Line(every=frozenset({Role.TREASURER}))
    assert scope(somebody(), line) == Scope(person_id=ME)
    assert scope(somebody(Grant(Role.TREASURER)), line) == Scope(whole=True)
    assert scope(somebody(Grant(Role.TREASURER, 3)), line) == Scope(person_id=ME)
    assert scope(Actor.anonymous(), line) is NOTHING


@pytest.mark.parametrize(
    "fields",
    [
        {"relation": Relation.OWN},
        {"relation": Relation.OWN, "about": LISTED},
        {"relation": Relation.CALLED, "about": HERSELF},
        {"relation": Relation.OWN, "about": "thing", "every": {Role.SYSADMIN}},
        {"relation": Relation.ANY, "every": ROLES},
        {"public": True, "about": "thing"},
    ],
)
def test_a_loose_row_is_no_row(fields):
    with pytest.raises(LooseRowError):
        Row("some.page", roles=ROLES, **fields)
