"""What must always hold of the bank, as queries that return the rows at fault, if any."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "bank.decided_lines_are_booked_to_the_paisa": """
        SELECT n.line_id FROM bank_line_now n
          JOIN bank_line l ON l.id = n.line_id
          JOIN bank_account a ON a.id = l.account_id
         WHERE n.stands AND n.kind <> 'carried' AND l.amount_minor <> (
           SELECT coalesce(sum(g.amount_minor), 0) FROM bank_line_entry e
             JOIN journal_leg g ON g.entry_id = e.entry_id AND g.account_code = a.account_code
            WHERE e.decision_id = n.decision_id)""",
    "bank.no_line_is_in_the_books_twice": """
        SELECT l.id FROM bank_line l JOIN bank_line_now n ON n.line_id = l.id
         WHERE n.stands AND n.kind <> 'carried' AND EXISTS (
           SELECT FROM bank_line_entry e
            WHERE e.line_id = l.id AND e.decision_id IS DISTINCT FROM n.decision_id
              AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.entry_id))""",
    "bank.closed_months_hold_no_undecided_line": """
        SELECT p.first_on, u FROM accounting_period p,
               bank_undecided((p.first_on + interval '1 month' - interval '1 day')::date) u
         WHERE p.status = 'closed'
           AND NOT EXISTS (SELECT FROM bank_line_entry e
                             JOIN journal_entry r ON r.reverses_id = e.entry_id
                            WHERE e.line_id = u AND r.posted_on >= p.first_on
                                                    + interval '1 month')
           AND NOT EXISTS (SELECT FROM bank_line l JOIN bank_statement s ON s.id = l.statement_id
                            WHERE l.id = u AND s.made_at > p.closed_at)
           AND NOT EXISTS (SELECT FROM bank_decision d WHERE d.line_id = u
                            AND d.kind = 'carried' AND d.until_month >= p.first_on)""",
    "bank.charges_are_their_lines": """
        SELECT e.id FROM journal_entry e
          JOIN journal_leg g ON g.entry_id = e.id
          JOIN account a ON a.code = g.account_code AND a.money_place = 'bank'
         WHERE e.kind = 'bank_charge' AND NOT EXISTS (
           SELECT FROM bank_line l WHERE e.source_kind = 'statement_line' AND l.id = e.source_id
              AND l.amount_minor = g.amount_minor)""",
    "bank.payees_have_two_hands": """
        SELECT id FROM bank_payee
         WHERE confirmed_by IS NOT NULL AND (confirmed_by = made_by OR confirmed_by = person_id)
         UNION ALL
        SELECT id FROM bank_address WHERE confirmed_by = made_by""",
    "bank.what_is_on_its_way_is_live_and_not_paid_by_hand": """
        SELECT i.id FROM bank_batch_item i
          JOIN bank_batch b ON b.id = i.batch_id AND b.sent_at IS NOT NULL
          JOIN voucher v ON v.id = i.voucher_id
         WHERE i.ended_at IS NULL AND (v.withdrawn_at IS NOT NULL OR EXISTS (
           SELECT FROM journal_entry e
            WHERE e.voucher_id = v.id AND e.posted_at > b.sent_at
              AND NOT EXISTS (SELECT FROM bank_line_entry l WHERE l.entry_id = e.id)))""",
    "bank.refusals_are_seen_by_two": """
        SELECT i.id FROM bank_batch_item i
         WHERE i.ended_how = 'failed' AND NOT EXISTS (
           SELECT FROM bank_item_refusal r
            WHERE r.item_id = i.id AND r.agreed AND r.answered_by <> r.said_by)""",
    "bank.statements_add_up": """
        SELECT s.id FROM bank_statement s
         WHERE s.opening_minor IS NOT NULL AND s.closing_minor IS NOT NULL AND s.lines = s.fresh
           AND s.closing_minor - s.opening_minor <> (
             SELECT coalesce(sum(amount_minor), 0) FROM bank_line WHERE statement_id = s.id)""",
}
