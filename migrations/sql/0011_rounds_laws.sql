-- What a round's tables refuse. A book once issued is only ever brought back; a hand-over is signed
-- by somebody other than who counted it; whoever asks or settles is not who took the money.

CREATE FUNCTION dues_only_changes(before jsonb, later jsonb, may text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT before - may = later - may $$;

CREATE FUNCTION dues_book_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.issued_on IS NOT NULL THEN
      PERFORM dues_refuse('dues_book_is_kept', OLD.id);
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.issued_on IS NULL OR OLD.returned_at IS NOT NULL OR NEW.returned_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW),
                              '{returned_on,unused_from,returned_at,returned_by}') THEN
    PERFORM dues_refuse('dues_book_is_kept', OLD.id);
  END IF;
  IF EXISTS (SELECT FROM receipt WHERE collector_id = OLD.collector_id
                AND number BETWEEN NEW.unused_from AND OLD.last_no) THEN
    PERFORM dues_refuse('dues_book_unused_is_unused', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_book_kept BEFORE UPDATE OR DELETE ON receipt_book
  FOR EACH ROW EXECUTE FUNCTION dues_book_kept();

CREATE FUNCTION dues_hand_over_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  counted record;
BEGIN
  SELECT h.received_by, k.person_id AS collector INTO counted
    FROM hand_over h JOIN collector k ON k.id = h.collector_id WHERE h.id = NEW.hand_over_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.person_id IS NOT DISTINCT FROM counted.received_by
       OR (NEW.kind = 'herself') <> (NEW.person_id = counted.collector)
       OR NEW.settled_at IS NOT NULL THEN
      PERFORM dues_refuse('dues_hand_over_two_people', NEW.hand_over_id);
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.agrees OR OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR NEW.settled_by IN (counted.received_by, counted.collector)
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW), '{settled_at,settled_by}') THEN
    PERFORM dues_refuse('dues_hand_over_settled_by_a_third', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hand_over_signature_signed BEFORE INSERT OR UPDATE ON hand_over_signature
  FOR EACH ROW EXECUTE FUNCTION dues_hand_over_signed();

-- A difference is settled to the paisa, by somebody else than the collector, and in the books.
CREATE FUNCTION dues_difference_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  off record;
BEGIN
  SELECT d.id, d.amount_minor, k.person_id INTO off
    FROM cash_difference d JOIN collector k ON k.id = d.collector_id
   WHERE d.id = NEW.difference_id FOR UPDATE OF d;
  IF NEW.made_by = off.person_id THEN
    PERFORM dues_refuse('dues_difference_settled_by_another', NEW.difference_id);
  END IF;
  IF (NEW.how IN ('brought', 'given_up')) <> (off.amount_minor < 0)
     OR NEW.amount_minor + (SELECT coalesce(sum(amount_minor), 0) FROM difference_settlement
                             WHERE difference_id = NEW.difference_id) > abs(off.amount_minor) THEN
    PERFORM dues_refuse('dues_difference_as_large_as_it_is', NEW.difference_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER difference_settlement_settles BEFORE INSERT ON difference_settlement
  FOR EACH ROW EXECUTE FUNCTION dues_difference_settled();

CREATE FUNCTION dues_check_settlement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM journal_entry e JOIN journal_leg l ON l.entry_id = e.id
     WHERE l.account_code = '1090' AND abs(l.amount_minor) = NEW.amount_minor
       AND ((NEW.voucher_id IS NULL AND e.source_kind = 'difference_settlement'
             AND e.source_id = NEW.id)
            OR e.voucher_id = NEW.voucher_id)) THEN
    PERFORM dues_refuse('dues_settlement_is_posted', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER difference_settlement_posted AFTER INSERT ON difference_settlement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_settlement();

CREATE FUNCTION dues_device_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW), '{revoked_at,revoked_by}') THEN
    PERFORM dues_refuse('dues_device_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_device_kept BEFORE UPDATE ON round_device
  FOR EACH ROW EXECUTE FUNCTION dues_device_kept();

-- A second person asks: neither who took the money nor who wrote it down.
CREATE FUNCTION dues_sample_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.answer IN ('agrees', 'differs', 'not_known')
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW),
                              '{answer,said_minor,asked_at,asked_by}') THEN
    PERFORM dues_refuse('dues_sample_answer_is_kept', OLD.id);
  END IF;
  IF EXISTS (SELECT FROM dues_payment p LEFT JOIN collector k ON k.id = p.collector_id
              WHERE p.id = OLD.payment_id
                AND NEW.asked_by IN (p.received_by, k.person_id, p.person_id)) THEN
    PERFORM dues_refuse('dues_sample_asked_by_another', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_sample_item_asked BEFORE UPDATE ON receipt_sample_item
  FOR EACH ROW EXECUTE FUNCTION dues_sample_asked();

-- What she says stays as she said it; nobody settles it who took the money or who said it.
CREATE FUNCTION dues_said_paid_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW),
                              '{outcome,payment_id,settled_at,settled_by}') THEN
    PERFORM dues_refuse('dues_said_paid_is_kept', OLD.id);
  END IF;
  IF NEW.outcome <> 'withdrawn' AND (NEW.settled_by IN (OLD.person_id, OLD.said_by) OR
     NEW.settled_by = (SELECT person_id FROM collector WHERE id = OLD.collector_id)) THEN
    PERFORM dues_refuse('dues_said_paid_settled_by_another', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER said_paid_kept BEFORE UPDATE ON said_paid
  FOR EACH ROW EXECUTE FUNCTION dues_said_paid_kept();

DO $$
DECLARE guarded text;
BEGIN
  FOREACH guarded IN ARRAY '{difference_settlement,round_member,round_line,receipt_sample}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_append_only', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
  FOREACH guarded IN ARRAY '{hand_over_signature,round_device,receipt_sample_item,said_paid}'::text[]
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   guarded || '_is_kept', guarded);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangha_app', guarded);
  END LOOP;
END $$;
CREATE TRIGGER receipt_book_never_emptied BEFORE TRUNCATE ON receipt_book
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE ON receipt_book FROM sangha_app;
GRANT UPDATE (returned_on, unused_from, returned_at, returned_by) ON receipt_book TO sangha_app;
GRANT UPDATE (settled_at, settled_by) ON hand_over_signature TO sangha_app;
GRANT UPDATE (revoked_at, revoked_by) ON round_device TO sangha_app;
GRANT UPDATE (answer, said_minor, asked_at, asked_by) ON receipt_sample_item TO sangha_app;
GRANT UPDATE (outcome, payment_id, settled_at, settled_by) ON said_paid TO sangha_app;
