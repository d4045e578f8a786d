"""The bank's balance proved against the book, with a name for every rupee between the two."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request

from union.bank.forms import DayForm
from union.bank.queries.balances import statements
from union.bank.queries.reconciliation import reconciliation as read_reconciliation
from union.bank.queries.tables import bank_account
from union.bank.views.blueprint import blueprint
from union.web.current import reading
from union.web.render import page
from union.web.words.ledger import KINDS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/proof")
def reconciliation() -> ResponseReturnValue:
    """As on a day; without one, the end of the latest statement."""
    work = reading()
    account = bank_account(work.session)
    form = DayForm(request.args)
    known = statements(work.session, account)
    latest = known[0].period_to if known else work.clock.today()
    as_on = (form.on.data if form.validate() else None) or latest
    as_on = min(as_on, work.clock.today() + timedelta(days=366))
    form.on.data = as_on
    return page(
        "bank/proof.html",
        form=form,
        proof=read_reconciliation(work.session, account, as_on),
        as_on=as_on,
        known=known,
        tail=account.number_tail,
        entry_kinds=KINDS,
    )
