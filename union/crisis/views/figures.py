"""How fast we were: a month beside what others promise, as a page, a file, and a file to share."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, time
from io import StringIO
from typing import TYPE_CHECKING

from flask import Response, request
from flask_babel import gettext as _

from union.crisis.queries.figures import calls_between
from union.crisis.rules.figures import MARKS, SETTLED_IN_A_DAY, Call, Group, Stage
from union.crisis.rules.month import MonthReport, month_report, outside, ticks
from union.crisis.views.blueprint import blueprint
from union.kernel.periods import Month
from union.members.queries import branches
from union.web.current import kit, reading
from union.web.render import page
from union.web.words.after import STAGES, STRATA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/figures")
def figures() -> ResponseReturnValue:
    """One month, of one district or all."""
    month, district = _asked()
    calls = calls_in(reading(), month, district)
    return page(
        "crisis/figures.html",
        district=district,
        districts=[one.name for one in branches(reading().session)],
        this_month=Month.of(kit().unit.clock.today()),
        **shown(month, month_report(calls)),
    )


@blueprint.get("/figures.csv")
def figures_file() -> ResponseReturnValue:
    """The same table as a file, for our own use."""
    month, district = _asked()
    report = month_report(calls_in(reading(), month, district))
    return _file(month, table(report), "figures")


@blueprint.get("/figures-outside.csv")
def figures_outside() -> ResponseReturnValue:
    """What may leave the union: districts of a month, small numbers left out (P4)."""
    month, _district = _asked()
    lines = outside(month_report(calls_in(reading(), month, "")))
    head = [_("District"), _("Calls"), _("Minutes to somebody there"), _("Minutes to the end")]
    rows = [[*head, _("Of 100 as she wished")]]
    for one in lines:
        cells = (one.calls, one.there, one.settled, one.wished_percent)
        told = ["–" if cell is None else f"{cell:.0f}" for cell in cells]
        rows.append([one.name or _("All districts"), *told])
    rows.append([_("A dash: too few to be told, or it would tell of too few.")])
    return _file(month, rows, "figures-to-share")


def calls_in(work: Work, month: Month, district: str) -> list[Call]:
    """The calls of a month on the union's clock, of one district or all."""
    zone = work.clock.zone
    since, until = (
        datetime.combine(day, time(0), zone).astimezone(UTC)
        for day in (month.first_day, month.next().first_day)
    )
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
    month = Month.parse(written) if written else Month.of(kit().unit.clock.today())
    return month, request.args.get("district", "")


def _file(month: Month, rows: Sequence[Sequence[str]], name: str) -> Response:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    answer = Response(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{month}.csv"'
    return answer
