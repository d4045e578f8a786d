"""Who may open which page of dues."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Relation, Row

_DESK = {Role.TREASURER}
_BOOKS = {Role.TREASURER, Role.SIGNATORY}
_KEEPERS = {Role.TREASURER, Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}

ROWS: tuple[Row, ...] = (
    Row("dues.my_passbook", roles={Role.MEMBER}, relation=Relation.OWN),
    Row("dues.passbook", roles=_KEEPERS | {Role.MEMBER}, relation=Relation.OWN),
    Row("dues.receipt", roles=_KEEPERS | {Role.MEMBER, Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.receipt_pdf", roles=_KEEPERS | {Role.MEMBER, Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.find_payer", roles=_DESK),
    Row("dues.take_payment", roles=_DESK),
    Row("dues.sheets", roles=_DESK),
    Row("dues.waiting", roles=_BOOKS),
    Row("dues.remarks", roles=_BOOKS),
    Row("dues.settle", roles=_DESK),
    Row("dues.drop", roles=_DESK),
    Row("dues.cash_in_hand", roles=_BOOKS),
    Row("dues.my_round", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.count_cash", roles=_DESK),
    Row("dues.close_cash", roles=_DESK),
    Row("dues.let_off", roles=_DESK),
    Row("dues.rates", roles=_DESK),
    Row("dues.months", roles=_DESK),
    Row("dues.month", roles=_DESK),
    Row("dues.run", roles=_BOOKS),
    Row("dues.go_on", roles=_DESK),
)
"""A member opens her own passbook and receipts, a collector the receipts she wrote."""
