"""Who may open which page of the books; names on them are left out for a trustee."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Row

_READERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE})
_SIGNERS = frozenset({Role.TREASURER, Role.SIGNATORY})
_TREASURER = frozenset({Role.TREASURER})

ROWS: tuple[Row, ...] = (
    Row("ledger.trial_balance", roles=_READERS),
    Row("ledger.account", roles=_READERS),
    Row("ledger.journal", roles=_READERS),
    Row("ledger.entry", roles=_READERS),
    Row("ledger.vouchers", roles=_READERS),
    Row("ledger.voucher", roles=_READERS),
    Row("ledger.approve", roles=_SIGNERS),
    Row("ledger.withdraw", roles=_SIGNERS),
    Row("ledger.pay", roles=_TREASURER),
)
