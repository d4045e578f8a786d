"""Asking for an erasure, agreeing, stopping; and the timer that carries it out."""

from __future__ import annotations

from union.office.erasing.services.carrying import TIMERS

__all__ = ["TIMERS"]
