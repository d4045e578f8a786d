"""Who may open which page of keeping: what we keep for everybody, days and holds by offices."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Relation, Row

_TWO = frozenset({Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY, Role.TRUSTEE})
_HOLDERS = frozenset(
    {
        Role.SIGNATORY,
        Role.MEMBERSHIP_SECRETARY,
        Role.COORDINATOR,
        Role.DUTY_OFFICER,
        Role.PARALEGAL,
    }
)

ROWS: tuple[Row, ...] = (
    Row("retention.kept", roles=EVERYONE, reach=Reach.DUES),
    # How long things are kept is one rule for the whole union.
    Row("retention.days", roles=_TWO, relation=Relation.WHOLE),
    Row("retention.answer", roles=_TWO, relation=Relation.WHOLE, reach=Reach.FRESH, second=True),
    # What she may hold, her offices say: a case where she has it, all else for the whole union.
    Row("retention.holds", roles=_HOLDERS),
    Row("retention.renew", roles=_HOLDERS),
    Row("retention.lift", roles=_HOLDERS, reach=Reach.FRESH, second=True),
)
