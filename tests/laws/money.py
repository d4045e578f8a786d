"""Books that really stand in a database of their own, and an attacker who holds the password.

She has the application's login and writes her own SQL. What she may not do must be refused at
the latest when she commits, and the refusal must name the law.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import psycopg
import pytest
from sqlalchemy import Engine

from tests.builders.ledger import acting_as, make_books, make_receipt
from union.infra.people import new_people
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.ledger.rules import AccountCode, FundCode, NewVoucher, Source
from union.ledger.services import approve_voucher, prepare_voucher

_sources = count(1_000_000)

POST = """
WITH e AS (
  INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at, source_kind,
                             source_id, reverses_id, voucher_id)
  VALUES (%(ref)s, %(kind)s, %(on)s, %(on)s, '2026-10-16T00:00:00Z', %(source_kind)s,
          %(source_id)s, %(reverses)s, %(voucher)s)
  RETURNING id
), l AS (
  INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor, posted_on)
  SELECT e.id, n, account, fund, amount, %(on)s
    FROM e, unnest(%(accounts)s::varchar[], %(funds)s::varchar[], %(amounts)s::bigint[])
            WITH ORDINALITY AS leg(account, fund, amount, n)
)
SELECT id FROM e
"""


@dataclass(frozen=True)
class Books:
    """A unit of work that commits, the application's engine, and who is who."""

    unit: UnitOfWork
    engine: Engine
    owner: Engine
    treasurer: Actor
    signatory: Actor
    payee: int

    @contextmanager
    def work(self, actor: Actor | None = None):
        with self.unit.begin(actor or Actor.system("test")) as work:
            yield work

    @contextmanager
    def attack(self, *, owner: bool = False):
        """A cursor of the application's login (or of the owner's); commits at the end."""
        engine = self.owner if owner else self.engine
        raw = engine.raw_connection()
        try:
            with raw.cursor() as cursor:
                yield cursor
            raw.commit()
        finally:
            raw.rollback()
            raw.close()


def open_books_in(unit: UnitOfWork, engine: Engine, owner: Engine) -> Books:
    """Books with ₹10,000 in the bank of each fund, a treasurer, a signatory and a payee."""
    with unit.begin(Actor.system("test")) as work:
        make_books(work)
        for fund in FundCode:
            make_receipt(work, 1_000_000, fund=fund)
        treasurer, signatory, payee = (person.id for person in new_people(work, 3))
    return Books(
        unit,
        engine,
        owner,
        Actor(treasurer, None, frozenset({Grant(Role.TREASURER)})),
        Actor(signatory, None, frozenset({Grant(Role.SIGNATORY)})),
        payee,
    )


def voucher(work: Work, books: Books, *approvers: Actor, fund: str = FundCode.WELFARE) -> int:
    """₹500 of sickness help for the payee, approved by these."""
    made = prepare_voucher(
        work,
        NewVoucher(
            fund=fund,
            money_account=AccountCode.BANK,
            spend_account=AccountCode.WELFARE_PAYMENTS,
            payee_person_id=books.payee,
            amount_minor=50000,
            source=Source("test_claim", next(_sources)),
        ),
    )
    for approver in approvers:
        with acting_as(work, approver):
            approve_voucher(work, made.ref, made.content_hash)
    return made.id


def post(cursor, kind: str, *legs: tuple[str, str, int], **fields) -> int:
    """Post by hand-written SQL: ``legs`` are account, fund and amount."""
    number = next(_sources)
    values = {
        "ref": f"raw{number:09d}"[:12],
        "kind": kind,
        "on": "2026-10-16",
        "source_kind": "attack",
        "source_id": number,
        "reverses": None,
        "voucher": None,
        "accounts": [leg[0] for leg in legs],
        "funds": [leg[1] for leg in legs],
        "amounts": [leg[2] for leg in legs],
    }
    cursor.execute(POST, {**values, **fields})
    return cursor.fetchone()[0]


@contextmanager
def refused(law: str):
    """What stands inside must be refused in the name of ``law``."""
    with pytest.raises(psycopg.Error) as caught:
        yield
    assert caught.value.diag.constraint_name == law, caught.value


@contextmanager
def forbidden():
    """What stands inside must be denied for want of a right."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        yield
