"""Twilio: texts and calls out through its API, texts, calls and keys in by signed requests."""

from __future__ import annotations

from union.gateways.twilio.provider import Twilio, twilio_provider
from union.gateways.twilio.reading import (
    SIGNATURE,
    is_missed_line,
    is_signed,
    read_call,
    read_ended,
    read_keys,
    read_receipt,
    read_text,
)
from union.gateways.twilio.twiml import NOTHING, REJECT, render

__all__ = [
    "NOTHING",
    "REJECT",
    "SIGNATURE",
    "Twilio",
    "is_missed_line",
    "is_signed",
    "read_call",
    "read_ended",
    "read_keys",
    "read_receipt",
    "read_text",
    "render",
    "twilio_provider",
]
