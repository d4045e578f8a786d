"""Pages that read the books: trial balance, one account, the journal, one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext

from union.ledger import queries
from union.ledger.forms import TrialBalanceForm
from union.ledger.views.pages import blueprint
from union.web.current import reading
from union.web.render import page
from union.web.words.ledger import (
    FUNDS,
    KINDS,
    SIDES,
    account_words,
    fund_words,
    unusual_side,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


LARGEST_ID = 2**63 - 1


@blueprint.get("/trial-balance")
def trial_balance() -> ResponseReturnValue:
    """Every account at the end of a day; the difference stands in the first line."""
    work = reading()
    form = TrialBalanceForm(request.args)
    standings = queries.funds(work.session)
    form.fund.choices = [("", gettext("All funds"))] + [
        (fund.code, fund_words(fund.code)) for fund in standings
    ]
    asked = form.validate()
    balance = queries.trial_balance(
        work.session,
        (form.on.data if asked else None) or work.clock.today(),
        (form.fund.data if asked else None) or None,
    )
    if asked:
        form.on.data = balance.as_on
    return page(
        "ledger/trial_balance.html",
        form=form,
        balance=balance,
        funds=standings,
        sides=SIDES,
        unusual=unusual_side,
        account_words=account_words,
        fund_words=fund_words,
    )


@blueprint.get("/accounts/<code>")
def account(code: str) -> ResponseReturnValue:
    """One account: what it holds of each fund, and its movements."""
    work = reading()
    found = queries.account_by_code(work.session, code)
    return page(
        "ledger/account.html",
        account=found,
        balances=queries.account_balance(work.session, code),
        movements=queries.account_book(work.session, code, _before()),
        kinds=KINDS,
        account_words=account_words,
        fund_words=fund_words,
    )


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """What was posted, newest first."""
    work = reading()
    return page(
        "ledger/journal.html", entries=queries.entries(work.session, _before()), kinds=KINDS
    )


@blueprint.get("/entries/<ref>")
def entry(ref: str) -> ResponseReturnValue:
    """One entry with both its sides."""
    return page(
        "ledger/entry.html",
        view=queries.entry_view(reading(), ref),
        kinds=KINDS,
        funds=FUNDS,
        account_words=account_words,
        fund_words=fund_words,
    )


def _before() -> int | None:
    before = request.args.get("before", type=int)
    return before if before is not None and 0 < before <= LARGEST_ID else None
