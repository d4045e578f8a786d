"""Who may open which page of office: months, the trustees' workspace, the open books."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row

_READERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE})
_TRUSTEE = frozenset({Role.TRUSTEE})
_MEMBERS = _READERS | {
    Role.MEMBER,
    Role.COLLECTOR,
    Role.MEMBERSHIP_SECRETARY,
    Role.BRANCH_SECRETARY,
}
_GIVERS = frozenset({Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER})

ROWS: tuple[Row, ...] = (
    Row("closing.months", roles=_READERS),
    Row("closing.month", roles=frozenset({Role.TREASURER})),
    Row("closing.close_quiet", roles=frozenset({Role.TREASURER})),
    Row("audit.workspace", roles=_TRUSTEE),
    Row("audit.audit", roles=_TRUSTEE),
    Row("audit.step", roles=_TRUSTEE),
    Row("audit.seal_heads", roles=_TRUSTEE),
    Row("audit.draw", roles=_TRUSTEE),
    Row("audit.sample", roles=_TRUSTEE),
    Row("audit.look", roles=_TRUSTEE),
    Row("audit.write", roles=_TRUSTEE),
    Row("audit.all_findings", roles=_READERS),
    Row("audit.finding", roles=_READERS),
    Row("audit.sign", roles=_TRUSTEE, reach=Reach.FRESH),
    Row("audit.report", roles=_TRUSTEE),
    Row("audit.report_pdf", roles=_TRUSTEE),
    Row("open_books.month", roles=_MEMBERS, reach=Reach.DUES),
    Row("open_books.year", roles=_MEMBERS, reach=Reach.DUES),
    # Offices are given for the whole union alone; her own office ends whoever holds it anywhere.
    Row("people.offices", roles=_GIVERS, relation=Relation.WHOLE),
    Row("people.propose", roles=_GIVERS, relation=Relation.WHOLE, reach=Reach.FRESH),
    Row("people.answer", roles=_GIVERS, relation=Relation.WHOLE, reach=Reach.FRESH, second=True),
    Row("people.end", roles=_GIVERS, reach=Reach.FRESH),
)
