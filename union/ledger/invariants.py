"""What must always hold of the books, as queries that return the rows at fault, if any.

Each repeats a law independently of the trigger that holds it, over everything ever posted.
It asks what could be known then: two hands that turn out later to be one person are the audit's
to find.
"""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "ledger.entries_balance": """
        SELECT entry_id, fund_code, sum(amount_minor) FROM journal_leg
         GROUP BY entry_id, fund_code HAVING sum(amount_minor) <> 0""",
    "ledger.entries_have_legs": """
        SELECT e.id FROM journal_entry e
         WHERE (SELECT count(*) FROM journal_leg l WHERE l.entry_id = e.id) < 2""",
    "ledger.trial_balance_is_zero": """
        SELECT fund_code, sum(balance_minor) FROM account_balance
         GROUP BY fund_code HAVING sum(balance_minor) <> 0""",
    "ledger.balances_equal_legs": """
        SELECT account_code, fund_code, b.balance_minor, l.total
          FROM account_balance b
          FULL JOIN (SELECT account_code, fund_code, sum(amount_minor) AS total
                       FROM journal_leg GROUP BY account_code, fund_code) l
         USING (account_code, fund_code)
         WHERE b.balance_minor IS DISTINCT FROM l.total""",
    "ledger.days_equal_legs": """
        SELECT account_code, fund_code, posted_on
          FROM account_day d
          FULL JOIN (SELECT l.account_code, l.fund_code, e.posted_on,
                            sum(greatest(l.amount_minor, 0)) AS debit,
                            sum(greatest(-l.amount_minor, 0)) AS credit
                       FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
                      GROUP BY l.account_code, l.fund_code, e.posted_on) l
         USING (account_code, fund_code, posted_on)
         WHERE (d.debit_minor, d.credit_minor) IS DISTINCT FROM (l.debit, l.credit)""",
    "ledger.payments_have_two_approvals": """
        SELECT e.id FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
         WHERE (SELECT count(*) FROM voucher_approval a
                 WHERE a.voucher_id = v.id AND a.person_id <> v.payee_person_id
                   AND a.content_hash = v.content_hash) < 2""",
    "ledger.vouchers_are_paid_once": """
        SELECT e.voucher_id FROM journal_entry e
         WHERE e.voucher_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)
         GROUP BY e.voucher_id HAVING count(*) > 1""",
    "ledger.mistakes_are_seen_by_two": """
        SELECT id FROM payment_mistake
         WHERE agreed AND (answered_by = said_by OR NOT EXISTS (
           SELECT FROM journal_entry r WHERE r.reverses_id = entry_id))""",
    "ledger.payments_are_their_vouchers": """
        SELECT e.id FROM journal_entry e
          JOIN voucher v ON v.id = e.voucher_id
          JOIN journal_leg l ON l.entry_id = e.id
         GROUP BY e.id, v.id
        HAVING count(*) <> 2 OR NOT bool_and(
               (l.account_code, l.fund_code, l.amount_minor)
               IN ((v.spend_account_code, v.fund_code, v.amount_minor),
                   (v.money_account_code, v.fund_code, -v.amount_minor)))""",
    "ledger.money_leaves_by_known_ways": """
        SELECT e.id FROM journal_entry e
          JOIN journal_leg l ON l.entry_id = e.id
          JOIN account a ON a.code = l.account_code AND a.money_place IS NOT NULL
         WHERE e.kind NOT IN ('payment', 'transfer', 'bank_charge', 'card_refund',
                              'card_dispute', 'reversal', 'float_spent', 'fund_transfer')
         GROUP BY e.id, l.account_code, l.fund_code HAVING sum(l.amount_minor) < 0""",
    "ledger.transfers_are_told": """
        SELECT e.id FROM journal_entry e
         WHERE e.kind = 'transfer' AND NOT CASE e.source_kind
           WHEN 'cash_count' THEN EXISTS (SELECT FROM cash_count WHERE id = e.source_id)
           WHEN 'count_settlement' THEN EXISTS (
             SELECT FROM count_settlement WHERE id = e.source_id)
           WHEN 'hand_over' THEN EXISTS (SELECT FROM hand_over WHERE id = e.source_id)
           WHEN 'cash_difference' THEN EXISTS (SELECT FROM cash_difference WHERE id = e.source_id)
           WHEN 'difference_settlement' THEN EXISTS (
             SELECT FROM difference_settlement WHERE id = e.source_id)
           ELSE EXISTS (SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
                         WHERE l.entry_id = e.id AND (a.money_place = 'bank'
                            OR e.source_kind = 'float_return' AND left(a.code, 5) = '1310-'))
            AND NOT EXISTS (SELECT FROM journal_leg l WHERE l.entry_id = e.id
                             AND (l.account_code = '1090'
                                  OR left(l.account_code, 4) = '1020')) END""",
    "ledger.cash_differences_are_told": """
        SELECT e.id FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
          LEFT JOIN journal_entry o ON o.id = e.reverses_id
          LEFT JOIN voucher v ON v.id = coalesce(o.voucher_id, e.voucher_id)
         WHERE l.account_code = '1090' AND e.kind <> 'opening'
           AND coalesce(v.source_kind, o.source_kind, e.source_kind) NOT IN (
               'cash_count', 'count_settlement', 'cash_difference', 'difference_settlement',
               'count_difference')""",
    "ledger.spending_is_within_purpose": """
        SELECT l.entry_id FROM journal_leg l
          JOIN account a ON a.code = l.account_code AND a.needs_purpose
         WHERE NOT EXISTS (SELECT FROM fund_purpose p WHERE p.fund_code = l.fund_code
                              AND p.account_code = l.account_code)
           AND NOT EXISTS (SELECT FROM journal_entry r JOIN journal_entry o ON o.id = r.reverses_id
                            WHERE r.id = l.entry_id AND o.kind = 'fund_transfer')
         GROUP BY l.entry_id, l.account_code, l.fund_code HAVING sum(l.amount_minor) > 0""",
    "ledger.reversals_are_exact": """
        SELECT r.id FROM journal_entry r
          JOIN journal_leg l ON l.entry_id IN (r.id, r.reverses_id)
         WHERE r.reverses_id IS NOT NULL
         GROUP BY r.id, l.account_code, l.fund_code HAVING sum(l.amount_minor) <> 0""",
    "ledger.withdrawn_vouchers_are_not_paid": """
        SELECT v.id FROM voucher v JOIN journal_entry e ON e.voucher_id = v.id
         WHERE v.withdrawn_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)""",
    "ledger.vouchers_unchanged": """
        SELECT v.id FROM voucher v WHERE v.content_hash <> ledger_voucher_hash(v)""",
    "ledger.sealed_entries_unchanged": """
        SELECT s.entry_id, s.seal_id FROM seal_entry s
          LEFT JOIN journal_entry e ON e.id = s.entry_id
         WHERE e.id IS NULL OR ledger_entry_hash(e) <> s.content_hash""",
    "ledger.seals_fit": """
        SELECT s.id FROM seal s
         WHERE s.content_hash <> ledger_seal_hash(s)
            OR s.entries <> (SELECT count(*) FROM seal_entry n WHERE n.seal_id = s.id)""",
    "ledger.seals_make_one_chain": """
        SELECT id FROM (SELECT id, previous_id, made_at, lag(id) OVER before AS stood,
                               lag(made_at) OVER before AS made_before
                          FROM seal WINDOW before AS (ORDER BY id)) s
         WHERE previous_id IS DISTINCT FROM stood OR made_at < made_before""",
    "ledger.heads_say_what_is": """
        SELECT h.id FROM (SELECT *, lag(id) OVER (ORDER BY id) AS stood FROM seal_head) h
          LEFT JOIN seal s ON s.id = h.seal_id
         WHERE h.previous_id IS DISTINCT FROM h.stood
            OR h.seal_hash IS DISTINCT FROM s.content_hash
            OR h.entries <> (SELECT sum(entries) FROM seal b WHERE b.id <= h.seal_id)""",
    "ledger.nothing_slips_behind_a_seal": """
        SELECT e.id FROM journal_entry e
          LEFT JOIN seal_entry n ON n.entry_id = e.id
          LEFT JOIN seal s ON s.id = n.seal_id
         WHERE e.posted_at + interval '1 hour' < coalesce(
               (SELECT made_at FROM seal WHERE id = s.previous_id),
               CASE WHEN s.id IS NULL THEN (SELECT max(made_at) FROM seal) END)""",
    "ledger.nothing_slips_into_a_closed_month": """
        SELECT e.id FROM journal_entry e
          LEFT JOIN seal_entry n ON n.entry_id = e.id
         WHERE EXISTS (SELECT FROM seal_head h
                        WHERE e.posted_on < h.closed_to + interval '1 month'
                          AND (n.seal_id IS NULL OR n.seal_id > h.seal_id))""",
    "ledger.legs_stand_on_their_day": """
        SELECT l.entry_id FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
         WHERE l.posted_on IS DISTINCT FROM e.posted_on""",
    "ledger.papers_are_as_signed": """
        SELECT v.id FROM voucher v
         WHERE v.papers_hash <> ledger_papers_hash(v.id)
           AND EXISTS (SELECT FROM voucher_approval a WHERE a.voucher_id = v.id)""",
    "ledger.papers_are_whole": """
        SELECT p.id FROM paper p
         WHERE NOT EXISTS (SELECT FROM paper_piece c WHERE c.paper_id = p.id)
            OR (SELECT count(*) - 1 FROM paper_piece c WHERE c.paper_id = p.id)
               <> (SELECT max(c.position) FROM paper_piece c WHERE c.paper_id = p.id)""",
    "ledger.floats_are_bounded": """
        SELECT f.account_code FROM float_account f
          JOIN float_purpose p ON p.code = f.purpose_code
          JOIN account a ON a.code = f.account_code
          LEFT JOIN account_balance b ON b.account_code = f.account_code
         GROUP BY f.account_code, p.most_minor, a.ceiling_minor
        HAVING coalesce(sum(b.balance_minor), 0) < 0
            OR coalesce(sum(b.balance_minor), 0) > p.most_minor
            OR a.ceiling_minor > p.most_minor""",
    "ledger.floats_are_spent_as_told": """
        SELECT e.id FROM journal_entry e
          LEFT JOIN float_settlement s
            ON s.id = e.source_id AND e.source_kind = 'float_settlement'
          LEFT JOIN float_answer a ON a.settlement_id = s.id
         WHERE e.kind = 'float_spent' AND a.accepted IS NOT TRUE""",
    "ledger.what_was_taken_is_booked": """
        SELECT a.settlement_id FROM float_answer a
         WHERE a.accepted AND NOT EXISTS (
           SELECT FROM journal_entry e
            WHERE e.source_kind = 'float_settlement' AND e.source_id = a.settlement_id)""",
    "ledger.counts_are_seen_by_another": """
        SELECT c.id FROM cash_count c JOIN cash_count_witness w ON w.count_id = c.id
         WHERE w.person_id = c.counted_by""",
    "ledger.counts_are_booked_as_seen": """
        SELECT w.count_id FROM cash_count_witness w
         WHERE NOT ledger_count_is_booked('cash_count', w.count_id)
         UNION ALL
        SELECT s.count_id FROM count_settlement s
         WHERE NOT ledger_count_is_booked('count_settlement', s.id)
         UNION ALL
        SELECT c.id FROM cash_count c WHERE ledger_count_left(c.id) < 0""",
    "ledger.closed_months_have_nothing_to_clear": """
        SELECT p.first_on, d.account_code FROM accounting_period p
          JOIN account_day d ON d.posted_on < p.first_on + interval '1 month'
          JOIN account a ON a.code = d.account_code AND a.must_clear
         WHERE p.status = 'closed'
         GROUP BY p.first_on, d.account_code, d.fund_code
        HAVING sum(d.debit_minor - d.credit_minor) <> 0""",
    "ledger.months_stand_in_a_row": """
        SELECT p.first_on FROM accounting_period p
         WHERE p.previous_on IS NULL AND p.first_on > (SELECT min(first_on) FROM accounting_period)
            OR p.previous_on <> (p.first_on - interval '1 month')::date
            OR NOT EXISTS (SELECT FROM accounting_period b WHERE b.first_on = p.previous_on)
               AND p.previous_on IS NOT NULL""",
    "ledger.collectors_are_known": """
        SELECT a.code FROM account a
         WHERE left(a.code, 5) = '1020-' AND NOT EXISTS (
               SELECT FROM collector k WHERE k.account_code = a.code)
        UNION ALL
        SELECT b.account_code FROM account_balance b
         WHERE b.account_code = '1020' AND b.balance_minor <> 0""",
    "ledger.funds_move_by_two_hands": """
        SELECT e.id FROM journal_entry e
          LEFT JOIN inter_fund_transfer t
            ON t.id = e.source_id AND e.source_kind = 'inter_fund_transfer'
          LEFT JOIN inter_fund_answer a ON a.transfer_id = t.id
          LEFT JOIN fund f ON f.code = t.from_fund
         WHERE e.kind = 'fund_transfer'
           AND (a.agreed IS NOT TRUE OR f.restricted
                OR a.answered_by = t.proposed_by)
        UNION ALL
        SELECT r.id FROM journal_entry r
          JOIN journal_entry e ON e.id = r.reverses_id AND e.kind = 'fund_transfer'
         WHERE NOT EXISTS (SELECT FROM inter_fund_transfer t
                             JOIN inter_fund_answer a ON a.transfer_id = t.id AND a.agreed
                            WHERE t.takes_back_id = e.source_id)""",
    "ledger.donations_are_booked": """
        SELECT d.id FROM donation d
          LEFT JOIN journal_entry e ON e.source_kind = 'donation' AND e.source_id = d.id
          LEFT JOIN journal_leg l ON l.entry_id = e.id
           AND (l.account_code, l.fund_code, l.amount_minor)
               IN ((d.money_account_code, d.fund_code, d.amount_minor),
                   (d.income_account_code, d.fund_code, -d.amount_minor))
         GROUP BY d.id HAVING count(l.entry_id) <> 2
        UNION ALL
        SELECT number FROM donation WHERE number > (SELECT count(*) FROM donation)""",
    "ledger.closed_years_are_carried": """
        SELECT p.first_on FROM accounting_period p
         WHERE p.status = 'closed' AND extract(month FROM p.first_on) = 3
           AND NOT ledger_year_is_carried((p.first_on + interval '1 month - 1 day')::date)""",
}
