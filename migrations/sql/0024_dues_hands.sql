-- Second hands in dues, by whoever a person is (one_person); what a phone holds; fees set anew.

-- Whoever counted cannot sign, nor settle; nor can a witness who said otherwise settle it herself.
CREATE OR REPLACE FUNCTION dues_hand_over_signed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  counted record;
BEGIN
  SELECT one_person(h.received_by) AS received_by, one_person(k.person_id) AS collector
    INTO counted
    FROM hand_over h JOIN collector k ON k.id = h.collector_id WHERE h.id = NEW.hand_over_id;
  IF TG_OP = 'INSERT' THEN
    IF one_person(NEW.person_id) IS NOT DISTINCT FROM counted.received_by
       OR (NEW.kind = 'herself') <> (one_person(NEW.person_id) = counted.collector)
       OR NEW.settled_at IS NOT NULL THEN
      PERFORM dues_refuse('dues_hand_over_two_people', NEW.hand_over_id);
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.agrees OR OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR one_person(NEW.settled_by)
        IN (counted.received_by, counted.collector, one_person(OLD.person_id))
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW), '{settled_at,settled_by}') THEN
    PERFORM dues_refuse('dues_hand_over_settled_by_a_third', OLD.id);
  END IF;
  RETURN NEW;
END $$;

-- What of a difference nobody has settled and no live voucher promises (besides one), in paise.
-- A settlement whose entry was reversed settles nothing.
CREATE FUNCTION dues_difference_free(difference bigint, besides bigint DEFAULT NULL)
RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT abs(d.amount_minor)
    - (SELECT coalesce(sum(s.amount_minor), 0) FROM difference_settlement s
        WHERE s.difference_id = d.id AND NOT EXISTS (
          SELECT FROM journal_entry e JOIN journal_entry r ON r.reverses_id = e.id
           WHERE CASE WHEN s.voucher_id IS NULL
                      THEN e.source_kind = 'difference_settlement' AND e.source_id = s.id
                      ELSE e.voucher_id = s.voucher_id END))
    - (SELECT coalesce(sum(v.amount_minor), 0) FROM voucher v
        WHERE v.source_kind = 'cash_difference' AND v.source_id = d.id
          AND v.withdrawn_at IS NULL AND v.id IS DISTINCT FROM besides
          AND NOT EXISTS (SELECT FROM difference_settlement s WHERE s.voucher_id = v.id))
    FROM cash_difference d WHERE d.id = difference
$$;

CREATE OR REPLACE FUNCTION dues_difference_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  off record;
BEGIN
  SELECT d.id, d.amount_minor, one_person(k.person_id) AS collector INTO off
    FROM cash_difference d JOIN collector k ON k.id = d.collector_id
   WHERE d.id = NEW.difference_id FOR UPDATE OF d;
  IF one_person(NEW.made_by) = off.collector
     OR (NEW.made_by IS NULL AND NEW.voucher_id IS NULL) THEN
    PERFORM dues_refuse('dues_difference_settled_by_another', NEW.difference_id);
  END IF;
  IF (NEW.how IN ('brought', 'given_up')) <> (off.amount_minor < 0)
     OR NEW.amount_minor > dues_difference_free(off.id, NEW.voucher_id) THEN
    PERFORM dues_refuse('dues_difference_as_large_as_it_is', NEW.difference_id);
  END IF;
  RETURN NEW;
END $$;

-- A voucher gives up no more of a shortage than is free, from its account, in its collector's name.
CREATE FUNCTION dues_given_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  off record;
BEGIN
  SELECT d.id, d.amount_minor, one_person(k.person_id) AS collector INTO off
    FROM cash_difference d JOIN collector k ON k.id = d.collector_id
   WHERE d.id = NEW.source_id FOR UPDATE OF d;
  IF off.id IS NULL OR off.amount_minor > 0 OR NEW.money_account_code <> '1090'
     OR one_person(NEW.payee_person_id) <> off.collector
     OR NEW.amount_minor > dues_difference_free(off.id, NEW.id) THEN
    PERFORM dues_refuse('dues_difference_as_large_as_it_is', NEW.source_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_gives_up_a_difference BEFORE INSERT ON voucher
  FOR EACH ROW WHEN (NEW.source_kind = 'cash_difference') EXECUTE FUNCTION dues_given_up();

-- Cash counted and what differed stand in the books between these two accounts and no others.
CREATE FUNCTION dues_check_round_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  amount bigint := (coalesce(to_jsonb(NEW) ->> 'counted_minor',
                             to_jsonb(NEW) ->> 'amount_minor'))::bigint;
  other varchar := CASE TG_TABLE_NAME WHEN 'hand_over' THEN '1010' ELSE '1090' END;
  hers varchar := (SELECT account_code FROM collector WHERE id = NEW.collector_id);
BEGIN
  IF TG_TABLE_NAME = 'cash_difference' THEN
    amount := -amount;
  END IF;
  IF (SELECT array_agg((l.account_code, l.amount_minor)::text ORDER BY l.account_code)
        FROM journal_entry e JOIN journal_leg l ON l.entry_id = e.id
       WHERE e.source_kind = TG_TABLE_NAME AND e.source_id = NEW.id) IS DISTINCT FROM
     (SELECT array_agg((code, minor)::text ORDER BY code)
        FROM (VALUES (hers, -amount), (other, amount)) want(code, minor)) THEN
    PERFORM dues_refuse('dues_round_cash_is_posted', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hand_over_posted AFTER INSERT ON hand_over
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_round_posted();
CREATE CONSTRAINT TRIGGER cash_difference_posted AFTER INSERT ON cash_difference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_check_round_posted();

-- Her cash is counted, and what differs of it found, by another than the collector.
CREATE FUNCTION dues_cash_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF one_person((to_jsonb(NEW) ->> TG_ARGV[0])::bigint)
     = (SELECT one_person(person_id) FROM collector WHERE id = NEW.collector_id) THEN
    PERFORM dues_refuse('dues_cash_counted_by_another', NEW.collector_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hand_over_by_another BEFORE INSERT ON hand_over
  FOR EACH ROW EXECUTE FUNCTION dues_cash_by_another('received_by');
CREATE TRIGGER cash_difference_by_another BEFORE INSERT ON cash_difference
  FOR EACH ROW EXECUTE FUNCTION dues_cash_by_another('made_by');
-- A line of hers is settled by hand by another; 'found' is the booking of its receipt.
CREATE TRIGGER collection_line_by_another BEFORE UPDATE ON collection_line
  FOR EACH ROW WHEN (NEW.settled_how IN ('booked', 'dropped'))
  EXECUTE FUNCTION dues_cash_by_another('settled_by');

-- Nobody takes her own dues: another collector does, or somebody else at the desk. What the bank or
-- the card company told (a source) is its own second hand, unless it is cash.
CREATE FUNCTION dues_paid_to_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.method = 'cash' OR NEW.source IS NULL)
     AND one_person(NEW.received_by) = one_person(NEW.person_id) THEN
    PERFORM dues_refuse('dues_paid_to_another', NEW.person_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_payment_to_another BEFORE INSERT ON dues_payment
  FOR EACH ROW EXECUTE FUNCTION dues_paid_to_another();

-- Nobody decides in her own favour: to be let off, to pay less, to get money back.
CREATE FUNCTION dues_decided_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  about bigint := (to_jsonb(NEW) ->> 'person_id')::bigint;
BEGIN
  IF TG_TABLE_NAME = 'dues_reversal' THEN
    SELECT person_id INTO about FROM dues_payment
     WHERE id = (to_jsonb(NEW) ->> 'payment_id')::bigint;
  END IF;
  IF one_person(NEW.made_by) = one_person(about) THEN
    PERFORM dues_refuse('dues_decided_by_another', about);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_waiver_by_another BEFORE INSERT ON dues_waiver
  FOR EACH ROW EXECUTE FUNCTION dues_decided_by_another();
CREATE TRIGGER dues_pays_as_by_another BEFORE INSERT ON dues_pays_as
  FOR EACH ROW EXECUTE FUNCTION dues_decided_by_another();
CREATE TRIGGER dues_refund_by_another BEFORE INSERT ON dues_refund
  FOR EACH ROW EXECUTE FUNCTION dues_decided_by_another();
CREATE TRIGGER dues_reversal_by_another BEFORE INSERT ON dues_reversal
  FOR EACH ROW EXECUTE FUNCTION dues_decided_by_another();

CREATE OR REPLACE FUNCTION dues_sample_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.answer IN ('agrees', 'differs', 'not_known')
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW),
                              '{answer,said_minor,asked_at,asked_by}') THEN
    PERFORM dues_refuse('dues_sample_answer_is_kept', OLD.id);
  END IF;
  IF EXISTS (SELECT FROM dues_payment p LEFT JOIN collector k ON k.id = p.collector_id
              WHERE p.id = OLD.payment_id AND one_person(NEW.asked_by)
                IN (one_person(p.received_by), one_person(k.person_id),
                    one_person(p.person_id))) THEN
    PERFORM dues_refuse('dues_sample_asked_by_another', OLD.id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION dues_said_paid_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW),
                              '{outcome,payment_id,settled_at,settled_by}') THEN
    PERFORM dues_refuse('dues_said_paid_is_kept', OLD.id);
  END IF;
  IF NEW.outcome <> 'withdrawn' AND one_person(NEW.settled_by)
     IN (one_person(OLD.person_id), one_person(OLD.said_by),
         (SELECT one_person(person_id) FROM collector WHERE id = OLD.collector_id)) THEN
    PERFORM dues_refuse('dues_said_paid_settled_by_another', OLD.id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION dues_standing_decided() RETURNS trigger
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
  IF one_person(NEW.made_by) = one_person(NEW.person_id) THEN
    PERFORM dues_refuse('dues_standing_decided_by_another', NEW.person_id);
  END IF;
  IF NEW.what = 'suspended' AND EXISTS (
    SELECT FROM dues_opening o JOIN dues_run r ON r.id = o.run_id
     WHERE o.person_id = NEW.person_id AND r.started_at > NEW.made_at - interval '24 hours') THEN
    PERFORM dues_refuse('dues_none_on_the_day_of_an_import', NEW.person_id);
  END IF;
  RETURN NEW;
END $$;

-- Money goes back of a month only as far as money came for it: what was let off or adjusted is none.
CREATE FUNCTION dues_allocation_taken() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT sum(amount_minor) FROM dues_allocation
       WHERE charge_id = NEW.charge_id AND kind NOT IN ('adjusted', 'withdrawn')) < 0 THEN
    PERFORM dues_refuse('dues_m5_returned_was_paid', NEW.charge_id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER dues_allocation_taken AFTER INSERT ON dues_allocation
  FOR EACH ROW WHEN (NEW.amount_minor < 0) EXECUTE FUNCTION dues_allocation_taken();

-- A fee written wrongly is written again for the same month: the later row holds, both stay.
ALTER TABLE dues_rate DROP CONSTRAINT dues_rate_category_from_month_key;
CREATE INDEX dues_rate_category_ix ON dues_rate (category, from_month, id);

-- A lapsed membership costs nothing from the month after it lapsed. Unions that have charged
-- already keep what they did until they set a rule that says otherwise.
ALTER TABLE dues_rule ADD COLUMN charge_lapsed boolean NOT NULL DEFAULT false;
ALTER TABLE dues_rule DISABLE TRIGGER dues_rule_append_only;
UPDATE dues_rule SET charge_lapsed = true WHERE EXISTS (SELECT FROM dues_run);
ALTER TABLE dues_rule ENABLE TRIGGER dues_rule_append_only;
ALTER TABLE dues_adjustment DROP CONSTRAINT dues_adjustment_why_check,
  ADD CONSTRAINT dues_adjustment_why_check CHECK (why IN ('fee', 'waived', 'joined', 'gone',
    'lapsed'));

-- Whether a membership (the kept entry) had lapsed on the eve of a month: suspended then, and so
-- many months behind by what was paid until then. NULL months: nothing lapses.
CREATE FUNCTION dues_lapsed(who bigint, eve date, months integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH us AS (SELECT who AS id UNION ALL SELECT person_id FROM member WHERE merged_into = who)
  SELECT coalesce(
    (SELECT e.what = 'suspended' FROM us JOIN dues_standing_event e ON e.person_id = us.id
      WHERE e.on_day <= eve ORDER BY e.id DESC LIMIT 1)
    AND NOT EXISTS (SELECT FROM us JOIN dues_opening o ON o.person_id = us.id
                     WHERE o.paid_upto IS NULL)
    AND (SELECT count(DISTINCT c.month) FROM us JOIN dues_charge c ON c.person_id = us.id
          WHERE c.month < date_trunc('month', eve) AND c.amount_minor > (
            SELECT coalesce(sum(a.amount_minor), 0) FROM dues_allocation a
              LEFT JOIN dues_payment p ON p.id = a.payment_id
             WHERE a.charge_id = c.id AND (p.id IS NULL OR p.happened_on <= eve))) >= months,
    false)
$$;

-- The numbers a phone took along: no number is on two phones of one collector at a time. They
-- are free again when the phone has sent all and put its book down, or was taken off.
ALTER TABLE round_device
  ADD CONSTRAINT round_device_collector_key UNIQUE (id, collector_id);
CREATE TABLE round_hold (
  id bigint GENERATED BY DEFAULT AS IDENTITY,
  device_id bigint NOT NULL,
  collector_id bigint NOT NULL,
  first_no bigint NOT NULL,
  last_no bigint NOT NULL,
  taken_at timestamptz NOT NULL,
  left_at timestamptz,
  CONSTRAINT round_hold_pkey PRIMARY KEY (id),
  CONSTRAINT round_hold_numbers_check CHECK (first_no > 0 AND last_no >= first_no),
  CONSTRAINT round_hold_left_check CHECK (left_at >= taken_at),
  CONSTRAINT round_hold_numbers_excl EXCLUDE USING gist (int8range(collector_id, collector_id,
    '[]') WITH &&, int8range(first_no, last_no, '[]') WITH &&) WHERE (left_at IS NULL),
  CONSTRAINT round_hold_device_fkey FOREIGN KEY(device_id, collector_id) REFERENCES round_device
    (id, collector_id)
);
CREATE INDEX round_hold_device_ix ON round_hold (device_id);
CREATE FUNCTION dues_hold_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW), '{left_at}') THEN
    PERFORM dues_refuse('dues_hold_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_hold_kept BEFORE UPDATE ON round_hold
  FOR EACH ROW EXECUTE FUNCTION dues_hold_kept();
CREATE TRIGGER round_hold_is_kept BEFORE DELETE OR TRUNCATE ON round_hold
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON round_hold FROM sangha_app;
GRANT UPDATE (left_at) ON round_hold TO sangha_app;
