"""Who may open which page of erasing: two offices, and she whose it is."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import OURS, Relation, Row, own_page

_OFFICERS = frozenset({Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER})


def _office(page: str, reach: Reach = Reach.OFFICE, *, second: bool = False) -> Row:
    return Row(
        f"erasing.{page}", roles=_OFFICERS, relation=Relation.WHOLE, reach=reach, second=second
    )


ROWS: tuple[Row, ...] = (
    _office("orders"),
    _office("ask", Reach.FRESH),
    _office("agree", Reach.FRESH, second=True),
    _office("stop"),
    _office("certificate"),
    _office("certificate_text"),
    own_page("erasing.mine", OURS, Reach.HERS),
    own_page("erasing.ask_mine", OURS, Reach.FRESH),
    own_page("erasing.stop_mine", OURS, Reach.HERS),
)
