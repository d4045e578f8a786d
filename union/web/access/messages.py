"""Who may open which page of messages."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Relation, Row, own_page

_SEES_THE_WAYS = {Role.OPERATOR, Role.DUTY_OFFICER, Role.COORDINATOR, Role.SYSADMIN}
_HERS = (
    "mine",
    "order_duty",
    "order_ordinary",
    "add_device",
    "add_mailbox",
    "ring",
)

ROWS: tuple[Row, ...] = (
    *(own_page(f"ways.{name}", EVERYONE, Reach.HERS) for name in _HERS),
    *(
        Row(f"ways.{name}", roles=EVERYONE, relation=Relation.OWN, about=about, reach=Reach.HERS)
        for name, about in (("end", "messages.place"), ("heard", "messages.trial"))
    ),
    Row("ways.health", roles=_SEES_THE_WAYS),
    # The same for everybody, and it says nothing: a browser fetches both without signing in.
    Row("ways.worker", public=True),
    Row("ways.manifest", public=True),
    # The simulated telephones stand for hands outside the union: whoever runs a demonstration
    # holds them. Where the gateway is a real one these routes do not exist.
    Row("simulator.phones", public=True),
    Row("simulator.phone", public=True),
    Row("simulator.act", public=True),
    Row("simulator.stream", public=True),
    # Providers have no account here. What lets each in is its secret or its signature, checked
    # before a word is kept; without one to check by, its address does not exist (404). A receipt
    # changes nothing of what it is about, so that even a forged one could only be shown.
    Row("providers.text", public=True),
    Row("providers.receipt", public=True),
    Row("providers.twilio_text", public=True),
    Row("providers.twilio_call", public=True),
    Row("providers.twilio_ended", public=True),
    Row("providers.twilio_keys", public=True),
    Row("providers.twilio_join", public=True),
    Row("providers.twilio_joined", public=True),
    Row("providers.twilio_receipt", public=True),
)
