"""Pages of the register: branches, finding somebody, one member, changing what is known."""

from __future__ import annotations

from union.members.views import changes, member, register
from union.members.views.blueprint import blueprint

__all__ = ["blueprint", "changes", "member", "register"]
