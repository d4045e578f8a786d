"""P2: every route × method × role × hers, others', another branch's, revoked, signed out.

What is expected is written here anew, from the row alone; what is asked is the running guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.access.walked import (
    NOT_THERE,
    OPENED,
    PROVE,
    REFUSED,
    SIGN_IN,
    Walked,
    address_of,
    parts,
    visits,
    walk_guard,
)
from tests.cluster import TestCluster
from tests.conftest import START
from union.factory import close_app, create_app
from union.infra.settings import Settings
from union.kernel.access import HERSELF, LISTED, Relation
from union.kernel.actor import Actor, Grant, Role
from union.kernel.clock import ManualClock
from union.kernel.reach import Reach
from union.web.access import EVERYONE, TABLE, Row
from union.web.current import EXTENSION
from union.web.limits import limiter
from union.web.proving import DOOR

NOBODY_ELSE = 999_999_999
TEST = Actor.system("test")
UNTIED = {Relation.ANY, Relation.WHOLE}


@pytest.fixture(scope="module")
def walked(cluster: TestCluster, settings: Settings) -> Iterator[Walked]:
    name = cluster.copy()
    database = cluster.database(name)
    app = create_app(
        replace(settings, database_url=database.url, owner_url=database.owner_url),
        ManualClock(START),
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    try:
        with app.app_context(), app.extensions[EXTENSION].unit.begin(TEST) as work:
            walked = walk_guard(app, work)
        yield walked
    finally:
        close_app(app)
        cluster.drop(name)


def _names_nothing(row: Row) -> bool:
    return row.about in {None, HERSELF, LISTED}


def _once_revoked(row: Row) -> str:
    """What is everybody's stays hers who holds no office any more: to leave, to see her own."""
    return OPENED if row.roles == EVERYONE else REFUSED


def test_every_row_that_asks_for_a_tie_has_an_example_on_both_sides(walked):
    wanted = {row.about for row in TABLE.values() if not _names_nothing(row)}
    assert wanted == walked.hers.keys() == walked.theirs.keys()
    for about, one in walked.hers.items():
        assert one.args != walked.theirs[about].args, about


@pytest.mark.parametrize("part", parts())
def test_signed_out_opens_public_pages_only(walked, part):
    for row, rule, method in visits(walked.app, part):
        named = None if _names_nothing(row) else walked.hers[row.about].args
        said = walked.ask(Actor.anonymous(), method, address_of(rule, named))
        assert said == (OPENED if row.public else SIGN_IN), (method, rule.rule)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("part", parts())
def test_a_role_opens_what_its_rows_give_and_nothing_more(walked, part, role):
    whole = Grant(role)
    revoked = walked.somebody()
    for row, rule, method in visits(walked.app, part):
        if row.public:
            continue
        place = (role, method, rule.rule)
        if role not in row.roles:
            named = None if _names_nothing(row) else walked.hers[row.about].args
            holder = None if _names_nothing(row) else walked.hers[row.about].tied
            said = walked.ask(
                walked.somebody(whole, person_id=holder), method, address_of(rule, named)
            )
            assert said == REFUSED, place
        elif _names_nothing(row):
            address = address_of(rule)
            assert walked.ask(walked.somebody(whole), method, address) == OPENED, place
            assert walked.ask(revoked, method, address) == _once_revoked(row), place
        else:
            _held_to_the_object(walked, row, whole, method, rule)


def _held_to_the_object(walked: Walked, row: Row, whole: Grant, method: str, rule) -> None:
    hers, theirs = walked.hers[row.about], walked.theirs[row.about]
    place = (whole.role, method, rule.rule)
    here, there = address_of(rule, hers.args), address_of(rule, theirs.args)
    nothing = address_of(rule)
    tied = [one for one in (hers.tied, *hers.more_tied) if one is not None] or [NOBODY_ELSE]
    for person_id in tied:
        own = walked.somebody(whole, person_id=person_id)
        assert walked.ask(own, method, here) == OPENED, place
        assert walked.ask(own, method, nothing) == NOT_THERE, place
        revoked = walked.somebody(person_id=person_id)
        assert walked.ask(revoked, method, here) == _once_revoked(row), place
    if row.relation is Relation.BRANCH:
        keeper = walked.somebody(Grant(whole.role, hers.branch_id), person_id=NOBODY_ELSE)
        assert walked.ask(keeper, method, here) == OPENED, place
        assert walked.ask(keeper, method, there) == NOT_THERE, place
        assert walked.ask(walked.somebody(whole), method, there) == OPENED, place
        return
    other = walked.somebody(whole, person_id=tied[0])
    expected = OPENED if whole.role in row.every else NOT_THERE
    assert walked.ask(other, method, there) == expected, place
    nobody = walked.somebody(whole, person_id=NOBODY_ELSE)
    assert walked.ask(nobody, method, here) == expected, place
    bound = Grant(whole.role, 0)
    assert walked.ask(walked.somebody(bound, person_id=tied[0]), method, there) == NOT_THERE, place


@pytest.mark.parametrize(
    "endpoint", [row.endpoint for row in TABLE.values() if row.relation is Relation.WHOLE]
)
def test_an_office_of_one_branch_opens_nothing_of_the_whole_union(walked, endpoint):
    row = TABLE[endpoint]
    rules = list(walked.app.url_map.iter_rules(endpoint))
    for role in row.roles:
        for rule in rules:
            method = "GET" if "GET" in rule.methods else "POST"
            bound = walked.somebody(Grant(role, 1))
            assert walked.ask(bound, method, address_of(rule)) == REFUSED, (role, rule.rule)


@pytest.mark.parametrize("part", parts())
def test_too_little_proof_opens_only_what_asks_for_none(walked, part):
    """As long as there is a door that asks for more; help and leaving never lead to it."""
    for row, rule, method in visits(walked.app, part):
        if row.public:
            continue
        role = min(row.roles)
        named = None if _names_nothing(row) else walked.hers[row.about]
        shown = replace(
            walked.somebody(Grant(role), person_id=named.tied if named else None),
            proofs=frozenset(),
            office=False,
        )
        said = walked.ask(shown, method, address_of(rule, named.args if named else None))
        needs_more = DOOR in walked.app.view_functions and row.reach is not Reach.NOTHING
        expected = (PROVE if method == "GET" else REFUSED) if needs_more else OPENED
        assert said == expected, (method, rule.rule)
