"""Nobody promotes herself: an office is given by two who may, and the database refuses the rest.

Each attack is SQL as the application's login would send it, if somebody had taken it over.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account
from tests.builders.members import make_member
from tests.laws.money import refused
from union.identity.errors import OfficeNeedsTwoError
from union.identity.models import Account, RoleGrant
from union.identity.queries import actor_of_account, givers_besides
from union.identity.services import answer_role, end_role, propose_role
from union.identity.services import give_role as give_the_first
from union.infra.db import owner_engine
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import UnionError

TEST = Actor.system("test")
AT = "'2026-10-16T00:00:00Z'"


@dataclass(frozen=True)
class Scene:
    """People by what they do here: account and person of each, and a proposal nobody answered."""

    accounts: dict[str, int]
    people: dict[str, int]
    asked: int

    def fill(self, sql: str) -> str:
        known = {f"{who}_account": number for who, number in self.accounts.items()}
        return sql.format(**known, **self.people, asked=self.asked, at=AT)


HOLD = {
    "secretary": Role.MEMBERSHIP_SECRETARY,
    "signatory": Role.SIGNATORY,
    "duty": Role.DUTY_OFFICER,
    "twin": Role.SIGNATORY,
    "keeper": Role.SYSADMIN,
    "clerk": Role.OPERATOR,
}


@pytest.fixture
def scene(committing) -> Scene:
    """Officers; the twin is the secretary under another entry of the register."""
    with committing.begin(TEST) as work:
        kept, other = make_member(work), make_member(work)
        known = {"secretary": kept.person_id, "twin": other.person_id}
        made = {who: make_account(work, known.get(who)) for who in HOLD}
        for who, account in made.items():
            give_role(work, account.id, Grant(HOLD[who]))
        other.merged_into = kept.person_id
        work.session.flush()
        work.actor = actor_of_account(work, made["secretary"])
        asked = propose_role(work, made["clerk"].id, Grant(Role.COLLECTOR))
        return Scene(
            {who: account.id for who, account in made.items()},
            {who: account.person_id for who, account in made.items()},
            asked.id,
        )


def outcome(unit, scene: Scene, *statements: str) -> str | None:
    """The law that refused it, "denied" for want of a right, None if it was let through."""
    try:
        with unit.begin(TEST) as work:
            for sql in statements:
                work.session.execute(text(scene.fill(sql).replace(":", r"\:")))
    except DBAPIError as error:
        return error.orig.diag.constraint_name or error.orig.sqlstate
    return None


DENIED = "42501"
GIVE = "INSERT INTO role_grant (ref, account_id, role, made_at, given_how, proposal_id) VALUES "
ANSWER = "INSERT INTO role_answer (proposal_id, person_id, agrees, at) VALUES "
AGREE = ANSWER + "({{asked}}, {}, true, {{at}})"
PROPOSE = (
    "INSERT INTO role_proposal (ref, account_id, role, proposed_by_person_id, made_at)"
    " VALUES ('p', {{{}_account}}, '{}', {}, {{at}})"
)
SHADOW = (
    "CREATE TEMP TABLE user_account (id bigint, person_id bigint, closed_at timestamptz)",
    "CREATE TEMP TABLE role_grant (account_id int, role text, branch_id int, ended_at timestamptz)",
    "INSERT INTO user_account VALUES (1, {clerk}, NULL), (2, {keeper}, NULL)",
    "INSERT INTO role_grant VALUES (1, 'signatory', NULL, NULL), (2, 'signatory', NULL, NULL)",
    AGREE.format("{keeper}"),
)
BY_TWO, BY_WHO_MAY = "role_grant_by_two", "role_proposal_by_who_may"

ATTACKS = {
    "with no proposal": (
        (GIVE + "('g', {clerk_account}, 'treasurer', {at}, 'two', NULL)",),
        BY_TWO,
    ),
    "as if the union began": (
        (GIVE + "('g', {clerk_account}, 'treasurer', {at}, 'first', NULL)",),
        BY_TWO,
    ),
    "as if at the machine": (
        (GIVE + "('g', {clerk_account}, 'treasurer', {at}, 'machine', NULL)",),
        BY_TWO,
    ),
    "as if it had been so before": (
        (GIVE + "('g', {clerk_account}, 'treasurer', {at}, 'before', NULL)",),
        BY_TWO,
    ),
    "as if it came with the register": (
        (GIVE + "('g', {secretary_account}, 'treasurer', {at}, 'register', NULL)",),
        BY_TWO,
    ),
    "a member who is in no register": (
        (GIVE + "('g', {clerk_account}, 'member', {at}, 'register', NULL)",),
        BY_TWO,
    ),
    "on a proposal nobody agreed to": (
        (GIVE + "('g', {clerk_account}, 'collector', {at}, 'two', {asked})",),
        BY_TWO,
    ),
    "another office than was agreed to": (
        (
            AGREE.format("{signatory}"),
            GIVE + "('g', {clerk_account}, 'treasurer', {at}, 'two', {asked})",
        ),
        BY_TWO,
    ),
    "to another than was agreed to": (
        (
            AGREE.format("{signatory}"),
            GIVE + "('g', {keeper_account}, 'collector', {at}, 'two', {asked})",
        ),
        BY_TWO,
    ),
    "long after it was proposed": (
        (
            AGREE.format("{signatory}"),
            GIVE + "('g', {clerk_account}, 'collector', '2026-11-16T00:00:01Z', 'two', {asked})",
        ),
        BY_TWO,
    ),
    "after one said no": (
        (
            ANSWER + "({asked}, {duty}, false, {at})",
            AGREE.format("{signatory}"),
        ),
        BY_WHO_MAY,
    ),
    "twice for one proposal": (
        (
            AGREE.format("{signatory}"),
            GIVE + "('g', {clerk_account}, 'collector', {at}, 'two', {asked})",
            "UPDATE role_grant SET ended_at = {at} WHERE ref = 'g'",
            GIVE + "('h', {clerk_account}, 'collector', {at}, 'two', {asked})",
        ),
        "role_grant_proposal_id_key",
    ),
    "the proposer agrees too": ((AGREE.format("{secretary}"),), BY_WHO_MAY),
    "she who is to hold it agrees": ((AGREE.format("{clerk}"),), BY_WHO_MAY),
    "the proposer's other entry agrees": ((AGREE.format("{twin}"),), BY_WHO_MAY),
    "the keeper of the machine agrees": ((AGREE.format("{keeper}"),), BY_WHO_MAY),
    "the keeper of the machine proposes": (
        (PROPOSE.format("clerk", "treasurer", "{keeper}"),),
        BY_WHO_MAY,
    ),
    "she proposes herself": ((PROPOSE.format("duty", "treasurer", "{duty}"),), BY_WHO_MAY),
    "her other entry proposes her": (
        (PROPOSE.format("twin", "treasurer", "{secretary}"),),
        BY_WHO_MAY,
    ),
    "with tables of her own in between": (SHADOW, DENIED),
    "an office turned into another": (("UPDATE role_grant SET role = 'treasurer'",), DENIED),
    "an office moved to her account": (
        ("UPDATE role_grant SET account_id = {clerk_account} WHERE account_id = {duty_account}",),
        DENIED,
    ),
    "an account turned to herself": (
        ("UPDATE user_account SET person_id = {asked} WHERE id = {secretary_account}",),
        DENIED,
    ),
    "a proposal changed after it was agreed to": (
        ("UPDATE role_proposal SET role = 'treasurer'",),
        DENIED,
    ),
    "a no taken back": (("UPDATE role_answer SET agrees = true",), DENIED),
    "an office unwritten": (("DELETE FROM role_grant",), DENIED),
    "an ended office begun again": (
        (
            "UPDATE role_grant SET ended_at = {at} WHERE account_id = {clerk_account}",
            "UPDATE role_grant SET ended_at = NULL WHERE account_id = {clerk_account}",
        ),
        "role_grant_kept",
    ),
    "everybody who could give one is ended": (
        ("UPDATE role_grant SET ended_at = {at}",),
        "role_grant_two_remain",
    ),
}


@pytest.mark.parametrize("how", ATTACKS)
def test_no_way_of_the_applications_login_gives_an_office(committing, scene, how):
    statements, law = ATTACKS[how]
    assert outcome(committing, scene, *statements) == law
    with committing.reading(TEST) as work:
        held = work.session.execute(select(RoleGrant.account_id, RoleGrant.role)).all()
    assert set(held) == {(scene.accounts[who], role.value) for who, role in HOLD.items()}


def test_two_hands_give_it(committing, scene):
    given = (
        AGREE.format("{signatory}"),
        GIVE + "('g', {clerk_account}, 'collector', {at}, 'two', {asked})",
    )
    assert outcome(committing, scene, *given) is None


def test_who_lost_her_office_meanwhile_gives_none(committing, scene):
    lost = (
        AGREE.format("{signatory}"),
        "UPDATE role_grant SET ended_at = {at} WHERE account_id = {signatory_account}",
        GIVE + "('g', {clerk_account}, 'collector', {at}, 'two', {asked})",
    )
    assert outcome(committing, scene, *lost) == BY_TWO


def test_not_even_the_owner_writes_history_anew(slate, scene):
    owner = owner_engine(slate.database.owner_url)
    for sql in (
        "UPDATE role_grant SET role = 'treasurer'",
        "UPDATE role_grant SET made_at = made_at - interval '1 day'",
    ):
        with refused("role_grant_kept"), owner.begin() as connection:
            connection.connection.dbapi_connection.execute(sql)
    with refused("user_account_stays"), owner.begin() as connection:
        turned = "UPDATE user_account SET person_id = (SELECT max(id) FROM person)"
        connection.connection.dbapi_connection.execute(turned)
    with refused("role_grant_append_only"), owner.begin() as connection:
        connection.connection.dbapi_connection.execute("DELETE FROM role_grant")
    owner.dispose()


def test_two_who_begin_at_once_are_given_theirs_one_after_the_other(committing):
    """Of three first secretaries at the same moment one is too many."""
    with committing.begin(TEST) as work:
        accounts = [make_account(work).id for _ in range(3)]

    def begin(account_id: int) -> str:
        try:
            with committing.begin(TEST) as work:
                give_the_first(work, account_id, Grant(Role.SIGNATORY))
        except UnionError as error:
            return type(error).__name__
        return "given"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(begin, accounts)) == ["OfficeNeedsTwoError", "given", "given"]


def test_joining_two_entries_opens_no_beginning_again(committing):
    """Two gave offices once; that they turn out to be one person takes nothing back."""
    with committing.begin(TEST) as work:
        kept, other = make_member(work), make_member(work)
        for one in (kept, other):
            give_the_first(work, make_account(work, one.person_id).id, Grant(Role.SIGNATORY))
        other.merged_into = kept.person_id
        work.session.flush()
        clerk = make_account(work).id
    with pytest.raises(OfficeNeedsTwoError), committing.begin(TEST) as work:
        give_the_first(work, clerk, Grant(Role.SIGNATORY))
    scene = Scene({"clerk": clerk}, {}, 0)
    for sql, law in (
        (GIVE + "('g', {clerk_account}, 'signatory', {at}, 'first', NULL)", BY_TWO),
        ("DELETE FROM offices_begun", DENIED),
        ("UPDATE offices_begun SET id = id", DENIED),
    ):
        assert outcome(committing, scene, sql) == law


def test_who_was_never_confirmed_is_none_of_the_two_who_remain(committing, scene):
    """Secretary and twin are one: with the duty officer unconfirmed the signatory must stay."""
    with committing.begin(TEST) as work:
        new = Account(person_id=new_person(work).id, sign_in_name="new", made_at=work.clock.now())
        work.session.add(new)
        work.session.flush()
        give_role(work, new.id, Grant(Role.SIGNATORY))
        assert givers_besides(work) == 3
    end = "UPDATE role_grant SET ended_at = {{at}} WHERE account_id = {{{}_account}}"
    assert outcome(committing, scene, end.format("duty")) is None
    assert outcome(committing, scene, end.format("signatory")) == "role_grant_two_remain"


def test_two_who_end_each_other_at_once_leave_two(committing, scene):
    """Secretary and twin are one person: of three people two remain, whoever is quicker."""
    with committing.reading(TEST) as work:
        refs = dict(
            work.session.execute(
                select(RoleGrant.account_id, RoleGrant.ref).where(RoleGrant.role != "operator")
            ).all()
        )

    def end(pair: tuple[str, str]) -> str:
        who, whom = pair
        try:
            with committing.begin(TEST) as work:
                work.actor = Actor(
                    scene.people[who], scene.accounts[who], frozenset({Grant(HOLD[who])})
                )
                end_role(work, refs[scene.accounts[whom]])
        except UnionError as error:
            return type(error).__name__
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(end, [("signatory", "duty"), ("duty", "signatory")]))
    assert said == ["TwoMustRemainError", "ended"]


def test_what_was_given_and_ended_is_given_again_as_another(committing, scene):
    def acts(work, who: str) -> None:
        work.actor = Actor(scene.people[who], scene.accounts[who], frozenset({Grant(HOLD[who])}))

    with committing.begin(TEST) as work:
        acts(work, "signatory")
        (ref,) = work.session.execute(text("SELECT ref FROM role_proposal")).scalars()
        first = answer_role(work, ref, agrees=True)
        end_role(work, first.ref)
        again = propose_role(work, scene.accounts["clerk"], Grant(Role.COLLECTOR))
        acts(work, "duty")
        second = answer_role(work, again.ref, agrees=True)
    with committing.reading(TEST) as work:
        held = work.session.execute(
            text(
                "SELECT ref, ended_at IS NULL FROM role_grant WHERE role = 'collector' ORDER BY id"
            )
        ).all()
    assert held == [(first.ref, False), (second.ref, True)]
