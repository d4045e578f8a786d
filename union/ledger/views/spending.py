"""Writing a voucher by hand, and opening the papers beside one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, request, url_for
from flask_babel import format_date, gettext

from union.kernel.money import as_typed
from union.ledger.errors import PaperChangedError
from union.ledger.forms.spending import CARD, NEW, SpendingForm
from union.ledger.policy import may_read_care
from union.ledger.queries.choices import pays_from, spendable
from union.ledger.queries.papers import open_paper, paper_by_ref
from union.ledger.queries.payees import payees
from union.ledger.rules import AccountCode
from union.ledger.rules.chart import CARE
from union.ledger.rules.papers import ENDINGS
from union.ledger.services import NewSpending, add_payee, write_voucher
from union.ledger.services.papers import note_reading
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import (
    account_choices,
    person_with,
    place_choices,
    place_of,
)
from union.web.current import acting, reading
from union.web.forms import named_choices, sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.ledger.models import Paper


@blueprint.route("/vouchers/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    """Write a voucher for two others to sign."""
    form = _offered(SpendingForm(**_begun()))
    made = sent(form, "write_voucher", lambda work: _write(work, form))
    if made is None:
        return page("ledger/write.html", form=form)
    flash(gettext("It is written. Two people sign it, and neither is the one who is paid."))
    return redirect(url_for("ledger.voucher", ref=made["ref"]))


@blueprint.get("/papers/<ref>")
def paper(ref: str) -> ResponseReturnValue:
    """One paper, opened for whoever may and written down first; it is kept nowhere on the way."""
    with acting() as work:
        found = paper_by_ref(work, ref)
        note_reading(work, found)
    content = _content(found)
    name = f"paper-{found.position}.{ENDINGS[found.content_type]}"
    way = "inline" if found.content_type.startswith("image/") else "attachment"
    answer = Response(content, mimetype=found.content_type)
    answer.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _begun() -> dict[str, str]:
    """What stands in the form already for money that went from the bank; never whose it was."""
    sum_minor, day = (
        request.args.get("sum", type=int),
        request.args.get("on", type=date.fromisoformat),
    )
    begun = {} if sum_minor is None or sum_minor <= 0 else {"amount": as_typed(sum_minor)}
    if day is not None:
        begun["money"] = AccountCode.BANK
        begun["words"] = gettext("Went from the bank on %(day)s.", day=format_date(day, "d MMMM y"))
    return begun


def _content(paper: Paper) -> bytes:
    """What was laid and signed; anything else is not shown, and that it is so is written down."""
    try:
        return open_paper(reading(), paper)
    except PaperChangedError:
        with acting() as work:
            note_reading(work, paper, changed=True)
        raise


def _offered(form: SpendingForm) -> SpendingForm:
    work = reading()
    known = payees(work)
    form.payee.choices = named_choices((one.ref, one.name) for one in known if one.name)
    form.what.choices = [
        *named_choices([("", gettext("Choose one of these"))]),
        *place_choices(
            place
            for place in spendable(work.session)
            if place[1] not in CARE or may_read_care(work.actor)
        ),
    ]
    form.money.choices = account_choices(pays_from(work.session))
    if not known and form.who.data not in {CARD, NEW}:
        form.who.data = NEW
    return form


def _write(work: Work, form: SpendingForm) -> dict[str, str]:
    fund, account = place_of(str(form.what.data))
    voucher = write_voucher(
        work,
        NewSpending(
            payee_person_id=_payee(work, form),
            fund=fund,
            money_account=str(form.money.data),
            spend_account=account,
            amount_minor=form.amount.minor,
            words=str(form.words.data),
            papers=form.papers.streams,
        ),
    )
    return {"ref": voucher.ref}


def _payee(work: Work, form: SpendingForm) -> int:
    if form.who.data == NEW:
        return add_payee(work, str(form.name.data or "")).person_id
    if form.who.data == CARD:
        return person_with(work, str(form.card.data or ""))
    chosen = {one.ref: one.person_id for one in payees(work)}
    return chosen.get(str(form.payee.data), 0)
