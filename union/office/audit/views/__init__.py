"""The pages of the trustees."""

from __future__ import annotations

from union.office.audit.views import findings, looking, report, samples
from union.office.audit.views.blueprint import blueprint

__all__ = ["blueprint", "findings", "looking", "report", "samples"]
