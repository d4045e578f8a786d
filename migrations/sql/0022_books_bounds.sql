-- The books' own bounds: collectors' accounts, what a fund owes, months in a row, seals in a row,
-- money moved between funds by two, and what is given to the union.

-- M3: each month stands on the one before it, so that none is left out and none slipped in, in
-- whatever order or isolation they are made.
ALTER TABLE accounting_period ADD COLUMN previous_on date;
ALTER TABLE accounting_period DISABLE TRIGGER USER;
INSERT INTO accounting_period (first_on, status, closed_at)
SELECT m.first_on, CASE WHEN later.first_on IS NULL THEN 'open' ELSE 'closed' END, later.closed_at
  FROM (SELECT generate_series(min(first_on), max(first_on), interval '1 month')::date AS first_on
          FROM accounting_period) m
  LEFT JOIN LATERAL (SELECT p.first_on, p.closed_at FROM accounting_period p
                      WHERE p.status = 'closed' AND p.first_on > m.first_on
                      ORDER BY p.first_on LIMIT 1) later ON true
ON CONFLICT (first_on) DO NOTHING;
UPDATE accounting_period SET previous_on = (first_on - interval '1 month')::date
 WHERE first_on > (SELECT min(first_on) FROM accounting_period);
ALTER TABLE accounting_period ENABLE TRIGGER USER;
ALTER TABLE accounting_period
  ADD CONSTRAINT accounting_period_previous_on_key UNIQUE NULLS NOT DISTINCT (previous_on),
  ADD CONSTRAINT accounting_period_previous_on_fkey
    FOREIGN KEY (previous_on) REFERENCES accounting_period,
  ADD CONSTRAINT accounting_period_in_a_row_check
    CHECK (previous_on = (first_on - interval '1 month')::date);

CREATE OR REPLACE FUNCTION ledger_period_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> 'open' THEN
    PERFORM ledger_refuse('ledger_m3_month_begins_open', 0);
  END IF;
  IF EXISTS (SELECT FROM accounting_period WHERE status = 'closed' AND first_on > NEW.first_on)
  THEN
    PERFORM ledger_refuse('ledger_m3_no_month_before_a_closed_one', 0);
  END IF;
  NEW.previous_on := (SELECT (NEW.first_on - interval '1 month')::date
                       WHERE EXISTS (SELECT FROM accounting_period));
  RETURN NEW;
END $$;

-- As before, and by nobody who looks at the books as they were some time ago.
CREATE OR REPLACE FUNCTION ledger_period_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status = 'closed' OR NEW.status <> 'closed' OR NEW.first_on <> OLD.first_on THEN
    PERFORM ledger_refuse('ledger_m3_closed_stays_closed', 0);
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM ledger_refuse('ledger_m3_closed_as_it_stands', 0);
  END IF;
  PERFORM pg_advisory_xact_lock(3001, ledger_month_number(OLD.first_on));
  IF EXISTS (SELECT FROM accounting_period WHERE status = 'open' AND first_on < OLD.first_on) THEN
    PERFORM ledger_refuse('ledger_m3_months_close_in_order', 0);
  END IF;
  IF EXISTS (
    SELECT FROM account_day d JOIN account a ON a.code = d.account_code
     WHERE a.must_clear AND d.posted_on < OLD.first_on + interval '1 month'
     GROUP BY d.account_code, d.fund_code HAVING sum(d.debit_minor - d.credit_minor) <> 0
  ) THEN
    PERFORM ledger_refuse('ledger_m3_must_clear_first', 0);
  END IF;
  RETURN NEW;
END $$;

-- M3: a year is carried as its last month closes, so that nothing comes in between.
CREATE FUNCTION ledger_year_closes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM accounting_period WHERE status = 'closed'
                  AND first_on = date_trunc('month', NEW.posted_on::timestamp)::date) THEN
    PERFORM ledger_refuse('ledger_m3_year_closes_as_it_is_carried', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_year_closes AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'closing')
  EXECUTE FUNCTION ledger_year_closes();

CREATE OR REPLACE FUNCTION ledger_check_opening(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (entry.source_kind, entry.source_id) IS DISTINCT FROM ('brought_forward'::varchar, 1::bigint)
     AND EXISTS (SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
                  WHERE l.entry_id = entry.id
                    AND (a.money_place IS NOT NULL OR a.code IN ('2210', '2220'))) THEN
    PERFORM ledger_refuse('ledger_opening_comes_once', entry.id);
  END IF;
END $$;

-- M6: a collector's account is opened together with her book, for nobody we pay from outside and
-- for nobody who has gone.
CREATE OR REPLACE FUNCTION ledger_open_collector_cash(number integer, holder bigint)
RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made varchar := '1020-' || lpad(number::text, 4, '0');
BEGIN
  IF NOT EXISTS (SELECT FROM account WHERE code = made) AND (
       holder IS NULL OR number IS NULL OR number < 1
       OR EXISTS (SELECT FROM account WHERE code LIKE '1020-%' AND holder_person_id = holder)
       OR EXISTS (SELECT FROM payee WHERE person_id = holder)
       OR EXISTS (SELECT FROM member WHERE person_id = one_person(holder) AND status = 'died')) THEN
    PERFORM ledger_refuse('ledger_m6_account_for_a_collector', number);
  END IF;
  INSERT INTO account (code, name, kind, money_place, must_clear, needs_purpose, holder_person_id)
  VALUES (made, 'Cash with collector ' || number, 'asset', 'cash', false, false, holder)
  ON CONFLICT (code) DO NOTHING;
  IF NOT EXISTS (SELECT FROM account WHERE code = made AND holder_person_id = holder) THEN
    PERFORM ledger_refuse('ledger_collector_number_taken', number);
  END IF;
  RETURN made;
END $$;
CREATE FUNCTION ledger_account_has_collector() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM collector k WHERE k.account_code = NEW.code
                  AND one_person(k.person_id) = one_person(NEW.holder_person_id)) THEN
    PERFORM ledger_refuse('ledger_m6_account_for_a_collector', NEW.holder_person_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER account_has_collector AFTER INSERT ON account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.code LIKE '1020-%')
  EXECUTE FUNCTION ledger_account_has_collector();

-- M6, after the balances were kept (the name puts it behind journal_leg_posted):
-- what collectors hold, what a fund owes, and who writes on the accounts between funds and years.
CREATE FUNCTION ledger_legs_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT n.entry_id, n.account_code AS code, n.fund_code AS fund, e.kind,
           e.source_kind, sum(n.amount_minor) AS total
      FROM new_legs n JOIN journal_entry e ON e.id = n.entry_id
     WHERE n.account_code IN ('1020', '2210', '2220', '3020', '3110')
        OR n.account_code LIKE '1020-%'
     GROUP BY n.entry_id, n.account_code, n.fund_code, e.kind, e.source_kind
  LOOP
    CASE
      WHEN one.code = '1020' THEN
        PERFORM ledger_refuse('ledger_m6_collectors_cash_by_name', one.entry_id);
      WHEN one.code LIKE '1020-%' THEN
        -- Filled by receipts only: whatever else comes in brings her back to nought at most.
        IF one.total > 0 AND one.kind NOT IN ('receipt', 'reversal')
           AND ledger_control_balance(one.code) > 0 THEN
          PERFORM ledger_refuse('ledger_m6_collectors_hold_receipts', one.entry_id);
        END IF;
      WHEN one.code = '3020' THEN
        IF one.kind <> 'closing' THEN
          PERFORM ledger_refuse('ledger_m3_year_is_carried_whole', one.entry_id);
        END IF;
      WHEN one.code = '3110' THEN
        IF one.kind NOT IN ('fund_transfer', 'reversal') THEN
          PERFORM ledger_refuse('ledger_m6_funds_move_by_decision', one.entry_id);
        END IF;
      WHEN one.total > 0 THEN
        -- A fund settles what that fund owes and no more, nor is a bill undone that was paid
        -- (what else moves bills is bounded by ledger_bill_moved).
        IF (one.code = '2220' OR one.kind = 'reversal')
           AND (SELECT balance_minor FROM account_balance
                 WHERE account_code = one.code AND fund_code = one.fund) > 0 THEN
          PERFORM ledger_refuse('ledger_m6_fund_owes_it', one.entry_id);
        END IF;
      WHEN one.total < 0 AND one.code = '2220' THEN
        PERFORM ledger_check_owing(one.entry_id, one.fund, one.kind, one.source_kind);
      ELSE NULL;
    END CASE;
  END LOOP;
  RETURN NULL;
END $$;

-- M6: a restricted fund comes to owe by what it may be spent on, by money that came into it, or
-- by what it owed already; never by income undone.
CREATE FUNCTION ledger_check_owing(entry bigint, fund varchar, kind varchar, source varchar)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF kind <> 'reversal' AND source <> 'brought_forward'
     AND EXISTS (SELECT FROM fund f WHERE f.code = ledger_check_owing.fund AND f.restricted)
     AND EXISTS (
       SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
        WHERE l.entry_id = entry AND l.fund_code = ledger_check_owing.fund AND l.amount_minor > 0
          AND a.kind NOT IN ('expense', 'liability') AND a.money_place IS NULL) THEN
    PERFORM ledger_refuse('ledger_m6_restricted_owes_its_purpose', entry);
  END IF;
END $$;
CREATE TRIGGER journal_leg_within AFTER INSERT ON journal_leg
  REFERENCING NEW TABLE AS new_legs
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_legs_within();
