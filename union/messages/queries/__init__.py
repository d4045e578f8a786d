"""Reads about reaching people, and of what was told them."""

from __future__ import annotations

from union.messages.queries.reach import (
    LABEL_FIELD,
    NOBODY,
    PLACE_FIELD,
    Place,
    SettingOut,
    quiet_now,
    reach_of,
    setting_out,
)
from union.messages.queries.traffic import (
    Told,
    due_lanes,
    from_same_number,
    message_of_key,
    next_attempt_at,
    told,
)

__all__ = [
    "LABEL_FIELD",
    "NOBODY",
    "PLACE_FIELD",
    "Place",
    "SettingOut",
    "Told",
    "due_lanes",
    "from_same_number",
    "message_of_key",
    "next_attempt_at",
    "quiet_now",
    "reach_of",
    "setting_out",
    "told",
]
