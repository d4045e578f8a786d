"""Pages about readings: hers, and the trustees'."""

from __future__ import annotations

from union.office.readings.views import asking, inquiries, keeping, mine
from union.office.readings.views.blueprint import blueprint

__all__ = ["asking", "blueprint", "inquiries", "keeping", "mine"]
