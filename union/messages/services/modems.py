"""What a modem's folders hold, taken in: texts that came, and what became of ours.

Invariant: a file is deleted only after what it says is committed, and read twice it is kept once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.gateways.gammu import Found, Modem
from union.gateways.port import Delivery, Inbound
from union.kernel.actor import Actor
from union.messages.services.inbound import opaque_id, store_inbound
from union.messages.services.receipts import store_receipt

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork, Work

MODEM = Actor.system("modem")
PROVIDER = "gammu"


def read_modem(unit: UnitOfWork, modem: Modem) -> int:
    """Take in whatever lies there, each in a transaction of its own; say how much it was."""
    found = modem.look()
    for one in found:
        with unit.begin(MODEM) as work:
            _keep(work, one)
        one.forget()
    return len(found)


def _keep(work: Work, one: Found) -> None:
    if one.key:
        store_receipt(work, Delivery(PROVIDER, f"{one.key}-{one.word}", one.key, one.word))
        return
    store_inbound(
        work,
        Inbound(
            provider=PROVIDER,
            provider_id=opaque_id(work, PROVIDER, one.name),
            channel="sms",
            from_number=one.sender,
            to_number="",
            body=one.text,
            at=work.clock.now(),
        ),
    )
