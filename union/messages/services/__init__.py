"""Use cases of words out and in; what other domains and the workers may call.

`send` and `send_all` set out to tell somebody something, `withdraw` stops it, `try_another_way`
tells again; `store_inbound` and `read_inbound` keep and open what came in; `send_due` and
`end_leases` are the sending loop; `UnionDoor` is where providers knock; `heard_back` writes down
that a person answered; `store_receipt` keeps what a provider says became of words and `read_modem`
what lies in a modem's folders; `watch_soon` has the ways looked at for quiet. Facts declared here:
`inbound_stored(inbound_id)`, `message_unsent(message_id)`, `way_quiet(spell_id)`,
`way_back(spell_id)`.
"""

from __future__ import annotations

from union.gateways.port import Inbound
from union.messages.services.calls import CallHandler, Pressed, UnionDoor
from union.messages.services.claiming import claim_due
from union.messages.services.health import open_spells
from union.messages.services.inbound import Stored, asked_last, read_inbound, store_inbound
from union.messages.services.modems import read_modem
from union.messages.services.orders import Sort, orders_of, set_order
from union.messages.services.outgoing import (
    Outgoing,
    params_of,
    queue_of,
    send,
    send_all,
    try_another_way,
    withdraw,
)
from union.messages.services.places import (
    add_device,
    add_handset,
    add_mailbox,
    end_place,
    places_of,
    push_key,
    shown_push_key,
)
from union.messages.services.receipts import store_receipt
from union.messages.services.sending import end_leases, record_results, send_due
from union.messages.services.trials import (
    heard_back,
    heard_trial,
    pressed_in_trial,
    ring_me,
    trials_of,
    ways_of,
)
from union.messages.services.watching import TIMERS, watch_soon

__all__ = [
    "TIMERS",
    "CallHandler",
    "Inbound",
    "Outgoing",
    "Pressed",
    "Sort",
    "Stored",
    "UnionDoor",
    "add_device",
    "add_handset",
    "add_mailbox",
    "asked_last",
    "claim_due",
    "end_leases",
    "end_place",
    "heard_back",
    "heard_trial",
    "open_spells",
    "orders_of",
    "params_of",
    "places_of",
    "pressed_in_trial",
    "push_key",
    "queue_of",
    "read_inbound",
    "read_modem",
    "record_results",
    "ring_me",
    "send",
    "send_all",
    "send_due",
    "set_order",
    "shown_push_key",
    "store_inbound",
    "store_receipt",
    "trials_of",
    "try_another_way",
    "watch_soon",
    "ways_of",
    "withdraw",
]
