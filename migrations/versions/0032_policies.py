"""Policies by kind, severity and district; the 24 hours of somebody taken; how a witness knows."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0032_policies"
down_revision = "0031_rota"

BACK = """
DELETE FROM timer WHERE subject_type = 'custody';
DROP TRIGGER timer_custody_kept ON timer;
DROP TABLE custody_clock;
DROP TRIGGER incident_witness_says_how ON incident;
DROP TRIGGER incident_policy_kept ON incident;
DROP TRIGGER crisis_policy_in_a_row ON crisis_policy;
DROP FUNCTION custody_timer_kept, custody_clock_stays, crisis_witness_says_how,
  crisis_policy_kept, crisis_policy_in_a_row;
ALTER TABLE incident DROP COLUMN witness_knows;
ALTER TABLE crisis_policy
  DROP CONSTRAINT crisis_policy_endless_last_step_check,
  DROP CONSTRAINT crisis_policy_waits_check,
  DROP CONSTRAINT crisis_policy_somebody_needed_check;
"""
WIDE_ONLY = """
ALTER TABLE crisis_policy DISABLE TRIGGER crisis_policy_append_only;
WITH numbered AS (
  SELECT id, row_number() OVER (PARTITION BY kind ORDER BY
    (severity IS NULL AND branch_id IS NULL), version, id) AS place FROM crisis_policy)
UPDATE crisis_policy p SET version = -n.place FROM numbered n WHERE n.id = p.id;
ALTER TABLE crisis_policy DROP COLUMN severity, DROP COLUMN branch_id;
UPDATE crisis_policy SET version = -version;
ALTER TABLE crisis_policy ENABLE TRIGGER crisis_policy_append_only;
ALTER TABLE crisis_policy
  DROP COLUMN ref, DROP COLUMN is_over, DROP COLUMN key_ref, DROP COLUMN words,
  ADD CONSTRAINT crisis_policy_kind_version_key UNIQUE (kind, version);
"""
"""Incidents keep the rows they began with; a kind's newest version is its widest one again."""


def upgrade() -> None:
    """Make the columns, the clock of custody, and their laws."""
    run_script("0032_policies")


def downgrade() -> None:
    """One policy for each kind again, its widest; what was warned of custody is forgotten."""
    run(BACK)
    run(WIDE_ONLY)
