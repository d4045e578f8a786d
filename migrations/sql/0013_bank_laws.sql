-- The laws of the bank. Every refusal names itself in the error's CONSTRAINT field.
-- A line is in the books by the entries that are linked to it and that nobody took back.

CREATE FUNCTION bank_refuse(law text, about bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% (id %)', law, about
    USING ERRCODE = 'check_violation', CONSTRAINT = law;
END $$;

-- Where each line stands: its latest decision, and whether that still holds. An entry taken back
-- no longer counts; but when money itself came back, that is a line of its own, and both count.
CREATE VIEW bank_line_now AS
  SELECT l.id AS line_id, d.id AS decision_id, d.kind, d.until_month,
         coalesce(d.kind = 'carried'
           OR (EXISTS (SELECT FROM bank_line_entry e WHERE e.decision_id = d.id)
               AND NOT EXISTS (SELECT FROM bank_line_entry e
                                 JOIN journal_entry r ON r.reverses_id = e.entry_id
                                WHERE e.decision_id = d.id
                                  AND NOT EXISTS (SELECT FROM bank_line_entry x
                                                   WHERE x.entry_id = r.id))), false) AS stands
    FROM bank_line l
    LEFT JOIN LATERAL (SELECT b.id, b.kind, b.until_month FROM bank_decision b
                        WHERE b.line_id = l.id ORDER BY b.round DESC LIMIT 1) d ON true;

-- Lines up to a day that nobody has decided about; carried ones until the month they were
-- carried over is itself past.
CREATE FUNCTION bank_undecided(until date) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT l.id FROM bank_line l JOIN bank_line_now n ON n.line_id = l.id
   WHERE l.booked_on <= until
     AND (NOT n.stands
          OR (n.kind = 'carried'
              AND n.until_month < date_trunc('month', until::timestamp)::date))
$$;

-- M3: no month is closed over a line that waits.
CREATE FUNCTION bank_month_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE waiting bigint;
BEGIN
  IF NEW.status = 'closed' AND OLD.status <> 'closed' THEN
    SELECT bank_undecided((OLD.first_on + interval '1 month' - interval '1 day')::date)
      INTO waiting LIMIT 1;
    IF FOUND THEN
      PERFORM bank_refuse('bank_m3_lines_decided_first', waiting);
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounting_period_lines_decided BEFORE UPDATE ON accounting_period
  FOR EACH ROW EXECUTE FUNCTION bank_month_closing();

-- M4: a line is decided once; anew only after its booking was taken back or it was carried over.
CREATE FUNCTION bank_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held bank_line_now;
  rounds integer;
  amount bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7002, (NEW.line_id % 2147483647)::integer);
  SELECT count(*) INTO rounds FROM bank_decision WHERE line_id = NEW.line_id;
  SELECT * INTO held FROM bank_line_now WHERE line_id = NEW.line_id;
  IF NEW.round <> rounds + 1 OR (held.stands AND held.kind <> 'carried') THEN
    PERFORM bank_refuse('bank_m4_line_decided_once', NEW.line_id);
  END IF;
  SELECT amount_minor INTO amount FROM bank_line WHERE id = NEW.line_id;
  IF NEW.kind = 'carried' AND amount > 0 THEN
    PERFORM bank_refuse('bank_m3_money_received_is_placed', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_decision_once BEFORE INSERT ON bank_decision
  FOR EACH ROW EXECUTE FUNCTION bank_decided();

-- Asked at commit: a decision is booked, and what is booked is the line, to the paisa.
CREATE FUNCTION bank_decision_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
BEGIN
  IF NEW.kind <> 'carried'
     AND NOT EXISTS (SELECT FROM bank_line_entry WHERE decision_id = NEW.id) THEN
    PERFORM bank_refuse('bank_m5_decision_is_booked', NEW.line_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bank_decision_booked AFTER INSERT ON bank_decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_decision_booked();

CREATE FUNCTION bank_line_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  line bank_line;
  booked numeric;
BEGIN
  SELECT * INTO line FROM bank_line WHERE id = NEW.line_id;
  IF NEW.decision_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM bank_decision WHERE id = NEW.decision_id
                      AND line_id = NEW.line_id) THEN
    PERFORM bank_refuse('bank_m5_decision_of_its_line', NEW.line_id);
  END IF;
  SELECT coalesce(sum(g.amount_minor), 0) INTO booked
    FROM bank_line_entry e JOIN journal_leg g ON g.entry_id = e.entry_id
    JOIN bank_account a ON a.id = line.account_id AND a.account_code = g.account_code
   WHERE e.line_id = NEW.line_id AND e.decision_id IS NOT DISTINCT FROM NEW.decision_id;
  IF booked <> line.amount_minor THEN
    PERFORM bank_refuse('bank_m5_booked_is_the_line', NEW.line_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bank_line_entry_is_the_line AFTER INSERT ON bank_line_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_line_booked();

-- M6: what the bank took from our account is what its line says; nothing else passes as a charge.
CREATE FUNCTION bank_charge_is_its_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE taken record;
BEGIN
  FOR taken IN
    SELECT g.account_code, sum(g.amount_minor) AS amount
      FROM journal_leg g JOIN account a ON a.code = g.account_code AND a.money_place = 'bank'
     WHERE g.entry_id = NEW.id GROUP BY g.account_code
  LOOP
    IF NOT EXISTS (SELECT FROM bank_line l JOIN bank_account b ON b.id = l.account_id
                    WHERE NEW.source_kind = 'statement_line' AND l.id = NEW.source_id
                      AND b.account_code = taken.account_code
                      AND l.amount_minor = taken.amount) THEN
      PERFORM bank_refuse('bank_m6_charge_is_its_line', NEW.id);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_charge_is_its_line AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'bank_charge')
  EXECUTE FUNCTION bank_charge_is_its_line();

-- M6: only an approved, unpaid voucher goes into a payment file, to details two people agreed on.
CREATE FUNCTION bank_item_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v voucher;
BEGIN
  IF NEW.ended_at IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_item_begins_open', NEW.voucher_id);
  END IF;
  SELECT * INTO v FROM voucher WHERE id = NEW.voucher_id FOR UPDATE;
  IF v.withdrawn_at IS NOT NULL OR EXISTS (SELECT FROM journal_entry WHERE voucher_id = v.id)
     OR (SELECT count(DISTINCT person_id) FROM voucher_approval
          WHERE voucher_id = v.id AND person_id <> v.payee_person_id
            AND content_hash = v.content_hash) < 2 THEN
    PERFORM bank_refuse('bank_m6_item_is_approved', NEW.voucher_id);
  END IF;
  IF NOT EXISTS (SELECT FROM bank_batch b JOIN bank_account a ON a.id = b.account_id
                  WHERE b.id = NEW.batch_id AND b.sent_at IS NULL
                    AND a.account_code = v.money_account_code)
     OR NEW.amount_minor <> v.amount_minor THEN
    PERFORM bank_refuse('bank_m6_item_is_its_voucher', NEW.voucher_id);
  END IF;
  IF NOT EXISTS (SELECT FROM bank_payee p WHERE p.id = NEW.payee_id
                  AND p.person_id = v.payee_person_id
                  AND p.confirmed_at IS NOT NULL AND p.ended_at IS NULL) THEN
    PERFORM bank_refuse('bank_m6_payee_is_confirmed', NEW.voucher_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_batch_item_made BEFORE INSERT ON bank_batch_item
  FOR EACH ROW EXECUTE FUNCTION bank_item_made();

-- What changes once, changes once: a confirmation, an end, a sending.
CREATE FUNCTION bank_changes_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE field text;
BEGIN
  FOR field IN SELECT o.key FROM jsonb_each(to_jsonb(OLD)) o
                WHERE o.value <> 'null'::jsonb AND to_jsonb(NEW) -> o.key <> o.value
  LOOP
    PERFORM bank_refuse('bank_m2_changes_once', OLD.id);
  END LOOP;
  RETURN NEW;
END $$;

-- Where money is sent begins unconfirmed, so that two hands are seen.
CREATE FUNCTION bank_begins_unconfirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.confirmed_at IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_begins_unconfirmed', NEW.id);
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{bank_mapping,bank_statement,bank_decision,bank_line_entry,bank_pay_code}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{bank_account,bank_line,bank_address,bank_payee,bank_batch,bank_batch_item}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_is_kept', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{bank_address,bank_payee,bank_batch,bank_batch_item}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I
                    FOR EACH ROW EXECUTE FUNCTION bank_changes_once()',
                   guarded || '_changes_once', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{bank_address,bank_payee}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I
                    FOR EACH ROW EXECUTE FUNCTION bank_begins_unconfirmed()',
                   guarded || '_unconfirmed', guarded);
  END LOOP;
END $$;
REVOKE INSERT ON bank_account FROM sangha_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON bank_line_now FROM sangha_app;
GRANT UPDATE (number_index, number_tail) ON bank_account TO sangha_app;
GRANT UPDATE (key_ref, words) ON bank_line TO sangha_app;
GRANT UPDATE (confirmed_at, confirmed_by) ON bank_address TO sangha_app;
GRANT UPDATE (confirmed_at, confirmed_by, ended_at) ON bank_payee TO sangha_app;
GRANT UPDATE (sent_at, sent_by) ON bank_batch TO sangha_app;
GRANT UPDATE (ended_at, ended_how) ON bank_batch_item TO sangha_app;
