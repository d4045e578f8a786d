"""The sheet to hold at a counter, on a telephone and on paper; for anybody, and it names nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from union.crisis.rules.station import LANGUAGES, Part, Sheet, sheet_of, sheet_on
from union.crisis.views.blueprint import blueprint
from union.crisis.views.counter_paper import print_counter_sheet
from union.kernel.errors import NotFoundError
from union.web.current import kit
from union.web.look import TONGUES
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/counter/<language>")
def counter(language: str) -> ResponseReturnValue:
    """The sheet, large, to be shown or read out."""
    sheet = _sheet(language)
    return page(
        "crisis/counter.html",
        sheet=sheet,
        language=language,
        parts=[(part, sheet.parts[part][language], sheet.of(part)) for part in Part],
        tongues=[(code, TONGUES[code]) for code in LANGUAGES],
    )


@blueprint.get("/counter/<language>.pdf")
def counter_paper(language: str) -> ResponseReturnValue:
    """The same on one page to print, with lines to write on."""
    sheet = _sheet(language)
    answer = Response(print_counter_sheet(sheet, language), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="sheet-{language}.pdf"'
    return answer


def _sheet(language: str) -> Sheet:
    """Today's version, or the one asked for by name."""
    version = request.args.get("version")
    sheet = sheet_of(version) if version else sheet_on(kit().unit.clock.today())
    if sheet is None or language not in LANGUAGES:
        raise NotFoundError
    return sheet
