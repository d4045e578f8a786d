"""What the legal desk keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, plain, public, sealed

LEGAL: tuple[Kept, ...] = (
    *closed(Whose.CASE, "key_ref", "legal_case.next_words"),
    *sealed(Whose.CASE, "case_id.key_ref", "case_event.words", "case_party.words"),
    *plain(Tier.KEYLESS, "case_room_key", "wrapped"),
    *public("case_room", "public_key"),
    *hashed("case_room", "mark"),
    *codes("case_event", "code facts"),
    *codes("case_party", "role"),
    *codes("legal_case", "acts next_step outcome"),
)
