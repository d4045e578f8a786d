"""When the keepers of the readings are late; and signatures checked by the same lines twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from union.infra.readings import Reason, ReasonMissingError, Why
from union.office.readings.rules import Keeping, Trouble, troubles

STATIC = Path(__file__).parents[3] / "static"
TODAY = date(2026, 10, 20)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def kept(**fields) -> Keeping:
    fields.setdefault("taken", frozenset({1, 2}))
    fields.setdefault("written", {1: TODAY, 2: days_ago(1)})
    fields.setdefault("first_said", days_ago(30))
    fields.setdefault("last_said", TODAY)
    return Keeping(**{"waits": 0, **fields})


@pytest.mark.parametrize(
    ("keeping", "told"),
    [
        (kept(), []),
        (kept(first_said=None, last_said=None, taken=frozenset(), written={}), []),
        (kept(written={1: TODAY, 2: days_ago(2)}), []),
        (kept(written={1: TODAY, 2: days_ago(3)}), [(Trouble.NOT_WRITTEN, 3)]),
        (kept(written={1: TODAY}), [(Trouble.NOT_WRITTEN, 31)]),
        (kept(first_said=TODAY, written={}), []),
        (kept(taken=frozenset({2})), [(Trouble.PLACE_FREE, 1)]),
        (kept(last_said=days_ago(1)), []),
        (kept(last_said=days_ago(2)), [(Trouble.NOT_SIGNED, 2)]),
        (kept(waits=4), [(Trouble.NOT_SEALED, 4)]),
    ],
)
def test_who_is_late_is_told_after_two_days_without(keeping, told):
    assert troubles(keeping, TODAY) == told


@pytest.mark.parametrize(
    "said", [(Reason.OTHER, ""), (Reason.OTHER, "  "), (Reason.BEFORE_REASONS,)]
)
def test_a_reason_says_something(said):
    with pytest.raises(ReasonMissingError):
        Why(*said)
    assert Why(Reason.OTHER, "her sister asked").words == "her sister asked"


def test_both_verifiers_check_signatures_by_the_same_lines():
    def block(name: str) -> str:
        text = (STATIC / name).read_text()
        return text[text.index("PRIME = 2**255") : text.index("def line(")]

    assert block("verify_readings.py") == block("verify_books.py")
    assert "def is_signed" in block("verify_books.py")
