"""A difference is given up once, though its voucher be paid anew; a gift has its two legs only."""

from union.infra.revising import put_back, run_script

revision = "0026_given_up_once"
down_revision = "0025_second_look"

REPLACED = {
    "0024_dues_hands": "dues_difference_free",
    "0022_funds_and_gifts": "ledger_donation_is_booked",
}
"""Functions written anew here, by the script in which they stood before."""


def upgrade() -> None:
    """Write both functions anew."""
    run_script("0026_given_up_once")


def downgrade() -> None:
    """Put both back as they were."""
    for script, name in REPLACED.items():
        put_back(script, name)
