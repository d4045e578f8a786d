"""What is done about readings: asked, answered, written down, looked into."""

from __future__ import annotations

from union.office.readings.services.asking import TIMERS

__all__ = ["TIMERS"]
