-- The laws of money that leaves (M6), anew where they stood before.

CREATE OR REPLACE FUNCTION ledger_voucher_prepared() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM account WHERE code = NEW.money_account_code
                  AND money_place IN ('cash', 'bank')) THEN
    PERFORM ledger_refuse('ledger_m6_voucher_from_money_account', NEW.id);
  END IF;
  IF NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_voucher_begins_live', NEW.id);
  END IF;
  IF EXISTS (SELECT FROM float_account WHERE account_code = NEW.spend_account_code
              AND one_person(holder_person_id) <> one_person(NEW.payee_person_id)) THEN
    PERFORM ledger_refuse('ledger_m6_float_for_its_holder', NEW.id);
  END IF;
  -- Said or not, what lies beside it is part of what is signed: nothing, if nobody said more.
  NEW.papers_hash := coalesce(NEW.papers_hash, ledger_papers_hash(NEW.id));
  NEW.content_hash := ledger_voucher_hash(NEW);
  RETURN NEW;
END $$;

-- As before; and while the bank may still pay it nobody takes it back.
CREATE OR REPLACE FUNCTION ledger_voucher_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
     OR to_jsonb(NEW) - '{withdrawn_at,withdrawn_by}'::text[]
        <> to_jsonb(OLD) - '{withdrawn_at,withdrawn_by}'::text[] THEN
    PERFORM ledger_refuse('ledger_m6_voucher_unchanged', OLD.id);
  END IF;
  IF ledger_voucher_paid(OLD.id) THEN
    PERFORM ledger_refuse('ledger_m6_paid_voucher_withdrawn', OLD.id);
  END IF;
  IF bank_hold_on_its_way(OLD.id) THEN
    PERFORM ledger_refuse('ledger_m6_voucher_is_on_its_way', OLD.id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_voucher_approved() RETURNS trigger
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
  IF NEW.person_id <> v.payee_person_id
     AND one_person(NEW.person_id) = one_person(v.payee_person_id) THEN
    PERFORM ledger_refuse('ledger_m6_payee_signs_nothing', NEW.voucher_id);
  END IF;
  IF EXISTS (SELECT FROM voucher_approval WHERE voucher_id = v.id
              AND person_id <> NEW.person_id
              AND one_person(person_id) = one_person(NEW.person_id)) THEN
    PERFORM ledger_refuse('ledger_m6_one_person_signs_once', NEW.voucher_id);
  END IF;
  RETURN NEW;
END $$;

-- M6: a payment is its voucher, to the paisa, approved by two people who are not the payee; whose
-- hands they are is asked at the payment, since entries may have been joined since they signed.
CREATE OR REPLACE FUNCTION ledger_check_payment(entry journal_entry) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v voucher;
BEGIN
  SELECT * INTO v FROM voucher WHERE id = entry.voucher_id FOR UPDATE;
  IF NOT FOUND OR v.withdrawn_at IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_live_voucher', entry.id);
  END IF;
  IF (entry.source_kind, entry.source_id) IS DISTINCT FROM ('voucher'::varchar, v.id)
     AND NOT EXISTS (
       SELECT FROM payment_mistake m
         JOIN journal_entry p ON p.id = m.entry_id AND p.voucher_id = v.id
         JOIN journal_entry r ON r.reverses_id = p.id
        WHERE m.agreed AND (entry.source_kind, entry.source_id) = ('voucher_again'::varchar, r.id))
  THEN
    PERFORM ledger_refuse('ledger_m6_payment_names_voucher', entry.id);
  END IF;
  IF ledger_voucher_hands(v.id) < 2 THEN
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

-- M6: what lies in a file at the bank is paid by the bank's own line and by nobody's hand; credit
-- that went back to her is not paid out as well.
CREATE FUNCTION ledger_payment_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v voucher;
BEGIN
  SELECT * INTO v FROM voucher WHERE id = NEW.voucher_id;
  IF NOT EXISTS (SELECT FROM bank_line_entry WHERE entry_id = NEW.id) THEN
    IF bank_hold_on_its_way(v.id) THEN
      PERFORM ledger_refuse('ledger_m6_voucher_is_on_its_way', v.id);
    END IF;
    UPDATE bank_batch_item SET ended_at = NEW.posted_at, ended_how = 'taken_out'
     WHERE voucher_id = v.id AND ended_at IS NULL;
  END IF;
  IF v.source_kind = 'dues_refund' THEN
    PERFORM FROM dues_refund WHERE id = v.source_id FOR UPDATE;
    IF EXISTS (SELECT FROM credit_movement
                WHERE refund_id = v.source_id AND kind = 'refund_back') THEN
      PERFORM ledger_refuse('dues_m6_refund_paid_or_back', v.id);
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_payment_posted AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'payment')
  EXECUTE FUNCTION ledger_payment_posted();

-- M6: a payment is taken back because the money came back, which its bank line shows, or because
-- two people agree that it was booked by mistake.
CREATE FUNCTION ledger_payment_reversed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_entry WHERE id = NEW.reverses_id AND kind = 'payment') THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM bank_line_entry WHERE entry_id = NEW.id)
     AND NOT EXISTS (SELECT FROM payment_mistake WHERE entry_id = NEW.reverses_id AND agreed) THEN
    PERFORM ledger_refuse('ledger_m6_mistake_seen_by_two', NEW.reverses_id);
  END IF;
  IF EXISTS (SELECT FROM journal_leg l
               JOIN account a ON a.code = l.account_code AND a.ceiling_minor IS NOT NULL
               JOIN account_balance b ON b.account_code = l.account_code
                AND b.fund_code = l.fund_code
              WHERE l.entry_id = NEW.id AND l.amount_minor < 0 AND b.balance_minor < 0) THEN
    PERFORM ledger_refuse('ledger_m6_float_not_overspent', NEW.reverses_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_payment_reversed AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'reversal')
  EXECUTE FUNCTION ledger_payment_reversed();

-- A mistake, or a refusal, begins unanswered and is answered once, by another person; neither of
-- the two is whoever the voucher pays.
CREATE FUNCTION ledger_two_say_so(law text, said_by bigint, answered_by bigint, payee bigint,
                                  about bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF one_person(said_by) = one_person(payee) OR one_person(answered_by) = one_person(payee)
     OR (said_by <> answered_by AND one_person(said_by) = one_person(answered_by)) THEN
    PERFORM ledger_refuse(law, about);
  END IF;
END $$;

CREATE FUNCTION ledger_mistake_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v voucher;
BEGIN
  SELECT w.* INTO v FROM journal_entry e JOIN voucher w ON w.id = e.voucher_id
   WHERE e.id = NEW.entry_id AND e.kind = 'payment';
  IF TG_OP = 'INSERT' AND (NOT FOUND OR NEW.answered_by IS NOT NULL
       OR EXISTS (SELECT FROM journal_entry WHERE reverses_id = NEW.entry_id)) THEN
    PERFORM ledger_refuse('ledger_m6_mistake_of_a_payment', NEW.id);
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.answered_by IS NOT NULL THEN
    PERFORM ledger_refuse('ledger_m6_mistake_answered_once', NEW.id);
  END IF;
  PERFORM ledger_two_say_so('ledger_m6_mistake_seen_by_two', NEW.said_by, NEW.answered_by,
                            v.payee_person_id, NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER payment_mistake_said BEFORE INSERT OR UPDATE ON payment_mistake
  FOR EACH ROW EXECUTE FUNCTION ledger_mistake_said();

-- What two agreed was a mistake is out of the books with that.
CREATE FUNCTION ledger_mistake_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_entry WHERE reverses_id = NEW.entry_id) THEN
    PERFORM ledger_refuse('ledger_m6_mistake_is_taken_back', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_mistake_booked AFTER UPDATE ON payment_mistake
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.agreed)
  EXECUTE FUNCTION ledger_mistake_booked();

CREATE FUNCTION bank_refusal_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  item bank_batch_item;
  payee bigint;
BEGIN
  SELECT * INTO item FROM bank_batch_item WHERE id = NEW.item_id FOR UPDATE;
  SELECT payee_person_id INTO payee FROM voucher WHERE id = item.voucher_id;
  IF TG_OP = 'INSERT' AND (NEW.answered_by IS NOT NULL OR item.ended_at IS NOT NULL
       OR ledger_voucher_paid(item.voucher_id)
       OR NOT EXISTS (SELECT FROM bank_batch WHERE id = item.batch_id AND sent_at IS NOT NULL))
  THEN
    PERFORM bank_refuse('bank_m6_refusal_of_what_is_on_its_way', NEW.item_id);
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.answered_by IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_refusal_answered_once', NEW.item_id);
  END IF;
  PERFORM ledger_two_say_so('bank_m6_refusal_seen_by_two', NEW.said_by, NEW.answered_by, payee,
                            NEW.item_id);
  RETURN NEW;
END $$;
CREATE TRIGGER bank_item_refusal_said BEFORE INSERT OR UPDATE ON bank_item_refusal
  FOR EACH ROW EXECUTE FUNCTION bank_refusal_said();

-- M6: how a payment of a file may end: taken out before the file goes; refused, by two people's
-- word; returned, by the bank's line. Asked at commit, when the line is linked.
CREATE FUNCTION bank_item_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone boolean;
BEGIN
  IF ledger_voucher_paid(NEW.voucher_id) AND NEW.ended_how <> 'taken_out' THEN
    PERFORM bank_refuse('bank_m6_paid_is_not_refused', NEW.id);
  END IF;
  SELECT sent_at IS NOT NULL INTO gone FROM bank_batch WHERE id = NEW.batch_id FOR SHARE;
  IF NEW.ended_how = 'taken_out' AND gone THEN
    PERFORM bank_refuse('bank_m6_gone_is_not_taken_out', NEW.id);
  END IF;
  IF NEW.ended_how = 'failed' AND NOT EXISTS (
       SELECT FROM bank_item_refusal WHERE item_id = NEW.id AND agreed) THEN
    PERFORM bank_refuse('bank_m6_refusal_seen_by_two', NEW.id);
  END IF;
  IF NEW.ended_how = 'returned' AND NOT EXISTS (
       SELECT FROM journal_entry p JOIN journal_entry r ON r.reverses_id = p.id
         JOIN bank_line_entry l ON l.entry_id = r.id WHERE p.voucher_id = NEW.voucher_id) THEN
    PERFORM bank_refuse('bank_m6_returned_by_its_line', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bank_batch_item_ended AFTER UPDATE ON bank_batch_item
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION bank_item_ended();

-- A voucher withdrawn before its file went leaves the file with that.
CREATE FUNCTION bank_voucher_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE bank_batch_item SET ended_at = NEW.withdrawn_at, ended_how = 'taken_out'
   WHERE voucher_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER voucher_withdrawn_leaves_file AFTER UPDATE ON voucher
  FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION bank_voucher_withdrawn();

-- Where money goes counts when one wrote it and another confirmed it, neither of them whose it is.
CREATE FUNCTION bank_details_hold(details bank_payee) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(details.ended_at IS NULL AND details.confirmed_at IS NOT NULL
    AND one_person(details.made_by) <> one_person(details.confirmed_by)
    AND one_person(details.made_by) <> one_person(details.person_id)
    AND one_person(details.confirmed_by) <> one_person(details.person_id), false)
$$;

CREATE OR REPLACE FUNCTION bank_item_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v voucher;
BEGIN
  IF NEW.ended_at IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_item_begins_open', NEW.voucher_id);
  END IF;
  SELECT * INTO v FROM voucher WHERE id = NEW.voucher_id FOR UPDATE;
  IF v.withdrawn_at IS NOT NULL OR ledger_voucher_settled(v.id)
     OR ledger_voucher_hands(v.id) < 2 THEN
    PERFORM bank_refuse('bank_m6_item_is_approved', NEW.voucher_id);
  END IF;
  IF NOT EXISTS (SELECT FROM bank_batch b JOIN bank_account a ON a.id = b.account_id
                  WHERE b.id = NEW.batch_id AND b.sent_at IS NULL
                    AND a.account_code = v.money_account_code)
     OR NEW.amount_minor <> v.amount_minor THEN
    PERFORM bank_refuse('bank_m6_item_is_its_voucher', NEW.voucher_id);
  END IF;
  IF NOT EXISTS (SELECT FROM bank_payee p WHERE p.id = NEW.payee_id
                  AND p.person_id = v.payee_person_id AND bank_details_hold(p)) THEN
    PERFORM bank_refuse('bank_m6_payee_is_confirmed', NEW.voucher_id);
  END IF;
  RETURN NEW;
END $$;

-- M6: the same is asked once more when a file goes: hands may have been joined, details changed.
CREATE FUNCTION bank_batch_goes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE going record;
BEGIN
  FOR going IN
    SELECT i.voucher_id, p AS details
      FROM bank_batch_item i JOIN voucher v ON v.id = i.voucher_id
      JOIN bank_payee p ON p.id = i.payee_id
     WHERE i.batch_id = NEW.id AND i.ended_at IS NULL AND v.withdrawn_at IS NULL
       AND NOT ledger_voucher_paid(v.id)
  LOOP
    IF ledger_voucher_hands(going.voucher_id) < 2 THEN
      PERFORM bank_refuse('bank_m6_item_is_approved', going.voucher_id);
    END IF;
    IF NOT bank_details_hold(going.details) THEN
      PERFORM bank_refuse('bank_m6_payee_is_confirmed', going.voucher_id);
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_batch_goes BEFORE UPDATE ON bank_batch
  FOR EACH ROW WHEN (OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL)
  EXECUTE FUNCTION bank_batch_goes();

CREATE OR REPLACE FUNCTION bank_begins_unconfirmed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.confirmed_at IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_begins_unconfirmed', NEW.id);
  END IF;
  IF NEW.made_by IS NULL THEN
    PERFORM bank_refuse(TG_TABLE_NAME || '_two_hands_check', NEW.id);
  END IF;
  IF TG_TABLE_NAME = 'bank_payee' THEN
    IF one_person(NEW.made_by) = one_person(NEW.person_id) THEN
      PERFORM bank_refuse('bank_payee_not_payee_check', NEW.id);
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION bank_confirmed_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.made_by IS NULL OR one_person(NEW.made_by) = one_person(NEW.confirmed_by) THEN
    PERFORM bank_refuse(TG_TABLE_NAME || '_two_hands_check', NEW.id);
  END IF;
  IF TG_TABLE_NAME = 'bank_payee' THEN
    IF one_person(NEW.person_id) IN (one_person(NEW.made_by), one_person(NEW.confirmed_by)) THEN
      PERFORM bank_refuse('bank_payee_not_payee_check', NEW.id);
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_payee_confirmed_by_another BEFORE UPDATE ON bank_payee
  FOR EACH ROW WHEN (OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL)
  EXECUTE FUNCTION bank_confirmed_by_another();
CREATE TRIGGER bank_address_confirmed_by_another BEFORE UPDATE ON bank_address
  FOR EACH ROW WHEN (OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL)
  EXECUTE FUNCTION bank_confirmed_by_another();
