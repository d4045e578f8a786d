"""Pages that span domains."""

from __future__ import annotations

from union.office.views import home, look

__all__ = ["home", "look"]
