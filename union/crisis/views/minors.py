"""What a named officer alone sees: who may be a child, what was told, and what the law asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.crisis.forms.own_paths import DecideForm, OpenSealedForm
from union.crisis.queries.desk import contact_by_ref
from union.crisis.queries.own_paths import SealedContact, sealed_contacts
from union.crisis.rules.minors import CHECKED_ON, LAW, Decision
from union.crisis.services.minors import Opened, Told, decide, open_all_of
from union.crisis.views.blueprint import blueprint, done
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.web.current import acting, reading
from union.web.render import page
from union.web.words import intake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.get("/kept-apart")
def minors() -> ResponseReturnValue:
    """All that are sealed; nothing of what was told."""
    return page("crisis/minors.html", rows=sealed_contacts(reading()))


@blueprint.route("/kept-apart/<ref>", methods=["GET", "POST"])
def minor(ref: str) -> ResponseReturnValue:
    """One of them; with the officer's passphrase what was told, shown once."""
    found = _sealed(ref)
    form = OpenSealedForm()
    told: Told | None = None
    if form.validate_on_submit():
        try:
            with acting() as work:
                told = open_all_of(work, found.id, str(form.passphrase.data), form.why)
        except UnionError as error:
            form.say(error)
    return _minor_page(found, form, told)


@blueprint.post("/kept-apart/<ref>/decide")
def minor_decide(ref: str) -> ResponseReturnValue:
    """What became of it."""
    found, form = _sealed(ref), DecideForm()

    def do(work: Work) -> None:
        decide(work, found.id, Decision(form.decision.data), str(form.passphrase.data or ""))

    if done(form, "decide_minor", do):
        return redirect(url_for("crisis.minors"))
    return _minor_page(found, OpenSealedForm(formdata=None), None, form)


def _sealed(ref: str) -> SealedContact:
    contact_by_ref(reading(), ref)
    found = next((one for one in sealed_contacts(reading()) if one.ref == ref), None)
    if found is None:
        raise NotFoundError
    return found


def _minor_page(
    found: SealedContact,
    form: OpenSealedForm,
    told: Told | None,
    refused: DecideForm | None = None,
) -> str:
    tellings = told.tellings if told else []
    kept = [one for i, one in enumerate(tellings) if not _grew(one, tellings[:i])]
    return page(
        "crisis/minor.html",
        one=found,
        form=form,
        told=None if told is None else kept,
        number=told.number if told else None,
        decide=refused or DecideForm(formdata=None),
        law=LAW,
        checked_on=CHECKED_ON,
        intake_words=intake,
    )


def _grew(one: Opened, later: Sequence[Opened]) -> bool:
    """Whether it is only a beginning of what stands in a later one: it is kept as she types."""
    return any(
        (after.place or "").startswith(one.place or "")
        and (after.words or "").startswith(one.words or "")
        for after in later
    )
