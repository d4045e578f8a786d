"""The demonstration's float and plan: two hands gave it, part of it waits, and it comes once."""

from __future__ import annotations

from tests.builders.ledger import make_books, make_receipt
from union.demo.spending import PLAN, spend_and_plan
from union.identity.models import Account
from union.infra.people import new_person
from union.ledger.invariants import INVARIANTS
from union.ledger.queries import control_balance
from union.ledger.queries.floats import floats, settlements
from union.ledger.queries.keeping import planned
from union.ledger.rules.years import FinancialYear


def _account(work, name):
    account = Account(
        person_id=new_person(work).id,
        sign_in_name=name,
        password_hash="!",
        made_at=work.clock.now(),
    )
    work.session.add(account)
    work.session.flush()
    return account


def test_a_float_is_given_by_two_partly_told_and_a_year_is_planned_once(work):
    make_books(work)
    make_receipt(work, 900_000, account="1010")
    holder = [_account(work, name) for name in ("treasurer", "signatory", "responder")][-1]
    for _twice in range(2):
        spend_and_plan(work)
    (view,) = floats(work)
    assert view.account.holder_person_id == holder.person_id
    assert (view.held_minor, view.told_minor, view.late) == (42_000, 22_000, False)
    assert len(settlements(work, waiting=True)) == 1
    assert control_balance(work.session, "1010") == 916_000
    assert control_balance(work.session, "5150") == 124_000
    assert len(planned(work.session, FinancialYear.of(work.clock.today()))) == len(PLAN)
    connection, plain = work.session.connection(), {"no_parameters": True}
    for query in INVARIANTS.values():
        assert connection.exec_driver_sql(query, execution_options=plain).all() == []
