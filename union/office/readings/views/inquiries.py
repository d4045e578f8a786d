"""Inquiries: two trustees keep readings from one woman's page for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.office.readings.forms import InquiryForm
from union.office.readings.queries import asking as queries
from union.office.readings.services.inquiries import answer_inquiry, propose_inquiry
from union.office.readings.views.blueprint import blueprint
from union.web.current import reading
from union.web.forms import YesOrNoForm, sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/readings/inquiries", methods=["GET", "POST"])
def inquiries() -> ResponseReturnValue:
    """Those there are, and one more."""
    form = InquiryForm()

    def do(work: Work) -> dict[str, str]:
        about, reader = str(form.about.data), str(form.reader.data)
        until = form.until.data or work.clock.today()
        return {"ref": propose_inquiry(work, about, reader, until).ref}

    if sent(form, "propose_inquiry", do) is not None:
        flash(_("It waits for a second trustee. Nothing is kept back before her yes."))
        return redirect(url_for("readings.inquiries"))
    return _page(form)


@blueprint.post("/readings/inquiries/<ref>")
def inquiry(ref: str) -> ResponseReturnValue:
    """The second trustee's yes or no."""
    form = YesOrNoForm()

    def do(work: Work) -> dict[str, str]:
        answer_inquiry(work, ref, agreed=form.agreed)
        return {}

    if sent(form, f"answer_inquiry:{ref}", do) is None:
        return _page(InquiryForm(formdata=None), form)
    flash(_("Written down."))
    return redirect(url_for("readings.inquiries"))


def _page(form: InquiryForm, answer: YesOrNoForm | None = None) -> str:
    return page(
        "readings/inquiries.html",
        inquiries=queries.inquiries(reading()),
        form=form,
        refused=answer,
        yes_form=YesOrNoForm(formdata=None, answer="yes"),
        no_form=YesOrNoForm(formdata=None, answer="no"),
    )
