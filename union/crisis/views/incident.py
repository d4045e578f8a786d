"""One incident: who is coming, what happened, and everything a person at the desk can do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.crisis import services
from union.crisis.errors import CardUnknownError, WitnessError
from union.crisis.forms import (
    AvoidForm,
    ChooseForm,
    CloseForm,
    LapsedForm,
    PageActForm,
    PlainForm,
    WordForm,
)
from union.crisis.forms.policies import CustodyForm
from union.crisis.policy import may_call_lapsed, sees_silent_alarm
from union.crisis.queries.custody import custody_of
from union.crisis.queries.desk import (
    contacts_of,
    incident_by_ref,
    page_by_ref,
    timeline_of,
    watch_of,
)
from union.crisis.queries.told import tries_of
from union.crisis.queries.why import decisions_of
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.kinds import (
    OPEN_INCIDENT,
    AskedAs,
    AsSheWished,
    ClosedBy,
    Outcome,
    WitnessKnows,
)
from union.crisis.services import custody
from union.crisis.services.staying import leave_her, stay_with_her
from union.crisis.views.blueprint import blueprint, done
from union.crisis.views.incident_forms import forms_of, fresh_custody, taken_at
from union.crisis.views.policies import steps_href
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.queries import member_by_card
from union.web.current import current_actor, kit, reading
from union.web.render import page
from union.web.words import messages as way_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask.typing import ResponseReturnValue

    from union.crisis.queries.desk import TimelineEvent
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
    return _page(ref)


@blueprint.post("/incidents/<ref>/people/<page_ref>")
def incident_page(ref: str, page_ref: str) -> ResponseReturnValue:
    """What one asked person said by voice, or where she stands now."""
    form = PageActForm()
    about = page_by_ref(reading(), page_ref)
    if about.incident_id != incident_by_ref(reading(), ref).id:
        raise NotFoundError
    act = PAGE_ACTS.get(str(form.act.data), services.check_in)
    return _act(ref, page_ref, form, "page_act", lambda work, _id: act(work, about.id))


@blueprint.post("/incidents/<ref>/stay")
def incident_stay(ref: str) -> ResponseReturnValue:
    """I am with her; said again, it holds on."""
    return _act(ref, "stay", PlainForm(), "stay_with_her", stay_with_her)


@blueprint.post("/incidents/<ref>/leave")
def incident_leave(ref: str) -> ResponseReturnValue:
    """I am no longer with her."""
    return _act(ref, "stay", PlainForm(), "leave_her", leave_her)


@blueprint.post("/incidents/<ref>/widen")
def incident_widen(ref: str) -> ResponseReturnValue:
    """Do not wait; look further now."""
    return _act(ref, "widen", PlainForm(), "widen_now", services.widen_now)


@blueprint.post("/incidents/<ref>/lapsed")
def incident_lapsed(ref: str) -> ResponseReturnValue:
    """Call somebody whose paper ran out; marked, with the reason."""
    form = LapsedForm()

    def do(work: Work, incident_id: int) -> None:
        reason = str(form.reason.data)
        services.call_lapsed(work, incident_id, form.person.data, AskedAs.RESPONDER, reason)

    return _act(ref, "lapsed", form, "call_lapsed", do)


@blueprint.post("/incidents/<ref>/avoid")
def incident_avoid(ref: str) -> ResponseReturnValue:
    """Somebody must stay away from this."""
    form = AvoidForm()

    def do(work: Work, incident_id: int) -> None:
        member = member_by_card(work.session, str(form.card.data).strip())
        if member is None:
            raise CardUnknownError
        services.name_in_conflict(work, incident_id, member.person_id)

    return _act(ref, "avoid", form, "name_in_conflict", do)


@blueprint.post("/incidents/<ref>/merge")
def incident_merge(ref: str) -> ResponseReturnValue:
    """This and another are one; the other one stays."""
    form = ChooseForm()

    def do(work: Work, incident_id: int) -> None:
        kept = incident_by_ref(work, str(form.other.data))
        services.merge_incidents(work, incident_id, kept.id)

    return _act(ref, "merge", form, "merge", do, onward=str(form.other.data))


@blueprint.post("/incidents/<ref>/word")
def incident_word(ref: str) -> ResponseReturnValue:
    """Keep the word by which she says that it is over."""
    form = WordForm()

    def do(work: Work, incident_id: int) -> None:
        services.leave_safe_word(work, incident_id, str(form.word.data))

    return _act(ref, "word", form, "safe_word", do)


@blueprint.post("/incidents/<ref>/close")
def incident_close(ref: str) -> ResponseReturnValue:
    """End it: only by somebody who saw her or heard her word."""
    form = CloseForm()
    return _act(
        ref,
        "close",
        form,
        "close_incident",
        lambda work, incident_id: services.close_incident(work, incident_id, _closing(form)),
    )


@blueprint.post("/incidents/<ref>/custody")
def incident_custody(ref: str) -> ResponseReturnValue:
    """Since when she is held, or that she is not any more."""
    form = CustodyForm()

    def do(work: Work, incident_id: int) -> None:
        if form.act.data == "said":
            custody.say_taken(work, incident_id, taken_at(work, form))
        else:
            custody.end_custody(work, incident_id, CustodyEnd(str(form.act.data)))

    return _act(ref, "custody", form, "custody", do)


def _closing(form: CloseForm) -> services.Closing:
    how = ClosedBy(form.how.data)
    witness = form.witness.data if how is ClosedBy.SAW_HER else form.heard_by.data
    if not witness:
        raise WitnessError
    return services.Closing(
        how=how,
        outcome=Outcome(form.outcome.data),
        as_she_wished=AsSheWished(form.wished.data),
        witness_person_id=witness,
        safe_word=form.word.data or None,
        words=form.words.data or None,
        follow_up=bool(form.follow_up.data),
        knows=WitnessKnows(form.knows.data) if form.knows.data else None,
    )


def _act(
    ref: str,
    spot: str,
    form: CommandForm,
    name: str,
    act: Callable[[Work, int], object],
    onward: str = "",
) -> ResponseReturnValue:
    """Do it, or show the page again with what was written and why it was refused, once."""
    incident_id = incident_by_ref(reading(), ref).id
    if done(form, name, lambda work: act(work, incident_id)):
        return redirect(url_for("crisis.incident", ref=onward or ref, _anchor="top"))
    return _page(ref, spot, form)


def _together(events: Iterable[TimelineEvent]) -> list[TimelineEvent]:
    """What happened to several people in one minute, by one hand, stands in one line."""
    told: list[TimelineEvent] = []
    for one in events:
        if told and one.is_as(told[-1]):
            told[-1] = replace(told[-1], about=f"{told[-1].about}, {one.about}")
        else:
            told.append(one)
    return told


def _page(ref: str, spot: str = "", refused: CommandForm | None = None) -> str:
    work = reading()
    found = incident_by_ref(work, ref)
    alarms = sees_silent_alarm(current_actor())
    watch = watch_of(work, found, kit().name_people, alarms=alarms)
    return page(
        "crisis/incident.html",
        one=watch,
        row=found,
        is_open=found.state in OPEN_INCIDENT,
        contacts=contacts_of(work, found),
        events=_together(timeline_of(work, found, alarms=alarms, name=kit().name_people)),
        tries=tries_of(work, found.id),
        way_words=way_words,
        decisions=[]
        if watch.sealed
        else decisions_of(work, found.id, kit().name_people, each=alarms),
        steps_href=steps_href(work, found) if alarms and not watch.sealed else "",
        custody=None if watch.sealed else custody_of(work, found.id),
        custody_form=refused if isinstance(refused, CustodyForm) else fresh_custody(work),
        spot=spot,
        refused=refused,
        forms=forms_of(work, watch, spot, refused, lapsed=may_call_lapsed(current_actor())),
    )
