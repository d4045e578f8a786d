-- M7: the database numbers seals and heads itself, one after the other, so that none can be laid
-- out of reach of the next; and a head that was forged takes no day from the true one.

CREATE FUNCTION ledger_seal_numbered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.id := (SELECT coalesce(max(id), 0) + 1 FROM seal);
  RETURN NEW;
END $$;
CREATE TRIGGER seal_numbered BEFORE INSERT ON seal
  FOR EACH ROW EXECUTE FUNCTION ledger_seal_numbered();

-- What a head says must be so. Whether it is signed no database can tell: a head stands beside
-- another of its day, whoever reads them asks the signature, and only the same one comes once.
ALTER TABLE seal_head DROP CONSTRAINT seal_head_said_key;
ALTER TABLE seal_head ADD CONSTRAINT seal_head_said_key UNIQUE (reason, said_on, signature);
CREATE OR REPLACE FUNCTION ledger_head_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.id := (SELECT coalesce(max(id), 0) + 1 FROM seal_head);
  IF NEW.previous_id IS DISTINCT FROM (SELECT max(id) FROM seal_head)
     OR NEW.seal_hash IS DISTINCT FROM (SELECT content_hash FROM seal WHERE id = NEW.seal_id)
     OR NEW.seal_id <> (SELECT max(id) FROM seal)
     OR NEW.entries <> (SELECT sum(entries) FROM seal WHERE id <= NEW.seal_id)
     OR NEW.closed_to IS DISTINCT FROM
        (SELECT max(first_on) FROM accounting_period WHERE status = 'closed') THEN
    PERFORM ledger_refuse('ledger_m7_head_says_what_is', NEW.id);
  END IF;
  IF NEW.reason = 'day' AND abs(NEW.said_on - (NEW.made_at AT TIME ZONE 'UTC')::date) > 1
     OR NEW.reason = 'month' AND NOT EXISTS (
       SELECT FROM accounting_period WHERE status = 'closed'
          AND (first_on + interval '1 month - 1 day')::date = NEW.said_on) THEN
    PERFORM ledger_refuse('ledger_m7_head_on_its_day', NEW.id);
  END IF;
  IF EXISTS (SELECT FROM journal_entry e WHERE e.posted_on < NEW.closed_to + interval '1 month'
              AND NOT EXISTS (SELECT FROM seal_entry se WHERE se.entry_id = e.id)) THEN
    PERFORM ledger_refuse('ledger_m7_closed_months_are_sealed', NEW.id);
  END IF;
  RETURN NEW;
END $$;
