"""Calls on simulated telephones: picked up, spoken with by keys, put through, put down.

What is pressed reaches the union through its door, as from a real provider; nothing here looks into
the union. A telephone rung for somebody's call is put on her line by one key, as in life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update

from union.gateways import joining
from union.gateways.port import ANSWERED, JOINED, UNANSWERED, Door, Inbound, VoiceScript
from union.gateways.simulator.gateway import PROVIDER
from union.gateways.simulator.lines import WAITS, legs_of, let_ring_out, ring_for, waits_for
from union.gateways.simulator.store import phone_call
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from union.kernel.clock import Clock

Call = Row[*tuple[Any, ...]]

RINGS_FOR = timedelta(seconds=45)
HOTLINE = "+915000000000"
"""The number the simulated world rings; nobody has it."""

_ON_THE_LINE = "on_the_line"
"""What a script asks of two who speak with each other: nothing."""


class CallOverError(UnionError):
    """The call is over: nothing can be pressed or said in it."""

    code = "call_over"


@dataclass(frozen=True, slots=True)
class Calls:
    """All the calls of the simulated world."""

    engine: Engine
    clock: Clock

    def ringing(self) -> Sequence[Call]:
        """Calls that ring now, oldest first."""
        self.ring_out()
        with self.engine.connect() as connection:
            return connection.execute(
                select(phone_call).where(phone_call.c.state == "ringing").order_by(phone_call.c.id)
            ).all()

    def answer(self, call_id: int) -> VoiceScript:
        """Pick up and hear; CallOverError if it no longer rings."""
        with self.engine.begin() as connection:
            call = _call(connection, call_id, "ringing")
            script = VoiceScript.read(call.script)
            self._hear(connection, call, script, [*script.say])
        return script

    def press_key(self, call_id: int, key: str, door: Door) -> None:
        """Press one key; what is pressed is heard when it is enough, or at #."""
        with self.engine.begin() as connection:
            call = _call(connection, call_id, "talking")
            typed = call.typed if key == "#" else f"{call.typed}{key}"
            whole = key == "#" or len(typed) >= VoiceScript.read(call.script).gather
            _set(connection, call_id, typed="" if whole else typed)
        if whole:
            self.press(call_id, typed, door)

    def press(self, call_id: int, digits: str, door: Door) -> VoiceScript:
        """Press keys and hear what comes next; CallOverError if nobody is on the line.

        On a telephone rung for somebody's call the one key puts it on her line, any other down;
        two who speak with each other may press what they like.
        """
        with self.engine.begin() as connection:
            call = _call(connection, call_id, "talking")
            script, whose = VoiceScript.read(call.script), waits_for(connection, call)
        if script.ask == _ON_THE_LINE:
            return script
        if whose is not None and digits != joining.KEY:
            self.hang_up(call_id, door)
            return VoiceScript(say=())
        return self._join(call, whose, door) if whose is not None else self._say(call, digits, door)

    def wait(self, call_id: int, door: Door) -> None:
        """Press nothing for as long as keys are waited for; CallOverError if nobody is there."""
        with self.engine.begin() as connection:
            call = _call(connection, call_id, "talking")
            is_leg = waits_for(connection, call) is not None
            if not is_leg:
                _set(connection, call_id, presses=call.presses + 1)
                self._hear(connection, call, replace(VoiceScript.read(call.script), gather=0), [])
        if is_leg:
            self.hang_up(call_id, door)

    def hang_up(self, call_id: int, door: Door) -> None:
        """Put the telephone down, or let it ring out; whoever waits for it hears what is next."""
        with self.engine.begin() as connection:
            call = connection.execute(
                select(phone_call).where(phone_call.c.id == call_id).with_for_update()
            ).one_or_none()
            if call is None or call.state in {"ended", "missed"}:
                return
            _set(connection, call_id, state="missed" if call.state == "ringing" else "ended")
            whose, spoke = waits_for(connection, call), call.script["ask"] == _ON_THE_LINE
            let_ring_out(connection, call)
        if spoke and whose is None:
            door.pressed(self._pressed(call, ANSWERED))
        elif spoke and whose is not None:
            self._say(whose, ANSWERED, door)
        self.settle(door)

    def settle(self, door: Door) -> None:
        """Tell the door of calls whose telephones all rang in vain; they hear what is next."""
        self.ring_out()
        with self.engine.begin() as connection:
            waiting = connection.execute(
                select(phone_call).where(phone_call.c.state == WAITS).order_by(phone_call.c.id)
            ).all()
            alone = [one for one in waiting if not legs_of(connection, one, "ringing", "talking")]
        for call in alone:
            self._say(call, UNANSWERED, door)

    def ring_out(self) -> None:
        """Nothing rings for ever."""
        with self.engine.begin() as connection:
            connection.execute(
                update(phone_call)
                .where(
                    phone_call.c.state == "ringing",
                    phone_call.c.at < self.clock.now() - RINGS_FOR,
                )
                .values(state="missed")
            )

    def _join(self, leg: Call, call: Call, door: Door) -> VoiceScript:
        """Put a telephone on the line it was rung for; the others stop ringing."""
        if call.state != WAITS:
            self.hang_up(leg.id, door)
            return VoiceScript(say=())
        door.pressed(self._pressed(call, JOINED))
        with self.engine.begin() as connection:
            let_ring_out(connection, call)
            for one, heard in ((leg, [f"# {joining.KEY}", "…"]), (call, ["…"])):
                on_it = replace(VoiceScript.read(one.script), gather=1, ask=_ON_THE_LINE)
                _set(
                    connection,
                    one.id,
                    state="talking",
                    script=asdict(on_it),
                    heard=[*one.heard, *heard],
                    presses=one.presses + 1,
                )
        return joining.SCRIPT

    def _say(self, call: Call, told: str, door: Door) -> VoiceScript:
        """Tell what was pressed, or what came of the ringing, and hear what is said next."""
        script, by_hand = VoiceScript.read(call.script), told not in (ANSWERED, UNANSWERED)
        following = VoiceScript(say=script.then)
        if by_hand or script.tell:
            following = door.pressed(self._pressed(call, told))
        with self.engine.begin() as connection:
            now = _call(connection, call.id, WAITS if told == UNANSWERED else "talking")
            _set(connection, call.id, presses=now.presses + 1)
            said = [f"# {told}", *following.say] if by_hand else [*following.say]
            self._hear(connection, now, following, said)
        return following

    def _pressed(self, call: Call, body: str) -> Inbound:
        with self.engine.connect() as connection:
            presses = connection.execute(
                select(phone_call.c.presses).where(phone_call.c.id == call.id)
            ).scalar_one()
        return Inbound(
            provider=PROVIDER,
            provider_id=f"{call.key}-p{presses + 1}",
            channel="keypad",
            from_number=call.number,
            to_number=HOTLINE,
            body=body,
            at=self.clock.now(),
            key=call.key,
        )

    def _hear(
        self, connection: Connection, call: Call, script: VoiceScript, heard: list[str]
    ) -> None:
        rings = script.gather == 0 and bool(script.dial)
        over = script.gather == 0 and not rings
        if rings:
            ring_for(connection, call, script.dial, self.clock.now())
        _set(
            connection,
            call.id,
            state=WAITS if rings else "ended" if over else "talking",
            script=asdict(script),
            heard=[*call.heard, *heard, *(script.then if over else ())],
        )


def _call(connection: Connection, call_id: int, state: str) -> Call:
    call = connection.execute(
        select(phone_call)
        .where(phone_call.c.id == call_id, phone_call.c.state == state)
        .with_for_update()
    ).one_or_none()
    if call is None:
        raise CallOverError(call_id=call_id)
    return call


def _set(connection: Connection, call_id: int, **values: object) -> None:
    connection.execute(update(phone_call).where(phone_call.c.id == call_id).values(**values))
