"""The union's side of the door: what a provider, or the handset simulator, tells us comes in here.

Invariant: what comes in is committed before the provider hears that we have it. Keys pressed in a
call of ours are dealt with in the very transaction that keeps them, for she is on the line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from union.gateways.port import Inbound, VoiceScript
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.messages.queries import message_of_key
from union.messages.rules.texts import FAREWELL
from union.messages.services.inbound import (
    answer_before,
    keep_answer,
    opaque_id,
    store_inbound,
)

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork

log = structlog.get_logger()

DOOR = Actor.system("door")
HOME_LANGUAGE = "kn"


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys pressed by whoever answered a call of ours; whose they are, the handler decides."""

    message_id: int
    person_id: int | None
    purpose: str
    language: str
    inbound_id: int
    digits: str = field(repr=False)


CallHandler = Callable[[Work, Pressed], VoiceScript]
"""Says what the call says next; asked once for what was pressed, however often it is told."""


@dataclass(frozen=True, slots=True)
class UnionDoor:
    """The way in. `handlers` answer pressed keys by the message's purpose (wiring fills it)."""

    unit: UnitOfWork
    handlers: Mapping[str, CallHandler]

    def received(self, inbound: Inbound) -> VoiceScript | None:
        """Keep it; a call on the line hears that we have it, in the union's own language.

        What its provider gave no id is the same if all of it is, within the hour.
        """
        with self.unit.begin(DOOR) as work:
            if not inbound.provider_id:
                hour = inbound.at.strftime("%Y%m%d%H")
                told = (inbound.from_number, inbound.to_number, inbound.body, hour)
                inbound = replace(inbound, provider_id=opaque_id(work, inbound.channel, *told))
            store_inbound(work, inbound)
        if inbound.channel != "call":
            return None
        return VoiceScript(
            say=(HELD[HOME_LANGUAGE], HELD["hi"], HELD["en"]), language=HOME_LANGUAGE
        )

    def pressed(self, inbound: Inbound) -> VoiceScript:
        """Keep the keys and say what the call says next; a key nobody knows hears a farewell.

        The same told again hears what was said then, and nothing else comes of it.
        If whoever answers refuses them, she hears a farewell too, and the keys are told on.
        """
        try:
            with self.unit.begin(DOOR) as work:
                return self._answer(work, inbound)
        except UnionError as error:
            log.warning("keys_refused", code=error.code)
        with self.unit.begin(DOOR) as work:
            store_inbound(work, inbound)
        return _farewell(HOME_LANGUAGE)

    def _answer(self, work: Work, inbound: Inbound) -> VoiceScript:
        found = message_of_key(work, inbound.key or "")
        stored = store_inbound(work, inbound, routed=found is not None)
        if not stored.fresh:
            return answer_before(work, stored.inbound_id) or _farewell(HOME_LANGUAGE)
        if found is None:
            return _farewell("en")
        _, message = found
        handler = self.handlers.get(message.purpose)
        language = message.language or HOME_LANGUAGE
        if handler is None:
            return _farewell(language)
        pressed = Pressed(
            message_id=message.id,
            person_id=message.person_id,
            purpose=message.purpose,
            language=language,
            inbound_id=stored.inbound_id,
            digits=inbound.body,
        )
        script = handler(work, pressed)
        keep_answer(work, stored.inbound_id, script)
        return script


def _farewell(language: str) -> VoiceScript:
    return VoiceScript(say=(FAREWELL[language],), language=language)


HELD: Mapping[str, str] = {
    "en": "Namaste. Please stay on the line, or put down and we ring you back.",
    "hi": "नमस्ते। लाइन पर बने रहें, या फ़ोन रख दें, हम आपको वापस फ़ोन करेंगे।",
    "kn": "ನಮಸ್ತೆ. ಸಾಲಿನಲ್ಲೇ ಇರಿ, ಅಥವಾ ಫೋನ್ ಇಡಿ, ನಾವೇ ನಿಮಗೆ ಕರೆ ಮಾಡುತ್ತೇವೆ.",
}
