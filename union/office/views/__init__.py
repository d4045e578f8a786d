"""Pages that span domains."""

from __future__ import annotations

from union.office.views import home

__all__ = ["home"]
