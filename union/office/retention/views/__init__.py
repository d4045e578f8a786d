"""Pages about what is kept, and about holds."""

from __future__ import annotations

from union.office.retention.views import days, holds
from union.office.retention.views.blueprint import blueprint

__all__ = ["blueprint", "days", "holds"]
