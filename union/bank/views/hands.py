"""What waits for a second person: money that went, and the bound of what one may say alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.bank.forms import CeilingForm, KeyForm, WhyForm
from union.bank.queries.hands import ceiling_now, ceilings_waiting, words_open
from union.bank.services import confirm_ceiling, confirm_word, end_word, set_ceiling
from union.bank.views.blueprint import blueprint
from union.infra.people import is_present
from union.web.current import kit, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/second-hand")
def hands() -> ResponseReturnValue:
    """What one person said of money that went, for another to confirm."""
    return _hands(None)


@blueprint.post("/second-hand/<ref>/confirm")
def confirm_hand(ref: str) -> ResponseReturnValue:
    """A second person's yes: it is booked so."""
    form = KeyForm()
    done = sent(form, f"confirm_word:{ref}", lambda work: {"id": confirm_word(work, ref).id})
    if done is None:
        return _hands(form)
    flash(gettext("Confirmed. It is in the books."))
    return redirect(url_for("bank.hands"))


@blueprint.post("/second-hand/<ref>/end")
def end_hand(ref: str) -> ResponseReturnValue:
    """A no, or the first one's own word taken back: the line waits as before."""
    form = WhyForm()
    why = str(form.why.data or "")
    if sent(form, f"end_word:{ref}", lambda work: _end(work, ref, why)) is None:
        return _hands(form, {ref: why})
    flash(gettext("The line waits for a word again."))
    return redirect(url_for("bank.hands"))


@blueprint.get("/ceiling")
def ceiling() -> ResponseReturnValue:
    """How much one person may call a charge alone, and what waits to be confirmed."""
    return _ceiling(CeilingForm(formdata=None))


@blueprint.post("/ceiling")
def write_ceiling() -> ResponseReturnValue:
    """Write another; it holds once a second person agrees."""
    form = CeilingForm()
    if sent(form, "set_ceiling", lambda work: _set(work, form)) is None:
        return _ceiling(form)
    flash(gettext("Written. Now somebody else must confirm it."))
    return redirect(url_for("bank.ceiling"))


@blueprint.post("/ceiling/<ref>/confirm")
def confirm_ceiling_of(ref: str) -> ResponseReturnValue:
    """A second person's yes."""
    form = KeyForm()
    done = sent(form, f"ceiling:{ref}", lambda work: {"ref": confirm_ceiling(work, ref).ref})
    if done is None:
        return _ceiling(CeilingForm(formdata=None), form)
    flash(gettext("Confirmed. It holds from now on."))
    return redirect(url_for("bank.ceiling"))


def _end(work: Work, ref: str, why: str) -> dict[str, Any]:
    end_word(work, ref, why)
    return {}


def _set(work: Work, form: CeilingForm) -> dict[str, Any]:
    return {"ref": set_ceiling(work, form.line.minor, form.month.minor).ref}


def _hands(
    said: KeyForm | WhyForm | None, typed: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    work = reading()
    words = words_open(work)
    return page(
        "bank/hands.html",
        hers=[one for one in words if one.hers],
        others=[one for one in words if not one.hers],
        names=kit().name_people(work, {one.word.made_by for one in words}),
        said=said,
        typed=typed or {},
        key_form=KeyForm(formdata=None),
    )


def _ceiling(form: CeilingForm, said: KeyForm | None = None) -> ResponseReturnValue:
    work = reading()
    new = ceilings_waiting(work.session)
    return page(
        "bank/ceiling.html",
        form=form,
        said=said,
        now=ceiling_now(work.session),
        new=new,
        hers={one.ref for one in new if is_present(work, one.made_by)},
        confirm_form=KeyForm(formdata=None),
    )
