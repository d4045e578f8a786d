"""What could not be found for an incident, as its board line says it; read from its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from union.crisis.queries.open import standing
from union.crisis.rules.progress import waiting

if TYPE_CHECKING:
    from union.crisis.models import Incident, IncidentEvent, Page

HOLES = ("nobody_suitable", "nobody_in_charge", "cannot_be_reached")


def holes_of(
    incident: Incident, events: Sequence[IncidentEvent], pages: Sequence[Page]
) -> tuple[str, ...]:
    """What could not be found since somebody last became available.

    Where nobody near was found and somebody further off is asked, that is what is said; while
    somebody asked before may still answer, nothing is.
    """
    found: dict[tuple[str, str], str] = {}
    for event in events:
        role = str(event.facts.get("asked_as", ""))
        if event.code in HOLES:
            found[event.code, role] = event.code
        elif event.code == "asked" and ("nobody_suitable", role) in found:
            found["nobody_suitable", role] = "nobody_near"
        elif event.code in ("briefed", "filled"):
            found.clear()
    for role in waiting(standing(pages)):
        if found.get(("nobody_suitable", role)) == "nobody_suitable":
            del found["nobody_suitable", role]
    said = tuple(dict.fromkeys(found.values()))
    if incident.branch_id is None:
        return ("place_unknown", *(code for code in said if not code.startswith("nobody_")))
    return said
