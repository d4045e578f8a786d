"""P1, P5: a word in every closed column of the register, through services; then all is searched.

The whole product is walked through and searched outside (``test_whole_system``); here is what
needs no browser and no process of ours, so that a new column without a word fails at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from tests.canary.opening import CLOSED, Looked, look
from tests.canary.planting import PLANTED
from tests.canary.scenes.every import CANNOT_HOLD_A_WORD, DRAWN_BY_LOT, play
from tests.canary.scenes.stage import OPENS
from tests.canary.searching import find_all
from tests.canary.test_whole_system import SPOKEN, columns_with_a_word, dumped
from tests.cluster import Database, TestCluster
from tests.conftest import START
from union.infra.db import application_engine
from union.infra.kept import KEPT, Tier
from union.infra.keystore import KeyStore
from union.infra.settings import Secrets
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.wiring import ROUTES


@dataclass
class Played:
    """A database in which every scene was played, and what its closed columns hold."""

    database: Database
    looked: Looked


@pytest.fixture(scope="module")
def played(
    cluster: TestCluster, keystore_engine: Engine, machine_secrets: Secrets
) -> Iterator[Played]:
    name = cluster.copy()
    database, clock = cluster.database(name), ManualClock(START)
    engine = application_engine(database.url)
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    vault = Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key)
    unit = UnitOfWork(sessionmaker(engine, expire_on_commit=False), clock, vault, ROUTES)
    try:
        play(unit)
        with unit.reading(Actor.system("canary")) as work:
            looked = look(work, OPENS)
        yield Played(database, looked)
    finally:
        engine.dispose()
        cluster.drop(name)


def test_every_closed_column_opens_as_the_register_says_and_holds_a_word(played):
    assert played.looked.shut == []
    missing = sorted(set(played.looked.empty) - set(CANNOT_HOLD_A_WORD))
    assert not missing, "nobody plants " + " ".join(missing)


def test_what_is_said_to_hold_no_word_holds_none_but_something(played):
    assert set(CANNOT_HOLD_A_WORD) <= set(CLOSED), "the register knows no such column"
    planted = set(CANNOT_HOLD_A_WORD) & set(played.looked.planted)
    assert planted == set(), "a word can be written there after all"
    unplayed = [one for one in CANNOT_HOLD_A_WORD if not any(played.looked.drawn.get(one, []))]
    assert unplayed == [], "no scene comes there at all"


def test_no_column_and_no_dump_shows_what_was_written(played):
    found = columns_with_a_word(played.database.owner_url)
    may = {one.place for one in KEPT if one.tier is Tier.OPEN}
    assert {name: sorted(words)[:3] for name, words in found.items() if name not in may} == {}
    assert set(found) & may >= SPOKEN, "nothing is found where words do lie open"
    dump = dumped(played.database.owner_url, "plain")
    assert find_all(dump, PLANTED) == set().union(*found.values())
    secrets = [one for place in DRAWN_BY_LOT for one in played.looked.drawn[place]]
    assert len(secrets) >= len(DRAWN_BY_LOT)
    assert [one for one in secrets if one in dump or one.hex().encode() in dump] == []
