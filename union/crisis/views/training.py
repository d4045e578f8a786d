"""Training and certificates, and practice calls, for the coordinator; scores that blame nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from union.crisis.errors import CardUnknownError
from union.crisis.forms import PlainForm, pairs
from union.crisis.forms.training import RenewForm, RevokeForm, SwitchForm, TrainingForm
from union.crisis.queries.drills import (
    askings,
    drill_by_ref,
    drills_in,
    drills_on,
    forced_in_drills,
    last_drills,
)
from union.crisis.queries.training import held, history, refs_of, trained_person
from union.crisis.rules.drills import COUNTED, SILENT_IN_A_ROW, by_way, score, silent_in_a_row
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.services import drills as drill_services
from union.crisis.services import training as services
from union.crisis.views.blueprint import blueprint, done
from union.kernel.errors import NotFoundError
from union.members.queries import branch_by_name, branches, member_by_card
from union.web.current import kit, reading
from union.web.render import page
from union.web.words import messages as way_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

SOON = timedelta(days=60)
LATELY = timedelta(days=180)


@blueprint.get("/trained")
def trained() -> ResponseReturnValue:
    """Every paper, those first that end soon."""
    work, today = reading(), kit().unit.clock.today()
    papers = [one for one in held(work) if one.revoked_at is None and one.ends_on >= today]
    holds = {(one.person_id, one.role) for one in papers}
    ended = [
        one
        for one in held(work)
        if (one.revoked_at or today - LATELY <= one.ends_on < today)
        and (one.person_id, one.role) not in holds
    ]
    people = {one.person_id for one in (*papers, *ended)}
    return page(
        "crisis/trained.html",
        soon=sorted((p for p in papers if p.ends_on <= today + SOON), key=lambda p: p.ends_on),
        papers=papers,
        ended=ended,
        names=kit().name_people(work, people),
        refs=refs_of(work, sorted(people)),
    )


@blueprint.route("/trained/new", methods=["GET", "POST"])
def train() -> ResponseReturnValue:
    """Somebody was trained: her paper is written down."""
    form = TrainingForm(starts_on=kit().unit.clock.today())
    form.district.choices = pairs((b.name, b.name) for b in branches(reading().session))

    def do(work: Work) -> None:
        member = member_by_card(work.session, str(form.card.data))
        branch = branch_by_name(work.session, form.district.data)
        if member is None or branch is None:
            raise CardUnknownError
        services.certify(
            work,
            services.NewTraining(
                person_id=member.person_id,
                role=TeamRole(form.role.data),
                branch_id=branch.id,
                starts_on=form.starts_on.given,
                ends_on=form.ends_on.given,
                shift=Shift(form.shift.data),
                languages=tuple(str(form.languages.data or "").split(",")),
                words=str(form.words.data or ""),
            ),
        )

    if done(form, "train", do):
        return redirect(url_for("crisis.trained"))
    return page("crisis/train.html", form=form)


@blueprint.get("/trained/<ref>")
def trained_one(ref: str) -> ResponseReturnValue:
    """One person's papers and all that became of them."""
    return _one(ref)


@blueprint.post("/trained/<ref>/renew")
def renew(ref: str) -> ResponseReturnValue:
    """She was trained again."""
    form = RenewForm()

    def do(work: Work) -> None:
        paper = _paper(work, ref, form)
        words = str(form.words.data or "")
        services.renew(work, paper, form.starts_on.given, form.ends_on.given, words)

    if done(form, "renew_paper", do):
        return redirect(url_for("crisis.trained_one", ref=ref))
    return _one(ref, form, "renew")


@blueprint.post("/trained/<ref>/revoke")
def revoke(ref: str) -> ResponseReturnValue:
    """A paper of hers ends early."""
    form = RevokeForm()

    def do(work: Work) -> None:
        services.revoke(work, _paper(work, ref, form), str(form.words.data))

    if done(form, "revoke_paper", do):
        return redirect(url_for("crisis.trained_one", ref=ref))
    return _one(ref, form, "revoke")


@blueprint.get("/practice")
def practice() -> ResponseReturnValue:
    """This month's practice calls, how reachable each is, and whom a person should ring."""
    work = reading()
    every, last = askings(work), last_drills(work)
    people = sorted(every, key=lambda one: (score(every[one]).percent or 0, one))
    quiet = [
        (one, last[one])
        for one in people
        if silent_in_a_row(every[one]) >= SILENT_IN_A_ROW
        and one in last
        and last[one].spoken_at is None
    ]
    forced = forced_in_drills(work)
    named = {*people, *(one.person_id for one in forced)}
    return page(
        "crisis/practice.html",
        on=drills_on(work),
        month=drills_in(work, work.clock.today().replace(day=1)),
        scores=[(one, score(every[one])) for one in people],
        carriers=by_way([asked for found in every.values() for asked in found]),
        quiet=quiet,
        forced=forced,
        counted=COUNTED,
        names=kit().name_people(work, named),
        form=SwitchForm(formdata=None),
        plain=PlainForm(formdata=None),
        way_words=way_words,
    )


@blueprint.post("/practice/switch")
def practice_switch() -> ResponseReturnValue:
    """From now on they go out every month, or no more."""
    form = SwitchForm()

    def do(work: Work) -> None:
        drill_services.switch_drills(work, on=form.act.data == "on")

    done(form, "practice_switch", do)
    return redirect(url_for("crisis.practice"))


@blueprint.post("/practice/<ref>/spoken")
def practice_spoken(ref: str) -> ResponseReturnValue:
    """A person rang her and asked how she is."""
    drill = drill_by_ref(reading(), ref)
    done(
        PlainForm(),
        "practice_spoken",
        lambda work: drill_services.spoke_with_her(work, drill.id),
    )
    return redirect(url_for("crisis.practice"))


def _paper(work: Work, ref: str, form: RenewForm | RevokeForm) -> int:
    """The paper a form names, if it is hers whose page this is."""
    wanted = int(str(form.paper.data))
    found = [one.id for one in held(work, trained_person(work, ref).person_id)]
    if wanted not in found:
        raise NotFoundError
    return wanted


def _one(ref: str, refused: RenewForm | RevokeForm | None = None, what: str = "") -> str:
    work = reading()
    member = trained_person(work, ref)
    happened = history(work, member.person_id)
    people = {member.person_id, *(one.by_person_id for one in happened if one.by_person_id)}
    names = kit().name_people(work, people)
    return page(
        "crisis/trained_one.html",
        ref=ref,
        name=names.get(member.person_id, _("Somebody")),
        papers=held(work, member.person_id),
        history=happened,
        names=names,
        today=work.clock.today(),
        refused=refused,
        refused_what=what,
        renew=RenewForm(formdata=None, starts_on=work.clock.today()),
        revoke=RevokeForm(formdata=None),
    )
