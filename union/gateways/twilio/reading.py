"""What Twilio tells us, read from the form it posts, and whether it was Twilio at all.

Reads plain values. Nothing is believed before the signature holds, which Twilio's own validator
says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from twilio.request_validator import RequestValidator

from union.gateways import joining
from union.gateways.port import (
    ANSWERED,
    GOING,
    JOINED,
    THERE,
    UNANSWERED,
    YES,
    Delivery,
    Inbound,
)
from union.gateways.twilio.provider import NAME
from union.infra.ways_settings import TwilioSettings

SIGNATURE = "X-Twilio-Signature"

Form = Mapping[str, str]

_PICKED_UP = frozenset({"completed", "answered"})

_WORDS: Mapping[str, str] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "initiated": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "answered",
    "busy": "failed",
    "no-answer": "failed",
}


def is_signed(
    settings: TwilioSettings, url: str, form: Mapping[str, Sequence[str]], signature: str
) -> bool:
    """Whether this account's token signed the request to that address."""
    if not settings.auth_token or not signature.isascii():
        return False
    flat = {name: values[0] if len(values) == 1 else values for name, values in form.items()}
    validator = RequestValidator(settings.auth_token)
    return bool(validator.validate(url, _Values(flat), signature))


class _Values(dict[str, str | Sequence[str]]):
    """A form as the validator asks for it: every value of a name."""

    def getlist(self, name: str) -> list[str]:
        held = self[name]
        return [held] if isinstance(held, str) else [*held]


def read_text(form: Form, at: datetime) -> Inbound | None:
    """A text that came in; None if it has no id or sender."""
    return _inbound(form, "sms", form.get("MessageSid", ""), form.get("Body", ""), at)


def read_call(settings: TwilioSettings, form: Form, at: datetime) -> Inbound | None:
    """Somebody rings; a line for missed calls is never picked up, and may stand for an answer."""
    channel = "missed_call" if is_missed_line(settings, form) else "call"
    return _inbound(form, channel, form.get("CallSid", ""), _stands_for(settings, form), at)


def read_ended(form: Form, at: datetime) -> Inbound | None:
    """A call to us is over. If its beginning never reached us, it is a missed call now."""
    if not form.get("Direction", "inbound").startswith("inbound"):
        return None
    return _inbound(form, "missed_call", form.get("CallSid", ""), "", at)


def read_keys(form: Form, key: str, step: int, at: datetime) -> Inbound | None:
    """Keys pressed at one step of a call, or what came of the telephones rung for it."""
    sid = form.get("CallSid", "")
    if not sid:
        return None
    rang_us = form.get("Direction", "").startswith("inbound")
    hers, ours = form.get("To", ""), form.get("From", "")
    if rang_us:
        hers, ours = ours, hers
    rung = form.get("DialCallStatus")
    was_joined = rung in _PICKED_UP and form.get("DialBridged", "true") == "true"
    answered = ANSWERED if was_joined else UNANSWERED
    return Inbound(
        provider=NAME,
        provider_id=f"{sid}-k{step}",
        channel="keypad",
        from_number=hers,
        to_number=ours,
        body=form.get("Digits", "") if rung is None else answered,
        at=at,
        key=key,
    )


def read_joined(form: Form, key: str, step: int, at: datetime) -> Inbound | None:
    """A telephone rung for a call pressed the key and is put on the line; None if it did not."""
    sid = form.get("CallSid", "")
    if not sid or form.get("Digits", "") != joining.KEY:
        return None
    return Inbound(
        provider=NAME,
        provider_id=f"{sid}-j{step}",
        channel="keypad",
        from_number=form.get("To", ""),
        to_number=form.get("From", ""),
        body=JOINED,
        at=at,
        key=key,
    )


def read_receipt(form: Form, key: str) -> Delivery | None:
    """What became of a text or a call of ours; None if that cannot be read."""
    sid = form.get("MessageSid") or form.get("CallSid") or ""
    status = form.get("MessageStatus") or form.get("CallStatus") or ""
    word = _WORDS.get(status)
    if not sid or word is None:
        return None
    code = form.get("ErrorCode") or (status if word == "failed" else "")
    return Delivery(NAME, f"{sid}-{status}", key, word, code)


def is_missed_line(settings: TwilioSettings, form: Form) -> bool:
    """Whether the line rung is one for missed calls."""
    return form.get("To", "") in settings.missed_numbers or bool(_stands_for(settings, form))


def _stands_for(settings: TwilioSettings, form: Form) -> str:
    """The word a missed call to this line stands for; none for a line that only means "ring me"."""
    lines = {
        YES: settings.yes_numbers,
        THERE: settings.there_numbers,
        GOING: settings.going_numbers,
    }
    return next((word for word, numbers in lines.items() if form.get("To", "") in numbers), "")


def _inbound(form: Form, channel: str, sid: str, body: str, at: datetime) -> Inbound | None:
    sender = form.get("From", "")
    if not sid or not sender:
        return None
    return Inbound(NAME, sid, channel, sender, form.get("To", ""), body, at)
