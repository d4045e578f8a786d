"""What a person does with a simulated telephone: read, answer, press, write, ring, switch off.

Every act that reaches the union goes through its door, as from a real provider; nothing here looks
into the union.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from union.gateways.port import Door, Inbound, VoiceScript
from union.gateways.simulator.gateway import PROVIDER, find_handset
from union.gateways.simulator.store import handset, phone_call, shown_text
from union.gateways.simulator.table import Handset, handsets
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from union.kernel.clock import Clock

RINGS_FOR = timedelta(seconds=45)
HOTLINE = "+915000000000"
"""The number the simulated world rings; nobody has it."""


class CallOverError(UnionError):
    """The call is over: nothing can be pressed or said in it."""

    code = "call_over"


@dataclass(frozen=True, slots=True)
class Phones:
    """All the telephones of the simulated world."""

    engine: Engine
    clock: Clock

    def place(self, number: str, label: str) -> None:
        """Put a telephone on the table under a label; a second time renames it."""
        with self.engine.begin() as connection:
            find_handset(connection, number)
            connection.execute(
                update(handset).where(handset.c.number == number).values(label=label)
            )

    def all(self) -> list[Handset]:
        """Every telephone, those with the newest words first."""
        self._ring_out()
        return handsets(self.engine)

    def one(self, ref: str) -> Handset | None:
        """One telephone by its reference, or None if there is none."""
        return next((phone for phone in self.all() if phone.ref == ref), None)

    def ringing(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """Calls that ring now, oldest first."""
        self._ring_out()
        with self.engine.connect() as connection:
            return connection.execute(
                select(phone_call).where(phone_call.c.state == "ringing").order_by(phone_call.c.id)
            ).all()

    def answer(self, call_id: int) -> VoiceScript:
        """Pick up and hear; CallOverError if it no longer rings."""
        with self.engine.begin() as connection:
            call = self._call(connection, call_id, "ringing")
            script = read_script(call.script)
            self._hear(connection, call, script, [*script.say])
        return script

    def press_key(self, call_id: int, key: str, door: Door) -> None:
        """Press one key; what is pressed is heard when it is enough, or at #."""
        with self.engine.begin() as connection:
            call = self._call(connection, call_id, "talking")
            typed = call.typed if key == "#" else f"{call.typed}{key}"
            whole = key == "#" or len(typed) >= read_script(call.script).gather
            connection.execute(
                update(phone_call)
                .where(phone_call.c.id == call_id)
                .values(typed="" if whole else typed)
            )
        if whole:
            self.press(call_id, typed, door)

    def press(self, call_id: int, digits: str, door: Door) -> VoiceScript:
        """Press keys and hear what comes next; CallOverError if nobody is on the line."""
        with self.engine.begin() as connection:
            call = self._call(connection, call_id, "talking")
            connection.execute(
                update(phone_call)
                .where(phone_call.c.id == call_id)
                .values(presses=call.presses + 1)
            )
        following = door.pressed(
            Inbound(
                provider=PROVIDER,
                provider_id=f"{call.key}-p{call.presses + 1}",
                channel="keypad",
                from_number=call.number,
                to_number=HOTLINE,
                body=digits,
                at=self.clock.now(),
                key=call.key,
            )
        )
        with self.engine.begin() as connection:
            call = self._call(connection, call_id, "talking")
            self._hear(connection, call, following, [f"# {digits}", *following.say])
        return following

    def hang_up(self, call_id: int) -> None:
        """Put the telephone down, or let it ring out."""
        with self.engine.begin() as connection:
            connection.execute(
                update(phone_call)
                .where(phone_call.c.id == call_id, phone_call.c.state == "talking")
                .values(state="ended")
            )
            connection.execute(
                update(phone_call)
                .where(phone_call.c.id == call_id, phone_call.c.state == "ringing")
                .values(state="missed")
            )

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

    def _call(self, connection: Connection, call_id: int, state: str) -> Row[*tuple[Any, ...]]:
        call = connection.execute(
            select(phone_call)
            .where(phone_call.c.id == call_id, phone_call.c.state == state)
            .with_for_update()
        ).one_or_none()
        if call is None:
            raise CallOverError(call_id=call_id)
        return call

    def _hear(
        self,
        connection: Connection,
        call: Row[*tuple[Any, ...]],
        script: VoiceScript,
        heard: list[str],
    ) -> None:
        over = script.gather == 0
        connection.execute(
            update(phone_call)
            .where(phone_call.c.id == call.id)
            .values(
                state="ended" if over else "talking",
                script=asdict(script),
                heard=[*call.heard, *heard, *(script.then if over else ())],
            )
        )

    def _ring_out(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                update(phone_call)
                .where(
                    phone_call.c.state == "ringing",
                    phone_call.c.at < self.clock.now() - RINGS_FOR,
                )
                .values(state="missed")
            )


def read_script(kept: Mapping[str, Any]) -> VoiceScript:
    """A script as the store keeps it, read back."""
    return VoiceScript(
        say=tuple(kept["say"]),
        gather=kept["gather"],
        then=tuple(kept["then"]),
        language=kept["language"],
    )
