-- What the new tables of dues refuse, each by its name; and two checks of 0006 that know reversals.

-- Cash is as its source says; a payment taken back takes its cash back too.
CREATE OR REPLACE FUNCTION dues_cash_moved() RETURNS trigger
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
      LEFT JOIN dues_reversal v ON v.id = a.reversal_id
      LEFT JOIN dues_payment back ON back.id = v.payment_id
     WHERE (a.collector_id, a.amount_minor) IS DISTINCT FROM
           (coalesce(p.collector_id, h.collector_id, d.collector_id, back.collector_id),
            coalesce(p.amount_minor, -h.counted_minor, d.amount_minor, -back.amount_minor))
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

-- A payment is whole, or taken back whole: nothing of it stays spread, kept or in anybody's hands.
CREATE OR REPLACE FUNCTION dues_check_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  paid dues_payment;
  spread bigint;
  kept bigint;
  entry bigint;
  gone bigint;
BEGIN
  SELECT p.* INTO paid FROM dues_payment p
   WHERE p.id = (CASE WHEN TG_TABLE_NAME = 'dues_payment' THEN to_jsonb(NEW) ->> 'id'
                      ELSE to_jsonb(NEW) ->> 'payment_id' END)::bigint;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT id INTO gone FROM dues_reversal WHERE payment_id = paid.id;
  SELECT coalesce(sum(amount_minor), 0) INTO spread FROM dues_allocation
   WHERE payment_id = paid.id;
  SELECT coalesce(sum(amount_minor), 0) INTO kept FROM credit_movement
   WHERE payment_id = paid.id AND person_id = paid.person_id;
  IF (spread, kept) IS DISTINCT FROM
     (CASE WHEN gone IS NULL THEN paid.amount_minor - paid.credit_minor ELSE 0 END,
      CASE WHEN gone IS NULL THEN paid.credit_minor ELSE 0 END) THEN
    PERFORM dues_refuse('dues_m5_payment_is_whole', paid.id);
  END IF;
  IF (paid.collector_id IS NULL) = EXISTS (SELECT FROM cash_movement WHERE payment_id = paid.id)
     OR (paid.collector_id IS NOT NULL AND gone IS NOT NULL)
        <> EXISTS (SELECT FROM cash_movement WHERE reversal_id = gone) THEN
    PERFORM dues_refuse('dues_m5_round_cash_is_in_hand', paid.id);
  END IF;
  IF NOT EXISTS (SELECT FROM receipt
                  WHERE payment_id = paid.id AND collector_id IS NOT DISTINCT FROM paid.collector_id)
  THEN
    PERFORM dues_refuse('dues_m4_payment_has_receipt', paid.id);
  END IF;
  SELECT id INTO entry FROM journal_entry
   WHERE source_kind = 'dues_payment' AND source_id = paid.id;
  IF entry IS NULL THEN
    PERFORM dues_refuse('dues_m5_payment_is_posted', paid.id);
  END IF;
  IF (gone IS NOT NULL) <> EXISTS (SELECT FROM journal_entry
      WHERE source_kind = 'journal_entry' AND source_id = entry) THEN
    PERFORM dues_refuse('dues_m5_reversal_is_posted', paid.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dues_reversal_whole AFTER INSERT ON dues_reversal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_payment();

-- M4: a receipt's number is written anew only after the payment under it was taken back.
CREATE FUNCTION dues_receipt_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT min(a.id) INTO wrong FROM added a
   WHERE a.turn > 0 AND NOT EXISTS (
     SELECT FROM receipt r JOIN dues_reversal v ON v.payment_id = r.payment_id
      WHERE r.collector_id = a.collector_id AND r.number = a.number AND r.turn = a.turn - 1);
  IF wrong IS NOT NULL THEN
    PERFORM dues_refuse('dues_m4_receipt_stands_once', wrong);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_added AFTER INSERT ON receipt
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dues_receipt_written();

-- Credit given back is what its refund says, and comes back whole or not at all.
CREATE FUNCTION dues_refund_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM dues_refund r WHERE r.id = NEW.refund_id AND r.person_id = NEW.person_id
       AND abs(NEW.amount_minor) = r.amount_minor) THEN
    PERFORM dues_refuse('dues_m5_refund_as_it_says', NEW.refund_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_movement_refunds AFTER INSERT ON credit_movement
  FOR EACH ROW WHEN (NEW.refund_id IS NOT NULL) EXECUTE FUNCTION dues_refund_moved();

CREATE FUNCTION dues_check_refund() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM credit_movement WHERE refund_id = NEW.id AND kind = 'refunded')
     OR NOT EXISTS (SELECT FROM voucher v WHERE v.source_kind = 'dues_refund'
                       AND v.source_id = NEW.id AND v.payee_person_id = NEW.person_id
                       AND v.amount_minor = NEW.amount_minor) THEN
    PERFORM dues_refuse('dues_m6_refund_has_voucher', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dues_refund_whole AFTER INSERT ON dues_refund
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_refund();

-- Suspended and reinstated take turns; nobody is suspended within a day of a register coming in.
CREATE FUNCTION dues_standing_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last dues_standing_event;
BEGIN
  PERFORM pg_advisory_xact_lock(6004, NEW.person_id::integer);
  SELECT * INTO last FROM dues_standing_event WHERE person_id = NEW.person_id
   ORDER BY id DESC LIMIT 1;
  IF coalesce(last.what, 'reinstated') = NEW.what OR last.on_day > NEW.on_day THEN
    PERFORM dues_refuse('dues_standing_takes_turns', NEW.person_id);
  END IF;
  IF NEW.made_by = NEW.person_id THEN
    PERFORM dues_refuse('dues_standing_decided_by_another', NEW.person_id);
  END IF;
  IF NEW.what = 'suspended' AND EXISTS (
    SELECT FROM dues_opening o JOIN dues_run r ON r.id = o.run_id
     WHERE o.person_id = NEW.person_id AND r.started_at > NEW.made_at - interval '24 hours') THEN
    PERFORM dues_refuse('dues_none_on_the_day_of_an_import', NEW.person_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_standing_event_decided BEFORE INSERT ON dues_standing_event
  FOR EACH ROW EXECUTE FUNCTION dues_standing_decided();

DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{dues_rule,dues_pays_as,dues_waiver,dues_waiver_end,dues_adjustment,dues_reversal,dues_refund,dues_standing_event,dues_reminder_round,dues_reminder}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
CREATE TRIGGER dues_known_is_kept BEFORE DELETE OR TRUNCATE ON dues_known
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON dues_known FROM sangha_app;
GRANT UPDATE (done_at) ON dues_known TO sangha_app;
