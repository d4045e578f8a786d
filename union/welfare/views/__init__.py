"""Pages of welfare: hers, and the committee's."""

from __future__ import annotations

from union.welfare.views import committee, member
from union.welfare.views.blueprint import blueprint

__all__ = ["blueprint", "committee", "member"]
