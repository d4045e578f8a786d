"""What a person does with a simulated telephone: read, answer, press, write, ring, switch off.

Every act that reaches the union goes through its door, as from a real provider; nothing here looks
into the union.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from union.gateways.port import Door, Inbound, VoiceScript
from union.gateways.simulator.gateway import PROVIDER, find_handset
from union.gateways.simulator.store import handset, phone_call, shown_text, weather
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from union.kernel.clock import Clock

RINGS_FOR = timedelta(seconds=45)
SHOWN = 12
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
HOTLINE = "+918000000000"
"""The number the simulated world rings; nobody has it."""


class CallOverError(UnionError):
    """The call is over: nothing can be pressed or said in it."""

    code = "call_over"


@dataclass(frozen=True, slots=True)
class Handset:
    """One telephone as it lies on the table, newest things first."""

    number: str
    label: str
    switched_on: bool
    seized: bool
    texts: Sequence[Row[*tuple[Any, ...]]]
    calls: Sequence[Row[*tuple[Any, ...]]]


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
        with self.engine.connect() as connection:
            rows = connection.execute(select(handset)).all()
            texts = _newest(connection.execute(_latest(shown_text)).all())
            calls = _newest(connection.execute(_latest(phone_call)).all())
        found = [
            Handset(
                row.number,
                row.label,
                row.switched_on,
                row.seized,
                texts.get(row.number, ()),
                calls.get(row.number, ()),
            )
            for row in rows
        ]
        return sorted(found, key=_last_at, reverse=True)

    def one(self, number: str) -> Handset | None:
        """One telephone, or None if there is none with this number."""
        return next((phone for phone in self.all() if phone.number == number), None)

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

    def missed_call(self, number: str, door: Door) -> None:
        """Ring the union once and put down, which costs nothing."""
        key = self._outgoing(number, VoiceScript(say=()), "ended")
        door.received(self._inbound(key, "missed_call", number, ""))

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

    def set_weather(self, channel: str, mode: str, seconds: float = 0.0) -> None:
        """Make a gateway well, slow, refusing or dead; `seconds` is what each call then takes."""
        with self.engine.begin() as connection:
            connection.execute(delete(weather).where(weather.c.channel == channel))
            if mode != "well":
                connection.execute(
                    insert(weather).values(channel=channel, mode=mode, seconds=seconds)
                )

    def weathers(self) -> Mapping[str, str]:
        """How the gateways are that are not well."""
        with self.engine.connect() as connection:
            return {row.channel: row.mode for row in connection.execute(select(weather))}

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


def _latest(table: Table) -> Select[*tuple[Any, ...]]:
    rank = func.row_number().over(partition_by=table.c.number, order_by=table.c.id.desc())
    ranked = select(table, rank.label("rank")).subquery()
    return select(ranked).where(ranked.c.rank <= SHOWN).order_by(ranked.c.id.desc())


def _newest(
    rows: Sequence[Row[*tuple[Any, ...]]],
) -> dict[str, Sequence[Row[*tuple[Any, ...]]]]:
    found: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.number].append(row)
    return dict(found)


def _last_at(phone: Handset) -> tuple[datetime, str]:
    times = [row.at for row in (*phone.texts[:1], *phone.calls[:1])]
    return max(times, default=LONG_AGO), phone.number
