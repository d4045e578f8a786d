-- The laws of payments by card (M2, M4, M5, M6). Every refusal names itself in CONSTRAINT.

CREATE FUNCTION checkout_refuse(law text, about bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% (id %)', law, about
    USING ERRCODE = 'check_violation', CONSTRAINT = law;
END $$;

-- What of a line of the provider's statement stands in the books, on the provider's account.
CREATE FUNCTION checkout_booked(line card_line) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(l.amount_minor), 0)::bigint
    FROM journal_entry e JOIN journal_leg l ON l.entry_id = e.id
   WHERE l.account_code = '1120'
     AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)
     AND ((e.source_id = line.id AND e.source_kind IN ('card_line', 'provider_event', 'card_fee'))
          OR (e.source_kind = 'dues_payment' AND e.source_id =
              (SELECT p.id FROM dues_payment p WHERE p.source = 'card:' || line.ref)))
$$;

-- What of it ought to: all but what left for the bank, which the bank's own line tells.
CREATE FUNCTION checkout_due_in_books(line card_line) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN line.kind IN ('payout', 'payout_back') THEN 0 ELSE line.amount_minor END
         - line.fee_minor
$$;

-- M5: a line that is known is booked, to the paisa, in the transaction that learns of it.
CREATE FUNCTION checkout_check_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
BEGIN
  IF checkout_booked(NEW) <> checkout_due_in_books(NEW) THEN
    PERFORM checkout_refuse('checkout_m5_line_is_booked', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER card_line_booked AFTER INSERT ON card_line
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION checkout_check_line();

-- M2: what the provider told stays as it was told; only what we did about it is added, once.
CREATE FUNCTION checkout_line_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ours text[] := '{person_id,cleared_at,cleared_how,fee_batch_id}';
BEGIN
  IF to_jsonb(NEW) - ours <> to_jsonb(OLD) - ours
     OR (OLD.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id)
     OR (OLD.cleared_how IS NOT NULL AND NEW.cleared_how IS DISTINCT FROM OLD.cleared_how)
     OR (OLD.fee_batch_id IS NOT NULL AND NEW.fee_batch_id IS DISTINCT FROM OLD.fee_batch_id) THEN
    PERFORM checkout_refuse('checkout_m2_line_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_line_kept BEFORE UPDATE ON card_line
  FOR EACH ROW EXECUTE FUNCTION checkout_line_kept();

-- M6: nobody asks for more back than was paid, all askings together.
CREATE FUNCTION checkout_refund_bounded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  paid card_line;
BEGIN
  SELECT * INTO paid FROM card_line WHERE id = NEW.line_id FOR UPDATE;
  IF paid.kind <> 'payment' OR NEW.amount_minor + (
       SELECT coalesce(sum(amount_minor), 0) FROM card_refund
        WHERE line_id = NEW.line_id AND state <> 'failed') > paid.amount_minor THEN
    PERFORM checkout_refuse('checkout_m6_refund_within_payment', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_refund_bounded BEFORE INSERT ON card_refund
  FOR EACH ROW EXECUTE FUNCTION checkout_refund_bounded();

-- What has ended stays ended, and who it is about and for how much never changes.
CREATE FUNCTION checkout_asked_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (to_jsonb(OLD) ->> 'ended_at' IS NOT NULL AND NEW.state <> OLD.state)
     OR (to_jsonb(NEW) -> 'person_id', to_jsonb(NEW) -> 'line_id', NEW.amount_minor, NEW.ref)
        IS DISTINCT FROM
        (to_jsonb(OLD) -> 'person_id', to_jsonb(OLD) -> 'line_id', OLD.amount_minor, OLD.ref) THEN
    PERFORM checkout_refuse('checkout_m2_asked_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{card_checkout,card_instruction,card_refund}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I
                    FOR EACH ROW EXECUTE FUNCTION checkout_asked_kept()',
                   guarded || '_kept', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{card_fee_batch,dues_return}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{card_checkout,card_instruction,card_refund,card_line,card_event,card_dispute,card_payout,card_reconciliation}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_is_kept', guarded);
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
REVOKE UPDATE ON card_line, card_event FROM sangha_app;
GRANT UPDATE (person_id, cleared_at, cleared_how, fee_batch_id) ON card_line TO sangha_app;
GRANT UPDATE (due_at, lease_until, attempts, done_at, error_code) ON card_event TO sangha_app;

-- M6: what the card company keeps for itself is told by its own statement, to the paisa.
CREATE OR REPLACE FUNCTION ledger_check_shape(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  places text[];
  counter varchar;
BEGIN
  IF entry.kind = 'bank_charge' THEN
    IF entry.source_kind = 'card_fee' THEN
      IF NOT EXISTS (
        SELECT FROM card_line c WHERE c.id = entry.source_id
           AND c.fee_minor - CASE c.kind WHEN 'fee' THEN c.amount_minor ELSE 0 END
               = (SELECT -sum(amount_minor) FROM journal_leg
                   WHERE entry_id = entry.id AND account_code = '1120')) THEN
        PERFORM ledger_refuse('ledger_m6_card_fee_as_told', entry.id);
      END IF;
      places := '{provider}';
    ELSIF entry.source_kind <> 'statement_line' THEN
      PERFORM ledger_refuse('ledger_m6_bank_charge_from_statement', entry.id);
    ELSE
      places := '{bank,provider}';
    END IF;
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

-- M5: money that the provider holds or held stays on its account: a payment by card goes back by
-- card alone, and is not taken back in the books only.
CREATE FUNCTION checkout_card_payment_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM dues_payment p JOIN card_line c ON p.source = 'card:' || c.ref
              WHERE p.id = NEW.payment_id) THEN
    PERFORM checkout_refuse('checkout_m5_card_payment_stands', NEW.payment_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_payment_stands BEFORE INSERT ON dues_reversal
  FOR EACH ROW EXECUTE FUNCTION checkout_card_payment_stands();

-- M5: never more is given back of a payment than was paid, and each giving back is posted.
CREATE FUNCTION checkout_return_bounded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  paid bigint;
  back bigint;
BEGIN
  SELECT amount_minor INTO paid FROM dues_payment WHERE id = NEW.payment_id;
  SELECT sum(amount_minor) INTO back FROM dues_return WHERE payment_id = NEW.payment_id;
  IF back NOT BETWEEN 0 AND paid THEN
    PERFORM checkout_refuse('checkout_m5_return_within_payment', NEW.id);
  END IF;
  IF NOT EXISTS (SELECT FROM journal_entry
                  WHERE source_kind = 'dues_return' AND source_id = NEW.id) THEN
    PERFORM checkout_refuse('checkout_m5_return_is_posted', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dues_return_bounded AFTER INSERT ON dues_return
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION checkout_return_bounded();
