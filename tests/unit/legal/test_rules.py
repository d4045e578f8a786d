"""Who takes a case, and when somebody looks again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from union.legal.rules import (
    ASK_AGAIN,
    RECIPIENT_OF,
    Helper,
    Purpose,
    choose_paralegal,
    is_overdue,
    next_look,
)

ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
NEAR = Helper(1, certified=True, same_branch=True, km=4.0, open_cases=3)
FAR = Helper(2, certified=True, same_branch=False, km=90.0, open_cases=0)
PLAIN = Helper(3, certified=False, same_branch=False, km=None, open_cases=0)


def test_the_nearest_certified_one_takes_it():
    assert choose_paralegal([PLAIN, FAR, NEAR], frozenset()) == 1


def test_somebody_named_in_the_conflict_is_never_asked():
    assert choose_paralegal([PLAIN, FAR, NEAR], frozenset({1})) == 2
    assert choose_paralegal([PLAIN], frozenset({3})) is None


def test_of_two_alike_the_one_with_fewer_cases():
    other = Helper(4, certified=True, same_branch=True, km=4.0, open_cases=1)
    assert choose_paralegal([NEAR, other], frozenset()) == 4


def test_without_a_certificate_anybody_with_the_role():
    assert choose_paralegal([PLAIN], frozenset()) == 3
    assert choose_paralegal([], frozenset()) is None


def test_a_step_is_looked_at_on_its_morning():
    look = next_look(NOW, date(2026, 10, 20), ZONE, assigned=True)
    assert look == datetime(2026, 10, 20, 3, 30, tzinfo=UTC)


def test_a_passed_step_is_looked_at_every_morning():
    assert next_look(NOW, date(2026, 9, 1), ZONE, assigned=True) == datetime(
        2026, 10, 16, 3, 30, tzinfo=UTC
    )
    at_nine = datetime(2026, 10, 16, 3, 30, tzinfo=UTC)
    assert next_look(at_nine, date(2026, 10, 16), ZONE, assigned=True) == at_nine + timedelta(
        days=1
    )


def test_a_case_nobody_has_is_looked_at_within_the_hour():
    assert next_look(NOW, date(2026, 10, 20), ZONE, assigned=False) == NOW + ASK_AGAIN


def test_a_step_is_overdue_the_day_after():
    assert not is_overdue(date(2026, 10, 16), date(2026, 10, 16))
    assert is_overdue(date(2026, 10, 15), date(2026, 10, 16))


def test_every_purpose_has_its_recipient():
    assert set(RECIPIENT_OF) == set(Purpose)
