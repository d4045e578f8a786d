"""What waits for a trustee: figures to write down, members who asked, papers for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from union.office.readings.queries.asking import count_waiting
from union.office.readings.queries.keeping import has_figures_to_write
from union.office.today.card import Act
from union.office.today.locking import papers_to_see

if TYPE_CHECKING:
    from union.infra.work import Work


def readings_to_see(work: Work) -> tuple[Act, ...]:
    """An act for each of the two, if it waits."""
    acts = []
    if has_figures_to_write(work):
        acts.append(Act(gettext("Write the day’s figures down"), "readings.keeping"))
    waiting = count_waiting(work)
    if waiting:
        words = ngettext(
            "%(num)s member asks who opened hers", "%(num)s members ask who opened theirs", waiting
        )
        acts.append(Act(words, "readings.questions"))
    return (*acts, *papers_to_see(work))
