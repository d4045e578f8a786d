"""The columns of a register, each read from its cell with what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from union.kernel.periods import Month, add_months
from union.kernel.phone import PhoneReading, PhoneUnreadableError
from union.members.rules.cards import read_card
from union.members.rules.dates import DateReading, read_date, read_paid_upto
from union.members.rules.districts import District, place_hint, read_district
from union.members.rules.errors import (
    CardUnreadableError,
    DateUnreadableError,
    FeeUnreadableError,
    PaidUptoUnreadableError,
)
from union.members.rules.fees import read_fee
from union.members.rules.findings import Finding
from union.members.rules.people import read_category
from union.members.rules.phones import cut_figures, read_number
from union.members.rules.wishes import WishReading, read_wish

ADULT_MONTHS = 18 * 12


def may_be_minor(born: DateReading | None, today: date) -> bool:
    """Whether somebody may be under 18, the latest day that the writing allows being taken."""
    if born is None:
        return False
    latest = born.on
    if born.precision == "month":
        latest = Month.of(born.on).last_day
    if born.precision == "year":
        latest = date(born.on.year, 12, 31)
    return add_months(latest, ADULT_MONTHS) > today


def card_of(known: Mapping[str, str], found: list[Finding]) -> str | None:
    """The card number; missing or unreadable is found."""
    text = known.get("card", "")
    if not text:
        found.append(Finding("card_missing", "card"))
        return None
    try:
        return read_card(text)
    except CardUnreadableError:
        found.append(Finding("card_unreadable", "card"))
        return None


def category_of(known: Mapping[str, str], found: list[Finding]) -> str | None:
    """woman, man or trans."""
    if "category" not in known:
        return None
    category = read_category(known["category"])
    if category is None:
        code = "category_unknown" if known["category"] else "category_missing"
        found.append(Finding(code, "category"))
    return category


def phones_of(known: Mapping[str, str], found: list[Finding]) -> tuple[PhoneReading, ...]:
    """Every whole number, the first column first."""
    phones: dict[str, PhoneReading] = {}
    for column in ("phone", "other_phone"):
        text = known.get(column, "")
        if not text:
            continue
        try:
            reading = read_number(text)
        except PhoneUnreadableError:
            code = "phone_cut" if cut_figures(text) else "phone_unreadable"
            found.append(Finding(code, column))
            continue
        phones.setdefault(reading.e164, reading)
    if not phones and not known.get("phone") and not known.get("other_phone"):
        found.append(Finding("phone_missing", "phone"))
    return tuple(phones.values())


def district_of(
    known: Mapping[str, str],
    districts: Sequence[District],
    names: Mapping[str, str],
    found: list[Finding],
) -> str | None:
    """The name of the district meant; a district nobody knows is found, with a hint."""
    text = known.get("district", "")
    reading = read_district(text, names) if text else None
    if reading is None:
        hint = place_hint(known.get("place", ""), districts)
        code = "district_unknown" if text else "district_missing"
        found.append(Finding(code, "district", hint=hint))
        return None
    if reading.guessed:
        found.append(Finding("district_guessed", "district", hint=reading.name))
    return reading.name


def dates_of(
    known: Mapping[str, str], today: date, found: list[Finding]
) -> tuple[DateReading | None, DateReading | None]:
    """Birth and joining, set right where they stand in each other's place."""
    born, joined = (_date(known, column, today, found) for column in ("born", "joined"))
    if born is not None and joined is not None:
        born, joined = _untangle(born, joined, found)
    if joined is not None and joined.on > today:
        found.append(Finding("joined_future", "joined"))
    if born is not None and born.on > today:
        found.append(Finding("born_unreadable", "born"))
        born = None
    if born and joined and _joined_young(born, joined) and not may_be_minor(born, today):
        found.append(Finding("joined_young", "joined"))
    return born, joined


def _date(
    known: Mapping[str, str], column: str, today: date, found: list[Finding]
) -> DateReading | None:
    if column not in known:
        return None
    if not known[column]:
        found.append(Finding(f"{column}_missing", column))
        return None
    try:
        reading = read_date(known[column], today)
    except DateUnreadableError:
        found.append(Finding(f"{column}_unreadable", column))
        return None
    if reading.turned:
        found.append(Finding("day_month_turned", column))
    return reading


def _untangle(
    born: DateReading, joined: DateReading, found: list[Finding]
) -> tuple[DateReading | None, DateReading]:
    """Birth and joining in each other's place: told by their order, set right with a doubt."""
    if born.on > joined.on:
        found.append(Finding("born_joined_swapped", "born"))
        return joined, born
    if born.on == joined.on:
        found.append(Finding("born_is_joined", "born"))
        return None, joined
    return born, joined


def _joined_young(born: DateReading, joined: DateReading) -> bool:
    adult = add_months(born.on, ADULT_MONTHS)
    return Month.of(joined.on) < Month.of(adult)


def fee_of(known: Mapping[str, str], found: list[Finding]) -> int | None:
    """The fee per month in minor units."""
    text = known.get("fee", "")
    if not text:
        found.append(Finding("fee_missing", "fee"))
        return None
    try:
        reading = read_fee(text)
    except FeeUnreadableError:
        found.append(Finding("fee_unreadable", "fee"))
        return None
    if reading.in_words:
        found.append(Finding("fee_in_words", "fee", hint=str(reading.fee_minor // 100)))
    return reading.fee_minor


def paid_upto_of(known: Mapping[str, str], today: date, found: list[Finding]) -> Month | None:
    """The month up to which she has paid; None if nobody can say."""
    if "paid_upto" not in known:
        return None
    try:
        month = read_paid_upto(known["paid_upto"], today)
    except PaidUptoUnreadableError:
        month = None
    if month is None:
        found.append(Finding("paid_upto_unknown", "paid_upto"))
    return month


def wish_of(known: Mapping[str, str], found: list[Finding]) -> WishReading | None:
    """When and how she may be reached; None if the book has no such column."""
    if "wish" not in known:
        return None
    wish = read_wish(known["wish"])
    if not wish.understood:
        found.append(Finding("wish_unclear", "wish"))
    return wish
