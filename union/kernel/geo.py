"""Places on a coarse grid: nobody's door is ever kept, only the cell it lies in."""

from __future__ import annotations

import h3

HOME_RESOLUTION = 6
"""About 36 km² a cell: where a team member lives."""

OFFER_RESOLUTION = 7
"""About 5 km² a cell: what somebody is told before she accepts."""


def home_cell(latitude: float, longitude: float) -> str:
    """The coarse cell of a point in degrees, as an H3 index at resolution 6."""
    return str(h3.latlng_to_cell(latitude, longitude, HOME_RESOLUTION))


def offer_cell(latitude: float, longitude: float) -> str:
    """The cell of a point in degrees, as an H3 index at resolution 7."""
    return str(h3.latlng_to_cell(latitude, longitude, OFFER_RESOLUTION))


def distance_km(cell: str, other: str) -> float:
    """Great-circle distance between the centres of two cells, in kilometres."""
    here, there = h3.cell_to_latlng(cell), h3.cell_to_latlng(other)
    return float(h3.great_circle_distance(here, there, unit="km"))
