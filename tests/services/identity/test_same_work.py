"""A try costs the same whoever has the name: counted in statements and hashes, not in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from tests.builders.signing import PASSWORD, make_officer
from union.identity.models import Account
from union.identity.services import hashing, sign_in
from union.identity.services.codes import make_recovery_codes
from union.identity.services.hashing import hash_secret
from union.identity.services.signing import Refused, Typed
from union.infra.people import new_person

OTHER = "grey kettle on monday"


@dataclass
class Bill:
    """What one try cost."""

    statements: list[str] = field(default_factory=list)
    hashes: int = 0
    keys: int = 0


@pytest.fixture
def costs(work, monkeypatch):
    """A function: a try in, its bill out."""

    @contextmanager
    def counting() -> Iterator[Bill]:
        bill, hasher, vault = Bill(), hashing._HASHER, work.vault.fresh()

        class Counting:
            def verify(self, *given):
                bill.hashes += 1
                return hasher.verify(*given)

        def said(_connection, _cursor, statement, *_rest):
            bill.statements.append(statement)

        class CountingStore:
            def open(self, refs):
                bill.keys += 1
                return store.open(refs)

        store = vault._keystore
        vault._keystore = CountingStore()
        before, work.vault = work.vault, vault
        connection = work.session.connection()
        with monkeypatch.context() as patch:
            patch.setattr(hashing, "_HASHER", Counting())
            event.listen(connection, "before_cursor_execute", said)
            yield bill
            event.remove(connection, "before_cursor_execute", said)
        work.vault = before

    def cost(typed: Typed) -> Bill:
        work.session.flush()
        work.session.expunge_all()
        with counting() as bill:
            assert sign_in(work, typed) == Refused()
        return bill

    return cost


def test_whoever_has_the_name_and_whatever_is_wrong_costs_the_same(work, clock, costs):
    her = make_officer(work)
    make_recovery_codes(work, her.account)
    her.account.other_hash = hash_secret(OTHER)
    closed = make_officer(work, "closed")
    closed.account.closed_at = clock.now()
    bare = Account(
        person_id=new_person(work).id,
        sign_in_name="bare",
        made_at=clock.now(),
        confirmed_at=clock.now(),
    )
    odd = Account(
        person_id=new_person(work).id,
        sign_in_name="odd",
        password_hash="!",
        made_at=clock.now(),
        confirmed_at=clock.now(),
    )
    work.session.add_all([bare, odd])
    right, line = her.code(clock), "3 K7QF-9M2X-4T"
    tries = [
        Typed(name, password, code)
        for name in ("treasurer", "nobody", "closed", "bare", "odd")
        for password in ("wrong", PASSWORD, OTHER, "")
        for code in ("000000", line, "", right)
        if (name, code) != ("treasurer", right) or password not in {PASSWORD, OTHER}
    ]
    bills = [costs(typed) for typed in tries]
    assert {bill.hashes for bill in bills} == {3}
    assert {bill.keys for bill in bills} == {1}
    assert {tuple(bill.statements) for bill in bills} == {tuple(bills[0].statements)}
