"""The office's page: who asked to be erased, two hands, stopping it, and the certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _

from union.office.erasing import queries
from union.office.erasing.forms import AskForHerForm, PlainForm
from union.office.erasing.paper import print_certificate
from union.office.erasing.rules import Asked
from union.office.erasing.services import asking
from union.office.erasing.views.blueprint import blueprint
from union.web.current import reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm


@blueprint.get("/erasing/")
def orders() -> ResponseReturnValue:
    """What waits, and what was done."""
    return _page(AskForHerForm(formdata=None))


@blueprint.post("/erasing/")
def ask() -> ResponseReturnValue:
    """She asked here, or a court ordered it: the first hand."""
    form = AskForHerForm()

    def do(work: Work) -> dict[str, str]:
        return {"ref": asking.ask_for_her(work, str(form.card.data), Asked(form.how.data)).ref}

    if sent(form, "ask_to_erase", do) is None:
        return _page(form)
    flash(_("It waits for a second officer. Nothing is taken away before her yes."))
    return redirect(url_for("erasing.orders"))


@blueprint.post("/erasing/<ref>/agree")
def agree(ref: str) -> ResponseReturnValue:
    """An officer's yes; the second tells her and begins her days."""
    form = PlainForm()

    def do(work: Work) -> dict[str, bool]:
        return {"told": asking.agree(work, ref).second_by is not None}

    done = sent(form, f"agree_to_erase:{ref}", do)
    if done is None:
        return _page(AskForHerForm(formdata=None), form)
    told = _("She is told now by every way she has, and has three days to say no.")
    flash(told if done["told"] else _("It waits for a second officer."))
    return redirect(url_for("erasing.orders"))


@blueprint.post("/erasing/<ref>/stop")
def stop(ref: str) -> ResponseReturnValue:
    """She said no, or it was a mistake."""
    form = PlainForm()

    def do(work: Work) -> dict[str, str]:
        asking.stop(work, ref)
        return {}

    if sent(form, f"stop_erasing:{ref}", do) is None:
        return _page(AskForHerForm(formdata=None), form)
    flash(_("Stopped. Everything of hers stays as it was."))
    return redirect(url_for("erasing.orders"))


@blueprint.get("/erasing/<ref>/certificate.pdf")
def certificate(ref: str) -> ResponseReturnValue:
    """The certificate on paper, for her."""
    content = print_certificate(queries.certificate_of(reading().session, ref))
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/erasing/<ref>/certificate.txt")
def certificate_text(ref: str) -> ResponseReturnValue:
    """The same as verify_certificate.py reads it."""
    text = queries.certificate_of(reading().session, ref).as_file
    headers = {"Content-Disposition": 'attachment; filename="certificate.txt"'}
    return Response(text, mimetype="text/plain", headers=headers)


def _page(form: AskForHerForm, refused: CommandForm | None = None) -> str:
    return page(
        "erasing/orders.html",
        orders=queries.orders(reading()),
        form=form,
        refused=refused,
        plain=PlainForm(formdata=None),
    )
