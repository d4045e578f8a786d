"""Telephone numbers as people write them, read into E.164; possible but invalid ones are kept."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from union.kernel.errors import UnionError
from union.kernel.money import western_digits


class PhoneUnreadableError(UnionError):
    """No telephone number can be read here."""

    code = "phone_unreadable"


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """A number in E.164, and whether its series is in use in the numbering plan."""

    e164: str
    valid: bool


def country_of(e164: str) -> str | None:
    """The country a number belongs to by its prefix, as "IN"; None for one that has none."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_country_code(number.country_code or 0)


def read_phone(text: str, region: str = "IN") -> PhoneReading:
    """Read a number written in the region's own way, with or without trunk 0 or country code.

    A number of possible length in an unused series (beginning with 5 in India) is accepted
    with ``valid`` False. Anything else raises PhoneUnreadableError.
    """
    try:
        number = phonenumbers.parse(western_digits(text), region)
    except phonenumbers.NumberParseException as error:
        raise PhoneUnreadableError from error
    if not phonenumbers.is_possible_number(number):
        raise PhoneUnreadableError
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return PhoneReading(e164=e164, valid=phonenumbers.is_valid_number(number))
