"""Cash counted by two, what a count found settled, and floats by who their people are."""

from union.infra.revising import as_it_stood, put_back, run, run_script

revision = "0023_cash_counts"
down_revision = "0022_books_bounds"

BEFORE = "0014_books_laws"
REPLACED = ("ledger_set_float", "ledger_check_float_spent")
"""Functions of 0014 that this revision wrote anew, the second but for who is whom."""
TAKEN_BY_ANOTHER = "a.answered_by <> h.holder_person_id"

UNDONE = """
DROP TRIGGER float_answer_taken ON float_answer;
DROP TRIGGER float_settlement_told ON float_settlement;
DROP TRIGGER voucher_fills_a_float ON voucher;
DROP TRIGGER voucher_gives_a_count_up ON voucher;
DROP TRIGGER journal_entry_of_a_count ON journal_entry;
DROP TRIGGER cash_count_alone ON cash_count;
DROP TABLE count_settlement, cash_count_witness;
DROP FUNCTION ledger_count_alone(), ledger_count_held(bigint), ledger_count_witnessed(),
  ledger_count_left(bigint), ledger_count_settled(), ledger_count_given_up(),
  ledger_count_is_booked(varchar, bigint), ledger_count_booked(), ledger_float_filled(),
  ledger_float_told(), ledger_float_answered();
ALTER TABLE cash_count
  ADD COLUMN witness_person_id bigint CONSTRAINT cash_count_witness_fkey REFERENCES person,
  ADD CONSTRAINT cash_count_two_people_check CHECK (witness_person_id <> counted_by);
"""


def upgrade() -> None:
    """Make the tables and the laws over them."""
    run_script("0023_cash_counts")
    whom = "one_person(a.answered_by) <> one_person(h.holder_person_id)"
    run(as_it_stood(BEFORE, "ledger_check_float_spent").replace(TAKEN_BY_ANOTHER, whom, 1))


def downgrade() -> None:
    """Take them back; who saw a count is forgotten, as a name chosen by its counter was."""
    run(UNDONE)
    put_back(BEFORE, *REPLACED)
