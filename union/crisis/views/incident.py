"""One incident: who is coming, what happened, and everything a person at the desk can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.errors import WitnessError
from union.crisis.forms import (
    AvoidForm,
    ChooseForm,
    CloseForm,
    LapsedForm,
    PageActForm,
    PlainForm,
    WordForm,
    pairs,
)
from union.crisis.policy import may_call_lapsed, sees_silent_alarm
from union.crisis.queries.board import Watch
from union.crisis.queries.desk import (
    contacts_of,
    incident_by_ref,
    lapsed_near,
    others_open,
    page_by_ref,
    timeline_of,
    watch_of,
)
from union.crisis.rules.kinds import OPEN_INCIDENT, AskedAs, AsSheWished, ClosedBy, Outcome
from union.crisis.views.blueprint import blueprint, done
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.queries import member_by_card
from union.web.current import current_actor, kit, reading
from union.web.formats import short_day
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm

PAGE_ACTS: dict[str, Callable[[Work, int], object]] = {
    "yes": lambda work, page_id: services.record_live_answer(work, page_id, comes=True),
    "no": lambda work, page_id: services.record_live_answer(work, page_id, comes=False),
    "briefed": services.briefed,
    "arrived": services.arrive,
    "lost": lambda work, page_id: services.drop_out(work, page_id, "told_the_desk"),
    "home": services.send_home,
    "well": services.check_in,
}


@blueprint.get("/incidents/<ref>")
def incident(ref: str) -> ResponseReturnValue:
    """The whole of it."""
    work = reading()
    found = incident_by_ref(work, ref)
    watch = watch_of(work, found, kit().name_people)
    alarms = sees_silent_alarm(current_actor())
    return page(
        "crisis/incident.html",
        one=watch,
        row=found,
        is_open=found.state in OPEN_INCIDENT,
        contacts=contacts_of(work, found),
        events=timeline_of(work, found, alarms=alarms, name=kit().name_people),
        alarms=alarms,
        plain=PlainForm(),
        page_act=PageActForm(),
        avoid=AvoidForm(),
        word=WordForm(),
        close=_close_form(watch),
        merge=_merge_form(work, found.id),
        lapsed=_lapsed_form(work, watch) if may_call_lapsed(current_actor()) else None,
    )


@blueprint.post("/incidents/<ref>/people/<page_ref>")
def incident_page(ref: str, page_ref: str) -> ResponseReturnValue:
    """What one asked person said by voice, or where she stands now."""
    form = PageActForm()
    about = page_by_ref(reading(), page_ref)
    if about.incident_id != incident_by_ref(reading(), ref).id:
        raise NotFoundError
    act = PAGE_ACTS.get(str(form.act.data), services.check_in)
    return _act(ref, form, "page_act", lambda work, _id: act(work, about.id))


@blueprint.post("/incidents/<ref>/widen")
def incident_widen(ref: str) -> ResponseReturnValue:
    """Do not wait; look further now."""
    return _act(ref, PlainForm(), "widen_now", services.widen_now)


@blueprint.post("/incidents/<ref>/lapsed")
def incident_lapsed(ref: str) -> ResponseReturnValue:
    """Call somebody whose paper ran out; marked, with the reason."""
    form = LapsedForm()
    form.person.choices = pairs([(form.person.data, "")])
    return _act(
        ref,
        form,
        "call_lapsed",
        lambda work, i: services.call_lapsed(
            work, i, int(form.person.data), AskedAs.RESPONDER, str(form.reason.data)
        ),
    )


@blueprint.post("/incidents/<ref>/avoid")
def incident_avoid(ref: str) -> ResponseReturnValue:
    """Somebody must stay away from this."""
    form = AvoidForm()

    def do(work: Work, incident_id: int) -> None:
        member = member_by_card(work.session, str(form.card.data))
        if member is None:
            raise NotFoundError
        services.name_in_conflict(work, incident_id, member.person_id)

    return _act(ref, form, "name_in_conflict", do)


@blueprint.post("/incidents/<ref>/merge")
def incident_merge(ref: str) -> ResponseReturnValue:
    """This and another are one; the other one stays."""
    form = ChooseForm()
    form.other.choices = pairs([(str(form.other.data), "")])
    kept = incident_by_ref(reading(), str(form.other.data))
    _act(ref, form, "merge", lambda work, i: services.merge_incidents(work, i, kept.id))
    return redirect(url_for("crisis.incident", ref=kept.ref))


@blueprint.post("/incidents/<ref>/word")
def incident_word(ref: str) -> ResponseReturnValue:
    """Keep the word by which she says that it is over."""
    form = WordForm()
    return _act(
        ref, form, "safe_word", lambda w, i: services.leave_safe_word(w, i, str(form.word.data))
    )


@blueprint.post("/incidents/<ref>/close")
def incident_close(ref: str) -> ResponseReturnValue:
    """End it: only by somebody who saw her or heard her word."""
    form = CloseForm()
    form.witness.choices = pairs([(form.witness.data, "")])

    def do(work: Work, incident_id: int) -> None:
        if not form.witness.data:
            raise WitnessError(incident_id=incident_id)
        services.close_incident(
            work,
            incident_id,
            services.Closing(
                how=ClosedBy(form.how.data),
                outcome=Outcome(form.outcome.data),
                as_she_wished=AsSheWished(form.wished.data),
                witness_person_id=int(form.witness.data),
                safe_word=form.word.data or None,
                words=form.words.data or None,
                follow_up=bool(form.follow_up.data),
            ),
        )

    return _act(ref, form, "close_incident", do)


def _act(
    ref: str, form: CommandForm, name: str, act: Callable[[Work, int], object]
) -> ResponseReturnValue:
    found = incident_by_ref(reading(), ref)
    if not done(form, name, lambda work: act(work, found.id)):
        for words in (*form.form_errors, *(w for said in form.errors.values() for w in said)):
            flash(str(words), "trouble")
    return redirect(url_for("crisis.incident", ref=ref))


def _close_form(watch: Watch) -> CloseForm:
    form = CloseForm()
    there = [one for one in watch.team if one.state == "arrived" or one.is_coming]
    there.sort(key=lambda one: one.state != "arrived")
    listed = [(one.person_id, one.name) for one in there]
    actor = current_actor()
    if actor.person_id is not None and actor.person_id not in {one.person_id for one in there}:
        listed.append((actor.person_id, _("I myself heard it")))
    form.witness.choices = pairs(listed)
    return form


def _merge_form(work: Work, incident_id: int) -> ChooseForm:
    form = ChooseForm()
    form.other.choices = pairs(
        (one.ref, f"{one.branch} · {one.place or ''}") for one in others_open(work, incident_id)
    )
    return form


def _lapsed_form(work: Work, watch: Watch) -> LapsedForm:
    form = LapsedForm()
    found = lapsed_near(work, incident_by_ref(work, watch.ref), AskedAs.RESPONDER)
    live = {one.person_id for one in watch.team if one.is_live}
    form.person.choices = pairs(
        (one.person_id, _("%(name)s, until %(day)s", name=one.name, day=short_day(one.ended_on)))
        for one in found
        if one.person_id not in live
    )
    return form
