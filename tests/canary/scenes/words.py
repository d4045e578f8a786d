"""Words that go out and come in: a text on its way, one that came, and what a call was told."""

from __future__ import annotations

from tests.builders.messages import make_inbound
from tests.canary.scenes.stage import Stage
from union.gateways.port import VoiceScript
from union.messages.services import Outgoing, send, store_inbound
from union.messages.services.inbound import keep_answer


def said_and_sent(stage: Stage) -> None:
    """A text to a number nobody knows, and one that came from such a number."""
    word = stage.word
    with stage.as_machine() as work:
        page = Outgoing(
            "page",
            "page",
            ("sms",),
            to_ref=f"+91{word.phone()}",
            params={"token": word(), "slip": "4821"},
        )
        send(work, page)
        came = make_inbound(
            work.clock.now(),
            from_number=f"+91{word.phone()}",
            to_number=f"+91{word.phone()}",
            body=word(),
        )
        kept = store_inbound(work, came)
        keep_answer(work, kept.inbound_id, VoiceScript(say=(word(),)))
