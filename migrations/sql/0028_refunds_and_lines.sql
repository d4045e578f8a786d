-- Refunds that only the card company's word ends, standing payments that rest, a No that stays
-- seen. Every refusal names itself in CONSTRAINT.

-- M6: what nobody answered may have gone. A refund has failed when the card company said so, and
-- never because time went by; until then it stays in the bound of its payment.
CREATE FUNCTION checkout_refund_fails() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM checkout_refuse('checkout_m6_refund_fails_by_word', OLD.id);
  RETURN NEW;
END $$;
CREATE TRIGGER card_refund_fails_by_word BEFORE UPDATE ON card_refund
  FOR EACH ROW WHEN (NEW.state = 'failed' AND NEW.looked_at IS NULL)
  EXECUTE FUNCTION checkout_refund_fails();

-- A standing payment that rests: what was wanted last (and by whom), and what the company says.
ALTER TABLE card_instruction
  ADD COLUMN rests boolean NOT NULL DEFAULT false,
  ADD COLUMN rest_wanted boolean NOT NULL DEFAULT false,
  ADD COLUMN rest_round integer NOT NULL DEFAULT 0,
  ADD COLUMN rest_asked_at timestamptz,
  ADD COLUMN rest_asked_by bigint
    CONSTRAINT card_instruction_rest_asked_by_fkey REFERENCES person,
  ADD COLUMN rest_due_at timestamptz,
  ADD CONSTRAINT card_instruction_rest_due_check
    CHECK (rest_due_at IS NULL OR state <> 'ended'),
  ADD CONSTRAINT card_instruction_rest_round_check
    CHECK (rest_round >= 0 AND (rest_round = 0) = (rest_asked_at IS NULL));
CREATE INDEX card_instruction_rest_due_ix ON card_instruction (rest_due_at)
  WHERE rest_due_at IS NOT NULL;

-- M2: each wish has a number of its own, which is half of its key with the company; who wished it
-- last stays beside it, and what has ended is neither let rest nor let go on.
CREATE FUNCTION checkout_rest_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.rest_round NOT IN (OLD.rest_round, OLD.rest_round + 1)
     OR (NEW.rest_round = OLD.rest_round AND (NEW.rest_asked_at, NEW.rest_asked_by)
         IS DISTINCT FROM (OLD.rest_asked_at, OLD.rest_asked_by))
     OR (NEW.rest_round > OLD.rest_round AND OLD.state = 'ended') THEN
    PERFORM checkout_refuse('checkout_m2_rest_is_kept', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_instruction_rest_kept BEFORE UPDATE ON card_instruction
  FOR EACH ROW EXECUTE FUNCTION checkout_rest_kept();

-- M6: a second person's No of a line stays with her name, the instant and why; the first one takes
-- her own word back without a reason.
ALTER TABLE bank_word ADD COLUMN ended_note bytea;
GRANT UPDATE (ended_note) ON bank_word TO sangha_app;
CREATE FUNCTION bank_word_refused() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.ended_note IS NULL OR one_person(NEW.ended_by) = one_person(NEW.made_by) THEN
    PERFORM bank_refuse('bank_m6_no_says_why', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_word_refused BEFORE UPDATE ON bank_word
  FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_how = 'refused')
  EXECUTE FUNCTION bank_word_refused();

-- The same of where somebody's money goes: a No ends the details before anybody confirmed them.
ALTER TABLE bank_payee
  ADD COLUMN refused_at timestamptz,
  ADD COLUMN refused_by bigint CONSTRAINT bank_payee_refused_by_fkey REFERENCES person,
  ADD COLUMN refused_note bytea,
  ADD CONSTRAINT bank_payee_refused_check CHECK (
    (refused_at IS NULL) = (refused_by IS NULL) AND (refused_at IS NULL) = (refused_note IS NULL)
    AND (refused_at IS NULL OR (ended_at IS NOT NULL AND confirmed_at IS NULL)));
GRANT UPDATE (refused_at, refused_by, refused_note) ON bank_payee TO sangha_app;
CREATE FUNCTION bank_payee_refused() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF one_person(NEW.refused_by) = one_person(NEW.made_by) OR OLD.ended_at IS NOT NULL THEN
    PERFORM bank_refuse('bank_m6_no_says_why', NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_payee_refused BEFORE UPDATE ON bank_payee
  FOR EACH ROW WHEN (OLD.refused_at IS NULL AND NEW.refused_at IS NOT NULL)
  EXECUTE FUNCTION bank_payee_refused();
