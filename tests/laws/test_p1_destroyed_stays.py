"""P1: a destroyed key stays destroyed, and the key store's user can do nothing but its work.

Attacked by SQL as the key store's login, as its owner, and by two at once.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from tests.faults.processes import wait_for
from union.infra.db import owner_engine
from union.infra.key_rotation import raise_fence
from union.infra.keystore import KeyStore
from union.infra.keystore_schema import bring_forward, steps
from union.infra.machine_keys import MachineKeyMissingError, MachineKeys
from union.kernel.clock import ManualClock

AT = datetime(2026, 11, 1, tzinfo=UTC)
MAKE = (
    "INSERT INTO data_key (ref, wrapped, machine_key_version, made_at, destroyed_at)"
    " VALUES (%s, %s, %s, %s, %s)"
)


@pytest.fixture(scope="module")
def addresses(cluster):
    url, owner_url = cluster.own_keystore()
    yield url, owner_url
    cluster.drop(url.partition("?")[0].rpartition("/")[2])


@pytest.fixture
def user(addresses):
    with psycopg.connect(addresses[0], autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(addresses):
    with psycopg.connect(addresses[1], autocommit=True) as connection:
        yield connection


@pytest.fixture
def standing(user):
    ref = uuid4()
    user.execute(MAKE, (ref, b"wrapped", 1, AT, None))
    return ref


@pytest.fixture
def destroyed(user, standing):
    user.execute(
        "UPDATE data_key SET wrapped = NULL, destroyed_at = %s WHERE ref = %s", (AT, standing)
    )
    return standing


BACK = (
    "UPDATE data_key SET wrapped = 'w', destroyed_at = NULL WHERE ref = %s",
    "UPDATE data_key SET wrapped = 'w' WHERE ref = %s",
    "UPDATE data_key SET destroyed_at = '2026-01-01Z' WHERE ref = %s",
)


@pytest.mark.parametrize("attack", BACK)
@pytest.mark.parametrize("who", ["user", "owner"])
def test_what_is_destroyed_stays_destroyed(request, destroyed, who, attack):
    connection = request.getfixturevalue(who)
    with pytest.raises(psycopg.errors.RestrictViolation, match="stays destroyed"):
        connection.execute(attack, (destroyed,))


def test_wrapping_anew_does_not_bring_it_back(owner, destroyed):
    with pytest.raises(psycopg.errors.RestrictViolation, match="stays destroyed"):
        owner.execute(
            "UPDATE data_key SET wrapped = 'w', machine_key_version = 9, destroyed_at = NULL"
            " WHERE ref = %s",
            (destroyed,),
        )


def test_nor_does_making_it_again(user, destroyed):
    with pytest.raises(psycopg.errors.UniqueViolation):
        user.execute(MAKE, (destroyed, b"old", 1, AT, None))


@pytest.mark.parametrize("attack", ["DELETE FROM data_key", "TRUNCATE data_key"])
def test_no_row_goes(user, owner, destroyed, attack):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        user.execute(attack)
    with pytest.raises(psycopg.errors.RestrictViolation, match="never taken away"):
        owner.execute(attack)


@pytest.mark.parametrize(
    "change",
    [
        "wrapped = 'another'",
        "destroyed_at = '2026-11-02Z'",
        "wrapped = NULL",
    ],
)
def test_a_standing_key_is_destroyed_or_left(user, standing, change):
    """Written over it would be lost, with nothing that says so."""
    with pytest.raises(psycopg.errors.IntegrityError):
        user.execute(f"UPDATE data_key SET {change} WHERE ref = %s", (standing,))


@pytest.mark.parametrize("change", ["machine_key_version = 2", "ref = gen_random_uuid()"])
def test_the_user_may_not_even_try_the_rest(user, owner, standing, change):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        user.execute(f"UPDATE data_key SET {change} WHERE ref = %s", (standing,))
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(f"UPDATE data_key SET {change} WHERE ref = %s", (standing,))


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE data_key DISABLE TRIGGER ALL",
        "DROP TRIGGER data_key_is_kept ON data_key",
        "DROP TABLE data_key CASCADE",
        "DROP FUNCTION data_key_is_kept() CASCADE",
        "CREATE TABLE mine (ref uuid)",
        "UPDATE key_fence SET lowest = 9",
        "DELETE FROM key_fence",
        "DELETE FROM schema_step",
        "SET session_replication_role = replica",
    ],
)
def test_the_laws_are_not_the_users_to_take_away(user, attack):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        user.execute(attack)


def test_steps_are_taken_once(addresses, owner):
    bring_forward(addresses[1], addresses[0])
    done = [name for (name,) in owner.execute("SELECT name FROM schema_step ORDER BY name")]
    assert done == [step.stem for step in steps()]


def test_a_store_from_before_the_steps_keeps_its_keys(cluster):
    """The first clones had the one table, and its user owned it."""
    name = cluster.copy("template0", "sangha_keys")
    url, owner_url = cluster.cluster.url(name, "sangha_keys"), cluster.cluster.url(name)
    ref = uuid4()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((steps()[0]).read_text())
        connection.execute(MAKE, (ref, b"wrapped", 1, AT, None))
    cluster.cluster.furnish()
    owner_url = cluster.cluster.url(name, "sangha_keys_owner")
    bring_forward(owner_url, url)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT ref FROM data_key").fetchall() == [(ref,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE data_key")
    cluster.drop(name)


def test_no_key_slips_under_the_fence(cluster):
    """One that is being made while the fence rises is waited for, and then wrapped anew."""
    url, owner_url = cluster.own_keystore()
    engine = owner_engine(owner_url)
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with psycopg.connect(url) as slow, psycopg.connect(owner_url, autocommit=True) as looking:
        slow.execute(MAKE, (uuid4(), b"wrapped", 1, AT, None))
        rising = threading.Thread(target=raise_fence, args=(engine, 2))
        rising.start()
        wait_for(lambda: looking.execute(waiting).fetchone() == (1,), 60)
        slow.commit()
        rising.join()
        assert looking.execute("SELECT lowest FROM key_fence").fetchone() == (2,)
        with pytest.raises(psycopg.errors.RestrictViolation, match="being left"):
            slow.execute(MAKE, (uuid4(), b"wrapped", 1, AT, None))
        slow.rollback()
        slow.execute(MAKE, (uuid4(), b"wrapped", 2, AT, None))
        slow.execute(MAKE, (uuid4(), None, 1, AT, AT))
        with pytest.raises(psycopg.errors.RestrictViolation, match="only rises"):
            looking.execute("UPDATE key_fence SET lowest = 1")
    forgotten = KeyStore(engine, MachineKeys.only(bytes(range(32))), ManualClock(AT))
    with pytest.raises(MachineKeyMissingError):
        forgotten.make(1)
    engine.dispose()
    cluster.drop(url.partition("?")[0].rpartition("/")[2])
