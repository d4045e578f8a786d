"""The report of a month that was played: one HTML file, or one PDF, out of the replay's own rows.

Owns the two files; counts nothing itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from union.crisis.queries.figures import calls_between
from union.crisis.rules.month import month_report
from union.crisis.views.figures import shown, table
from union.factory import create_app
from union.kernel.actor import Actor
from union.kernel.periods import Month
from union.reports.printers.pdf import as_pdf
from union.reports.sheets import Column, Kind, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from union.crisis.rules.month import MonthReport
    from union.wiring import House

STYLES = ("book.css", "figures.css")
STATIC = Path(__file__).parents[3] / "static"
ON_PAPER = (0, 1, 2, 3, 8, 9, 11, 14, 15, 18)
"""The table's columns that fit a page: middles, nine of ten until somebody is there, ends."""

PLAYED = Actor.system("replay")


def write_report(path: Path) -> Callable[[House], None]:
    """Whoever is given the house after the month writes the report; its ending says as what."""

    def write(house: House) -> None:
        with house.unit.reading(PLAYED) as work:
            calls = calls_between(work, datetime.min.replace(tzinfo=UTC), work.clock.now())
        if not calls:
            return
        month = Month.of(calls[0].local_at.date())
        report = month_report(calls)
        app = create_app(house.settings, house.clock)
        with app.test_request_context():
            path.write_bytes(_pdf(month, report) if path.suffix == ".pdf" else _html(month, report))

    return write


def _html(month: Month, report: MonthReport) -> bytes:
    styles = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
    return render_template(
        "crisis/figures_paper.html",
        styles=Markup(styles),  # noqa: S704  # nosec B704 # our own stylesheets, nobody's words
        note=_("played from a file of calls, with made-up people"),
        **shown(month, report),
    ).encode()


def _pdf(month: Month, report: MonthReport) -> bytes:
    head, *rows = table(report)
    return as_pdf(
        Sheet(
            code="figures",
            title=_("How fast we were"),
            span=str(month),
            first_line="",
            columns=[
                Column(head[n], Kind.NUMBER if n else Kind.TEXT) for n in ON_PAPER if n < len(head)
            ],
            rows=[Row(tuple(row[n] for n in ON_PAPER if n < len(row))) for row in rows],
            foot=(_("Minutes; middles with how many they are made of."),),
        )
    )
