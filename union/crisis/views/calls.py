"""The desk: what waits, a new call written down while somebody talks, and one call's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.forms import CallForm, ChooseForm, DealForm, NewCallForm, PlainForm
from union.crisis.queries.desk import contact_by_ref, incident_by_ref
from union.crisis.queries.quiet import nuisance_of, quiet_row
from union.crisis.queries.waiting import same_caller, waiting_contacts
from union.crisis.rules.kinds import (
    OPEN_INCIDENT,
    ContactChannel,
    ContactState,
    DealtHow,
    Kind,
)
from union.crisis.services.lines import ring_her
from union.crisis.services.nuisance import hear_number_again, let_number_rest
from union.crisis.views.blueprint import blueprint, district_choices, done
from union.crisis.views.call_forms import call_forms
from union.infra.commands import once
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.phone import PhoneUnreadableError, read_phone
from union.web.current import acting, kit, reading
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm


@blueprint.get("/calls")
def calls() -> ResponseReturnValue:
    """Who waits for a voice, those first that hang on nothing."""
    return page(
        "crisis/calls.html",
        waiting=waiting_contacts(reading(), kit().name_people),
        form=PlainForm(),
    )


@blueprint.route("/calls/new", methods=["GET", "POST"])
def intake() -> ResponseReturnValue:
    """Write a call down; only where is needed before people are asked."""
    form = NewCallForm()
    form.district.choices = district_choices()
    if form.validate_on_submit():
        try:
            ref = _kept(form, ask=True)
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("crisis.call", ref=ref))
    return page("crisis/intake.html", form=form)


@blueprint.post("/calls/new/keep")
def intake_keep() -> ResponseReturnValue:
    """Keep what stands there so far, as she types; the same key is the same call."""
    form = NewCallForm()
    form.district.choices = district_choices()
    if not form.validate_on_submit():
        return "", 422
    _kept(form, ask=False)
    return "", 204


@blueprint.route("/calls/<ref>", methods=["GET", "POST"])
def call(ref: str) -> ResponseReturnValue:
    """One call: what is known, what it may belong to, what to do."""
    found = contact_by_ref(reading(), ref)
    if request.method == "GET":
        return _call_page(ref)
    form, contact_id, channel = CallForm(), found.row.id, found.row.channel
    form.district.choices = district_choices()

    def do(work: Work) -> None:
        services.tell_more(work, contact_id, _report(form, channel))
        services.heard_in_person(work, contact_id)

    if done(form, "tell_more", do):
        if contact_by_ref(reading(), ref).incident is None:
            flash(_("It is kept. Say where, and people are asked."), "trouble")
        return redirect(url_for("crisis.call", ref=ref))
    return _call_page(ref, "tell", form)


@blueprint.post("/calls/<ref>/keep")
def call_keep(ref: str) -> ResponseReturnValue:
    """Keep what stands there so far; typing it again changes nothing, so it needs no command."""
    found = contact_by_ref(reading(), ref)
    form = CallForm()
    form.district.choices = district_choices()
    if not form.validate_on_submit():
        return "", 422
    with acting() as work:
        services.tell_more(work, found.row.id, _report(form, found.row.channel), ask=False)
    return "", 204


@blueprint.post("/calls/<ref>/take")
def call_take(ref: str) -> ResponseReturnValue:
    """She has it in hand."""
    return _act(ref, "take", PlainForm(), "take_contact", services.take_together)


@blueprint.post("/calls/<ref>/no-answer")
def call_no_answer(ref: str) -> ResponseReturnValue:
    """Rung back, and nobody answered."""
    return _act(ref, "no_answer", PlainForm(), "note_try", services.note_try_together)


@blueprint.post("/calls/<ref>/deal")
def call_deal(ref: str) -> ResponseReturnValue:
    """A person has dealt with it, and with what she saw of the same caller."""
    form = DealForm()

    def do(work: Work, contact_id: int) -> None:
        seen = str(form.seen.data or "").split(",")
        services.deal_together(work, contact_id, DealtHow(form.how.data), seen)

    return _act(ref, "deal", form, "deal_with", do, onward=url_for("crisis.calls", _anchor="top"))


@blueprint.post("/calls/<ref>/attach")
def call_attach(ref: str) -> ResponseReturnValue:
    """It tells of that other call."""
    form = ChooseForm()

    def do(work: Work, contact_id: int) -> None:
        incident = incident_by_ref(work, str(form.other.data))
        services.attach_by_hand(work, contact_id, incident.id)
        services.heard_in_person(work, contact_id)

    return _act(ref, "choose", form, "attach_contact", do)


@blueprint.post("/calls/<ref>/split")
def call_split(ref: str) -> ResponseReturnValue:
    """It tells of something else."""

    def do(work: Work, contact_id: int) -> None:
        services.split_off(work, contact_id)
        services.heard_in_person(work, contact_id)

    return _act(ref, "split", PlainForm(), "split_off", do)


@blueprint.post("/calls/<ref>/ring")
def call_ring(ref: str) -> ResponseReturnValue:
    """The machine rings her, and puts her through to whoever has it in hand."""
    return _act(ref, "ring", PlainForm(), "ring_her", ring_her)


@blueprint.post("/calls/<ref>/rest")
def call_rest(ref: str) -> ResponseReturnValue:
    """Calls of this number wait behind the others from now on."""
    return _act(ref, "rest", PlainForm(), "let_number_rest", let_number_rest)


@blueprint.post("/calls/<ref>/hear")
def call_hear(ref: str) -> ResponseReturnValue:
    """The number counts like any other again."""
    return _act(ref, "rest", PlainForm(), "hear_number_again", hear_number_again)


def _act(
    ref: str,
    spot: str,
    form: CommandForm,
    name: str,
    act: Callable[[Work, int], object],
    onward: str = "",
) -> ResponseReturnValue:
    """Do it, or show the page again with what was written and why it was refused, once."""
    contact_id = contact_by_ref(reading(), ref).row.id
    if done(form, name, lambda work: act(work, contact_id)):
        return redirect(onward or url_for("crisis.call", ref=ref, _anchor="top"))
    return _call_page(ref, spot, form)


def _call_page(ref: str, spot: str = "", refused: CommandForm | None = None) -> str:
    work = reading()
    found = contact_by_ref(work, ref)
    likely = services.likely_incident(work, found.row)[0] if found.incident is None else None
    line = same_caller(work, found.row)
    is_dealt = found.row.state is ContactState.DEALT
    rang, nuisance = nuisance_of(work, found.row)
    is_open = found.incident is not None and found.incident.state in OPEN_INCIDENT
    return page(
        "crisis/call.html",
        one=found,
        plain=PlainForm(formdata=None),
        spot=spot,
        refused=refused,
        forms=call_forms(work, found, line, likely, spot, refused),
        likely=likely is not None,
        is_dealt=is_dealt,
        can_tell=is_open or not is_dealt,
        ended=found.incident is not None and not is_open,
        rang=rang,
        nuisance=nuisance,
        is_quiet=quiet_row(work, found.row) is not None,
        more=[contact_by_ref(work, one.ref) for one in line if one.id != found.row.id],
    )


def _kept(form: NewCallForm, *, ask: bool) -> str:
    """The call of this form's key, begun when it is first kept; its reference."""
    channel = ContactChannel(form.channel.data)

    def begin(work: Work) -> dict[str, str]:
        made = services.receive_contact(work, services.Report(channel=channel), ask=False)
        services.take_contact(work, made.id)
        return {"ref": made.ref}

    with acting() as work:
        ref = str(once(work, form.key(), "begin_call", {}, lambda: begin(work))["ref"])
        contact = contact_by_ref(work, ref).row
        services.tell_more(work, contact.id, _report(form, channel), ask=ask)
        if ask:
            services.heard_in_person(work, contact.id)
    return ref


def _report(form: CallForm, channel: ContactChannel) -> services.Report:
    return services.Report(
        channel=channel,
        number=_number(form.number.data),
        words=form.words.data or None,
        place=form.place.data or None,
        district=form.district.data or None,
        kind=Kind(form.kind.data),
        people=form.people.data,
        language=form.language.data or None,
        gender_wish=form.gender_wish.data or None,
        may_call_back=bool(form.may_call_back.data),
        may_be_minor=bool(form.may_be_minor.data),
    )


def _number(written: str | None) -> str | None:
    """In E.164 if it can be read, else as it was said: half a number is better than none."""
    try:
        return read_phone(written).e164 if written else None
    except PhoneUnreadableError:
        return written
