"""Counting a box, seeing another's count, and settling what a count found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.infra.people import is_present
from union.kernel.errors import NotFoundError
from union.kernel.money import as_typed, format_amount
from union.ledger import queries
from union.ledger.forms.counts import ENDS_OVER, ENDS_SHORT, CountForm, EndForm, SeenForm
from union.ledger.policy import may_approve, may_witness
from union.ledger.queries.choices import money_accounts
from union.ledger.queries.counts import (
    CountView,
    count_by_ref,
    counts_of,
    counts_that_differ,
    counts_waiting,
    settlements_of,
    voucher_of,
)
from union.ledger.rules.counting import PIECES_MINOR
from union.ledger.services import CountEnd, count_cash, settle_count, witness_count
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import names_of
from union.web.current import current_actor, reading
from union.web.forms import choices_of, sent
from union.web.render import page
from union.web.words.ledger import account_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/boxes/<code>/count", methods=["GET", "POST"])
def count(code: str) -> ResponseReturnValue:
    """Count a box piece by piece; whoever counted along says so under her own name."""
    session = reading().session
    if code not in money_accounts(session, cash_only=True):
        raise NotFoundError
    held = queries.control_balance(session, code)
    form = CountForm(book=str(held))

    def do(work: Work) -> dict[str, str]:
        return {"ref": count_cash(work, code, form.pieces(), int(str(form.book.data))).ref}

    made = sent(form, f"count_cash {code}", do)
    if made is not None:
        return redirect(url_for("ledger.one_count", ref=made["ref"]))
    form.book.data = str(held)
    pieces = [form[f"p{piece}"] for piece in PIECES_MINOR]
    return page("ledger/count.html", form=form, held=held, pieces=pieces, **_listed(code=code))


@blueprint.get("/counts")
def counts() -> ResponseReturnValue:
    """The counts that wait for a second pair of eyes, and differences that are not settled."""
    session = reading().session
    waiting, differing = counts_waiting(session), counts_that_differ(session)
    return page(
        "ledger/counts.html",
        waiting=waiting,
        differing=differing,
        names=names_of(_people([*waiting, *differing])),
        account_words=account_words,
    )


@blueprint.get("/counts/<ref>")
def one_count(ref: str) -> ResponseReturnValue:
    """One count: what lay there, who saw it, and what became of a difference."""
    return _show(count_by_ref(reading().session, ref))


@blueprint.post("/counts/<ref>/seen")
def see_count(ref: str) -> ResponseReturnValue:
    """Say of another's count that it is right, or that it is not."""
    form = SeenForm()
    right = form.answer.data == "right"

    def do(work: Work) -> dict[str, str]:
        return {"ref": witness_count(work, ref, agrees=right).count.ref}

    if sent(form, f"witness_count {ref}", do) is None:
        return _show(count_by_ref(reading().session, ref), seen=form)
    flash(
        gettext("Thank you. Two people stand behind this count now.")
        if right
        else gettext("It is written down that you saw it otherwise. The box is counted again.")
    )
    return redirect(url_for("ledger.one_count", ref=ref))


@blueprint.post("/counts/<ref>/settle")
def end_count(ref: str) -> ResponseReturnValue:
    """Say how what a count found ended."""
    view = count_by_ref(reading().session, ref)
    form = _end_form(view, EndForm())

    def do(work: Work) -> dict[str, str]:
        return dict(settle_count(work, ref, CountEnd(form.how.data), form.amount.minor))

    made = sent(form, f"settle_count {ref}", do)
    if made is None:
        return _show(count_by_ref(reading().session, ref), end=form)
    if "voucher" in made:
        flash(gettext("The voucher is written. Two people sign it who did not count."))
        return redirect(url_for("ledger.voucher", ref=made["voucher"]))
    flash(gettext("It is settled, and in the books."))
    return redirect(url_for("ledger.one_count", ref=ref))


def _show(
    view: CountView, *, seen: SeenForm | None = None, end: EndForm | None = None
) -> ResponseReturnValue:
    session, me = reading().session, current_actor()
    own = is_present(reading(), view.count.counted_by)
    left = EndForm(formdata=None, amount=as_typed(view.left_minor))
    return page(
        "ledger/one_count.html",
        pieces=[
            (format_amount(piece), view.count.pieces.get(str(piece))) for piece in PIECES_MINOR
        ],
        seen=(seen or SeenForm(formdata=None)) if may_witness(me) and not own else None,
        end=(end or _end_form(view, left)) if may_approve(me) and not own else None,
        settled=settlements_of(session, view.count),
        voucher=voucher_of(session, view.count),
        ends={**ENDS_SHORT, **ENDS_OVER},
        own=own,
        refused=seen or end,
        view=view,
        **_listed(code=view.count.account_code),
    )


def _end_form(view: CountView, form: EndForm) -> EndForm:
    form.how.choices = choices_of(ENDS_SHORT if view.count.difference_minor < 0 else ENDS_OVER)
    return form


def _listed(*, code: str) -> dict[str, object]:
    done = counts_of(reading().session, code)
    return {
        "code": code,
        "done": done,
        "names": names_of(_people(done)),
        "account_words": account_words,
    }


def _people(views: Sequence[CountView]) -> set[int]:
    witnesses = {view.witness.person_id for view in views if view.witness}
    return {view.count.counted_by for view in views} | witnesses
