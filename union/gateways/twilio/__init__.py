"""Twilio: texts and calls out through its API, texts, calls and keys in by signed requests."""

from __future__ import annotations

from union.gateways.twilio.provider import Twilio, twilio_provider
from union.gateways.twilio.reading import (
    SIGNATURE,
    is_missed_line,
    is_signed,
    read_call,
    read_ended,
    read_joined,
    read_keys,
    read_receipt,
    read_text,
)
from union.gateways.twilio.twiml import HANG_UP, NOTHING, REJECT, ask_to_join, join_address, render

__all__ = [
    "HANG_UP",
    "NOTHING",
    "REJECT",
    "SIGNATURE",
    "Twilio",
    "ask_to_join",
    "is_missed_line",
    "is_signed",
    "join_address",
    "read_call",
    "read_ended",
    "read_joined",
    "read_keys",
    "read_receipt",
    "read_text",
    "render",
    "twilio_provider",
]
