"""Who may open which page of welfare."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import OURS, Relation, Row, own_page

_MEMBER = {Role.MEMBER}
_COMMITTEE = {Role.WELFARE_COMMITTEE}


def _her_claim(page: str) -> Row:
    return Row(
        f"welfare.{page}",
        roles=_MEMBER,
        relation=Relation.OWN,
        about="welfare.claim",
        reach=Reach.HERS,
    )


ROWS: tuple[Row, ...] = (
    Row("welfare.scheme", roles=OURS, reach=Reach.NOTHING),
    own_page("welfare.ask", _MEMBER, Reach.HERS),
    own_page("welfare.mine", _MEMBER, Reach.HERS),
    _her_claim("my_claim"),
    _her_claim("appeal"),
    Row("welfare.claims", roles=_COMMITTEE),
    Row("welfare.ask_for", roles=_COMMITTEE),
    Row("welfare.change_scheme", roles=_COMMITTEE),
    Row("welfare.claim", roles=_COMMITTEE),
    Row("welfare.hear", roles=_COMMITTEE),
    Row("welfare.decide", roles=_COMMITTEE, second=True),
    Row("welfare.open_words", roles=_COMMITTEE, reach=Reach.FRESH, sealed=True, logged=True),
    Row("welfare.pay_again", roles=_COMMITTEE),
)
