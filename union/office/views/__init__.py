"""Pages that span domains."""

from __future__ import annotations

from union.office.views import home, intake, look

__all__ = ["home", "intake", "look"]
