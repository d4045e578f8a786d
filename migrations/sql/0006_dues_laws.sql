-- The laws of dues (M4, M5). Every refusal names itself in the error's CONSTRAINT field.
-- Sub-ledgers are summed by statement triggers with transition tables, one sum per account and
-- fund, and compared at commit with the balance that the ledger's own posting keeps. Sequential
-- scans are off in them: a session keeps the plans it made first, over tables still young.

CREATE FUNCTION dues_refuse(law text, about bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% (id %)', law, about
    USING ERRCODE = 'check_violation', CONSTRAINT = law;
END $$;

CREATE FUNCTION dues_add(account varchar, fund varchar, amount bigint) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO dues_control AS c (account_code, fund_code, balance_minor)
  VALUES (account, fund, amount)
  ON CONFLICT (account_code, fund_code)
  DO UPDATE SET balance_minor = c.balance_minor + excluded.balance_minor
$$;

-- What is charged is owed: each charge begins with nothing paid, in a slice that exists.
CREATE FUNCTION dues_charged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  sums record;
BEGIN
  FOR sums IN
    SELECT fund_code, slice_id, sum(amount_minor)::bigint AS amount,
           max(settled_minor) AS settled
      FROM added GROUP BY fund_code, slice_id ORDER BY fund_code, slice_id
  LOOP
    IF sums.settled <> 0 THEN
      PERFORM dues_refuse('dues_m5_charge_begins_open', sums.slice_id);
    END IF;
    IF NOT EXISTS (SELECT FROM dues_slice
                   WHERE id = sums.slice_id AND fund_code = sums.fund_code) THEN
      PERFORM dues_refuse('dues_m5_charge_in_its_slice', sums.slice_id);
    END IF;
    PERFORM dues_add('1210', sums.fund_code, sums.amount);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER dues_charge_added AFTER INSERT ON dues_charge
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dues_charged();

-- What is spread over charges is no longer owed; the check on settled_minor refuses too much.
CREATE FUNCTION dues_allocated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  sums record;
BEGIN
  UPDATE dues_charge c SET settled_minor = c.settled_minor + s.amount
    FROM (SELECT charge_id, sum(amount_minor)::bigint AS amount
            FROM added GROUP BY charge_id) s
   WHERE c.id = s.charge_id;
  FOR sums IN
    SELECT c.fund_code, sum(a.amount_minor)::bigint AS amount
      FROM added a JOIN dues_charge c ON c.id = a.charge_id
     GROUP BY c.fund_code ORDER BY c.fund_code
  LOOP
    PERFORM dues_add('1210', sums.fund_code, -sums.amount);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER dues_allocation_added AFTER INSERT ON dues_allocation
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dues_allocated();

-- What members have paid ahead is owed to them; nobody uses more than she has.
CREATE FUNCTION dues_credited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  sums record;
BEGIN
  FOR sums IN
    SELECT fund_code, sum(amount_minor)::bigint AS amount
      FROM added GROUP BY fund_code ORDER BY fund_code
  LOOP
    PERFORM dues_add('2110', sums.fund_code, -sums.amount);
  END LOOP;
  INSERT INTO member_credit (person_id, balance_minor)
  SELECT DISTINCT person_id, 0 FROM added
  ON CONFLICT (person_id) DO NOTHING;
  UPDATE member_credit m SET balance_minor = m.balance_minor + s.amount
    FROM (SELECT person_id, sum(amount_minor)::bigint AS amount
            FROM added GROUP BY person_id ORDER BY person_id) s
   WHERE m.person_id = s.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_movement_added AFTER INSERT ON credit_movement
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dues_credited();

-- The cash in each collector's hands, by her own account of the books.
CREATE FUNCTION dues_cash_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  sums record;
BEGIN
  IF EXISTS (
    SELECT FROM added a
      LEFT JOIN dues_payment p ON p.id = a.payment_id
      LEFT JOIN hand_over h ON h.id = a.hand_over_id
      LEFT JOIN cash_difference d ON d.id = a.difference_id
     WHERE (a.collector_id, a.amount_minor) IS DISTINCT FROM
           (coalesce(p.collector_id, h.collector_id, d.collector_id),
            coalesce(p.amount_minor, -h.counted_minor, d.amount_minor))
  ) THEN
    PERFORM dues_refuse('dues_m5_cash_as_its_source_says', (SELECT min(id) FROM added));
  END IF;
  FOR sums IN
    SELECT k.account_code, sum(a.amount_minor)::bigint AS amount
      FROM added a JOIN collector k ON k.id = a.collector_id
     GROUP BY k.account_code ORDER BY k.account_code
  LOOP
    PERFORM dues_add(sums.account_code, 'general', sums.amount);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER cash_movement_added AFTER INSERT ON cash_movement
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dues_cash_moved();

-- M5: at commit each sub-ledger is its account, to the paisa, in every fund; asked from both sides.
CREATE FUNCTION dues_check_control() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  ours bigint;
  theirs bigint;
BEGIN
  SELECT balance_minor INTO ours FROM dues_control
   WHERE account_code = NEW.account_code AND fund_code = NEW.fund_code;
  SELECT balance_minor INTO theirs FROM account_balance
   WHERE account_code = NEW.account_code AND fund_code = NEW.fund_code;
  IF coalesce(ours, 0) <> coalesce(theirs, 0) THEN
    PERFORM dues_refuse('dues_m5_sub_ledger_is_its_account', 0);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dues_control_agrees AFTER INSERT OR UPDATE ON dues_control
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_control();
CREATE CONSTRAINT TRIGGER account_balance_agrees_with_dues AFTER INSERT OR UPDATE ON account_balance
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.account_code IN ('1210', '2110') OR NEW.account_code LIKE '1020-%')
  EXECUTE FUNCTION dues_check_control();

-- A payment is whole: shares and credit make up its amount, cash on a round is in her hands,
-- and it has a receipt. Asked at commit, however its parts were written.
CREATE FUNCTION dues_check_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  paid dues_payment;
BEGIN
  SELECT p.* INTO paid FROM dues_payment p
   WHERE p.id = (CASE WHEN TG_TABLE_NAME = 'dues_payment' THEN to_jsonb(NEW) ->> 'id'
                      ELSE to_jsonb(NEW) ->> 'payment_id' END)::bigint;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF paid.amount_minor <> paid.credit_minor
     + (SELECT coalesce(sum(amount_minor), 0) FROM dues_allocation WHERE payment_id = paid.id)
     OR paid.credit_minor <>
        (SELECT coalesce(sum(amount_minor), 0) FROM credit_movement
          WHERE payment_id = paid.id AND person_id = paid.person_id) THEN
    PERFORM dues_refuse('dues_m5_payment_is_whole', paid.id);
  END IF;
  IF (paid.collector_id IS NULL) = EXISTS (SELECT FROM cash_movement WHERE payment_id = paid.id)
  THEN
    PERFORM dues_refuse('dues_m5_round_cash_is_in_hand', paid.id);
  END IF;
  IF NOT EXISTS (SELECT FROM receipt
                  WHERE payment_id = paid.id AND collector_id IS NOT DISTINCT FROM paid.collector_id)
  THEN
    PERFORM dues_refuse('dues_m4_payment_has_receipt', paid.id);
  END IF;
  IF NOT EXISTS (SELECT FROM journal_entry
                  WHERE source_kind = 'dues_payment' AND source_id = paid.id) THEN
    PERFORM dues_refuse('dues_m5_payment_is_posted', paid.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dues_payment_whole AFTER INSERT ON dues_payment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_payment();
CREATE CONSTRAINT TRIGGER dues_allocation_whole AFTER INSERT ON dues_allocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL)
  EXECUTE FUNCTION dues_check_payment();
CREATE CONSTRAINT TRIGGER credit_movement_whole AFTER INSERT ON credit_movement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL)
  EXECUTE FUNCTION dues_check_payment();

-- Of a charge, only what is paid on it ever changes, and only by an allocation.
CREATE FUNCTION dues_charge_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_trigger_depth() < 2
     OR to_jsonb(NEW) - 'settled_minor' <> to_jsonb(OLD) - 'settled_minor' THEN
    PERFORM dues_refuse('dues_m2_charge_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_charge_kept BEFORE UPDATE ON dues_charge
  FOR EACH ROW EXECUTE FUNCTION dues_charge_kept();

-- A line of a sheet is settled once; what was written on it stays.
CREATE FUNCTION dues_line_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  settling text[] := '{settled_at,settled_by,settled_how,payment_id}';
BEGIN
  IF OLD.settled_at IS NOT NULL OR OLD.verdict NOT IN ('refused', 'missing')
     OR to_jsonb(NEW) - settling <> to_jsonb(OLD) - settling THEN
    PERFORM dues_refuse('dues_line_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER collection_line_settled BEFORE UPDATE ON collection_line
  FOR EACH ROW EXECUTE FUNCTION dues_line_settled();

DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{dues_payment,receipt,dues_allocation,credit_movement,cash_movement,hand_over,cash_difference,dues_slice,dues_opening,collection_sheet}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{dues_charge,collection_line,collector,dues_rate}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_is_kept', guarded);
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
REVOKE UPDATE ON dues_charge FROM sangha_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON member_credit, dues_control FROM sangha_app;
REVOKE UPDATE ON collection_line FROM sangha_app;
GRANT UPDATE (settled_at, settled_by, settled_how, payment_id) ON collection_line TO sangha_app;
REVOKE UPDATE ON dues_rate, collector FROM sangha_app;
GRANT UPDATE (person_id) ON collector TO sangha_app;
