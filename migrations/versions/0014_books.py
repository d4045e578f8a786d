"""Books deepened: spending by hand, papers, floats, counts, budgets, closed months and years."""

import re
from pathlib import Path

from alembic import op

revision = "0014_books"
down_revision = "0013_bank"

SCRIPTS = Path(__file__).parents[1] / "sql"
REPLACED = (
    "ledger_voucher_hash",
    "ledger_voucher_prepared",
    "ledger_check_suspect",
    "ledger_legs_posted",
)
"""Functions of 0003 that this revision wrote anew."""

UNDONE = """
DROP TRIGGER accounting_period_year_closed ON accounting_period;
DROP TRIGGER voucher_papers_approved ON voucher_approval;
DROP TRIGGER voucher_text_worded ON voucher_text;
DROP TABLE month_close, budget_line, cash_count, float_answer, float_settlement, float_limit,
  float_account, float_purpose, paper_piece, paper, payee;
DROP SEQUENCE spending_number;
DROP FUNCTION ledger_papers_hash(bigint), ledger_check_papers(voucher), ledger_papers_approved(),
  ledger_paper_laid(), ledger_voucher_worded(), ledger_check_float_spent(journal_entry),
  ledger_set_float(varchar, bigint, varchar, bigint, bigint, timestamptz),
  ledger_check_year(journal_entry), ledger_year_is_carried(date),
  ledger_check_opening(journal_entry), ledger_year_closed(), ledger_cash_counted();
DROP INDEX journal_leg_account_ix;
ALTER TABLE journal_leg DROP COLUMN posted_on;
CREATE INDEX journal_leg_account_ix ON journal_leg (account_code, entry_id);
ALTER TABLE voucher DROP COLUMN papers_hash;
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_kind_check;
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_kind_check CHECK (kind IN (
  'opening', 'charge', 'receipt', 'allocation', 'waiver', 'clearing', 'adjustment',
  'payment', 'transfer', 'bank_charge', 'card_refund', 'card_dispute', 'reversal'));
ALTER TABLE account DISABLE TRIGGER account_is_kept;
DELETE FROM fund_purpose WHERE account_code IN ('1320', '5160', '5170', '5180')
  OR account_code LIKE '1310-%';
DELETE FROM account WHERE code IN ('1030', '1320', '3020', '5160', '5170', '5180')
  OR code LIKE '1310-%';
ALTER TABLE account ENABLE TRIGGER account_is_kept;
"""


def upgrade() -> None:
    """Make tables and chart, then the laws over them."""
    for part in ("books", "books_laws"):
        _run((SCRIPTS / f"0014_{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it back; books in which one of the new accounts or kinds was used refuse."""
    _run(UNDONE)
    laws = (SCRIPTS / "0003_ledger_laws.sql").read_text(encoding="utf-8")
    for name in REPLACED:
        whole = rf"^CREATE FUNCTION {name}\(.*?^(?:END )?\$\$;"
        made = re.search(whole, laws, re.MULTILINE | re.DOTALL)
        if made is None:
            raise LookupError(name)
        _run(made[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))


def _run(script: str) -> None:
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})
