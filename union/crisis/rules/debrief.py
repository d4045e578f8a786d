"""The words of looking back: how each is, what a lesson is about, when who is told."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class HowSheIs(StrEnum):
    """How somebody who went is; one letter each, for even encrypted a length tells."""

    WELL = "w"
    TIRED = "t"
    NEEDS_SOMEBODY = "n"
    NOT_ASKED = "x"


class LessonTag(StrEnum):
    """What a lesson is about."""

    TELEPHONES = "telephones"
    ROTA = "rota"
    TRAINING = "training"
    THE_WAY = "the_way"
    POLICE = "police"
    HOSPITAL = "hospital"
    LAW = "law"
    SAFETY = "safety"
    DESK = "desk"
    OTHER = "other"


TOLD_AGAIN_AFTER = timedelta(days=2)
TIMES_TOLD = 3
"""So often those who went are reminded; after that it stays on the coordinator's list."""
