"""What is refused about erasing, as facts with codes; the words for them stand in web."""

from __future__ import annotations

from union.kernel.errors import UnionError


class ErasureWaitsError(UnionError):
    """Something of hers must be over before she is erased."""

    code = "erasure_waits"


class HeldError(ErasureWaitsError):
    """A court or an inquiry needs what is kept of her."""

    code = "erasure_waits_held"


class InOfficeError(ErasureWaitsError):
    """She holds an office."""

    code = "erasure_waits_office"


class InCallError(ErasureWaitsError):
    """A call for help of hers is open."""

    code = "erasure_waits_call"


class InCaseError(ErasureWaitsError):
    """A case of hers is open."""

    code = "erasure_waits_case"


class ClaimingError(ErasureWaitsError):
    """A claim of hers is neither paid nor refused."""

    code = "erasure_waits_claim"


class ToBePaidError(ErasureWaitsError):
    """Money waits to be paid to her."""

    code = "erasure_waits_voucher"


class ByCardError(ErasureWaitsError):
    """Her card still pays."""

    code = "erasure_waits_by_card"


class HoldingCashError(ErasureWaitsError):
    """Money of the union is in her hands."""

    code = "erasure_waits_cash"


class ErasureAskedAlreadyError(UnionError):
    """It is asked for already."""

    code = "erasure_asked_already"


class ErasureByTwoError(UnionError):
    """Two officers, neither of them she."""

    code = "erasure_by_two"


class ErasureOverError(UnionError):
    """It was stopped, or it has begun."""

    code = "erasure_over"


_WAITS = {
    one.code.removeprefix("erasure_waits_"): one for one in ErasureWaitsError.__subclasses__()
}


def waits_for(hindrance: str) -> ErasureWaitsError:
    """The error that says what must be over first, by its code."""
    return _WAITS.get(hindrance, ErasureWaitsError)()
