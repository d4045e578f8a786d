"""Stories that bring on stage the forms which wait for a state, room by room."""

from __future__ import annotations

from tests.attacks.awaited import bank, crisis, dues, ledger, members, office
from tests.attacks.awaited.scene import Room

ROOMS: tuple[Room, ...] = (
    *bank.ROOMS,
    *crisis.ROOMS,
    *dues.ROOMS,
    *ledger.ROOMS,
    *members.ROOMS,
    *office.ROOMS,
)
"""Every room's stories."""

ON_STAGE = {one for room in ROOMS for one in room.takes}
"""Every address whose form one of them shows."""
