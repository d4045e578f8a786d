"""A difference is given up once, though its voucher be paid anew; a gift has its two legs only."""

import re
from pathlib import Path

from alembic import op

revision = "0026_given_up_once"
down_revision = "0025_second_look"

SCRIPTS = Path(__file__).parents[1] / "sql"
REPLACED = {
    "0024_dues_hands": "dues_difference_free",
    "0022_funds_and_gifts": "ledger_donation_is_booked",
}
"""Functions written anew here, by the script in which they stood before."""


def upgrade() -> None:
    """Write both functions anew."""
    _run((SCRIPTS / "0026_given_up_once.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Put both back as they were."""
    for script, name in REPLACED.items():
        laws = (SCRIPTS / f"{script}.sql").read_text(encoding="utf-8")
        whole = rf"^CREATE (FUNCTION {name}\(.*?^(?:END )?\$\$;)"
        made = re.search(whole, laws, re.MULTILINE | re.DOTALL)
        if made is None:
            raise LookupError(name)
        _run(f"CREATE OR REPLACE {made[1]}")


def _run(script: str) -> None:
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})
