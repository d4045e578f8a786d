"""Who sends a notice, to the push services (VAPID, RFC 8292): a key pair and a signed ticket.

The private half comes and goes as bytes; where it is kept, and under what, others decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from union.gateways.web_push.devices import encoded
from union.gateways.web_push.sealing import point_of

TICKET_HOLDS = timedelta(hours=12)
"""A push service refuses tickets for more than a day ahead (RFC 8292, section 2)."""

SCALAR_BYTES = 32


@dataclass(frozen=True, slots=True)
class PushKey:
    """The union's pair: `private` is the scalar (32 bytes), `public` the point (65 bytes)."""

    public: bytes
    private: bytes = field(repr=False)

    @property
    def shown(self) -> str:
        """The public half as a browser wants it."""
        return encoded(self.public)


def new_push_key() -> PushKey:
    """A pair, made once in the life of a union: a new one silences every browser there is."""
    made = ec.generate_private_key(ec.SECP256R1())
    scalar = made.private_numbers().private_value.to_bytes(SCALAR_BYTES, "big")
    return PushKey(point_of(made.public_key()), scalar)


def ticket(key: PushKey, audience: str, contact: str, now: datetime) -> str:
    """The Authorization header for one push service: `vapid t=…,k=…`."""
    head = {"typ": "JWT", "alg": "ES256"}
    claims = {"aud": audience, "exp": int((now + TICKET_HOLDS).timestamp()), "sub": contact}
    unsigned = ".".join(encoded(json.dumps(one).encode()) for one in (head, claims))
    signer = ec.derive_private_key(int.from_bytes(key.private, "big"), ec.SECP256R1())
    r, s = decode_dss_signature(signer.sign(unsigned.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big")
    return f"vapid t={unsigned}.{encoded(signature)},k={key.shown}"
