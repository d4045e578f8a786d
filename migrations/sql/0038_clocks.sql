-- One clock for one person; medicine put right; clocks of medicine handed on; looking back by who
-- may; a calendar of one's own hours.

CREATE INDEX incident_merged_into_ix ON incident (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- An incident and all that were joined to it, whichever of them is named.
CREATE FUNCTION incident_root(about bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE up AS (
    SELECT id, merged_into_id FROM incident WHERE id = about
    UNION
    SELECT i.id, i.merged_into_id FROM incident i JOIN up ON i.id = up.merged_into_id
  )
  SELECT id FROM up WHERE merged_into_id IS NULL
$$;
CREATE FUNCTION incident_family(about bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE family AS (
    SELECT incident_root(about) AS id
    UNION
    SELECT i.id FROM incident i JOIN family f ON i.merged_into_id = f.id
  )
  SELECT id FROM family
$$;

-- Hours of her own: held, and not before a magistrate yet.
CREATE FUNCTION has_hours(one taken) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT one.produced_at IS NULL AND one.standing NOT IN ('produced', 'released', 'not_taken')
$$;

ALTER TABLE custody_clock
  DROP CONSTRAINT custody_clock_ended_how_check,
  ADD CONSTRAINT custody_clock_ended_how_check
    CHECK (ended_how IN ('produced', 'released', 'not_taken', 'corrected', 'listed'));

-- What runs beside a list today passes over to it; each keeps the hour she has. Any list silenced
-- it, also one of whom all were let go long ago: only one of mistakes alone leaves it running.
WITH passed AS (
  UPDATE custody_clock c
  SET ended_at = first.made_at, ended_how = 'listed', ended_by_person_id = first.made_by_person_id
  FROM (
    SELECT DISTINCT ON (incident_root(t.incident_id)) incident_root(t.incident_id) AS root,
      greatest(t.made_at, k.made_at) AS made_at, t.made_by_person_id
    FROM taken t JOIN custody_clock k ON k.ended_at IS NULL
      AND incident_root(k.incident_id) = incident_root(t.incident_id)
    WHERE t.standing <> 'not_taken' ORDER BY 1, t.id
  ) first
  WHERE c.ended_at IS NULL AND incident_root(c.incident_id) = first.root
  RETURNING c.id, c.ended_at
)
UPDATE timer t SET done_at = greatest(passed.ended_at, t.made_at) FROM passed
WHERE t.subject_type = 'custody' AND t.subject_id = passed.id AND t.done_at IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- The incident's own clock and hours of persons never run beside each other, and none is lost
-- between: what passed over to a list has somebody there of whom more is known than a mistake.
CREATE FUNCTION custody_one_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  about_id bigint; root bigint; runs boolean; last_end varchar;
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'a crisis is never written under repeatable read'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_one_clock';
  END IF;
  IF TG_TABLE_NAME = 'incident' THEN about_id := NEW.id; ELSE about_id := NEW.incident_id; END IF;
  root := incident_root(about_id);
  PERFORM FROM incident WHERE id = root FOR UPDATE;
  root := incident_root(about_id);
  SELECT bool_or(ended_at IS NULL), (array_agg(ended_how ORDER BY id DESC))[1]
    INTO runs, last_end FROM custody_clock WHERE incident_id IN (SELECT incident_family(root));
  IF runs AND EXISTS (
    SELECT FROM taken t WHERE t.incident_id IN (SELECT incident_family(root)) AND has_hours(t)
  ) THEN
    RAISE EXCEPTION 'somebody of incident % has hours of her own', root
      USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_one_clock';
  END IF;
  IF NOT runs AND last_end = 'listed' AND NOT EXISTS (
    SELECT FROM taken WHERE incident_id IN (SELECT incident_family(root))
      AND standing <> 'not_taken'
  ) THEN
    RAISE EXCEPTION 'the hours of incident % passed over to nobody', root
      USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_one_clock';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER custody_clock_one_clock AFTER INSERT OR UPDATE ON custody_clock
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION custody_one_clock();
CREATE CONSTRAINT TRIGGER taken_one_clock AFTER INSERT OR UPDATE OF standing, produced_at ON taken
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION custody_one_clock();
CREATE CONSTRAINT TRIGGER incident_one_clock AFTER UPDATE OF merged_into_id ON incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
  EXECUTE FUNCTION custody_one_clock();

-- A medicine wrongly written is put right by a row of its own; what it said before stays.
ALTER TABLE taken_medicine
  ADD COLUMN corrects_id bigint
    CONSTRAINT taken_medicine_corrects_id_fkey REFERENCES taken_medicine
    CONSTRAINT taken_medicine_corrects_id_key UNIQUE,
  DROP CONSTRAINT taken_medicine_ended_how_check,
  ADD CONSTRAINT taken_medicine_ended_how_check
    CHECK (ended_how IN ('given', 'not_needed', 'corrected'));
ALTER TABLE taken_event
  DROP CONSTRAINT taken_event_code_check,
  ADD CONSTRAINT taken_event_code_check CHECK (code IN ('listed', 'standing', 'name', 'linked',
    'unlinked', 'taken_at', 'journey', 'medicine', 'given', 'not_needed', 'sealed_mark',
    'warned', 'corrected'));
CREATE TRIGGER taken_medicine_corrects_stays BEFORE UPDATE ON taken_medicine
  FOR EACH ROW WHEN (NEW.corrects_id IS DISTINCT FROM OLD.corrects_id)
  EXECUTE FUNCTION taken_stays();

-- Both rows are hers, the earlier one ended by the later one, and her history says what it said.
CREATE FUNCTION medicine_put_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM taken_medicine earlier
    JOIN taken_medicine later ON later.corrects_id = earlier.id
    JOIN taken_event e ON e.taken_id = earlier.taken_id AND e.code = 'corrected'
      AND e.facts ->> 'medicine_id' = earlier.id::text AND e.words IS NOT NULL
      AND e.by_person_id = earlier.ended_by_person_id
    WHERE earlier.id = CASE TG_OP WHEN 'INSERT' THEN NEW.corrects_id ELSE NEW.id END
      AND earlier.ended_how = 'corrected' AND later.taken_id = earlier.taken_id
  ) THEN
    RAISE EXCEPTION 'medicine % is not put right as it should be', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'medicine_put_right';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER medicine_corrects AFTER INSERT ON taken_medicine
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL)
  EXECUTE FUNCTION medicine_put_right();
CREATE CONSTRAINT TRIGGER medicine_corrected AFTER UPDATE ON taken_medicine
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.ended_how = 'corrected' AND OLD.ended_how IS NULL)
  EXECUTE FUNCTION medicine_put_right();
