"""Telephone numbers in a register: whole ones are read, cut ones are told from none."""

from __future__ import annotations

import re

from union.kernel.phone import PhoneReading, PhoneUnreadableError, read_phone
from union.members.rules.cells import figures

_INDIA = "+91"
_NATIONAL_DIGITS = 10


def read_number(text: str) -> PhoneReading:
    """Read a whole number, with or without trunk 0 or country code.

    An Indian number has ten figures; one with fewer was cut off when it was written down and
    raises PhoneUnreadableError, for a call to it would reach somebody else.
    """
    bare = re.sub(r"[^\d+]", "", figures(text))
    national = bare.removeprefix("+91").removeprefix("0")
    if len(national) == _NATIONAL_DIGITS + 2 and national.startswith("91"):
        national = national[2:]
    if len(national) == _NATIONAL_DIGITS:
        return read_phone(_INDIA + national)
    if bare.startswith("+") and not bare.startswith(_INDIA):
        return read_phone(bare)
    raise PhoneUnreadableError


def cut_figures(text: str) -> str:
    """The figures of a number that was cut off, without country code or trunk 0."""
    return re.sub(r"\D", "", figures(text).removeprefix(_INDIA)).removeprefix("0")
