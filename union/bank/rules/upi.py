"""What a QR for paying by UPI says: where to, a neutral name, a code of hers, perhaps an amount."""

from __future__ import annotations

from urllib.parse import quote, urlencode

_MINOR = 100


def payment_link(address: str, payee_name: str, code: str, amount_minor: int = 0) -> str:
    """A ``upi://pay`` link. ``code`` is both reference and note: banks hand on one or the other.

    Without an amount she writes it herself.
    """
    said = {"pa": address, "pn": payee_name, "tr": code, "tn": code, "cu": "INR"}
    if amount_minor > 0:
        said["am"] = f"{amount_minor // _MINOR}.{amount_minor % _MINOR:02d}"
    return f"upi://pay?{urlencode(said, quote_via=quote, safe='@')}"
