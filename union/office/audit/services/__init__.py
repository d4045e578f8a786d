"""What trustees and treasurer do in an audit; nothing of it touches the books themselves."""

from __future__ import annotations

from union.office.audit.services.findings import answer_finding, write_finding
from union.office.audit.services.looking import draw_sample, look_at_paper, open_audit
from union.office.audit.services.signing import sign_report

__all__ = [
    "answer_finding",
    "draw_sample",
    "look_at_paper",
    "open_audit",
    "sign_report",
    "write_finding",
]
