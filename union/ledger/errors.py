"""What the books refuse, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class EntryUnbalancedError(UnionError):
    """Debits and credits differ in at least one fund (M1)."""

    code = "entry_unbalanced"


class EntryIncompleteError(UnionError):
    """An entry has two legs or more, and none of nothing."""

    code = "entry_incomplete"


class SourceReusedError(UnionError):
    """This source was posted before, with other legs (M4)."""

    code = "source_reused"


class PeriodClosedError(UnionError):
    """The month is closed and stays so (M3), or the books never came to it."""

    code = "period_closed"


class ReversalRefusedError(UnionError):
    """The entry is itself a reversal, or was reversed before."""

    code = "reversal_refused"


class AmountNotPositiveError(UnionError):
    """A voucher is for more than nothing."""

    code = "amount_not_positive"


class PurposeRefusedError(UnionError):
    """The fund may not be spent on this (M6)."""

    code = "purpose_refused"


class PayeeApprovesError(UnionError):
    """Nobody approves a payment to herself (M6)."""

    code = "payee_approves"


class ApprovedTwiceError(UnionError):
    """The same person approves once (M6)."""

    code = "approved_twice"


class VoucherChangedError(UnionError):
    """The voucher is not the one that was looked at (M6)."""

    code = "voucher_changed"


class VoucherNotApprovedError(UnionError):
    """Two different people have not approved yet (M6)."""

    code = "voucher_not_approved"


class VoucherSettledError(UnionError):
    """The voucher was paid or withdrawn already."""

    code = "voucher_settled"
