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
    "bank.money_that_came_is_in_the_books": """
        SELECT l.id FROM bank_line l
          JOIN bank_account a ON a.id = l.account_id
         WHERE l.amount_minor > 0 AND l.amount_minor <> (
           SELECT coalesce(sum(g.amount_minor), 0) FROM bank_line_entry e
             JOIN journal_leg g ON g.entry_id = e.entry_id AND g.account_code = a.account_code
            WHERE e.line_id = l.id AND NOT EXISTS (
              SELECT FROM journal_entry r WHERE r.reverses_id = e.entry_id
                 AND NOT EXISTS (SELECT FROM bank_line_entry x WHERE x.entry_id = r.id)))
           AND NOT EXISTS (
             SELECT FROM bank_line_entry e
               JOIN outbox o ON o.fact = 'payment_taken_back'
                            AND (o.ids ->> 'entry_id')::bigint = e.entry_id
               JOIN outbox_delivery d ON d.outbox_id = o.id AND d.done_at IS NULL
              WHERE e.line_id = l.id)""",
    "bank.what_went_has_the_hands_it_needs": """
        SELECT d.line_id FROM bank_decision d
          JOIN bank_line l ON l.id = d.line_id
          JOIN bank_statement s ON s.id = l.statement_id AND s.made_in IS NOT NULL
          LEFT JOIN bank_word w ON w.id = d.word_id
         WHERE d.kind = 'withdrawal' AND d.word_id IS NULL
            OR d.word_id IS NOT NULL AND (w.ended_how IS DISTINCT FROM 'confirmed'
               OR w.line_id <> d.line_id OR w.kind <> d.kind
               OR w.ended_by = w.made_by)
            OR d.kind = 'chargeback' AND NOT EXISTS (
               SELECT FROM card_line c WHERE c.id = d.card_line_id
                  AND abs(c.amount_minor) = -l.amount_minor)""",
    "bank.transfers_met_a_line": """
        SELECT bank_transfers_unmet(max(period_to)) FROM bank_statement
        UNION
        SELECT u FROM accounting_period p,
               bank_transfers_unmet((p.first_on + interval '1 month' - interval '1 day')::date) u
         WHERE p.status = 'closed'""",
    "bank.cash_nobody_saw_paid_in_was_handed_in": """
        SELECT d.line_id FROM bank_decision d
          JOIN bank_line l ON l.id = d.line_id
          JOIN bank_statement s ON s.id = l.statement_id AND s.made_in IS NOT NULL
         WHERE d.kind = 'deposit' AND d.made_by IS NULL AND d.word_id IS NULL
           AND l.amount_minor NOT IN (
             SELECT coalesce(sum(g.amount_minor), 0) FROM bank_line_entry n
               JOIN journal_leg g ON g.account_code = '1010' AND g.entry_id < n.entry_id
              WHERE n.decision_id = d.id
             UNION ALL
             SELECT unnest(ARRAY[t.day_minor, sum(t.day_minor) OVER (ORDER BY t.day DESC)])
               FROM (SELECT h.happened_on AS day, sum(h.counted_minor) AS day_minor
                       FROM hand_over h
                      WHERE h.happened_on <= l.booked_on AND h.made_at <= d.made_at
                      GROUP BY h.happened_on) t)""",
    "bank.receipts_meet_their_line_by_another": """
        SELECT n.line_id FROM bank_line_entry n
          JOIN bank_decision d ON d.id = n.decision_id AND d.kind = 'booked'
          JOIN journal_entry e ON e.id = n.entry_id
          LEFT JOIN dues_payment p ON e.source_kind = 'dues_payment' AND p.id = e.source_id
           AND p.source IS NULL
          LEFT JOIN donation g ON e.source_kind = 'donation' AND g.id = e.source_id
         WHERE d.made_by IN (p.received_by, g.made_by)""",
    "bank.charges_stand_on_their_decision": """
        SELECT e.id FROM journal_entry e
          JOIN bank_line l ON e.source_kind = 'statement_line' AND l.id = e.source_id
          JOIN bank_statement s ON s.id = l.statement_id AND s.made_in IS NOT NULL
         WHERE e.kind = 'bank_charge' AND NOT EXISTS (
           SELECT FROM bank_line_entry n JOIN bank_decision d ON d.id = n.decision_id
            WHERE n.entry_id = e.id AND n.line_id = l.id
              AND d.kind IN ('charge', 'card_fee'))""",
    "bank.statements_are_whole": """
        SELECT s.id FROM bank_statement s
         WHERE s.made_in IS NOT NULL AND (
           s.lines <> (SELECT count(*) FROM bank_statement_line x WHERE x.statement_id = s.id)
           OR s.fresh <> (SELECT count(*) FROM bank_line l WHERE l.statement_id = s.id)
           OR s.closing_minor - s.opening_minor <> (
             SELECT sum(l.amount_minor) FROM bank_statement_line x
               JOIN bank_line l ON l.id = x.line_id WHERE x.statement_id = s.id))""",
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
