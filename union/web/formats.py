"""How values are written on a page: dates as people say them, money as they read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

from flask import Flask
from flask_babel import format_date, format_datetime, gettext, ngettext
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from union.kernel.money import format_amount, grouped
from union.kernel.periods import Month
from union.web.current import kit

_HOUR_S = 3600


def install(app: Flask) -> None:
    """Offer the formats to every template."""
    app.jinja_env.filters.update(
        money=format_amount,
        number=grouped,
        day=day,
        short_day=short_day,
        weekday=weekday,
        written_day=written_day,
        instant=instant,
        dated_instant=dated_instant,
        clock_time=clock_time,
        local_day=local_day,
        hour=hour,
        bare_day=bare_day,
        month=month,
        short_month=short_month,
        ago=ago,
        days_ago=days_ago,
    )
    _group_counts(app.jinja_env)


def _group_counts(jinja: Environment) -> None:
    """Every counted thing is said with its figures grouped: "1,171 members are with us"."""
    plain = cast("Callable[..., str]", jinja.globals["ngettext"])

    @pass_context
    def counted(at: Context, one: str, many: str, num: int, **said: object) -> str:
        said.setdefault("num", grouped(num))
        return str(plain(at, one, many, num, **said))

    jinja.globals["ngettext"] = counted


def day(value: date) -> str:
    """Thu 15 October 2026."""
    return str(format_date(value, "EEE d MMMM y"))


def short_day(value: date) -> str:
    """15 Oct 2026, for the columns of a book."""
    return str(format_date(value, "d MMM y"))


def written_day(written: str) -> str:
    """A date only as exact as it is known: 1982-06-04, 1982-06 or 1982, as people say it."""
    dashes = written.count("-")
    if dashes == 0:
        return written
    first = date.fromisoformat(written if dashes > 1 else f"{written}-01")
    return day(first) if dashes > 1 else month(first)


def weekday(value: date) -> str:
    """Thu."""
    return str(format_date(value, "EEE"))


def instant(value: datetime) -> str:
    """Thu 15 October, 23:04, in the union's zone."""
    local = value.astimezone(kit().unit.clock.zone)
    return str(format_datetime(local, "EEE d MMMM, HH:mm", rebase=False))


def dated_instant(value: datetime) -> str:
    """Thu 15 October 2026, 23:04: where it is still read after years."""
    local = value.astimezone(kit().unit.clock.zone)
    return str(format_datetime(local, "EEE d MMMM y, HH:mm", rebase=False))


def clock_time(value: datetime) -> str:
    """23:04, in the union's zone."""
    return value.astimezone(kit().unit.clock.zone).strftime("%H:%M")


def local_day(value: datetime) -> date:
    """The day of an instant in the union's zone: 00:30 there is another day than in UTC."""
    return value.astimezone(kit().unit.clock.zone).date()


def bare_day(value: date) -> str:
    """15 Oct, where the year is plain."""
    return str(format_date(value, "d MMM"))


def hour(value: datetime) -> str:
    """23:04 if that is today, else with its day: Thu 15 October, 23:04."""
    today = local_day(value) == kit().unit.clock.today()
    return clock_time(value) if today else instant(value)


def month(value: Month | date) -> str:
    """October 2026."""
    first = value.first_day if isinstance(value, Month) else value
    return str(format_date(first, "MMMM y"))


def short_month(value: Month) -> str:
    """Oct, under a stamp."""
    return str(format_date(value.first_day, "MMM"))


def days_ago(value: datetime) -> str:
    """How many days since; within the last one no more is said."""
    days = (kit().unit.clock.now() - value).days
    if days < 1:
        return str(gettext("in the last day"))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", days))


def ago(value: datetime) -> str:
    """How long since, in the largest unit that says enough: 40 s, 12 min, 3 h, 2 days."""
    passed = max(kit().unit.clock.now() - value, timedelta(0))
    seconds = int(passed.total_seconds())
    if passed < timedelta(minutes=1):
        return str(gettext("%(count)s s", count=seconds))
    if seconds < _HOUR_S:
        return str(gettext("%(count)s min", count=seconds // 60))
    if passed < timedelta(days=1):
        return str(gettext("%(count)s h", count=seconds // _HOUR_S))
    return str(ngettext("%(num)s day", "%(num)s days", passed.days))
