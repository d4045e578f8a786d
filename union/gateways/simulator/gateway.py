"""The simulator's gateways: they take words as a provider would and put them on handsets.

They obey the weather set in the store, so that a test can make them slow, refusing or dead. The
same key twice shows once, as with a real provider.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from union.gateways.port import (
    GatewayRefusedError,
    Gateways,
    GatewayUnreachableError,
    Receipt,
    VoiceScript,
)
from union.gateways.simulator.store import handset, knock, phone_call, shown_text, weather
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.kernel.clock import Clock

PROVIDER = "simulator"
SMS, VOICE, PUSH = "sms", "voice", "push"


@dataclass(frozen=True, slots=True)
class HandsetGateway:
    """Texts, calls and notices for simulated telephones."""

    engine: Engine
    clock: Clock

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """Show a text; a telephone that is off shows it later, as in life."""
        return self._show(key, SMS, to_e164, text)

    def push(self, key: str, address: str, text: str) -> Receipt:
        """Show a notice of the app."""
        return self._show(key, PUSH, address, text)

    def call(self, key: str, to_e164: str, script: VoiceScript) -> Receipt:
        """Ring; a telephone that is off or in strange hands is not answered by this alone."""
        self._knock(key, VOICE)
        with self.engine.begin() as connection:
            on = find_handset(connection, to_e164)
            row: dict[str, Any] = {
                "incoming": True,
                "state": "ringing" if on else "missed",
                "script": asdict(script),
                "heard": [],
                "typed": "",
                "presses": 0,
            }
            self._put(connection, phone_call, key, to_e164, row)
        return Receipt(PROVIDER, key)

    def _show(self, key: str, kind: str, number: str, text: str) -> Receipt:
        self._knock(key, kind)
        with self.engine.begin() as connection:
            find_handset(connection, number)
            row = {"kind": kind, "incoming": True, "body": text}
            self._put(connection, shown_text, key, number, row)
        return Receipt(PROVIDER, key)

    def _knock(self, key: str, channel: str) -> None:
        try:
            with self.engine.begin() as connection:
                connection.execute(
                    insert(knock).values(key=key, channel=channel, at=self.clock.now())
                )
                mode = connection.execute(
                    select(weather.c.mode, weather.c.seconds).where(weather.c.channel == channel)
                ).one_or_none()
        except OperationalError as error:
            raise GatewayUnreachableError from error
        if mode is None:
            return
        time.sleep(mode.seconds)
        if mode.mode == "dead":
            raise GatewayUnreachableError
        if mode.mode == "refusing":
            raise GatewayRefusedError

    def _put(
        self, connection: Connection, table: Table, key: str, number: str, row: dict[str, Any]
    ) -> None:
        values = {"key": key, "number": number, "at": self.clock.now(), **row}
        try:
            with connection.begin_nested():
                connection.execute(insert(table).values(values))
        except IntegrityError:
            # The key was here before: a provider shows it once and says the same again.
            return


def find_handset(connection: Connection, number: str) -> bool:
    """Whether the telephone is on; one nobody has seen yet is made, switched on."""
    row = connection.execute(
        select(handset.c.switched_on).where(handset.c.number == number)
    ).one_or_none()
    if row is not None:
        return bool(row.switched_on)
    try:
        with connection.begin_nested():
            connection.execute(
                insert(handset).values(
                    number=number, ref=new_ref(), label="", switched_on=True, seized=False
                )
            )
    except IntegrityError:
        # Two words to a new telephone at once: the other one made it.
        return True
    return True


def simulator_gateways(engine: Engine, clock: Clock, public_url: str) -> Gateways:
    """The simulator behind every way but mail."""
    phones = HandsetGateway(engine, clock)
    return Gateways(sms=phones, voice=phones, push=phones, public_url=public_url)
