"""P1: what is sealed to whom is never turned to somebody else, by the application's own login."""

from __future__ import annotations

import psycopg
import pytest

from tests.builders.members import make_circles
from union.infra.commands import CommandReusedError, once
from union.kernel.actor import Actor

TEST = Actor.system("test")

NOT_ALLOWED = psycopg.errors.InsufficientPrivilege

ATTACKS = (
    "UPDATE circle SET public_key = '\\x00'",
    "UPDATE circle SET name = 'health'",
    "DELETE FROM circle",
    "TRUNCATE circle CASCADE",
    "UPDATE circle_key SET wrapped_secret = '\\x00'",
    "UPDATE circle_key SET person_id = 1",
    "DELETE FROM circle_key",
    "UPDATE personal_key SET public_key = '\\x00'",
    "UPDATE personal_key SET wrapped_secret = '\\x00'",
    "UPDATE personal_key SET salt = '\\x00'",
    "DELETE FROM personal_key",
    "ALTER TABLE circle DISABLE TRIGGER ALL",
)
OWNER_TOO = tuple(attack for attack in ATTACKS if "ALTER" not in attack)


def as_application(database):
    return psycopg.connect(database.url, options="-c role=sangha_app", autocommit=True)


@pytest.fixture
def holder(committing):
    with committing.begin(TEST) as work:
        return make_circles(work)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_may_not(holder, fresh_database, attack):
    with as_application(fresh_database) as connection, pytest.raises(NOT_ALLOWED):
        connection.execute(attack)


@pytest.mark.parametrize("attack", OWNER_TOO)
def test_and_its_owner_is_stopped(holder, fresh_database, attack):
    owner = psycopg.connect(fresh_database.owner_url, autocommit=True)
    with owner as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute(attack)


def test_a_key_to_a_circle_ends_once_and_does_not_come_back(holder, fresh_database):
    ended = "UPDATE circle_key SET revoked_at = '2026-11-01Z'"
    with as_application(fresh_database) as connection:
        assert connection.execute(ended).rowcount == 2
        for back in ("NULL", "'2026-12-01Z'"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(f"UPDATE circle_key SET revoked_at = {back}")


@pytest.mark.parametrize("table", ["backup_made", "restore_done"])
def test_what_was_backed_up_and_brought_back_stays_written(fresh_database, table):
    with as_application(fresh_database) as connection:
        for attack in (f"UPDATE {table} SET ref = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(NOT_ALLOWED):
                connection.execute(attack)


def test_a_forgotten_hash_still_knows_the_command(committing, fresh_database):
    """Revision 0046 empties what might have been made of a password; repeats stay repeats."""
    with committing.begin(TEST) as work:
        once(work, "k1", "ways.sms", {"passphrase": "the lamp"}, lambda: {"done": 1})
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as connection:
        connection.execute("UPDATE command SET request_hash = ''")
    with committing.begin(TEST) as work:
        assert once(work, "k1", "ways.sms", {"passphrase": "another"}, dict) == {"done": 1}
        with pytest.raises(CommandReusedError):
            once(work, "k1", "ways.voice", {}, dict)
