"""P6, signing in: what a sign-in proved and that it ended cannot be said otherwise afterwards."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.builders.signing import make_officer, make_seer
from tests.laws.money import forbidden, refused
from union.identity.services import sign_in, sign_out
from union.identity.services.codes import make_recovery_codes
from union.identity.services.enrolment import invite
from union.infra.people import new_person
from union.kernel.actor import Actor

TEST = Actor.system("test")
STAYS = "sign_in_session_stays"


@pytest.fixture
def attack(slate):
    @contextmanager
    def attacking(*, owner: bool = False):
        raw = (slate.owner if owner else slate.engine).raw_connection()
        try:
            with raw.cursor() as cursor:
                yield cursor
            raw.commit()
        finally:
            raw.rollback()
            raw.close()

    return attacking


@pytest.fixture
def token(committing, clock):
    with committing.begin(TEST) as work:
        her = make_officer(work)
        make_recovery_codes(work, her.account)
        return sign_in(work, her.typed(clock))


@pytest.mark.parametrize("owner", [False, True])
def test_what_ended_begins_no_more_not_even_by_the_owner(attack, committing, token, owner):
    with committing.begin(TEST) as work:
        sign_out(work, token)
    with refused(STAYS), attack(owner=owner) as cursor:
        cursor.execute("UPDATE sign_in_session SET ended_at = NULL, ended_how = NULL")
    with refused(STAYS), attack(owner=owner) as cursor:
        cursor.execute("UPDATE sign_in_session SET last_seen_at = last_seen_at")


CLAIMS = (
    "proofs = '{passkey,pin}'",
    "proved_at = proved_at - interval '1 minute'",
    "ends_at = ends_at - interval '1 minute'",
    "duress = true",
    "kind = 'member'",
    "account_id = account_id + 1",
    "token_hash = decode(repeat('00', 32), 'hex')",
    "ref = 'another00000'",
)


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_it_proved_is_said_once(attack, token, claim):
    with forbidden(), attack() as cursor:
        cursor.execute(f"UPDATE sign_in_session SET {claim}")
    with refused(STAYS), attack(owner=True) as cursor:
        cursor.execute(f"UPDATE sign_in_session SET {claim}")


@pytest.mark.parametrize("owner", [False, True])
def test_what_was_left_lying_is_not_opened_again(attack, token, owner):
    with attack() as cursor:
        cursor.execute("UPDATE sign_in_session SET last_seen_at = made_at + interval '59 minutes'")
    with refused(STAYS), attack(owner=owner) as cursor:
        cursor.execute("UPDATE sign_in_session SET last_seen_at = made_at + interval '2 hours'")


NEVER_TAKEN = (
    "sign_in_session",
    "user_account",
    "totp",
    "recovery_code",
    "enrolment_slip",
)


@pytest.mark.parametrize("table", NEVER_TAKEN)
def test_nothing_of_it_is_taken_away_by_the_application(attack, token, table):
    for how in ("DELETE FROM", "TRUNCATE"):
        with forbidden(), attack() as cursor:
            cursor.execute(f"{how} {table}")


BEGIN = (
    "INSERT INTO sign_in_session (token_hash, ref, account_id, kind, proofs, proved_at, made_at,"
    " last_seen_at, ends_at, duress, browser) SELECT decode(repeat('07', 32), 'hex'),"
    " 'newone000000', id, %(kind)s, %(proofs)s, made_at, made_at, made_at,"
    " made_at + %(lasts)s::interval, false, 'other' FROM user_account LIMIT 1"
)
TOO_MUCH = (
    ({"kind": "office", "proofs": ["pin", "word"]}, "sign_in_session_office_check"),
    ({"kind": "member", "proofs": []}, "sign_in_session_proofs_check"),
    ({"kind": "member", "proofs": ["the keeper says so"]}, "sign_in_session_proofs_check"),
    ({"lasts": "12 hours 1 second"}, "sign_in_session_lasts_check"),
)


@pytest.mark.parametrize(("claim", "law"), TOO_MUCH)
def test_no_sign_in_begins_with_more_than_it_may(attack, token, claim, law):
    given = {"kind": "office", "proofs": ["passkey"], "lasts": "1 hour"}
    with refused(law), attack() as cursor:
        cursor.execute(BEGIN, {**given, **claim})
    with attack() as cursor:
        cursor.execute(BEGIN, given)


SECRETS = (
    ("totp", "last_step = last_step - 1", "totp_stays"),
    ("totp", "confirmed_at = confirmed_at + interval '1 hour'", "totp_stays"),
)


@pytest.mark.parametrize(("table", "claim", "law"), SECRETS)
def test_a_code_that_was_used_stays_used(attack, token, table, claim, law):
    with refused(law), attack() as cursor:
        cursor.execute(f"UPDATE {table} SET {claim}")


def test_a_line_of_her_sheet_that_was_used_or_ended_stays_so(attack, token):
    with attack() as cursor:
        cursor.execute("UPDATE recovery_code SET used_at = made_at WHERE number = 1")
        cursor.execute("UPDATE recovery_code SET ended_at = made_at WHERE number = 2")
    for number, claim in ((1, "used_at = NULL"), (2, "ended_at = NULL")):
        with refused("recovery_code_stays"), attack() as cursor:
            cursor.execute(f"UPDATE recovery_code SET {claim} WHERE number = {number}")


WHOSE = ("person_id = person_id + 1", "sign_in_name = 'another'", "ref = 'another00000'")


@pytest.mark.parametrize("claim", WHOSE)
def test_an_account_stays_whose_it_is(attack, token, claim):
    if "name" not in claim:
        with forbidden(), attack() as cursor:
            cursor.execute(f"UPDATE user_account SET {claim}")
    with refused("user_account_stays"), attack(owner=True) as cursor:
        cursor.execute(f"UPDATE user_account SET {claim}")


def test_a_closed_account_stays_closed(attack, token):
    with attack() as cursor:
        cursor.execute("UPDATE user_account SET closed_at = made_at")
    with refused("user_account_stays"), attack() as cursor:
        cursor.execute("UPDATE user_account SET closed_at = NULL")


SEEN = "user_account_seen_by_another"


@pytest.fixture
def unseen(committing, token):
    """Two were seen; a third waits."""
    with committing.begin(TEST) as work:
        for _ in range(2):
            make_seer(work)
        return invite(work, new_person(work).id, "rani").id


def test_nobody_sees_to_it_that_she_is_herself(attack, unseen):
    for by in ("person_id", "NULL"):
        with refused(SEEN), attack() as cursor:
            cursor.execute(
                "UPDATE user_account SET confirmed_at = made_at,"
                f" confirmed_by_person_id = {by} WHERE id = {unseen}"
            )


def test_another_does(attack, unseen):
    with attack() as cursor:
        cursor.execute(
            "UPDATE user_account SET confirmed_at = made_at, confirmed_by_person_id ="
            f" (SELECT min(person_id) FROM user_account) WHERE id = {unseen}"
        )
    with refused("user_account_confirmed_check"), attack() as cursor:
        cursor.execute(f"UPDATE user_account SET confirmed_at = NULL WHERE id = {unseen}")
