"""The calendar of one's own hours as another program reads it, and what it must not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from union.crisis.rules.feed import calendar_of
from union.crisis.rules.rota import Hours

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
NIGHT = Hours(NOW, NOW + timedelta(hours=8))
SHIFTS = [("ref1.2026-11-22", NIGHT), ("ref2", Hours(NIGHT.ends_at, NIGHT.ends_at + timedelta(1)))]


def read(secret: str = "s3cret") -> Calendar:
    body = calendar_of(SHIFTS, word="Shift", secret=secret, now=NOW)
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return Calendar.from_ical(body)


def test_another_program_reads_the_hours():
    first, second = read().walk("VEVENT")
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (NIGHT.starts_at, NIGHT.ends_at)
    assert first.decoded("dtstamp") == NOW
    assert str(first["summary"]) == str(second["summary"]) == "Shift"
    assert (read()["version"], bool(read()["prodid"])) == ("2.0", True)


def test_it_says_nothing_else():
    for event in read().walk("VEVENT"):
        assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS"}
    body = calendar_of(SHIFTS, word="Shift", secret="s3cret", now=NOW)
    assert b"ref1" not in body
    assert b"s3cret" not in body


def test_a_shift_keeps_its_name_at_one_address_and_has_another_elsewhere():
    names = [str(one["uid"]) for one in read().walk("VEVENT")]
    assert len(set(names)) == 2
    assert [str(one["uid"]) for one in read().walk("VEVENT")] == names
    assert not {str(one["uid"]) for one in read("other").walk("VEVENT")} & set(names)
