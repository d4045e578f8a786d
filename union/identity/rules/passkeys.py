"""Where passkeys can work and how long a question waits; plain values, no library, no clock."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

QUESTION_LASTS = timedelta(minutes=5)
"""From the question to her finger: time enough to find the telephone, and no more."""

FORGOTTEN_AFTER = timedelta(days=1)
"""A question that is over this long is of no use to anybody."""

MOST_PASSKEYS = 10
"""Living ones of one account: nobody keeps more apart, and a list must stay one she reads."""

LABEL_LENGTH = 30

_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Place:
    """What passkeys are bound to: ``domain`` for ever, ``origin`` as the browser signs it.

    ``shown_name`` is the neutral name that the telephone's own dialog shows.
    """

    domain: str
    origin: str
    shown_name: str


def place_of(public_url: str, shown_name: str) -> Place | None:
    """Where passkeys are asked for; None where no browser lets them work.

    Browsers want https under a name (W3C WebAuthn, 5.1.3 and 13.4.9); only ``localhost`` may go
    without, and a bare number such as 127.0.0.1 never does. It is read from the deployment's own
    address, never from what a visitor's browser says it called.
    """
    parts = urlsplit(public_url)
    domain = parts.hostname or ""
    here = domain == "localhost" or domain.endswith(".localhost")
    safe = parts.scheme == "https" or (parts.scheme == "http" and here)
    named = here or ("." in domain and domain.isascii() and not _is_number(domain))
    if not (safe and named):
        return None
    port = "" if parts.port in {None, _USUAL_PORTS[parts.scheme]} else f":{parts.port}"
    return Place(domain, f"{parts.scheme}://{domain}{port}", shown_name)


def counter_fell(before: int, now: int) -> bool:
    """Whether a passkey's own count went back or stood still: two may hold the same one.

    Passkeys that telephones keep in step among themselves do not count: theirs is always 0.
    """
    return before > 0 and now <= before


def read_label(text: str) -> str:
    """The name she gives a passkey, without needless space."""
    return " ".join(text.split())[:LABEL_LENGTH]


def _is_number(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True
