"""What welfare keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Whose, codes, sealed

WELFARE: tuple[Kept, ...] = (
    *sealed(Whose.HER, "key_ref", "claim.health"),
    *sealed(Whose.HER, "claim_id.key_ref", "claim_hearing.note"),
    *codes("claim_decision", "reasons inputs departure"),
    *codes("scheme", "code"),
    *codes("scheme_version", "evidence"),
)
