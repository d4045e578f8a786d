"""A month as it is told to whoever may not open the calls: its lines in words, as rows (P4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from union.crisis.rules.editions import ToldLine, ToldMonth
from union.kernel.figures import Side
from union.web.current import kit
from union.web.formats import day as day_name
from union.web.formats import month as month_name

if TYPE_CHECKING:
    from collections.abc import Sequence


def told_shown(told: ToldMonth) -> dict[str, object]:
    """What a page shows of a month as it is told."""
    return {"told": told, "line_name": line_name, "told_notes": told_notes(told)}


def line_name(told: ToldMonth, line: ToldLine) -> str:
    """What a line is of, with its months where they are several."""
    if line.name:
        name = line.name
    elif len(told.lines) == 1:
        name = str(_("All districts together"))
    else:
        name = str(_("All other districts together"))
    if line.first == line.last:
        return name
    first, last = month_name(line.first), month_name(line.last)
    return str(_("%(what)s, %(first)s to %(last)s", what=name, first=first, last=last))


def told_notes(told: ToldMonth) -> Sequence[str]:
    """Why some stand together and some are not told, in sentences."""
    if told.told_on is not None:
        if told.told_on <= kit().unit.clock.today():
            return [str(_("Nothing was told of this month."))]
        day = day_name(told.told_on)
        return [str(_("This month is told on %(day)s, when most of it has ended.", day=day))]
    notes = []
    if told.waits_since is not None:
        notes.append(_waiting(told.side, month_name(told.waits_since)))
    return [*notes, *_reasons(told.side)]


def told_table(told: ToldMonth) -> list[list[str]]:
    """A month as it is told, as rows of a file."""
    head = [_("District"), _("Calls"), _("Minutes to somebody there"), _("Minutes to the end")]
    rows = [[*head, _("Of 100 as she wished")]]
    for one in told.lines:
        cells = (one.calls_told, one.there, one.settled, one.wished_percent)
        said = ["–" if cell is None else f"{cell:.0f}" for cell in cells]
        rows.append([line_name(told, one), *said])
    return [*rows, *([note] for note in told_notes(told))]


def _waiting(side: Side, since: str) -> str:
    if side is Side.OUTSIDE:
        words = _("The others since %(month)s wait: they are under ten, or nobody.", month=since)
    else:
        words = _("The others since %(month)s wait: they are under five, or nobody.", month=since)
    return str(words)


def _reasons(side: Side) -> Sequence[str]:
    if side is Side.OUTSIDE:
        fewest = _(
            "Behind every line stand ten people or more. A district with under ten stands together"
            " with the others, so that nobody can be found out. Counts are in fives."
        )
    else:
        fewest = _(
            "Behind every line stand five people or more. A district with under five stands"
            " together with the others, so that nobody can be found out."
        )
    dash = _("A dash, or no such column: too few to be told.")
    frozen = _("What was told stays as it is; what is learned later counts in a later month.")
    return [str(fewest), str(dash), str(frozen)]
