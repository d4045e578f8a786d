"""Floats: what is out and how long, giving and taking back, telling what was spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import flash, redirect, url_for
from flask_babel import LazyString, gettext

from union.infra.people import is_present
from union.kernel.errors import NotFoundError
from union.ledger.forms.floats import AnswerForm, FloatForm, GiveFloatForm, SpentForm, TakeBackForm
from union.ledger.queries.choices import pays_from
from union.ledger.queries.floats import (
    float_by_ref,
    float_kinds,
    float_purposes,
    floats,
    settlements,
)
from union.ledger.services import (
    NewSettlement,
    answer_settlement,
    give_float,
    set_float,
    take_back_float,
    tell_spent,
)
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import account_choices, names_of, person_with
from union.web.current import current_actor, reading
from union.web.forms import CommandForm, choices_of, sent
from union.web.render import page
from union.web.words.ledger import PURPOSES, night_money

BoxForm = TypeVar("BoxForm", GiveFloatForm, TakeBackForm)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.ledger.queries.floats import FloatView


@blueprint.get("/floats")
def all_floats() -> ResponseReturnValue:
    """What is out, the oldest first, and the papers that wait to be taken."""
    work = reading()
    views, waiting = floats(work), settlements(work, waiting=True)
    holders = {one.account.holder_person_id for one in views}
    return page(
        "ledger/floats.html",
        views=views,
        waiting=waiting,
        names=names_of(holders),
        purposes=_kinds(),
        answer=AnswerForm(formdata=None),
    )


@blueprint.route("/floats/new", methods=["GET", "POST"])
def open_float() -> ResponseReturnValue:
    """Open somebody's float, or change how far it goes."""
    form = FloatForm()
    by_number = {str(one): code for code, one in float_kinds(reading().session).items()}
    form.purpose.choices = choices_of({one: night_money(int(one)) for one in by_number})

    def do(work: Work) -> dict[str, str]:
        purpose = by_number[str(form.purpose.data)]
        holder = person_with(work, str(form.card.data))
        return {"code": set_float(work, holder, purpose, form.limit.minor)}

    made = sent(form, "set_float", do)
    if made is None:
        bounds = float_purposes(reading().session)
        return page("ledger/open_float.html", form=form, bounds=bounds, purposes=_kinds())
    flash(gettext("Her float may be filled now."))
    (view,) = [one for one in floats(reading()) if one.account.account_code == made["code"]]
    return redirect(url_for("ledger.one_float", ref=view.account.ref))


@blueprint.get("/floats/<ref>")
def one_float(ref: str) -> ResponseReturnValue:
    """One float: what she holds, what she told, and what may be done."""
    return _show(float_by_ref(reading(), ref))


@blueprint.post("/floats/<ref>/give")
def fill_float(ref: str) -> ResponseReturnValue:
    """Write the voucher that fills it."""
    form = _with_boxes(GiveFloatForm())
    made = sent(
        form,
        f"give_float {ref}",
        lambda work: {
            "ref": give_float(
                work, ref, form.amount.minor, str(form.money.data), str(form.words.data)
            ).ref
        },
    )
    if made is None:
        return _show(float_by_ref(reading(), ref), form)
    flash(gettext("The voucher is written. Two people sign it, and not the holder."))
    return redirect(url_for("ledger.voucher", ref=made["ref"]))


@blueprint.post("/floats/<ref>/back")
def float_back(ref: str) -> ResponseReturnValue:
    """Money she did not need."""
    form = _with_boxes(TakeBackForm())
    made = sent(
        form,
        f"take_back_float {ref}",
        lambda work: {
            "ref": take_back_float(work, ref, form.amount.minor, str(form.money.data)).ref
        },
    )
    if made is None:
        return _show(float_by_ref(reading(), ref), form)
    flash(gettext("It is back in the books."))
    return redirect(url_for("ledger.one_float", ref=ref))


@blueprint.post("/settlements/<ref>")
def answer(ref: str) -> ResponseReturnValue:
    """Take papers, or send them back."""
    form = AnswerForm()
    taken = form.answer.data == "take"

    def do(work: Work) -> dict[str, str]:
        entry = answer_settlement(work, ref, accepted=taken)
        return {"entry": entry.ref if entry else ""}

    made = sent(form, f"answer_settlement {ref}", do)
    if made is None:
        flash(str(form.form_errors[0] if form.form_errors else gettext("Nothing was done.")))
    else:
        flash(gettext("Taken, and in the books.") if taken else gettext("Sent back to her."))
    return redirect(url_for("ledger.all_floats"))


@blueprint.get("/floats/mine")
def my_floats() -> ResponseReturnValue:
    """What I hold, and until when papers should come."""
    work = reading()
    person_id = current_actor().person_id
    mine = floats(work, person_id) if person_id is not None else []
    told = settlements(work, [one.account.account_code for one in mine])
    return page("ledger/my_floats.html", mine=mine, told=told, purposes=PURPOSES, kinds=_kinds())


@blueprint.route("/floats/mine/<ref>", methods=["GET", "POST"])
def tell(ref: str) -> ResponseReturnValue:
    """Tell what was spent, with papers."""
    work = reading()
    view = float_by_ref(work, ref)
    if not is_present(work, view.account.holder_person_id):
        raise NotFoundError
    form = SpentForm(spent_on=work.clock.today())

    def do(work: Work) -> dict[str, str]:
        new = NewSettlement(
            form.amount.minor, form.spent_on.given, str(form.words.data), form.papers.streams
        )
        return {"ref": tell_spent(work, ref, new).ref}

    if sent(form, f"tell_spent {ref}", do) is None:
        return page("ledger/tell.html", form=form, view=view, purposes=PURPOSES)
    flash(gettext("It is told. The treasurer looks at it next."))
    return redirect(url_for("ledger.my_floats"))


def _kinds() -> dict[str, LazyString]:
    """What floats there are, said without what for."""
    numbers = float_kinds(reading().session)
    return {code: night_money(number) for code, number in numbers.items()}


def _with_boxes(form: BoxForm) -> BoxForm:
    form.money.choices = account_choices(pays_from(reading().session))
    return form


def _show(view: FloatView, said: CommandForm | None = None) -> ResponseReturnValue:
    work = reading()
    give = said if isinstance(said, GiveFloatForm) else GiveFloatForm(formdata=None)
    back = said if isinstance(said, TakeBackForm) else TakeBackForm(formdata=None)
    return page(
        "ledger/float.html",
        view=view,
        told_=settlements(work, [view.account.account_code]),
        names=names_of({view.account.holder_person_id}),
        purposes=_kinds(),
        give=_with_boxes(give),
        back_form=_with_boxes(back),
        answer=AnswerForm(formdata=None),
    )
