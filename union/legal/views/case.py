"""One case. The reading of it is committed to the log before a byte of it goes out (P3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError, UnionError
from union.legal import services
from union.legal.errors import CaseClosedError
from union.legal.forms import (
    ActsForm,
    CloseForm,
    ConsentForm,
    KeepOutForm,
    NoteForm,
    PartyForm,
    PlainForm,
    ShareForm,
    StepForm,
    chosen_day,
)
from union.legal.policy import is_paralegal
from union.legal.queries import person_of_card
from union.legal.rules import Act, CaseOutcome, Part, PartyRole, Purpose, Step
from union.legal.views.blueprint import blueprint
from union.web.current import acting, current_actor, perform
from union.web.opening import offered, opened
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm

FORMS: dict[str, type[CommandForm]] = {
    "plain": PlainForm,
    "step": StepForm,
    "note": NoteForm,
    "consent": ConsentForm,
    "party": PartyForm,
    "acts": ActsForm,
    "close": CloseForm,
    "share": ShareForm,
    "keep_out": KeepOutForm,
}
"""Every form of the page by the prefix its fields carry."""


class Kept(Protocol):
    """Whatever a service made or changed."""

    @property
    def id(self) -> int:
        """Its number."""
        ...


@blueprint.get("/<ref>")
def case(ref: str) -> ResponseReturnValue:
    """The case: next step, whose it is, her consent, its story, what happened."""
    return _case_page(ref)


@blueprint.post("/<ref>/step")
def step(ref: str) -> ResponseReturnValue:
    """Say what comes next."""
    form = StepForm(prefix="step-")

    def do(work: Work) -> Kept:
        said = services.NextStep(Step(form.step.data), chosen_day(form.on), form.words.data or "")
        return services.set_next_step(work, ref, said)

    return _do(ref, form, "set_next_step", do)


@blueprint.post("/<ref>/note")
def note(ref: str) -> ResponseReturnValue:
    """Keep a note."""
    form = NoteForm(prefix="note-")
    return _do(
        ref, form, "add_case_note", lambda w: services.add_note(w, ref, str(form.words.data))
    )


@blueprint.post("/<ref>/consent")
def consent(ref: str) -> ResponseReturnValue:
    """Write down that she said yes to one thing."""
    form = ConsentForm(prefix="consent-")

    def do(work: Work) -> Kept:
        purpose = Purpose(form.purpose.data)
        return services.give_consent(work, ref, purpose, chosen_day(form.given_on))

    return _do(ref, form, "give_consent", do)


@blueprint.post("/<ref>/consent/<consent_ref>/withdraw")
def withdraw(ref: str, consent_ref: str) -> ResponseReturnValue:
    """Write down that she took it back."""
    form = PlainForm(prefix="plain-")
    return _do(
        ref, form, "withdraw_consent", lambda w: services.withdraw_consent(w, ref, consent_ref)
    )


@blueprint.post("/<ref>/share")
def share(ref: str) -> ResponseReturnValue:
    """Show parts of it to a lawyer, until a day."""
    form = ShareForm(prefix="share-")

    def do(work: Work) -> Kept:
        parts = frozenset(Part(part) for part in form.parts.data or ())
        new = services.NewShare(str(form.lawyer.data), parts, chosen_day(form.until_on))
        return services.share_case(work, ref, new, opened(work))

    return _do(ref, form, "share_case", do)


@blueprint.post("/<ref>/share/<share_ref>/end")
def share_end(ref: str, share_ref: str) -> ResponseReturnValue:
    """Show it to her no more."""
    form = PlainForm(prefix="plain-")
    name = f"end_share:{share_ref}"
    return _do(ref, form, name, lambda w: services.end_share(w, ref, share_ref))


@blueprint.post("/<ref>/keep-out")
def keep_out(ref: str) -> ResponseReturnValue:
    """Let it go around somebody, for good."""
    form = KeepOutForm(prefix="keep_out-")
    return _do(
        ref,
        form,
        "keep_out",
        lambda w: services.keep_out(w, ref, person_of_card(w, str(form.card.data))),
    )


@blueprint.post("/<ref>/party")
def party(ref: str) -> ResponseReturnValue:
    """Add somebody to the case."""
    form = PartyForm(prefix="party-")

    def do(work: Work) -> Kept:
        return services.add_party(work, ref, PartyRole(form.role.data), str(form.words.data))

    return _do(ref, form, "add_party", do)


@blueprint.post("/<ref>/party/<party_ref>/out")
def party_out(ref: str, party_ref: str) -> ResponseReturnValue:
    """Take somebody out who was written down by mistake."""
    form = PlainForm(prefix="plain-")
    name = f"take_out_party:{party_ref}"
    return _do(ref, form, name, lambda w: services.take_out_party(w, ref, party_ref))


@blueprint.post("/<ref>/acts")
def acts(ref: str) -> ResponseReturnValue:
    """Name what was done to her."""
    form = ActsForm(prefix="acts-")
    return _do(
        ref,
        form,
        "name_acts",
        lambda w: services.name_acts(w, ref, [Act(act) for act in form.acts.data or ()]),
    )


@blueprint.post("/<ref>/hand-back")
def hand_back(ref: str) -> ResponseReturnValue:
    """Let somebody else have it."""
    form = PlainForm(prefix="plain-")
    if form.validate_on_submit():
        perform(
            form,
            f"hand_back_case:{ref}",
            lambda w: {"id": services.hand_back_case(w, ref, opened(w)).id},
        )
        flash(_("It is no longer yours. It is offered to the others until somebody has it."))
        mine = "legal.cases" if is_paralegal(current_actor()) else "legal.received"
        return redirect(url_for(mine))
    return _case_page(ref, plain=form)


@blueprint.post("/<ref>/close")
def close(ref: str) -> ResponseReturnValue:
    """End the case."""
    form = CloseForm(prefix="close-")

    def do(work: Work) -> Kept:
        outcome = CaseOutcome(form.outcome.data)
        return services.close_case(work, ref, outcome, form.words.data or "")

    return _do(ref, form, "close_case", do)


def _do(ref: str, form: CommandForm, name: str, act: Callable[[Work], Kept]) -> ResponseReturnValue:
    """Do one thing and go back to the case, or show it again with what was written."""
    if form.validate_on_submit():
        try:
            perform(form, f"{name}:{ref}", lambda work: {"id": act(work).id})
        except (NotFoundError, NotAllowedError):
            raise
        except CaseClosedError as error:
            flash(in_words(error), "trouble")
        except UnionError as error:
            form.say(error)
            return _case_page(ref, **{name_of(form): form})
        else:
            flash(_("Kept."))
        return redirect(url_for("legal.case", ref=ref))
    return _case_page(ref, **{name_of(form): form})


def name_of(form: CommandForm) -> str:
    """Under which name the page knows a form."""
    return next(name for name, kind in FORMS.items() if isinstance(form, kind))


def _case_page(ref: str, **used: CommandForm) -> str:
    with acting() as work:
        own = opened(work)
        content = services.read_case(work, ref, own)
        opening = offered(work, url_for("legal.case", ref=ref), own)
    forms = {
        name: used.get(name) or kind(formdata=None, prefix=f"{name}-")
        for name, kind in FORMS.items()
    }
    forms["share"].offer(content.lawyers)
    return page("legal/case.html", case=content, opening=opening, **forms)
