"""Use cases of words out and in; what other domains and the workers may call.

`send` and `send_all` set out to tell somebody something, `withdraw` stops it, `try_another_way`
tells again; `store_inbound` and `read_inbound` keep and open what came in; `send_due` and
`end_leases` are the sending loop; `UnionDoor` is where providers knock. Facts declared here:
`inbound_stored(inbound_id)` and `message_unsent(message_id)`.
"""

from __future__ import annotations

from union.gateways.port import Inbound
from union.messages.services.calls import CallHandler, Pressed, UnionDoor
from union.messages.services.inbound import Stored, read_inbound, store_inbound
from union.messages.services.outgoing import (
    Outgoing,
    queue_of,
    send,
    send_all,
    try_another_way,
    withdraw,
)
from union.messages.services.sending import claim_due, end_leases, record_results, send_due

__all__ = [
    "CallHandler",
    "Inbound",
    "Outgoing",
    "Pressed",
    "Stored",
    "UnionDoor",
    "claim_due",
    "end_leases",
    "queue_of",
    "read_inbound",
    "record_results",
    "send",
    "send_all",
    "send_due",
    "store_inbound",
    "try_another_way",
    "withdraw",
]
