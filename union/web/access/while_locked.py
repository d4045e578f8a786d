"""What an officer's sign-in still opens while the office is locked: what open incidents need.

The whole of the crisis domain, how she is reached, signing in and out, seeing somebody who has set
her secrets anew and choosing opening words for the first time (else nobody is let back in), and the
way back; the rest answers one page that says so. What needs no sign-in (slips, what providers bring
in, the door) is not asked, nor are a member's own pages, but for cases.
"""

from __future__ import annotations

from union.web.access import crisis, crisis_after

_WAYS = (
    *("mine", "order_duty", "order_ordinary", "add_device", "add_mailbox", "ring", "end", "heard"),
    "health",
)
_SIGNED_IN = (
    *("prove", "prove_as", "sessions", "end_session", "end_other_sessions", "sign_out"),
    "seen",
    # Two papers let in only who has words of her own: where nobody left has any, these are the way.
    "opening_words",
)
_LOCKING = ("lock", "back")

WHILE_LOCKED: frozenset[str] = frozenset(
    (
        *(row.endpoint for row in (*crisis.ROWS, *crisis_after.ROWS)),
        *(f"ways.{page}" for page in _WAYS),
        *(f"identity.{page}" for page in _SIGNED_IN),
        *(f"locking.{page}" for page in _LOCKING),
    )
)

CASES = "legal."
"""Pages of these are closed to everybody while it is locked, also to her whose case it is."""


def closes(endpoint: str, *, in_office: bool) -> bool:
    """Whether a lock closes this page, to an officer's sign-in or to another."""
    return endpoint not in WHILE_LOCKED and (in_office or endpoint.startswith(CASES))
