"""What a person does with a simulated telephone: read, answer, press, write, ring, switch off.

Every act that reaches the union goes through its door, as from a real provider; nothing here looks
into the union.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import uuid4

from sqlalchemy import insert, update

from union.gateways.port import Door, Inbound, VoiceScript
from union.gateways.simulator.calls import HOTLINE, Calls
from union.gateways.simulator.gateway import PROVIDER, find_handset
from union.gateways.simulator.store import handset, phone_call, shown_text
from union.gateways.simulator.table import Handset, handsets


@dataclass(frozen=True, slots=True)
class Phones(Calls):
    """All the telephones of the simulated world."""

    def place(self, number: str, label: str) -> None:
        """Put a telephone on the table under a label; a second time renames it."""
        with self.engine.begin() as connection:
            find_handset(connection, number)
            connection.execute(
                update(handset).where(handset.c.number == number).values(label=label)
            )

    def all(self) -> list[Handset]:
        """Every telephone, those with the newest words first."""
        self.ring_out()
        return handsets(self.engine)

    def one(self, ref: str) -> Handset | None:
        """One telephone by its reference, or None if there is none."""
        return next((phone for phone in self.all() if phone.ref == ref), None)

    def write(self, number: str, body: str, door: Door) -> None:
        """Send a text to the union."""
        key = f"t{uuid4().hex}"
        with self.engine.begin() as connection:
            find_handset(connection, number)
            connection.execute(
                insert(shown_text).values(
                    key=key,
                    number=number,
                    kind="sms",
                    incoming=False,
                    body=body,
                    at=self.clock.now(),
                )
            )
        door.received(self._inbound(key, "sms", number, body))

    def missed_call(self, number: str, door: Door, stands_for: str = "") -> None:
        """Ring the union once and put down, which costs nothing; a line may stand for an answer."""
        key = self._outgoing(number, VoiceScript(say=()), "ended")
        door.received(self._inbound(key, "missed_call", number, stands_for))

    def ring(self, number: str, door: Door) -> VoiceScript | None:
        """Ring the union and hear what it says."""
        key = f"c{uuid4().hex}"
        script = door.received(self._inbound(key, "call", number, ""))
        self._outgoing(number, script or VoiceScript(say=()), "talking", key)
        return script

    def switch(self, number: str, *, on: bool) -> None:
        """Switch a telephone on or off."""
        with self.engine.begin() as connection:
            connection.execute(
                update(handset).where(handset.c.number == number).values(switched_on=on)
            )

    def seize(self, number: str, *, seized: bool = True) -> None:
        """Somebody else holds the telephone now: what is shown, she no longer sees."""
        with self.engine.begin() as connection:
            connection.execute(
                update(handset).where(handset.c.number == number).values(seized=seized)
            )

    def _inbound(self, key: str, channel: str, number: str, body: str) -> Inbound:
        return Inbound(PROVIDER, key, channel, number, HOTLINE, body, self.clock.now())

    def _outgoing(
        self, number: str, script: VoiceScript, state: str, key: str | None = None
    ) -> str:
        key = key or f"c{uuid4().hex}"
        with self.engine.begin() as connection:
            find_handset(connection, number)
            connection.execute(
                insert(phone_call).values(
                    key=key,
                    number=number,
                    incoming=False,
                    state=state,
                    script=asdict(script),
                    heard=[*script.say],
                    typed="",
                    presses=0,
                    at=self.clock.now(),
                )
            )
        return key
