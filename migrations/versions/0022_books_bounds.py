"""Books: accounts, months and seals that cannot be bent; money between funds, and gifts."""

from union.infra.revising import put_back, run, run_script

revision = "0022_books_bounds"
down_revision = "0021_cards"

PARTS = ("books_bounds", "seals_in_a_row", "funds_and_gifts")
REPLACED = {
    "0003_ledger_laws": (
        "ledger_period_made",
        "ledger_period_changed",
        "ledger_check_reversal",
        "ledger_open_collector_cash",
    ),
    "0014_books_laws": ("ledger_check_opening", "ledger_check_suspect"),
    "0015_seals": ("ledger_head_said",),
}
"""Where the bodies stand that this revision wrote anew."""

UNDONE = """
DROP TABLE donation, inter_fund_answer, inter_fund_transfer;
DROP TRIGGER journal_leg_within ON journal_leg;
DROP TRIGGER account_has_collector ON account;
DROP TRIGGER journal_entry_year_closes ON journal_entry;
DROP TRIGGER seal_numbered ON seal;
DROP FUNCTION ledger_donation_is_booked(), ledger_donation_numbered(),
  ledger_inter_fund_is_booked(), ledger_inter_fund_answered(), ledger_inter_fund_proposed(),
  ledger_legs_within(), ledger_check_owing(bigint, varchar, varchar, varchar),
  ledger_account_has_collector(), ledger_year_closes(), ledger_seal_numbered(),
  ledger_check_inter_fund(journal_entry);
ALTER TABLE seal_head DROP CONSTRAINT seal_head_said_key;
ALTER TABLE seal_head ADD CONSTRAINT seal_head_said_key UNIQUE (reason, said_on);
ALTER TABLE accounting_period DROP COLUMN previous_on;
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_kind_check;
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_kind_check CHECK (kind IN (
  'opening', 'charge', 'receipt', 'allocation', 'waiver', 'clearing', 'adjustment', 'payment',
  'transfer', 'bank_charge', 'card_refund', 'card_dispute', 'reversal', 'float_spent', 'closing'));
"""


NAMED = "UPDATE account SET name = '{}' WHERE code = '{}'"
NAMES = {
    "1190": ("Taken by the bank, to be checked", "Bank charges to be looked at"),
    "1195": ("Given back on cards, to be checked", "Card refunds to be looked at"),
}
"""Names that a member understands, and those of before."""


def upgrade() -> None:
    """Put months and seals in a row, bound the accounts, make what moves and what is given."""
    for part in PARTS:
        run_script(f"0022_{part}")
    for code, (name, _before) in NAMES.items():
        run(NAMED.format(name, code))


def downgrade() -> None:
    """Take it back; books in which money moved between funds refuse."""
    run(UNDONE)
    for code, (_name, before) in NAMES.items():
        run(NAMED.format(before, code))
    for script, names in REPLACED.items():
        put_back(script, *names)
