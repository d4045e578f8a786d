"""How fast we were: a month beside what others promise, as a page, a file, and a file to share.

True counts are only for whoever may open the calls themselves, whatever the form (P4).
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from flask import Response, request
from flask_babel import gettext as _

from union.crisis.queries.editions import span_of, told_month
from union.crisis.queries.figures import calls_between
from union.crisis.rules.figures import MARKS, SETTLED_IN_A_DAY, Call, Group, Stage
from union.crisis.rules.month import MonthReport, month_report, ticks
from union.crisis.views.blueprint import blueprint
from union.crisis.views.figures_told import told_shown, told_table
from union.kernel.cells import plain_cell
from union.kernel.figures import Side, side_for
from union.kernel.periods import Month
from union.members.queries import branches
from union.web.current import current_scope, kit, reading
from union.web.render import page
from union.web.words.after import STAGES, STRATA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


EARLIEST = Month(2000, 1)
"""At the calendar's own beginning a night has no day before it."""

CASES = "crisis.incident"
"""Whoever may open this page of any call sees true counts."""


@blueprint.get("/figures")
def figures() -> ResponseReturnValue:
    """One month, of one district or all; for whoever may not open the calls, as it is told."""
    month, district = _asked()
    this_month = Month.of(kit().unit.clock.today())
    side = side_for(current_scope(CASES))
    if side is not Side.TRUE:
        told = told_shown(told_month(reading(), month, side))
        return page("crisis/figures_told.html", month=month, this_month=this_month, **told)
    return page(
        "crisis/figures.html",
        district=district,
        districts=[one.name for one in branches(reading().session)],
        this_month=this_month,
        **shown(month, month_report(calls_in(reading(), month, district))),
        **told_shown(told_month(reading(), month, Side.OUTSIDE)),
    )


@blueprint.get("/figures.csv")
def figures_file() -> ResponseReturnValue:
    """The same table as a file, for our own use."""
    month, district = _asked()
    side = side_for(current_scope(CASES))
    if side is not Side.TRUE:
        return _file(month, told_table(told_month(reading(), month, side)), "figures")
    report = month_report(calls_in(reading(), month, district))
    return _file(month, table(report), "figures")


@blueprint.get("/figures-outside.csv")
def figures_outside() -> ResponseReturnValue:
    """What may leave the union: districts of a month, small numbers together (P4)."""
    month, _district = _asked()
    side = side_for(current_scope(CASES), leaves=True)
    return _file(month, told_table(told_month(reading(), month, side)), "figures-to-share")


def calls_in(work: Work, month: Month, district: str) -> list[Call]:
    """The calls of a month on the union's clock, of one district or all."""
    since, until = span_of(month, work.clock.zone)
    calls = calls_between(work, since, until)
    return [one for one in calls if not district or one.branch == district]


def shown(month: Month, report: MonthReport) -> dict[str, object]:
    """What the page and the paper show of a month."""
    return {
        "month": month,
        "report": report,
        "ticks": ticks(),
        "marks": MARKS,
        "in_a_day_mark": SETTLED_IN_A_DAY,
        "stages": list(Stage),
        "name_of": name_of,
    }


def name_of(group: str) -> str:
    """A kind of call in words: "within 5 km, by night", or a district's own name."""
    parts = group.split(".")
    if all(part in STRATA for part in parts):
        return ", ".join(str(STRATA[part]) for part in parts)
    return group or str(_("district not known"))


def table(report: MonthReport) -> list[list[str]]:
    """The figures as rows, with how many each is made of."""
    head = [_("Calls of"), _("Calls")]
    for stage in Stage:
        words = str(STAGES[stage])
        head += [words, _("%(stage)s: nine of ten", stage=words), _("%(stage)s: of", stage=words)]
    head += [_("Ended"), _("As she wished"), _("Partly"), _("Not so"), _("Within a day")]
    parts: Sequence[tuple[str, Group]] = [
        (_("all"), report.whole),
        *((name_of(one.name), one) for one in (*report.by_hour, *report.by_way, *report.by_both)),
        *((name_of(one.name), one) for one in report.by_district),
    ]
    return [head, *([name, *_cells(one)] for name, one in parts)]


def _cells(one: Group) -> list[str]:
    cells = [str(one.calls)]
    for stage in Stage:
        times = one.times[stage]
        cells += [_minutes(times.middle), _minutes(times.ninth), str(times.count)]
    ends = one.ends
    return [
        *cells,
        *(str(n) for n in (ends.count, ends.wished, ends.partly, ends.not_so, ends.in_a_day)),
    ]


def _minutes(minutes: float | None) -> str:
    return "" if minutes is None else f"{minutes:.1f}"


def _asked() -> tuple[Month, str]:
    written = request.args.get("month", "")
    newest = Month.of(kit().unit.clock.today())
    month = min(max(Month.parse(written), EARLIEST), newest) if written else newest
    return month, request.args.get("district", "")


def _file(month: Month, rows: Sequence[Sequence[str]], name: str) -> Response:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [plain_cell(cell) for cell in row] for row in rows
    )
    answer = Response(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{month}.csv"'
    return answer
