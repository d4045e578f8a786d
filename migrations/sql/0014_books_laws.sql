-- The laws of money, for what came with the books deepened. Each refusal names itself.

CREATE OR REPLACE FUNCTION ledger_voucher_prepared() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM account
                 WHERE code = NEW.money_account_code AND money_place IS NOT NULL) THEN
    PERFORM ledger_refuse('ledger_m6_voucher_from_money_account', NEW.id);
  END IF;
  IF NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_voucher_begins_live', NEW.id);
  END IF;
  IF EXISTS (SELECT FROM float_account WHERE account_code = NEW.spend_account_code
              AND holder_person_id <> NEW.payee_person_id) THEN
    PERFORM ledger_refuse('ledger_m6_float_for_its_holder', NEW.id);
  END IF;
  NEW.content_hash := ledger_voucher_hash(NEW);
  RETURN NEW;
END $$;

-- M6: what is signed is what lies there, words and papers too.
CREATE FUNCTION ledger_check_papers(v voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF v.papers_hash IS NOT NULL AND v.papers_hash <> ledger_papers_hash(v.id) THEN
    PERFORM ledger_refuse('ledger_m6_papers_as_shown', v.id);
  END IF;
END $$;
CREATE FUNCTION ledger_papers_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ledger_check_papers(v) FROM voucher v WHERE v.id = NEW.voucher_id;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_papers_approved BEFORE INSERT ON voucher_approval
  FOR EACH ROW EXECUTE FUNCTION ledger_papers_approved();

-- M6: no paper is laid under a signature that is there already.
CREATE FUNCTION ledger_paper_laid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.belongs_kind = 'voucher' AND (
        NOT EXISTS (SELECT FROM voucher WHERE id = NEW.belongs_id)
        OR EXISTS (SELECT FROM voucher_approval WHERE voucher_id = NEW.belongs_id)))
     OR (NEW.belongs_kind = 'settlement' AND (
        NOT EXISTS (SELECT FROM float_settlement WHERE id = NEW.belongs_id)
        OR EXISTS (SELECT FROM float_answer WHERE settlement_id = NEW.belongs_id)))
     OR (NEW.belongs_kind = 'opening' AND EXISTS (
        SELECT FROM journal_entry WHERE (source_kind, source_id) = ('brought_forward', 1)))
  THEN
    PERFORM ledger_refuse('ledger_m6_papers_before_hands', NEW.belongs_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_laid BEFORE INSERT ON paper
  FOR EACH ROW EXECUTE FUNCTION ledger_paper_laid();

-- M6: the words come with the voucher and never under a signature either.
CREATE FUNCTION ledger_voucher_worded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM voucher_approval WHERE voucher_id = NEW.voucher_id) THEN
    PERFORM ledger_refuse('ledger_m6_papers_before_hands', NEW.voucher_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_text_worded BEFORE INSERT ON voucher_text
  FOR EACH ROW EXECUTE FUNCTION ledger_voucher_worded();

-- M6: a float is opened, and its limit set, by somebody who does not hold it.
CREATE FUNCTION ledger_set_float(float_ref varchar, holder bigint, purpose varchar,
                                 limit_minor bigint, by_person bigint, at timestamptz)
RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  p float_purpose;
  made varchar;
  next_number integer;
BEGIN
  SELECT * INTO p FROM float_purpose WHERE code = purpose;
  IF NOT FOUND OR limit_minor < 0 OR limit_minor > p.most_minor THEN
    PERFORM ledger_refuse('ledger_m6_float_limit', coalesce(limit_minor, 0));
  END IF;
  IF holder IS NULL OR by_person IS NULL OR holder = by_person THEN
    PERFORM ledger_refuse('ledger_m6_float_limit_by_another', holder);
  END IF;
  PERFORM pg_advisory_xact_lock(3004, 0);
  SELECT account_code INTO made FROM float_account
   WHERE holder_person_id = holder AND purpose_code = purpose;
  IF made IS NULL THEN
    SELECT coalesce(max(number), 0) + 1 INTO next_number FROM float_account;
    made := '1310-' || lpad(next_number::text, 4, '0');
    INSERT INTO account (code, name, kind, money_place, must_clear, needs_purpose,
                         ceiling_minor, holder_person_id)
    VALUES (made, 'Float ' || next_number, 'asset', 'cash', false, true, limit_minor, holder);
    INSERT INTO fund_purpose (fund_code, account_code) VALUES (p.fund_code, made);
    INSERT INTO float_account VALUES (made, float_ref, holder, purpose, next_number);
  ELSE
    UPDATE account SET ceiling_minor = limit_minor WHERE code = made;
  END IF;
  INSERT INTO float_limit (account_code, limit_minor, set_by, set_at)
  VALUES (made, limit_minor, by_person, at);
  RETURN made;
END $$;

-- M6: what a holder spent leaves her float only as she told it, with papers, taken by another.
CREATE FUNCTION ledger_check_float_spent(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  s float_settlement;
  f float_account;
  p float_purpose;
BEGIN
  SELECT * INTO s FROM float_settlement
   WHERE id = entry.source_id AND entry.source_kind = 'float_settlement';
  IF NOT FOUND OR NOT EXISTS (
       SELECT FROM float_answer a JOIN float_account h ON h.account_code = s.account_code
        WHERE a.settlement_id = s.id AND a.accepted AND a.answered_by <> h.holder_person_id) THEN
    PERFORM ledger_refuse('ledger_m6_float_settlement_accepted', entry.id);
  END IF;
  SELECT * INTO f FROM float_account WHERE account_code = s.account_code;
  SELECT * INTO p FROM float_purpose WHERE code = f.purpose_code;
  IF p.needs_paper AND NOT EXISTS (
       SELECT FROM paper WHERE belongs_kind = 'settlement' AND belongs_id = s.id) THEN
    PERFORM ledger_refuse('ledger_m6_float_settled_with_papers', entry.id);
  END IF;
  IF EXISTS (
    (SELECT account_code, fund_code, amount_minor FROM journal_leg WHERE entry_id = entry.id)
    EXCEPT
    (VALUES (s.account_code, p.fund_code, -s.amount_minor),
            (p.spend_account_code, p.fund_code, s.amount_minor))
  ) OR (SELECT count(*) FROM journal_leg WHERE entry_id = entry.id) <> 2 THEN
    PERFORM ledger_refuse('ledger_m6_float_spent_as_told', entry.id);
  END IF;
  IF EXISTS (SELECT FROM account_balance
              WHERE account_code = s.account_code AND balance_minor < 0) THEN
    PERFORM ledger_refuse('ledger_m6_float_not_overspent', entry.id);
  END IF;
END $$;

-- M3: the year's income and expenditure are carried whole, by one entry, on the year's last day.
CREATE FUNCTION ledger_check_year(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF entry.source_kind <> 'financial_year'
     OR entry.posted_on <> make_date(entry.source_id::integer + 1, 3, 31)
     OR EXISTS (SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
                 WHERE l.entry_id = entry.id AND a.kind NOT IN ('income', 'expense')
                   AND a.code <> '3020')
     OR NOT ledger_year_is_carried(entry.posted_on) THEN
    PERFORM ledger_refuse('ledger_m3_year_is_carried_whole', entry.id);
  END IF;
END $$;
CREATE FUNCTION ledger_year_is_carried(last_on date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM account_day d JOIN account a ON a.code = d.account_code
     WHERE a.kind IN ('income', 'expense') AND d.posted_on <= last_on
     GROUP BY d.account_code, d.fund_code HAVING sum(d.debit_minor - d.credit_minor) <> 0)
$$;

-- What the union had when its books began comes in once.
CREATE FUNCTION ledger_check_opening(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (entry.source_kind, entry.source_id) IS DISTINCT FROM ('brought_forward'::varchar, 1::bigint)
     AND EXISTS (SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
                  WHERE l.entry_id = entry.id AND a.money_place IS NOT NULL) THEN
    PERFORM ledger_refuse('ledger_opening_comes_once', entry.id);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_check_suspect(entry_id bigint, kind text, outflow boolean,
                                                clearing boolean, bounded boolean,
                                                misspent boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  entry journal_entry;
  about bigint := entry_id;
BEGIN
  IF misspent AND kind <> 'closing' THEN
    PERFORM ledger_refuse('ledger_m6_fund_purpose', about);
  END IF;
  IF bounded THEN
    IF kind NOT IN ('payment', 'reversal') THEN
      PERFORM ledger_refuse('ledger_m6_float_by_voucher', about);
    END IF;
    IF EXISTS (
      SELECT FROM journal_leg l
        JOIN account a ON a.code = l.account_code AND a.ceiling_minor IS NOT NULL
       WHERE l.entry_id = about AND l.amount_minor > 0 AND a.ceiling_minor
             < (SELECT sum(b.balance_minor) FROM account_balance b WHERE b.account_code = a.code))
    THEN
      PERFORM ledger_refuse('ledger_m6_float_is_bounded', about);
    END IF;
  END IF;
  SELECT * INTO entry FROM journal_entry WHERE id = about;
  CASE
    WHEN kind = 'payment' THEN PERFORM ledger_check_payment(entry);
    WHEN kind = 'reversal' THEN PERFORM ledger_check_reversal(entry);
    WHEN kind = 'float_spent' THEN PERFORM ledger_check_float_spent(entry);
    WHEN kind = 'closing' THEN PERFORM ledger_check_year(entry);
    WHEN kind IN ('transfer', 'bank_charge', 'card_refund', 'card_dispute') THEN
      PERFORM ledger_check_shape(entry);
    WHEN outflow THEN PERFORM ledger_refuse('ledger_m6_outflow_needs_voucher', about);
    WHEN kind = 'opening' THEN PERFORM ledger_check_opening(entry);
    ELSE NULL;
  END CASE;
  IF kind = 'payment' THEN
    PERFORM ledger_check_papers(v) FROM voucher v WHERE v.id = entry.voucher_id;
  END IF;
  IF clearing AND kind <> 'reversal' THEN
    PERFORM ledger_check_clearing(about);
  END IF;
END $$;

-- As before, and each leg stands on its entry's day.
CREATE OR REPLACE FUNCTION ledger_legs_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  bad bigint;
  suspect record;
BEGIN
  -- M2: all legs of each entry came with this statement, on the day of their entry.
  SELECT n.entry_id INTO bad
    FROM (SELECT entry_id, count(*) AS legs FROM new_legs GROUP BY entry_id) n
   WHERE n.legs < 2
      OR n.legs <> (SELECT count(*) FROM journal_leg l WHERE l.entry_id = n.entry_id)
   LIMIT 1;
  IF FOUND THEN
    PERFORM ledger_refuse('ledger_m2_posted_whole', bad);
  END IF;

  -- M1: each entry balances in each of its funds.
  SELECT entry_id INTO bad FROM new_legs
   GROUP BY entry_id, fund_code HAVING sum(amount_minor) <> 0 LIMIT 1;
  IF FOUND THEN
    PERFORM ledger_refuse('ledger_m1_balanced_per_fund', bad);
  END IF;

  SELECT n.entry_id INTO bad FROM new_legs n JOIN journal_entry e ON e.id = n.entry_id
   WHERE n.posted_on IS DISTINCT FROM e.posted_on LIMIT 1;
  IF FOUND THEN
    PERFORM ledger_refuse('ledger_m2_leg_on_its_day', bad);
  END IF;

  -- Balances before the checks that read accounts: their foreign keys prove account and fund.
  WITH moved AS MATERIALIZED (
    SELECT account_code, fund_code, posted_on, sum(amount_minor) AS total,
           sum(greatest(amount_minor, 0)) AS debits
      FROM new_legs GROUP BY account_code, fund_code, posted_on
  ), balances AS (
    INSERT INTO account_balance AS b (account_code, fund_code, balance_minor)
    SELECT account_code, fund_code, sum(total) FROM moved
     GROUP BY account_code, fund_code ORDER BY account_code, fund_code
    ON CONFLICT (account_code, fund_code)
    DO UPDATE SET balance_minor = b.balance_minor + excluded.balance_minor
  )
  INSERT INTO account_day AS d (account_code, fund_code, posted_on, debit_minor, credit_minor)
  SELECT account_code, fund_code, posted_on, debits, debits - total FROM moved
   ORDER BY account_code, fund_code, posted_on
  ON CONFLICT (account_code, fund_code, posted_on)
  DO UPDATE SET debit_minor = d.debit_minor + excluded.debit_minor,
                credit_minor = d.credit_minor + excluded.credit_minor;

  -- M6: what is spent, what leaves a money account, what passes a must-clear account.
  FOR suspect IN
    SELECT f.*, e.kind
      FROM (
        SELECT s.entry_id,
               bool_or(a.money_place IS NOT NULL AND s.total < 0) AS outflow,
               bool_or(a.must_clear) AS clearing,
               bool_or(s.total > 0 AND a.ceiling_minor IS NOT NULL) AS bounded,
               bool_or(a.needs_purpose AND s.total > 0 AND NOT EXISTS (
                 SELECT FROM fund_purpose p
                  WHERE p.fund_code = s.fund_code AND p.account_code = s.account_code)) AS misspent
          FROM (SELECT entry_id, account_code, fund_code, sum(amount_minor) AS total
                  FROM new_legs GROUP BY entry_id, account_code, fund_code) s
          JOIN account a ON a.code = s.account_code
         GROUP BY s.entry_id
      ) f
      JOIN journal_entry e ON e.id = f.entry_id
     WHERE f.outflow OR f.clearing OR f.bounded OR f.misspent
        OR e.kind NOT IN ('charge', 'receipt', 'allocation', 'waiver', 'clearing', 'adjustment')
  LOOP
    PERFORM ledger_check_suspect(suspect.entry_id, suspect.kind, suspect.outflow,
                                 suspect.clearing, suspect.bounded, suspect.misspent);
  END LOOP;
  RETURN NULL;
END $$;

-- M3: as before, and the last month of a year closes when the year is carried.
CREATE FUNCTION ledger_year_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(3001, ledger_month_number(OLD.first_on));
  IF NEW.status = 'closed' AND extract(month FROM OLD.first_on) = 3
     AND NOT ledger_year_is_carried((OLD.first_on + interval '1 month - 1 day')::date) THEN
    PERFORM ledger_refuse('ledger_m3_year_is_carried', 0);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounting_period_year_closed BEFORE UPDATE ON accounting_period
  FOR EACH ROW EXECUTE FUNCTION ledger_year_closed();

-- Cash is counted against what the book says when the count is written down.
CREATE FUNCTION ledger_cash_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM account_balance WHERE account_code = NEW.account_code
    ORDER BY fund_code FOR UPDATE;
  IF NOT EXISTS (SELECT FROM account WHERE code = NEW.account_code AND money_place = 'cash')
     OR NEW.book_minor <> ledger_control_balance(NEW.account_code) THEN
    PERFORM ledger_refuse('ledger_count_against_the_book', NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cash_count_counted BEFORE INSERT ON cash_count
  FOR EACH ROW EXECUTE FUNCTION ledger_cash_counted();

-- M2: what was written down here is never changed, and the application owns none of the bounds.
DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{payee,paper,paper_piece,float_limit,float_settlement,float_answer,cash_count,budget_line,month_close}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{float_purpose,float_account,float_limit}'::text[]
  LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
