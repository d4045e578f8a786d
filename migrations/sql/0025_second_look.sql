-- A second look at whose hand it is. Each refusal names itself, by the name it had where a bare id
-- was compared before.

-- Nobody hears or judges a claim of her own, nor twice, under whichever entry of the register.
CREATE FUNCTION welfare_hand_is_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hand bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
  PERFORM FROM claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
  IF one_person(hand) = one_person(NEW.claimant_person_id) THEN
    PERFORM ledger_refuse(TG_TABLE_NAME || '_not_claimant_check', NEW.claim_id);
  END IF;
  IF TG_TABLE_NAME = 'claim_decision' AND EXISTS (
       SELECT FROM claim_decision WHERE claim_id = NEW.claim_id
          AND one_person(decided_by_person_id) = one_person(hand)) THEN
    PERFORM ledger_refuse('claim_decision_other_hands_key', NEW.claim_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_hearing_by_another BEFORE INSERT ON claim_hearing
  FOR EACH ROW EXECUTE FUNCTION welfare_hand_is_another('heard_by_person_id');
CREATE TRIGGER claim_decision_by_another BEFORE INSERT ON claim_decision
  FOR EACH ROW EXECUTE FUNCTION welfare_hand_is_another('decided_by_person_id');

-- Nobody has a case of her own.
CREATE FUNCTION legal_case_of_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF one_person(NEW.assignee_person_id) = one_person(NEW.subject_person_id) THEN
    PERFORM ledger_refuse('legal_case_not_her_own_check', NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER legal_case_of_another BEFORE INSERT OR UPDATE OF assignee_person_id,
  subject_person_id ON legal_case FOR EACH ROW EXECUTE FUNCTION legal_case_of_another();

-- M6: what takes an entry back is no movement of the bank's, but for a payment that came back:
-- else money that went would be "in the books already" by a gift one hand wrote and took back.
CREATE FUNCTION bank_reversal_is_a_return() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM journal_entry WHERE id = NEW.entry_id AND kind = 'reversal')
     AND NOT EXISTS (
       SELECT FROM journal_entry r JOIN journal_entry p ON p.id = r.reverses_id
         JOIN bank_line l ON l.id = NEW.line_id JOIN bank_decision d ON d.id = NEW.decision_id
        WHERE r.id = NEW.entry_id AND p.kind = 'payment' AND l.amount_minor > 0
          AND d.kind = 'returned') THEN
    PERFORM bank_refuse('bank_m6_second_hand', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_line_entry_no_reversal BEFORE INSERT ON bank_line_entry
  FOR EACH ROW EXECUTE FUNCTION bank_reversal_is_a_return();

-- M6: a line called cash of ours takes that cash out of the box. So two say it, as of cash drawn;
-- only what the rule itself knows (the bank's word and what was handed in) needs nobody.
ALTER TABLE bank_word DROP CONSTRAINT bank_word_kind_check;
ALTER TABLE bank_word ADD CONSTRAINT bank_word_kind_check
  CHECK (kind IN ('charge', 'card_fee', 'withdrawal', 'deposit'));
CREATE OR REPLACE FUNCTION bank_word_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7002, (NEW.line_id % 2147483647)::integer);
  IF NEW.ended_at IS NOT NULL
     OR NOT EXISTS (SELECT FROM bank_line WHERE id = NEW.line_id
                     AND (amount_minor > 0) = (NEW.kind = 'deposit')) THEN
    PERFORM bank_refuse('bank_m6_word_begins_open', NEW.line_id);
  END IF;
  IF EXISTS (SELECT FROM bank_line_now
              WHERE line_id = NEW.line_id AND stands AND kind <> 'carried') THEN
    PERFORM bank_refuse('bank_m4_line_decided_once', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION bank_deposit_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM bank_refuse('bank_m6_second_hand', NEW.line_id);
  RETURN NEW;
END $$;
CREATE TRIGGER bank_decision_deposit_hands BEFORE INSERT ON bank_decision
  FOR EACH ROW WHEN (NEW.kind = 'deposit' AND NEW.word_id IS NULL AND NEW.made_by IS NOT NULL)
  EXECUTE FUNCTION bank_deposit_hands();

-- M6: whoever took cash does not take its receipt back: another does.
CREATE FUNCTION dues_cash_taken_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM dues_payment p LEFT JOIN collector k ON k.id = p.collector_id
              WHERE p.id = NEW.payment_id AND p.method = 'cash'
                AND one_person(coalesce(k.person_id, p.received_by)) = one_person(NEW.made_by))
  THEN
    PERFORM ledger_refuse('ledger_m6_cash_taken_back_by_another', NEW.payment_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_reversal_of_cash BEFORE INSERT ON dues_reversal
  FOR EACH ROW EXECUTE FUNCTION dues_cash_taken_back();
CREATE FUNCTION ledger_gift_taken_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM journal_entry e JOIN donation g ON g.id = e.source_id
               JOIN account a ON a.code = g.money_account_code AND a.money_place = 'cash'
              WHERE e.id = NEW.reverses_id AND e.source_kind = 'donation'
                AND (NEW.posted_by IS NULL
                     OR one_person(NEW.posted_by) = one_person(g.made_by))) THEN
    PERFORM ledger_refuse('ledger_m6_cash_taken_back_by_another', NEW.reverses_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_entry_gift_taken_back BEFORE INSERT ON journal_entry
  FOR EACH ROW WHEN (NEW.kind = 'reversal') EXECUTE FUNCTION ledger_gift_taken_back();
