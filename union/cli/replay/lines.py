"""The file of calls as plain values, and what each caller would say if she were asked.

A missed call tells nothing; what she says when she is called back is made up here, from the seed.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from union.crisis.rules.kinds import ContactChannel, Kind

SAME_RAID = timedelta(minutes=6)
A_RAID = 20
NO_ANSWER = 0.3
"""Who does not pick up when she is called back."""

ASKS_ELSE = 1 / 2
"""Who of the rest asks for something else."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when and how she reached us, and the truth she would tell.

    ``event`` is shared by those who tell of one event.
    """

    number: int
    at: datetime
    by: ContactChannel
    callback: str = field(repr=False)
    card: str | None = None
    kind: Kind = Kind.UNKNOWN
    district: str | None = None
    place: str | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    people: int | None = None
    speaks: str | None = None
    may_call_back: bool = True
    point: tuple[float, float] | None = field(default=None, repr=False)
    event: int = 0
    answers_callback: bool = True


def read_lines(content: str, zone: ZoneInfo, seed: int) -> list[Line]:
    """Read the file; the times are the union's own."""
    rows = [json.loads(row) for row in content.splitlines() if row.strip()]
    raid = next((n for n, row in enumerate(rows) if (row.get("people") or 0) >= A_RAID), None)
    return [_line(n, row, rows, raid, zone, seed) for n, row in enumerate(rows)]


def _line(
    number: int,
    row: dict[str, object],
    rows: list[dict[str, object]],
    raid: int | None,
    zone: ZoneInfo,
    seed: int,
) -> Line:
    at = datetime.fromisoformat(str(row["at"])).replace(tzinfo=zone)
    truth = dict(row)
    chance = random.Random(f"{seed}-line-{number}")  # noqa: S311  # nosec B311 # made-up people, the same each time
    event, answers = number, True
    if raid is not None and _tells_of_raid(row, rows[raid], number, raid):
        event = raid
    if row["by"] == "missed_call":
        answers = event == raid or chance.random() > NO_ANSWER
        if event == raid:
            truth.update(place=rows[raid or 0]["place"], district=rows[raid or 0]["district"])
            truth.update(kind=rows[raid or 0]["kind"])
        elif chance.random() < ASKS_ELSE:
            known = [r for r in rows if r.get("district") and r.get("place")]
            like = chance.choice(known)
            truth.update(district=like["district"], place=like["place"])
            truth.update(kind="police_harassment", people=1, speaks="Kannada")
    point = None
    if truth.get("lat") is not None:
        point = (float(str(truth["lat"])), float(str(truth["lon"])))
    return Line(
        number=number,
        at=at,
        by=ContactChannel(str(row["by"])),
        callback=str(row["callback"]),
        card=_text(row.get("member")),
        kind=Kind(str(truth.get("kind") or "unknown")),
        district=_text(truth.get("district")),
        place=_text(truth.get("place")),
        text=_text(truth.get("text")),
        people=int(str(truth["people"])) if truth.get("people") else None,
        speaks=_text(truth.get("speaks")),
        may_call_back=bool(row.get("may_call_back", True)),
        point=point,
        event=event,
        answers_callback=answers,
    )


def _tells_of_raid(
    row: dict[str, object], raid: dict[str, object], number: int, first: int
) -> bool:
    """Those who rang about the great raid: within six minutes after it was first told."""
    apart = datetime.fromisoformat(str(row["at"])) - datetime.fromisoformat(str(raid["at"]))
    if number < first or apart >= SAME_RAID:
        return False
    return row.get("kind") in (None, "arrest_or_raid", "police_harassment")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
