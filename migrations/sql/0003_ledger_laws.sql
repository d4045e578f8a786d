-- The laws of money. Every refusal names itself in the error's CONSTRAINT field.
-- An entry and all its legs are written by one SQL statement, or not at all: so an entry never
-- stands without legs, and a leg that comes later always finds legs it did not come with.

CREATE FUNCTION ledger_refuse(law text, about bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% (id %)', law, about
    USING ERRCODE = 'check_violation', CONSTRAINT = law;
END $$;

-- M6: what a voucher says, as the bytes that are approved.
CREATE FUNCTION ledger_voucher_hash(v voucher) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(format('v1|%s|%s|%s|%s|%s|%s|%s|%s|%s', v.ref, v.fund_code,
    v.money_account_code, v.spend_account_code, v.payee_person_id, v.amount_minor,
    v.source_kind, v.source_id, v.prepared_by), 'UTF8'))
$$;

CREATE FUNCTION ledger_voucher_prepared() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM account
                 WHERE code = NEW.money_account_code AND money_place IS NOT NULL) THEN
    PERFORM ledger_refuse('ledger_m6_voucher_from_money_account', NEW.id);
  END IF;
  IF NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_voucher_begins_live', NEW.id);
  END IF;
  NEW.content_hash := ledger_voucher_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_prepared BEFORE INSERT ON voucher
  FOR EACH ROW EXECUTE FUNCTION ledger_voucher_prepared();

-- Nothing of a voucher changes but that it is withdrawn, once, and not after it was paid: unless
-- that payment was taken back, when its source may need another voucher.
CREATE FUNCTION ledger_voucher_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
     OR to_jsonb(NEW) - '{withdrawn_at,withdrawn_by}'::text[]
        <> to_jsonb(OLD) - '{withdrawn_at,withdrawn_by}'::text[] THEN
    PERFORM ledger_refuse('ledger_m6_voucher_unchanged', OLD.id);
  END IF;
  IF EXISTS (SELECT FROM journal_entry e WHERE e.voucher_id = OLD.id
              AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)) THEN
    PERFORM ledger_refuse('ledger_m6_paid_voucher_withdrawn', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_changed BEFORE UPDATE ON voucher
  FOR EACH ROW EXECUTE FUNCTION ledger_voucher_changed();

CREATE FUNCTION ledger_voucher_approved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v voucher;
BEGIN
  SELECT * INTO v FROM voucher WHERE id = NEW.voucher_id FOR UPDATE;
  IF NEW.content_hash IS DISTINCT FROM ledger_voucher_hash(v) THEN
    PERFORM ledger_refuse('ledger_m6_approves_what_it_says', NEW.voucher_id);
  END IF;
  IF v.withdrawn_at IS NOT NULL
     OR EXISTS (SELECT FROM journal_entry WHERE voucher_id = NEW.voucher_id) THEN
    PERFORM ledger_refuse('ledger_m6_approves_live_voucher', NEW.voucher_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_approved BEFORE INSERT ON voucher_approval
  FOR EACH ROW EXECUTE FUNCTION ledger_voucher_approved();

-- M6: a payment is its voucher, to the paisa, approved by two who are not the payee.
CREATE FUNCTION ledger_check_payment(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v voucher;
  hash bytea;
BEGIN
  SELECT * INTO v FROM voucher WHERE id = entry.voucher_id FOR UPDATE;
  IF NOT FOUND OR v.withdrawn_at IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_live_voucher', entry.id);
  END IF;
  IF (entry.source_kind, entry.source_id) IS DISTINCT FROM ('voucher'::varchar, v.id) THEN
    PERFORM ledger_refuse('ledger_m6_payment_names_voucher', entry.id);
  END IF;
  hash := ledger_voucher_hash(v);
  IF (SELECT count(DISTINCT person_id) FROM voucher_approval
      WHERE voucher_id = v.id AND person_id <> v.payee_person_id AND content_hash = hash) < 2 THEN
    PERFORM ledger_refuse('ledger_m6_two_approvals', entry.id);
  END IF;
  IF NOT EXISTS (SELECT FROM fund_purpose
                 WHERE fund_code = v.fund_code AND account_code = v.spend_account_code) THEN
    PERFORM ledger_refuse('ledger_m6_fund_purpose', entry.id);
  END IF;
  IF EXISTS (
    (SELECT account_code, fund_code, sum(amount_minor) FROM journal_leg
      WHERE entry_id = entry.id GROUP BY account_code, fund_code)
    EXCEPT
    (VALUES (v.money_account_code, v.fund_code, (-v.amount_minor)::numeric),
            (v.spend_account_code, v.fund_code, v.amount_minor::numeric))
  ) OR (SELECT count(*) FROM journal_leg WHERE entry_id = entry.id) <> 2 THEN
    PERFORM ledger_refuse('ledger_m6_payment_is_its_voucher', entry.id);
  END IF;
END $$;

-- M6: an exact opposite of one entry that is itself no reversal, so that money taken back by a
-- reversal cannot be sent out again by reversing that.
CREATE FUNCTION ledger_check_reversal(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_entry WHERE id = entry.reverses_id AND kind <> 'reversal')
     OR (entry.source_kind, entry.source_id)
        IS DISTINCT FROM ('journal_entry'::varchar, entry.reverses_id) THEN
    PERFORM ledger_refuse('ledger_m6_reverses_an_original', entry.id);
  END IF;
  IF EXISTS (
    SELECT FROM (
      SELECT account_code, fund_code, amount_minor FROM journal_leg
       WHERE entry_id = entry.reverses_id
      UNION ALL
      SELECT account_code, fund_code, amount_minor FROM journal_leg WHERE entry_id = entry.id
    ) both_entries
    GROUP BY account_code, fund_code HAVING sum(amount_minor) <> 0
  ) THEN
    PERFORM ledger_refuse('ledger_m6_reversal_is_exact', entry.id);
  END IF;
END $$;

-- M6: kinds that may take money out with no second hand in advance, each in its one shape.
CREATE FUNCTION ledger_check_shape(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  places text[];
  counter varchar;
BEGIN
  IF entry.kind = 'bank_charge' THEN
    IF entry.source_kind <> 'statement_line' THEN
      PERFORM ledger_refuse('ledger_m6_bank_charge_from_statement', entry.id);
    END IF;
    places := '{bank,provider}';
    counter := '1190';
  ELSIF entry.kind IN ('card_refund', 'card_dispute') THEN
    IF entry.source_kind <> 'provider_event' THEN
      PERFORM ledger_refuse('ledger_m6_card_event_from_provider', entry.id);
    END IF;
    places := '{provider}';
    counter := '1195';
  ELSE
    places := '{cash,bank,provider}';
  END IF;
  IF EXISTS (
    SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
     WHERE l.entry_id = entry.id
       AND NOT coalesce(a.money_place = ANY (places), false)
       AND l.account_code IS DISTINCT FROM counter
  ) THEN
    PERFORM ledger_refuse('ledger_m6_' || entry.kind || '_accounts', entry.id);
  END IF;
END $$;

-- What stands on a must-clear account comes from money or goes to its listed targets.
CREATE FUNCTION ledger_check_clearing(entry bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM journal_leg c
      JOIN account ca ON ca.code = c.account_code
      JOIN journal_leg o ON o.entry_id = c.entry_id AND o.account_code <> c.account_code
      JOIN account oa ON oa.code = o.account_code
     WHERE c.entry_id = entry AND ca.must_clear AND ca.money_place IS NULL
       AND oa.money_place IS NULL
       AND NOT EXISTS (SELECT FROM clearing_target t
                       WHERE t.account_code = c.account_code AND t.target_code = o.account_code)
  ) THEN
    PERFORM ledger_refuse('ledger_m6_clearing_target', entry);
  END IF;
END $$;

CREATE FUNCTION ledger_check_suspect(entry_id bigint, kind text, outflow boolean,
                                     clearing boolean, bounded boolean, misspent boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry journal_entry;
BEGIN
  IF misspent THEN
    PERFORM ledger_refuse('ledger_m6_fund_purpose', entry_id);
  END IF;
  IF bounded AND EXISTS (
    SELECT FROM account a JOIN account_balance b ON b.account_code = a.code
     WHERE a.ceiling_minor IS NOT NULL
     GROUP BY a.code HAVING sum(b.balance_minor) > a.ceiling_minor) THEN
    PERFORM ledger_refuse('ledger_m6_float_is_bounded', entry_id);
  END IF;
  SELECT * INTO entry FROM journal_entry WHERE id = entry_id;
  IF kind = 'payment' THEN
    PERFORM ledger_check_payment(entry);
  ELSIF kind = 'reversal' THEN
    PERFORM ledger_check_reversal(entry);
  ELSIF kind IN ('transfer', 'bank_charge', 'card_refund', 'card_dispute') THEN
    PERFORM ledger_check_shape(entry);
  ELSIF outflow THEN
    PERFORM ledger_refuse('ledger_m6_outflow_needs_voucher', entry_id);
  END IF;
  IF clearing AND kind <> 'reversal' THEN
    PERFORM ledger_check_clearing(entry_id);
  END IF;
END $$;

-- Sequential scans are off in the two posting triggers: a session keeps the plans it made first,
-- and one made while the journal was young would read all of it for ever.
CREATE FUNCTION ledger_legs_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  bad bigint;
  suspect record;
BEGIN
  -- M2: all legs of each entry came with this statement.
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

  -- Balances before the checks that read accounts: their foreign keys prove account and fund.
  WITH moved AS MATERIALIZED (
    SELECT n.account_code, n.fund_code, e.posted_on, sum(n.amount_minor) AS total,
           sum(greatest(n.amount_minor, 0)) AS debits
      FROM new_legs n JOIN journal_entry e ON e.id = n.entry_id
     GROUP BY n.account_code, n.fund_code, e.posted_on
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
        OR e.kind IN ('payment', 'transfer', 'bank_charge', 'card_refund', 'card_dispute',
                      'reversal')
  LOOP
    PERFORM ledger_check_suspect(suspect.entry_id, suspect.kind, suspect.outflow,
                                 suspect.clearing, suspect.bounded, suspect.misspent);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_leg_posted AFTER INSERT ON journal_leg
  REFERENCING NEW TABLE AS new_legs
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_legs_posted();

CREATE FUNCTION ledger_month_number(day date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (extract(year FROM day) * 12 + extract(month FROM day))::integer
$$;

-- M2 and M3: an entry has its legs from the start, and stands in an open month.
CREATE FUNCTION ledger_entries_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE bad bigint;
BEGIN
  SELECT e.id INTO bad FROM new_entries e
   WHERE NOT EXISTS (SELECT FROM journal_leg l WHERE l.entry_id = e.id) LIMIT 1;
  IF FOUND THEN
    PERFORM ledger_refuse('ledger_m2_entry_has_legs', bad);
  END IF;
  -- Postings share the lock of their month; closing takes it alone, and so waits for them.
  PERFORM pg_advisory_xact_lock_shared(3001, number)
     FROM (SELECT DISTINCT ledger_month_number(posted_on) AS number FROM new_entries) months;
  -- An older snapshot could still see the month open: there, the row is locked, which fails.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM FROM accounting_period p
      WHERE ledger_month_number(p.first_on)
            IN (SELECT ledger_month_number(posted_on) FROM new_entries) FOR SHARE;
  END IF;
  SELECT e.id INTO bad FROM new_entries e
   WHERE NOT EXISTS (SELECT FROM accounting_period p
                      WHERE p.first_on = date_trunc('month', e.posted_on::timestamp)::date
                        AND p.status = 'open')
   LIMIT 1;
  IF FOUND THEN
    PERFORM ledger_refuse('ledger_m3_month_is_open', bad);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_entry_posted AFTER INSERT ON journal_entry
  REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_posted();

-- M3: months close in order, with nothing left to clear, and never open again.
CREATE FUNCTION ledger_period_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> 'open' THEN
    PERFORM ledger_refuse('ledger_m3_month_begins_open', 0);
  END IF;
  IF EXISTS (SELECT FROM accounting_period WHERE status = 'closed' AND first_on > NEW.first_on)
  THEN
    PERFORM ledger_refuse('ledger_m3_no_month_before_a_closed_one', 0);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounting_period_made BEFORE INSERT ON accounting_period
  FOR EACH ROW EXECUTE FUNCTION ledger_period_made();

CREATE FUNCTION ledger_period_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status = 'closed' OR NEW.status <> 'closed' OR NEW.first_on <> OLD.first_on THEN
    PERFORM ledger_refuse('ledger_m3_closed_stays_closed', 0);
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
CREATE TRIGGER accounting_period_changed BEFORE UPDATE ON accounting_period
  FOR EACH ROW EXECUTE FUNCTION ledger_period_changed();

-- M2: nothing that was posted, approved or sealed is changed or taken away, by anybody.
DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{journal_entry,journal_leg,entry_text,voucher_text,voucher_approval,seal,seal_entry}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{voucher,accounting_period,account}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_is_kept', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{fund,account,fund_purpose,clearing_target,account_balance,account_day}'::text[]
  LOOP
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON voucher TO sangha_app;
GRANT UPDATE (status, closed_at, closed_by) ON accounting_period TO sangha_app;

-- The one kind of account the application may open: the cash in one collector's hands.
CREATE FUNCTION ledger_open_collector_cash(number integer, holder bigint) RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE made varchar := '1020-' || lpad(number::text, 4, '0');
BEGIN
  INSERT INTO account (code, name, kind, money_place, must_clear, needs_purpose, holder_person_id)
  VALUES (made, 'Cash with collector ' || number, 'asset', 'cash', false, false, holder)
  ON CONFLICT (code) DO NOTHING;
  IF NOT EXISTS (SELECT FROM account WHERE code = made AND holder_person_id = holder) THEN
    PERFORM ledger_refuse('ledger_collector_number_taken', number);
  END IF;
  RETURN made;
END $$;

-- M5: what a sub-ledger compares itself to, one indexed read a fund.
CREATE FUNCTION ledger_control_balance(account varchar) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(balance_minor), 0)::bigint FROM account_balance WHERE account_code = account
$$;
