"""Who may open which page of welfare."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import EVERYONE, Relation, Row

_MEMBER = {Role.MEMBER}
_COMMITTEE = {Role.WELFARE_COMMITTEE}

ROWS: tuple[Row, ...] = (
    Row("welfare.scheme", roles=EVERYONE),
    Row("welfare.ask", roles=_MEMBER, relation=Relation.OWN),
    Row("welfare.mine", roles=_MEMBER, relation=Relation.OWN),
    Row("welfare.my_claim", roles=_MEMBER, relation=Relation.OWN),
    Row("welfare.appeal", roles=_MEMBER, relation=Relation.OWN),
    Row("welfare.claims", roles=_COMMITTEE),
    Row("welfare.ask_for", roles=_COMMITTEE),
    Row("welfare.change_scheme", roles=_COMMITTEE),
    Row("welfare.claim", roles=_COMMITTEE),
    Row("welfare.hear", roles=_COMMITTEE),
    Row("welfare.decide", roles=_COMMITTEE),
    Row("welfare.open_words", roles=_COMMITTEE),
    Row("welfare.pay_again", roles=_COMMITTEE),
)
