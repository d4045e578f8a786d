-- Papers: whole when they come, and nothing slips in under a hand.

CREATE OR REPLACE FUNCTION ledger_check_papers(v voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- A voucher from before papers were kept has no hash of them, and none lies beside it.
  IF v.papers_hash <> ledger_papers_hash(v.id)
     OR (v.papers_hash IS NULL AND EXISTS (
           SELECT FROM paper WHERE belongs_kind = 'voucher' AND belongs_id = v.id)) THEN
    PERFORM ledger_refuse('ledger_m6_papers_as_shown', v.id);
  END IF;
END $$;

-- What papers belong to is held while they are laid, so that nobody signs it meanwhile.
CREATE FUNCTION ledger_check_laying(kind varchar, number bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF kind = 'voucher' THEN
    PERFORM FROM voucher WHERE id = number FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT FROM voucher_approval WHERE voucher_id = number) THEN
      PERFORM ledger_refuse('ledger_m6_papers_before_hands', number);
    END IF;
  ELSIF kind = 'settlement' THEN
    PERFORM FROM float_settlement WHERE id = number FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT FROM float_answer WHERE settlement_id = number) THEN
      PERFORM ledger_refuse('ledger_m6_papers_before_hands', number);
    END IF;
  ELSIF EXISTS (SELECT FROM journal_entry WHERE (source_kind, source_id) = ('brought_forward', 1))
  THEN
    PERFORM ledger_refuse('ledger_m6_papers_before_hands', number);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_paper_laid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ledger_check_laying(NEW.belongs_kind, NEW.belongs_id);
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_voucher_worded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM ledger_check_laying('voucher', NEW.voucher_id);
  RETURN NEW;
END $$;

-- How many pieces of 256 KB a paper of this size has.
CREATE FUNCTION ledger_paper_pieces(size_bytes integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (size_bytes + 262143) / 262144
$$;

-- A piece comes with its paper: before anybody signed, and never one more than its size says.
CREATE FUNCTION ledger_piece_laid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p paper;
BEGIN
  SELECT * INTO p FROM paper WHERE id = NEW.paper_id;
  IF NOT FOUND OR NEW.position NOT BETWEEN 0 AND ledger_paper_pieces(p.size_bytes) - 1 THEN
    PERFORM ledger_refuse('ledger_m6_paper_is_whole', NEW.paper_id);
  END IF;
  PERFORM ledger_check_laying(p.belongs_kind, p.belongs_id);
  RETURN NEW;
END $$;
CREATE TRIGGER paper_piece_laid BEFORE INSERT ON paper_piece
  FOR EACH ROW EXECUTE FUNCTION ledger_piece_laid();

CREATE FUNCTION ledger_paper_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM paper_piece WHERE paper_id = NEW.id)
     <> ledger_paper_pieces(NEW.size_bytes) THEN
    PERFORM ledger_refuse('ledger_m6_paper_is_whole', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paper_whole AFTER INSERT ON paper
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_paper_whole();

-- Whoever answers a settlement holds it, so that no paper is being laid beside it.
CREATE FUNCTION ledger_settlement_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM float_settlement WHERE id = NEW.settlement_id FOR UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER float_answer_holds_papers BEFORE INSERT ON float_answer
  FOR EACH ROW EXECUTE FUNCTION ledger_settlement_held();
