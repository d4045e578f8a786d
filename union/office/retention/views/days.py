"""What we keep, and for how long; and other days, by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.office.retention.collected import RULES
from union.office.retention.forms import DaysForm
from union.office.retention.queries import last_day, rules_now, wishes
from union.office.retention.services.days import answer_days, propose_days
from union.office.retention.views.blueprint import blueprint
from union.web.current import reading
from union.web.forms import YesOrNoForm, sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/kept")
def kept() -> ResponseReturnValue:
    """Every kind of record: how long, from when, and what happens then."""
    work = reading()
    return page("retention/kept.html", lines_now=rules_now(work), last=last_day(work))


@blueprint.route("/office/kept", methods=["GET", "POST"])
def days() -> ResponseReturnValue:
    """What waits for a second person, and other days for a kind."""
    form = DaysForm()
    form.offer([kind for kind, rule in RULES.items() if rule.has_hand])

    def do(work: Work) -> dict[str, str]:
        return {"ref": propose_days(work, str(form.kind.data), int(form.days.data or 0)).ref}

    if sent(form, "propose_days", do) is not None:
        flash(_("It waits for a second person."))
        return redirect(url_for("retention.days"))
    return _page(form)


@blueprint.post("/office/kept/<ref>")
def answer(ref: str) -> ResponseReturnValue:
    """The second person's yes or no."""
    form = YesOrNoForm()

    def do(work: Work) -> dict[str, str]:
        return {"ref": answer_days(work, ref, agreed=form.agreed).ref}

    if sent(form, f"answer_days:{ref}", do) is not None:
        flash(_("Written down."))
        return redirect(url_for("retention.days"))
    days_form = DaysForm(formdata=None)
    days_form.offer([kind for kind, rule in RULES.items() if rule.has_hand])
    return _page(days_form, form)


def _page(form: DaysForm, refused: YesOrNoForm | None = None) -> str:
    work = reading()
    return page(
        "retention/days.html",
        wishes=wishes(work),
        rule_lines=[one for one in rules_now(work) if one.rule.has_hand],
        form=form,
        refused=refused,
        yes_form=YesOrNoForm(formdata=None, answer="yes"),
        no_form=YesOrNoForm(formdata=None, answer="no"),
    )
