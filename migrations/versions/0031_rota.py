"""Who serves when: rota, absences, swaps, holes and offers; training; drills that count nowhere."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0031_rota"
down_revision = "0030_push"

TABLES = (
    "drill_page, drill_plan, certificate_event, rota_offer, rota_hole, rota_swap, rota_wish,"
    " rota_away, rota_shift, rota_off, rota_pattern"
)
FUNCTIONS = (
    "rota_awake, rota_between, drill_goes_in_quiet, certificate_revoked_stays,"
    " certificate_by_another"
)
BACK = """
DELETE FROM timer WHERE subject_type IN ('rota', 'drill_page');
UPDATE attempt SET state = 'dropped', lease_until = NULL, code = 'not_needed'
 WHERE state IN ('due', 'leased')
   AND message_id IN (SELECT id FROM message WHERE purpose IN ('rota', 'drill'));
UPDATE message SET purpose = 'stand_down' WHERE purpose IN ('rota', 'drill');
DROP TRIGGER certificate_revoked_stays ON certificate;
"""


def upgrade() -> None:
    """Make the tables, their laws, and the two questions everything else asks."""
    run_script("0031_rota")


def downgrade() -> None:
    """Take it all away; certificates and what was sent stay."""
    run(BACK)
    run(f"DROP TABLE {TABLES}")
    run(f"DROP FUNCTION {FUNCTIONS}")
