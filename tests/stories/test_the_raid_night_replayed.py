"""The evening of the raid from the file of calls, played as ``union crisis replay`` plays it."""

from __future__ import annotations

from pathlib import Path

from union.cli.replay.play import replay

CALLS = Path(__file__).parents[1] / "data" / "calls.jsonl"
EVENING = ("2026-10-21T22", "2026-10-21T23")


def test_five_who_tell_of_one_raid_are_one_incident_and_everybody_is_dealt_with() -> None:
    calls = CALLS.read_text(encoding="utf-8").splitlines()
    evening = [line for line in calls if any(f'"at": "{hour}' in line for hour in EVENING)]
    figures = replay("\n".join(evening), seed=1, tell=lambda _step: None)
    assert figures.contacts == len(evening) == 11
    assert figures.attached == 4, "of the five about Majestic, and nobody about KR Market"
    assert figures.incidents == figures.resolved == 5
    assert (figures.waiting, figures.undealt) == (0, 0)
    assert (figures.late_pages, figures.lost_pages, figures.violations) == (0, 0, 0)
    assert figures.pages > figures.incidents
