-- As 0008 has it, and a claim whose payment was reversed in the books is open again.
CREATE OR REPLACE FUNCTION welfare_claim_way() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said claim_decision;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' OR NEW.appealed_at IS NOT NULL THEN
      RAISE EXCEPTION 'a claim begins by being asked for'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_way';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.ref, NEW.person_id, NEW.key_ref, NEW.scheme_id, NEW.scheme_version_id,
      NEW.from_on, NEW.until_on, NEW.evidence, NEW.asked_at)
    IS DISTINCT FROM (OLD.id, OLD.ref, OLD.person_id, OLD.key_ref, OLD.scheme_id,
      OLD.scheme_version_id, OLD.from_on, OLD.until_on, OLD.evidence, OLD.asked_at)
    OR (OLD.appealed_at IS NOT NULL AND NEW.appealed_at IS DISTINCT FROM OLD.appealed_at)
  THEN
    RAISE EXCEPTION 'what claim % asked for stays as it was asked', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_kept';
  END IF;
  IF NEW.state = OLD.state THEN
    IF NEW.voucher_id IS DISTINCT FROM OLD.voucher_id THEN
      RAISE EXCEPTION 'claim % has its voucher', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_way';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
    ('asked', 'heard'), ('asked', 'granted'), ('heard', 'granted'), ('heard', 'refused'),
    ('refused', 'appealed'), ('appealed', 'heard'), ('appealed', 'granted'),
    ('granted', 'voucher'), ('voucher', 'granted'), ('voucher', 'paid'),
    ('paid', 'voucher'), ('paid', 'granted')
  ) OR (NEW.state = 'appealed' AND OLD.appealed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'claim % cannot go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_way';
  END IF;
  SELECT * INTO said FROM claim_decision WHERE claim_id = NEW.id ORDER BY id DESC LIMIT 1;
  IF NEW.state = 'heard' AND NOT EXISTS (
    SELECT FROM claim_hearing
    WHERE claim_id = NEW.id AND heard_at >= coalesce(NEW.appealed_at, NEW.asked_at)
  ) THEN
    RAISE EXCEPTION 'nobody heard claim %', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  IF (NEW.state = 'refused' AND said.outcome IS DISTINCT FROM 'refuse')
    OR (NEW.state IN ('granted', 'voucher', 'paid') AND said.outcome IS DISTINCT FROM 'grant')
    OR (NEW.state IN ('granted', 'refused') AND OLD.state NOT IN ('voucher', 'paid')
      AND said.decided_at < NEW.appealed_at)
  THEN
    RAISE EXCEPTION 'nobody decided claim % so', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  IF NEW.state IN ('voucher', 'paid') AND NOT EXISTS (
    SELECT FROM voucher
    WHERE id = NEW.voucher_id AND payee_person_id = NEW.person_id
      AND amount_minor = said.amount_minor AND source_kind = 'welfare_claim'
      AND source_id = NEW.id
  ) THEN
    RAISE EXCEPTION 'claim % has no voucher of its own', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  IF OLD.state IN ('voucher', 'paid') AND NEW.state = 'granted' AND NOT EXISTS (
    SELECT FROM voucher WHERE id = OLD.voucher_id AND withdrawn_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'the voucher of claim % still stands', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  IF OLD.state = 'paid' AND (
    NEW.voucher_id IS DISTINCT FROM OLD.voucher_id AND NEW.state = 'voucher'
    OR NOT EXISTS (
      SELECT FROM journal_entry paid JOIN journal_entry back ON back.reverses_id = paid.id
      WHERE paid.voucher_id = OLD.voucher_id)
  ) THEN
    RAISE EXCEPTION 'the payment of claim % still stands', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  IF NEW.state = 'paid' AND NOT EXISTS (
    SELECT FROM journal_entry paid
    WHERE paid.voucher_id = NEW.voucher_id
      AND NOT EXISTS (SELECT FROM journal_entry back WHERE back.reverses_id = paid.id)
  ) THEN
    RAISE EXCEPTION 'nothing was paid on claim %', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'welfare_claim_backed';
  END IF;
  RETURN NEW;
END $$;
