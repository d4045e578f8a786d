"""The desk: what waits, a new call written down while somebody talks, and one call's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from union.crisis import services
from union.crisis.forms import CallForm, ChooseForm, DealForm, NewCallForm, PlainForm, pairs
from union.crisis.models import Contact
from union.crisis.queries.desk import (
    OpenContact,
    contact_by_ref,
    incident_by_ref,
    others_open,
)
from union.crisis.queries.waiting import waiting_contacts
from union.crisis.rules.kinds import ContactChannel, ContactState, DealtHow, Kind
from union.crisis.views.blueprint import blueprint, district_choices, done
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
    form = _filled(found)
    form.district.choices = district_choices()
    if request.method == "POST" and done(
        form,
        "tell_more",
        lambda work: services.tell_more(work, found.row.id, _report(form, found.row.channel)),
    ):
        return redirect(url_for("crisis.call", ref=ref))
    return _call_page(found, form)


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
    return _act(ref, PlainForm(), "take_contact", services.take_contact)


@blueprint.post("/calls/<ref>/no-answer")
def call_no_answer(ref: str) -> ResponseReturnValue:
    """Rung back, and nobody answered."""
    return _act(ref, PlainForm(), "note_try", services.note_try)


@blueprint.post("/calls/<ref>/deal")
def call_deal(ref: str) -> ResponseReturnValue:
    """A person has dealt with it."""
    form = DealForm()
    how = form.how.data or ""
    answer = _act(
        ref, form, "deal_with", lambda work, i: services.deal_with(work, i, DealtHow(how))
    )
    return answer if form.form_errors or form.errors else redirect(url_for("crisis.calls"))


@blueprint.post("/calls/<ref>/attach")
def call_attach(ref: str) -> ResponseReturnValue:
    """It tells of that other call."""
    form = ChooseForm()
    form.other.choices = pairs([(str(form.other.data), "")])
    incident = incident_by_ref(reading(), str(form.other.data))
    return _act(
        ref,
        form,
        "attach_contact",
        lambda work, i: services.attach_by_hand(work, i, incident.id),
    )


@blueprint.post("/calls/<ref>/split")
def call_split(ref: str) -> ResponseReturnValue:
    """It tells of something else."""
    return _act(ref, PlainForm(), "split_off", services.split_off)


def _act(
    ref: str, form: CommandForm, name: str, act: Callable[[Work, int], object]
) -> ResponseReturnValue:
    found = contact_by_ref(reading(), ref)
    if not done(form, name, lambda work: act(work, found.row.id)):
        for words in (*form.form_errors, *(w for said in form.errors.values() for w in said)):
            flash(str(words), "trouble")
    return redirect(url_for("crisis.call", ref=ref))


def _call_page(found: OpenContact, form: CallForm) -> str:
    work = reading()
    likely_id, likely = (None, None)
    if found.incident is None:
        likely_id, likely = services.likely_incident(work, found.row)
    others = others_open(work, found.row.incident_id)
    choose = ChooseForm(other=next((o.ref for o in others if o.id == likely_id), None))
    choose.other.choices = pairs((one.ref, f"{one.branch} · {one.place or ''}") for one in others)
    return page(
        "crisis/call.html",
        one=found,
        form=form,
        plain=PlainForm(),
        deal=DealForm(),
        choose=choose,
        likely=likely if likely_id is not None else None,
        is_dealt=found.row.state is ContactState.DEALT,
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
    return ref


def _filled(found: OpenContact) -> CallForm:
    row: Contact = found.row
    return CallForm(
        place=found.place,
        kind=row.kind.value,
        people=row.people,
        language=row.language or "",
        number=found.number,
        may_call_back=row.may_call_back,
        gender_wish=row.gender_wish or "",
        words=found.words,
    )


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
    )


def _number(written: str | None) -> str | None:
    """In E.164 if it can be read, else as it was said: half a number is better than none."""
    try:
        return read_phone(written).e164 if written else None
    except PhoneUnreadableError:
        return written
