"""Who may open which page of readings: hers, and those of the trustees who keep the list."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Relation, Row, own_page

_TRUSTEE = frozenset({Role.TRUSTEE})


def _hers(page: str) -> Row:
    return Row(
        f"readings.{page}",
        roles=EVERYONE,
        relation=Relation.OWN,
        about="readings.reading",
        reach=Reach.HERS,
    )


def _trustees(page: str, reach: Reach = Reach.OFFICE, *, second: bool = False) -> Row:
    return Row(f"readings.{page}", roles=_TRUSTEE, reach=reach, second=second)


ROWS: tuple[Row, ...] = (
    own_page("readings.who_opened", EVERYONE, Reach.HERS),
    _hers("not_right"),
    _hers("proof"),
    _trustees("keeping"),
    _trustees("take"),
    _trustees("give_up"),
    _trustees("written", Reach.FRESH),
    _trustees("export", Reach.FRESH),
    _trustees("questions"),
    _trustees("question"),
    _trustees("question_proof"),
    _trustees("inquiries"),
    _trustees("inquiry", Reach.FRESH, second=True),
)
