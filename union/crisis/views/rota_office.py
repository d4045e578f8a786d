"""The whole rota and the days ahead, for whoever looks after it; strips of hours by district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from union.crisis.forms.rota import AnswerForm
from union.crisis.queries.coverage import asked_about, cover, desk_cover, open_holes, spoken
from union.crisis.queries.rota import swap_by_ref
from union.crisis.queries.rota_pages import branch_of_ref, everybody
from union.crisis.rules.coverage import Span, by_day, empty_hours, spans, worst
from union.crisis.rules.rota import HELD_BY, TEAM_DUTIES, Duty
from union.crisis.services import swaps
from union.crisis.views.blueprint import blueprint, done
from union.members.queries import branches
from union.web.current import kit, reading
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from union.crisis.queries.rota import Shift

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip of hours: what it is of, runs of like hours, and when nobody is there."""

    label: str
    ref: str
    spans: tuple[Span, ...]
    empty: tuple[tuple[int, int], ...]
    days: int

    @property
    def has_hole(self) -> bool:
        """Whether there is an hour with nobody."""
        return bool(self.empty)


@blueprint.get("/rota")
def rota_all() -> ResponseReturnValue:
    """Who is down, who is away, what is asked and what is free, fourteen days ahead."""
    found = everybody(reading(), kit().name_people)
    return page(
        "crisis/rota_all.html",
        all=found,
        days=[(day, list(shifts)) for day, shifts in groupby(found.shifts, _begins_on)],
        form=AnswerForm(formdata=None),
        desk={duty: _alike(_strips(desk_cover(reading(), duty))) for duty in HELD_BY},
        today=kit().unit.clock.today(),
    )


@blueprint.post("/rota/swaps/<ref>/no")
def rota_swap_no(ref: str) -> ResponseReturnValue:
    """A coordinator decides that the hours stay where they are."""
    swap, form = swap_by_ref(reading(), ref), AnswerForm()
    if done(form, "rota_swap_no", lambda work: swaps.decline_swap(work, swap.id)):
        return redirect(url_for("crisis.rota_all"))
    return page("crisis/rota_sure.html", form=form, whom="me")


@blueprint.get("/rota/coverage")
def rota_coverage() -> ResponseReturnValue:
    """Every district as one strip: for each hour of the day the worst of the days ahead."""
    work, duty, language = reading(), _duty(), request.args.get("language") or None
    found = cover(work, language=language)
    refs = {one.id: one.ref for one in branches(work.session)}
    strips = [
        _strip(
            name, refs[branch_id], by_day(found.hours, found.of(branch_id, duty), work.clock.zone)
        )
        for branch_id, name in found.districts.items()
    ]
    whole = by_day(found.hours, found.of(None, duty), work.clock.zone)
    return page(
        "crisis/rota_coverage.html",
        strips=sorted(strips, key=lambda one: (not one.has_hole, -one.days, one.label)),
        whole=_strip("", "", whole),
        duty=duty,
        duties=TEAM_DUTIES,
        language=language,
        words_spoken=spoken(work),
        now=work.clock.now().astimezone(work.clock.zone).hour,
    )


@blueprint.get("/rota/coverage/<ref>")
def rota_district(ref: str) -> ResponseReturnValue:
    """One district: fourteen days of strips, one duty at a time; and each language's worst day."""
    work, duty, branch = reading(), _duty(), branch_of_ref(reading(), ref)
    language = request.args.get("language") or None
    found = cover(work, language=language, branch_id=branch.id)
    days = by_day(found.hours, found.of(branch.id, duty), work.clock.zone)
    by_language = []
    for word in spoken(work):
        heard = cover(work, language=word, branch_id=branch.id)
        levels = by_day(heard.hours, heard.of(branch.id, duty), work.clock.zone)
        if any(level > NOBODY for strip in levels.values() for level in strip):
            by_language.append(_strip(word, word, levels))
    told = [one for one in open_holes(work) if one.branch_id == branch.id and one.duty is duty]
    return page(
        "crisis/rota_district.html",
        branch=branch,
        strips=_strips(days),
        by_language=by_language,
        duty=duty,
        duties=TEAM_DUTIES,
        language=language,
        holes=told,
        asked=asked_about(work, [one.id for one in told]),
    )


def _begins_on(shift: Shift) -> date:
    return shift.hours.starts_at.astimezone(kit().unit.clock.zone).date()


def _duty() -> Duty:
    asked = request.args.get("duty", "")
    return next((duty for duty in TEAM_DUTIES if duty == asked), Duty.RESPONDER)


def _strip(label: str, ref: str, days: Mapping[date, Sequence[int]]) -> Strip:
    levels = worst(days.values())
    lacking = sum(NOBODY in strip for strip in days.values())
    return Strip(label, ref, tuple(spans(levels)), tuple(empty_hours(levels)), lacking)


def _alike(strips: Sequence[tuple[date, Strip]]) -> list[tuple[date, date, Strip]]:
    """Days that follow each other and are alike, from the first to the last of them."""
    runs = [list(days) for _strip_of, days in groupby(strips, lambda one: one[1])]
    return [(run[0][0], run[-1][0], run[0][1]) for run in runs]


def _strips(days: Mapping[date, Sequence[int]]) -> list[tuple[date, Strip]]:
    """One strip for each day."""
    return [(day, _strip("", "", {day: levels})) for day, levels in days.items()]
