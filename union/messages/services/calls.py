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
    call_of,
    keep_answer,
    opaque_id,
    store_inbound,
)

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork

log = structlog.get_logger()

DOOR = Actor.system("door")
HOME_LANGUAGE = "kn"
CALLED = "called"
"""The handler of calls to us; what it is handed has no message."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys pressed by whoever answered a call of ours; whose they are, the handler decides.

    In a call to us there is no message: ``call_id`` is what came in when it began.
    """

    message_id: int
    person_id: int | None
    purpose: str
    language: str
    inbound_id: int
    digits: str = field(repr=False)
    call_id: int = 0


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
            inbound = _with_id(work, inbound)
            if inbound.channel != "call" or CALLED not in self.handlers:
                store_inbound(work, inbound)
                return _held() if inbound.channel == "call" else None
        try:
            with self.unit.begin(DOOR) as work:
                return self._greet(work, inbound)
        except UnionError as error:
            log.warning("call_not_greeted", code=error.code)
        with self.unit.begin(DOOR) as work:
            store_inbound(work, inbound)
        return _held()

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

    def _greet(self, work: Work, inbound: Inbound) -> VoiceScript:
        """What a call to us hears first; whoever greets it deals with it in this transaction."""
        stored = store_inbound(work, inbound, routed=True)
        if not stored.fresh:
            return answer_before(work, stored.inbound_id) or _held()
        return self._say(work, inbound, stored.inbound_id, stored.inbound_id)

    def _say(self, work: Work, inbound: Inbound, inbound_id: int, call_id: int) -> VoiceScript:
        pressed = Pressed(
            message_id=0,
            person_id=None,
            purpose=CALLED,
            language=HOME_LANGUAGE,
            inbound_id=inbound_id,
            digits=inbound.body,
            call_id=call_id,
        )
        script = self.handlers[CALLED](work, pressed)
        keep_answer(work, inbound_id, script)
        return script

    def _answer(self, work: Work, inbound: Inbound) -> VoiceScript:
        found = message_of_key(work, inbound.key or "")
        call_id = None if found or CALLED not in self.handlers else call_of(work, inbound)
        stored = store_inbound(work, inbound, routed=(found or call_id) is not None)
        if not stored.fresh:
            return answer_before(work, stored.inbound_id) or _farewell(HOME_LANGUAGE)
        if call_id is not None:
            return self._say(work, inbound, stored.inbound_id, call_id)
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


def _with_id(work: Work, inbound: Inbound) -> Inbound:
    if inbound.provider_id:
        return inbound
    hour = inbound.at.strftime("%Y%m%d%H")
    told = (inbound.from_number, inbound.to_number, inbound.body, hour)
    return replace(inbound, provider_id=opaque_id(work, inbound.channel, *told))


def _held() -> VoiceScript:
    return VoiceScript(say=(HELD[HOME_LANGUAGE], HELD["hi"], HELD["en"]), language=HOME_LANGUAGE)


def _farewell(language: str) -> VoiceScript:
    return VoiceScript(say=(FAREWELL[language],), language=language)


HELD: Mapping[str, str] = {
    "en": "Namaste. Please stay on the line, or put down and we ring you back.",
    "hi": "नमस्ते। लाइन पर बने रहें, या फ़ोन रख दें, हम आपको वापस फ़ोन करेंगे।",
    "kn": "ನಮಸ್ತೆ. ಸಾಲಿನಲ್ಲೇ ಇರಿ, ಅಥವಾ ಫೋನ್ ಇಡಿ, ನಾವೇ ನಿಮಗೆ ಕರೆ ಮಾಡುತ್ತೇವೆ.",
}
