"""What a lawyer is shown and until when, and who is kept out of a complaint."""

from union.infra.revising import run, run_script

revision = "0045_shares"
down_revision = "0044_roles"

# A complaint becomes a case nobody has: paralegals find it in their queue.
BACK = """
DROP TRIGGER role_grant_ends_shares ON role_grant;
DROP TRIGGER case_consent_ends_shares ON case_consent;
DROP TRIGGER case_consent_goes_around ON case_consent;
DROP TRIGGER case_party_goes_around ON case_party;
DROP TRIGGER case_event_goes_around ON case_event;
DROP TRIGGER legal_case_goes_around ON legal_case;
DROP TRIGGER legal_complaint_names ON legal_case;
DROP TRIGGER legal_case_kind_stays ON legal_case;
DROP TABLE case_share, case_receiver, case_shut_out;
DROP FUNCTION case_share_ends, case_share_lawful, case_receiver_lawful, legal_case_kind_stays,
  legal_complaint_names, case_shut_out_acts, legal_case_goes_around, is_shut_out;
ALTER TABLE legal_case DROP COLUMN kind;
"""


def upgrade() -> None:
    """Make shares, receivers, who is shut out, and their laws."""
    run_script("0045_shares")


def downgrade() -> None:
    """Take them away."""
    run(BACK)
