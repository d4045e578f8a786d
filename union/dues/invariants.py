"""What must hold in dues at every commit, as queries that return the rows that break it."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "open_charges_are_the_receivable": """
        SELECT s.fund_code, s.owed, coalesce(b.balance_minor, 0) AS booked
          FROM (SELECT f.code AS fund_code,
                       coalesce(sum(c.amount_minor - c.settled_minor), 0) AS owed
                  FROM fund f LEFT JOIN dues_charge c ON c.fund_code = f.code GROUP BY f.code) s
          LEFT JOIN account_balance b ON b.account_code = '1210' AND b.fund_code = s.fund_code
         WHERE s.owed <> coalesce(b.balance_minor, 0)
    """,
    "credits_are_the_liability": """
        SELECT s.fund_code, s.held, coalesce(b.balance_minor, 0) AS booked
          FROM (SELECT f.code AS fund_code, coalesce(sum(m.amount_minor), 0) AS held
                  FROM fund f LEFT JOIN credit_movement m ON m.fund_code = f.code
                 GROUP BY f.code) s
          LEFT JOIN account_balance b ON b.account_code = '2110' AND b.fund_code = s.fund_code
         WHERE -s.held <> coalesce(b.balance_minor, 0)
    """,
    "cash_in_hand_is_each_collectors_account": """
        SELECT a.code, coalesce(s.held, 0) AS held, coalesce(b.booked, 0) AS booked
          FROM account a
          LEFT JOIN (SELECT k.account_code, sum(m.amount_minor) AS held
                       FROM cash_movement m JOIN collector k ON k.id = m.collector_id
                      GROUP BY k.account_code) s ON s.account_code = a.code
          LEFT JOIN (SELECT account_code, sum(balance_minor) AS booked
                       FROM account_balance GROUP BY account_code) b ON b.account_code = a.code
         WHERE a.code LIKE '1020-%' AND coalesce(s.held, 0) <> coalesce(b.booked, 0)
    """,
    "kept_sums_are_their_rows": """
        SELECT c.id FROM dues_charge c
          LEFT JOIN (SELECT charge_id, sum(amount_minor) AS paid
                       FROM dues_allocation GROUP BY charge_id) a ON a.charge_id = c.id
         WHERE c.settled_minor <> coalesce(a.paid, 0)
        UNION ALL
        SELECT m.person_id FROM member_credit m
          LEFT JOIN (SELECT person_id, sum(amount_minor) AS held
                       FROM credit_movement GROUP BY person_id) a ON a.person_id = m.person_id
         WHERE m.balance_minor <> coalesce(a.held, 0)
    """,
    "payments_are_whole": """
        SELECT p.id FROM dues_payment p
          LEFT JOIN (SELECT payment_id, sum(amount_minor) AS spread
                       FROM dues_allocation GROUP BY payment_id) a ON a.payment_id = p.id
          LEFT JOIN dues_reversal v ON v.payment_id = p.id
         WHERE coalesce(a.spread, 0)
               <> CASE WHEN v.id IS NULL THEN p.amount_minor - p.credit_minor ELSE 0 END
            OR (v.id IS NOT NULL) <> EXISTS (
                 SELECT FROM journal_entry e JOIN journal_entry r ON r.reverses_id = e.id
                  WHERE e.source_kind = 'dues_payment' AND e.source_id = p.id)
            OR NOT EXISTS (SELECT FROM receipt r WHERE r.payment_id = p.id)
            OR NOT EXISTS (SELECT FROM journal_entry e
                            WHERE e.source_kind = 'dues_payment' AND e.source_id = p.id)
    """,
    "slices_are_their_charges": """
        SELECT s.id FROM dues_slice s JOIN dues_run r ON r.id = s.run_id
          LEFT JOIN (SELECT slice_id, count(*) AS charges, sum(amount_minor) AS amount
                       FROM dues_charge GROUP BY slice_id) c ON c.slice_id = s.id
         WHERE r.kind <> 'withdrawal'
           AND (s.charges, s.amount_minor) <> (coalesce(c.charges, 0), coalesce(c.amount, 0))
    """,
    "differences_are_their_slices": """
        SELECT s.id FROM dues_slice s JOIN dues_run r ON r.id = s.run_id
          LEFT JOIN (SELECT slice_id,
                            coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0) AS more,
                            coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0) AS less
                       FROM dues_adjustment GROUP BY slice_id) a ON a.slice_id = s.id
         WHERE r.kind = 'adjustment'
           AND (s.amount_minor, s.less_minor) IS DISTINCT FROM (a.more, a.less)
    """,
    "no_month_costs_less_than_nothing": """
        SELECT a.person_id, a.month FROM dues_adjustment a
          JOIN dues_charge c ON c.person_id = a.person_id AND c.month = a.month AND c.kind = 'fee'
         GROUP BY a.person_id, a.month, c.amount_minor
        HAVING c.amount_minor + sum(a.amount_minor) < 0
    """,
    "standing_takes_turns": """
        SELECT e.id FROM (
          SELECT id, what, lag(what, 1, 'reinstated')
                   OVER (PARTITION BY person_id ORDER BY id) AS before
            FROM dues_standing_event) e
         WHERE e.what = e.before
    """,
    "sheets_lose_no_line": """
        SELECT s.id FROM collection_sheet s
          LEFT JOIN (SELECT sheet_id, count(*) AS lines FROM collection_line
                      WHERE row_no IS NOT NULL GROUP BY sheet_id) l ON l.sheet_id = s.id
         WHERE s.rows <> coalesce(l.lines, 0)
    """,
    "booked_lines_have_their_payment": """
        SELECT l.id FROM collection_line l JOIN dues_payment p ON p.id = l.payment_id
         WHERE l.verdict = 'booked'
           AND (l.amount_minor, l.happened_on, l.collector_id)
               IS DISTINCT FROM (p.amount_minor, p.happened_on, p.collector_id)
    """,
    "no_difference_is_settled_or_given_up_twice": """
        SELECT d.id FROM cash_difference d WHERE dues_difference_free(d.id) < 0
    """,
    "no_month_gives_back_more_than_was_paid": """
        SELECT charge_id FROM dues_allocation WHERE kind NOT IN ('adjusted', 'withdrawn')
         GROUP BY charge_id HAVING sum(amount_minor) < 0
    """,
    "nobody_took_her_own_dues": """
        SELECT p.id FROM dues_payment p
         WHERE p.received_by = p.person_id AND (p.method = 'cash' OR p.source IS NULL)
    """,
    "nobody_counted_her_own_round": """
        SELECT h.id FROM hand_over h JOIN collector k ON k.id = h.collector_id
         WHERE h.received_by = k.person_id
    """,
    "no_number_is_on_two_phones": """
        SELECT a.id FROM round_hold a JOIN round_hold b ON b.collector_id = a.collector_id
           AND b.id > a.id AND b.first_no <= a.last_no AND b.last_no >= a.first_no
         WHERE a.left_at IS NULL AND b.left_at IS NULL
    """,
    "settlements_stand_in_the_books": """
        SELECT s.id FROM difference_settlement s
         WHERE NOT EXISTS (
               SELECT FROM journal_entry e
                WHERE (s.voucher_id IS NULL AND e.source_kind = 'difference_settlement'
                       AND e.source_id = s.id) OR e.voucher_id = s.voucher_id)
    """,
    "differences_are_what_was_left_in_her_hands": """
        SELECT d.id FROM cash_difference d
          LEFT JOIN cash_movement mine ON mine.difference_id = d.id
          LEFT JOIN cash_movement m ON m.collector_id = d.collector_id AND m.id <= mine.id
          LEFT JOIN hand_over h ON h.id = d.hand_over_id
         GROUP BY d.id, mine.id, h.id
        HAVING mine.id IS NULL OR sum(m.amount_minor) <> 0 OR h.collector_id <> d.collector_id
    """,
    "settlements_are_booked_as_told": """
        SELECT s.id FROM difference_settlement s
          LEFT JOIN journal_entry e ON e.source_kind = 'difference_settlement'
           AND e.source_id = s.id
          LEFT JOIN journal_leg l ON l.entry_id = e.id AND (l.account_code, l.amount_minor) IN (
               ('1090', s.amount_minor * CASE s.how WHEN 'brought' THEN -1 ELSE 1 END),
               (CASE s.how WHEN 'kept' THEN '4190' ELSE '1010' END,
                s.amount_minor * CASE s.how WHEN 'brought' THEN 1 ELSE -1 END))
         WHERE s.voucher_id IS NULL GROUP BY s.id HAVING count(l.entry_id) <> 2
    """,
    "let_off_by_two": """
        SELECT w.id FROM (
          SELECT id, person_id, made_by, proposal_id, 'let_off' AS kind FROM dues_waiver
          UNION ALL
          SELECT id, person_id, made_by, proposal_id, 'pays_as' FROM dues_pays_as) w
          LEFT JOIN dues_proposal p ON p.id = w.proposal_id
         WHERE p.id IS NULL AND w.id > CASE w.kind
                 WHEN 'let_off' THEN (SELECT min(id) FROM dues_waiver WHERE proposal_id > 0)
                 ELSE (SELECT min(id) FROM dues_pays_as WHERE proposal_id > 0) END
            OR (p.ended_how, p.person_id, p.kind, p.ended_by)
               IS DISTINCT FROM ('agreed', w.person_id, w.kind, w.made_by) AND p.id > 0
            OR p.ended_by IN (p.made_by, p.person_id)
    """,
    "two_people_signed_each_hand_over": """
        SELECT s.id FROM hand_over_signature s
          JOIN hand_over h ON h.id = s.hand_over_id WHERE s.person_id = h.received_by
    """,
    "a_phones_line_is_its_collectors": """
        SELECT r.id FROM round_line r
          JOIN round_device d ON d.id = r.device_id
          JOIN collection_line l ON l.id = r.line_id
         WHERE l.collector_id IS DISTINCT FROM d.collector_id
    """,
}
