"""Money between funds: what was decided, agreeing to it, taking a mistake back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.ledger import queries
from union.ledger.forms.funds import TransferAnswerForm, TransferBackForm, TransferForm
from union.ledger.queries.choices import pays_from
from union.ledger.queries.inter_fund import transfer_by_ref, transfers
from union.ledger.services import NewTransfer, answer_transfer, propose_back, propose_transfer
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import account_choices, names_of
from union.web.current import reading
from union.web.forms import CommandForm, named_choices, sent
from union.web.render import page
from union.web.words.ledger import account_words, fund_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.ledger.queries import FundStanding
    from union.ledger.queries.inter_fund import TransferView


@blueprint.get("/transfers")
def transfers_between_funds() -> ResponseReturnValue:
    """What each fund holds, what waits for a second hand, what was moved."""
    work = reading()
    return page(
        "ledger/transfers.html",
        views=transfers(work),
        funds=queries.funds(work.session),
        fund_words=fund_words,
    )


@blueprint.route("/transfers/new", methods=["GET", "POST"])
def new_transfer() -> ResponseReturnValue:
    """Write down what was decided, for somebody else to agree to."""
    work = reading()
    funds = queries.funds(work.session)
    form = _offered(TransferForm(decided_on=work.clock.today()), funds)
    made = sent(form, "propose_transfer", lambda work: _propose(work, form))
    if made is None:
        return page("ledger/new_transfer.html", form=form, funds=funds, fund_words=fund_words)
    flash(gettext("It is written down. Nothing is moved until somebody else agrees."))
    return redirect(url_for("ledger.transfer", ref=made["ref"]))


@blueprint.get("/transfers/<ref>")
def transfer(ref: str) -> ResponseReturnValue:
    """One decision, with the acts open to the reader."""
    return _show(transfer_by_ref(reading(), ref))


@blueprint.post("/transfers/<ref>/answer")
def answer_to_transfer(ref: str) -> ResponseReturnValue:
    """Agree, which moves the money, or not."""
    form = TransferAnswerForm()
    agreed = form.answer.data == "agree"

    def do(work: Work) -> dict[str, str]:
        entry = answer_transfer(work, ref, agreed=agreed)
        return {"entry": entry.ref if entry else ""}

    if sent(form, f"answer_transfer {ref}", do) is None:
        return _show(transfer_by_ref(reading(), ref), form)
    flash(gettext("It is in the books.") if agreed else gettext("Nothing was moved."))
    return redirect(url_for("ledger.transfer", ref=ref))


@blueprint.post("/transfers/<ref>/back")
def transfer_back(ref: str) -> ResponseReturnValue:
    """Say that a move was a mistake; somebody else agrees to that as well."""
    form = TransferBackForm()
    made = sent(
        form,
        f"propose_back {ref}",
        lambda work: {"ref": propose_back(work, ref, str(form.words.data)).ref},
    )
    if made is None:
        return _show(transfer_by_ref(reading(), ref), form)
    flash(gettext("It is written down. The money goes back when somebody else agrees."))
    return redirect(url_for("ledger.transfer", ref=made["ref"]))


def _offered(form: TransferForm, funds: Sequence[FundStanding]) -> TransferForm:
    free = [one for one in funds if not one.restricted]
    form.from_fund.choices = named_choices((one.code, fund_words(one.code)) for one in free)
    form.to_fund.choices = named_choices(
        (one.code, fund_words(one.code))
        for one in sorted(funds, key=lambda one: not one.restricted)
    )
    form.money.choices = account_choices(pays_from(reading().session))
    return form


def _propose(work: Work, form: TransferForm) -> dict[str, str]:
    made = propose_transfer(
        work,
        NewTransfer(
            from_fund=str(form.from_fund.data),
            to_fund=str(form.to_fund.data),
            money_account=str(form.money.data),
            amount_minor=form.amount.minor,
            decided_on=form.decided_on.given,
            words=str(form.words.data),
        ),
    )
    return {"ref": made.ref}


def _show(view: TransferView, said: CommandForm | None = None) -> ResponseReturnValue:
    people = {view.transfer.proposed_by}
    if view.answer is not None:
        people.add(view.answer.answered_by)
    back = said if isinstance(said, TransferBackForm) else TransferBackForm(formdata=None)
    return page(
        "ledger/transfer.html",
        view=view,
        said=said,
        answer_form=TransferAnswerForm(formdata=None),
        back_form=back,
        names=names_of(people),
        account_words=account_words,
        fund_words=fund_words,
    )
