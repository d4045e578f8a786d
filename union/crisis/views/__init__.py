"""Pages of a crisis: the slip, the board, the desk, one call, one incident, her own pages."""

from union.crisis.views import (
    board,
    calls,
    counter,
    incident,
    mine,
    minors,
    policies,
    rota,
    rota_answers,
    rota_office,
    slip,
    spots,
    taken,
    taken_one,
    taken_team,
    training,
)
from union.crisis.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "board",
    "calls",
    "counter",
    "incident",
    "mine",
    "minors",
    "policies",
    "rota",
    "rota_answers",
    "rota_office",
    "slip",
    "spots",
    "taken",
    "taken_one",
    "taken_team",
    "training",
]
