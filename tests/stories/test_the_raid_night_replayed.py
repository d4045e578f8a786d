"""The evening of the raid from the file of calls, played as ``union crisis replay`` plays it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from union.cli.replay.play import replay
from union.cli.replay.report import write_report

if TYPE_CHECKING:
    from union.wiring import House

CALLS = Path(__file__).parents[1] / "data" / "calls.jsonl"
EVENING = ("2026-10-21T22", "2026-10-21T23")


def test_five_who_tell_of_one_raid_are_one_incident_and_everybody_is_dealt_with(
    tmp_path: Path,
) -> None:
    calls = CALLS.read_text(encoding="utf-8").splitlines()
    evening = [line for line in calls if any(f'"at": "{hour}' in line for hour in EVENING)]
    paper, print_out = tmp_path / "month.html", tmp_path / "month.pdf"

    def look(house: House) -> None:
        write_report(paper)(house)
        write_report(print_out)(house)

    figures = replay("\n".join(evening), seed=1, tell=lambda _step: None, afterwards=look)
    assert figures.contacts == len(evening) == 11
    assert figures.attached == 4, "of the five about Majestic, and nobody about KR Market"
    assert figures.incidents == figures.resolved == 5
    assert (figures.waiting, figures.undealt) == (0, 0)
    assert (figures.late_pages, figures.lost_pages, figures.violations) == (0, 0, 0)
    assert figures.pages > figures.incidents
    html = paper.read_text(encoding="utf-8")
    assert "Half of those we went to" in html
    assert html.count("<circle") > figures.incidents, "a dot for each call in each line"
    assert 'src="' not in html, "one file that needs nothing else"
    assert print_out.read_bytes().startswith(b"%PDF")
