"""M7: what was posted lies under a chain of seals that tells of any change, and cannot fork."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders.ledger import make_receipt
from tests.laws.money import forbidden, post, refused
from union.ledger.queries.seals import BrokenSeal, broken_seals, chain_head, count_unsealed
from union.ledger.services import seal_postings

GUARDED = ("journal_entry", "journal_leg", "voucher_approval", "seal", "seal_entry")


def seal(books, limit=5000):
    with books.work() as work:
        laid = seal_postings(work, limit)
        return laid.id if laid else None


def broken(books):
    with books.work() as work:
        return list(broken_seals(work.session))


@pytest.fixture
def sealed(own_books):
    with own_books.work() as work:
        for _ in range(6):
            make_receipt(work)
    while seal(own_books, 4):
        pass
    return own_books


def tamper(books, *statements):
    """What only the owner can: switch the guards off, change, switch them on again."""
    with books.attack(owner=True) as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_everything_is_sealed_once_and_verifies(sealed):
    assert broken(sealed) == []
    assert seal(sealed) is None
    with sealed.work() as work:
        assert count_unsealed(work.session) == 0
        assert chain_head(work.session).entries == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_leg SET amount_minor = amount_minor * 2 WHERE entry_id = 2",
        "UPDATE journal_leg SET account_code = '1010' WHERE entry_id = 2 AND position = 1",
        "UPDATE journal_entry SET posted_on = '2026-10-01' WHERE id = 2",
        "UPDATE journal_entry SET posted_at = posted_at + interval '1 second' WHERE id = 2",
        "INSERT INTO journal_leg VALUES (2, 8, '1010', 'legal', 5), (2, 9, '4110', 'legal', -5)",
        "DELETE FROM journal_leg WHERE entry_id = 2",
    ],
    ids=["amount", "account", "day", "moment", "added legs", "taken legs"],
)
def test_what_the_owner_changes_is_told(sealed, change):
    tamper(sealed, change)
    assert broken(sealed) == [BrokenSeal(1, 2)]


def test_an_entry_the_owner_takes_out_whole_with_its_seal_row_is_told(sealed):
    tamper(
        sealed,
        "DELETE FROM seal_entry WHERE entry_id = 2",
        "DELETE FROM journal_leg WHERE entry_id = 2",
        "DELETE FROM journal_entry WHERE id = 2",
    )
    assert broken(sealed) == [BrokenSeal(1, None)]


def test_a_seal_laid_anew_breaks_the_next(sealed):
    tamper(sealed, "UPDATE seal SET content_hash = sha256('forged') WHERE id = 1")
    assert [one.seal_id for one in broken(sealed)] == [1, 2]


def test_an_entry_that_commits_late_is_sealed_with_the_next(own_books):
    legs = (("1010", "general", 100), ("4120", "general", -100))
    with own_books.attack() as cursor:
        late = post(cursor, "receipt", *legs)
        with own_books.work() as work:
            make_receipt(work)
        first = seal(own_books)
    second = seal(own_books)
    assert (first, second) == (1, 2)
    with own_books.work() as work:
        assert chain_head(work.session).entries == 1
    assert late
    assert broken(own_books) == []


def test_sealers_at_once_make_one_chain(own_books):
    stop = threading.Event()

    def write() -> None:
        for _ in range(40):
            with own_books.work() as work:
                make_receipt(work)
        stop.set()

    def lay() -> None:
        while not stop.is_set():
            seal(own_books, 3)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write), *(pool.submit(lay) for _ in range(3))]:
            done.result()
    while seal(own_books):
        pass
    assert broken(own_books) == []
    with own_books.work() as work:
        assert count_unsealed(work.session) == 0


def test_a_sealer_without_the_lock_cannot_fork_the_chain(sealed):
    with refused("seal_previous_id_key"), sealed.attack() as cursor:
        cursor.execute(
            "INSERT INTO seal (previous_id, entries, content_hash, made_at)"
            " VALUES (1, 1, '\\x00', '2026-10-16T00:00:00Z')"
        )
    with refused("seal_previous_id_key"), sealed.attack() as cursor:
        cursor.execute(
            "INSERT INTO seal (entries, content_hash, made_at)"
            " VALUES (1, '\\x00', '2026-10-16T00:00:00Z')"
        )


def test_the_application_changes_no_seal(sealed):
    for statement in ("UPDATE seal SET entries = 1", "DELETE FROM seal_entry"):
        with forbidden(), sealed.attack() as cursor:
            cursor.execute(statement)
