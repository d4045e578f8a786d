"""Every way a day stands in a register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.kernel.periods import Month
from union.members.rules.dates import DateReading, read_date, read_paid_upto
from union.members.rules.errors import DateUnreadableError, PaidUptoUnreadableError

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15-10-2014", date(2014, 10, 15)),
        ("5.3.1979", date(1979, 3, 5)),
        ("2013-03-22", date(2013, 3, 22)),
        ("15/06/80", date(1980, 6, 15)),
        ("08/10/23", date(2023, 10, 8)),
        ("01/06/26", date(2026, 6, 1)),
        ("01/06/27", date(1927, 6, 1)),
        ("37266", date(2002, 1, 10)),
        ("37266.0", date(2002, 1, 10)),
        ("೧೫-೦೬-೧೯೮೦", date(1980, 6, 15)),
        ("१५/०६/१९८०", date(1980, 6, 15)),
        ("15 June 1980", date(1980, 6, 15)),
        ("15th Aug 1980", date(1980, 8, 15)),
        ("Aug 15, 1980", date(1980, 8, 15)),
        ("2014-03-22 00:00:00", date(2014, 3, 22)),
        (" 15 - 10 - 2014 ".replace(" ", ""), date(2014, 10, 15)),
    ],
)
def test_a_day_is_read_as_the_day_it_is(text, day):
    assert read_date(text, TODAY) == DateReading(day)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Jun 1991", date(1991, 6, 1), "month"),
        ("June 1991", date(1991, 6, 1), "month"),
        ("Jan '98", date(1998, 1, 1), "month"),
        ("06/1991", date(1991, 6, 1), "month"),
        ("since 2014", date(2014, 1, 1), "year"),
        ("since Aug 2014", date(2014, 8, 1), "month"),
        ("2014", date(2014, 1, 1), "year"),
    ],
)
def test_what_is_known_only_roughly_says_so(text, day, precision):
    assert read_date(text, TODAY) == DateReading(day, precision)


def test_a_month_written_before_the_day_is_turned_and_says_so():
    assert read_date("12/25/2020", TODAY) == DateReading(date(2020, 12, 25), turned=True)


@pytest.mark.parametrize(
    "text", ["", "31-02-1990", "x", "99999", "0-0-0", "Page 3 total", "1234567"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(DateUnreadableError):
        read_date(text, TODAY)


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 11, 22)))
def test_one_day_reads_the_same_in_every_form(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [
        f"{day:%d-%m-%Y}",
        f"{day.day}.{day.month}.{day.year}",
        day.isoformat(),
        f"{day:%d %B %Y}",
        str(serial),
    ]
    if day > TODAY - timedelta(days=99 * 365):
        forms.append(f"{day:%d/%m/%y}")
    assert {read_date(form, TODAY).on for form in forms} == {day}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Sep-26", Month(2026, 9)),
        ("10/2026", Month(2026, 10)),
        ("October 2026", Month(2026, 10)),
        ("Dec-26", Month(2026, 12)),
        ("31-12-2026", Month(2026, 12)),
    ],
)
def test_paid_up_to_is_a_month(text, month):
    assert read_paid_upto(text, TODAY) == month


@pytest.mark.parametrize("text", ["not paid since long", "", "never", "NIL"])
def test_nobody_can_say_up_to_when(text):
    assert read_paid_upto(text, TODAY) is None


@pytest.mark.parametrize("text", ["2026", "soon", "paid"])
def test_a_year_alone_says_nothing_about_a_month(text):
    with pytest.raises(PaidUptoUnreadableError):
        read_paid_upto(text, TODAY)


def test_a_date_is_written_only_as_exact_as_it_is_known():
    written = [read_date(t, TODAY).written() for t in ("04-06-1982", "Jun 1982", "1982")]
    assert written == ["1982-06-04", "1982-06", "1982"]
