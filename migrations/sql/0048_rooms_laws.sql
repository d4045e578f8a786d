-- Who may hold a case's key, and that its words are sealed altogether or not at all.

-- Whoever has it, whoever it is shown to for its words, the keepers' circle while somebody is in
-- it; never her own, never somebody it goes around. Without a person it is asked of the circle.
CREATE FUNCTION case_room_opens_to(about bigint, who bigint, at_ timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN who IS NULL THEN EXISTS (
      SELECT FROM circle_key WHERE circle = 'case_keepers' AND revoked_at IS NULL)
    AND NOT EXISTS (
      SELECT FROM circle_key k JOIN legal_case c ON c.id = about
       WHERE k.circle = 'case_keepers' AND k.revoked_at IS NULL
         AND (is_shut_out(about, k.person_id)
           OR one_person(k.person_id) = one_person(c.subject_person_id)))
    ELSE NOT is_shut_out(about, who) AND EXISTS (
      SELECT FROM legal_case c
       WHERE c.id = about AND one_person(c.subject_person_id) IS DISTINCT FROM one_person(who)
         AND (c.assignee_person_id = who
           OR EXISTS (SELECT FROM case_receiver r WHERE r.case_id = about AND r.ended_at IS NULL
                       AND r.person_id = who)
           OR EXISTS (SELECT FROM case_share s WHERE s.case_id = about AND s.ended_at IS NULL
                       AND s.person_id = who AND s.until_at > at_
                       AND s.parts && ARRAY['parties', 'story']::varchar[])))
    END
$$;

-- Epochs follow each other: none is left out, none is made twice, none after the case was left.
CREATE FUNCTION case_room_follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM legal_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
  IF NEW.epoch <> 1 + (SELECT coalesce(max(epoch), 0) FROM case_room WHERE case_id = NEW.case_id)
  THEN
    RAISE EXCEPTION 'the rooms of case % follow each other', NEW.case_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'case_room_follows';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_room_follows BEFORE INSERT ON case_room
  FOR EACH ROW EXECUTE FUNCTION case_room_follows();

CREATE FUNCTION case_room_key_lawful() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  about_id bigint;
BEGIN
  SELECT case_id INTO about_id FROM case_room WHERE id = NEW.room_id;
  PERFORM FROM legal_case WHERE id = about_id FOR NO KEY UPDATE;
  IF TG_OP = 'INSERT' THEN
    IF NEW.ended_at IS NOT NULL OR NOT case_room_opens_to(about_id, NEW.person_id, NEW.made_at) THEN
      RAISE EXCEPTION 'case % opens to nobody else', about_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'case_room_key_entitled';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
    OR (to_jsonb(NEW) - 'ended_at') <> (to_jsonb(OLD) - 'ended_at')
    OR case_room_opens_to(about_id, NEW.person_id, NEW.ended_at)
    OR NOT EXISTS (SELECT FROM case_room_key k WHERE k.room_id = NEW.room_id
                    AND k.id <> NEW.id AND k.ended_at IS NULL)
  THEN
    RAISE EXCEPTION 'a key ends once, with what entitled to it, and never as the last'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'case_room_key_only_ends';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_room_key_lawful BEFORE INSERT OR UPDATE ON case_room_key
  FOR EACH ROW EXECUTE FUNCTION case_room_key_lawful();
CREATE TRIGGER case_room_append_only BEFORE UPDATE OR DELETE ON case_room
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_room_no_truncate BEFORE TRUNCATE ON case_room
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_room_key_stays BEFORE DELETE ON case_room_key
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_room_key_no_truncate BEFORE TRUNCATE ON case_room_key
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON case_room, case_room_key FROM sangha_app;
GRANT UPDATE (ended_at) ON case_room_key TO sangha_app;

-- Asked at the commit that makes a room: somebody can open it, and no word of the case lies beside.
CREATE FUNCTION case_room_whole() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM case_room_key WHERE room_id = NEW.id) THEN
    RAISE EXCEPTION 'nobody could open room % of case %', NEW.epoch, NEW.case_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'case_room_held';
  END IF;
  IF EXISTS (SELECT FROM case_event
              WHERE case_id = NEW.case_id AND words IS NOT NULL AND room_id IS NULL)
    OR EXISTS (SELECT FROM case_party WHERE case_id = NEW.case_id AND room_id IS NULL)
  THEN
    RAISE EXCEPTION 'the words of case % are sealed altogether', NEW.case_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'case_room_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_room_whole AFTER INSERT ON case_room
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION case_room_whole();

-- Words go into the newest room if there is one, and nowhere else.
CREATE FUNCTION case_words_in_its_room() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  newest bigint;
BEGIN
  PERFORM FROM legal_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
  IF NEW.words IS NOT NULL THEN
    SELECT id INTO newest FROM case_room WHERE case_id = NEW.case_id ORDER BY epoch DESC LIMIT 1;
  END IF;
  IF NEW.room_id IS DISTINCT FROM newest THEN
    RAISE EXCEPTION 'words of case % go into its newest room', NEW.case_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'case_words_in_its_room';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_event_in_its_room BEFORE INSERT ON case_event
  FOR EACH ROW EXECUTE FUNCTION case_words_in_its_room();
CREATE TRIGGER case_party_in_its_room BEFORE INSERT ON case_party
  FOR EACH ROW EXECUTE FUNCTION case_words_in_its_room();

-- What was written before there was a room is sealed once; nothing else of a line ever changes.
CREATE FUNCTION case_words_only_sealed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.room_id IS NULL AND OLD.words IS NOT NULL AND NEW.words IS NOT NULL
    AND (to_jsonb(NEW) - 'words' - 'room_id') = (to_jsonb(OLD) - 'words' - 'room_id')
    AND NEW.room_id = (SELECT id FROM case_room WHERE case_id = OLD.case_id
                        ORDER BY epoch DESC LIMIT 1)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
DROP TRIGGER case_event_append_only ON case_event;
DROP TRIGGER case_party_append_only ON case_party;
CREATE TRIGGER case_event_append_only BEFORE DELETE ON case_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_party_append_only BEFORE DELETE ON case_party
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_event_only_sealed BEFORE UPDATE ON case_event
  FOR EACH ROW EXECUTE FUNCTION case_words_only_sealed();
CREATE TRIGGER case_party_only_sealed BEFORE UPDATE ON case_party
  FOR EACH ROW EXECUTE FUNCTION case_words_only_sealed();

-- The one door to that for the application, which may change nothing of a line itself.
CREATE FUNCTION case_words_seal(what varchar, line bigint, room bigint, blob bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  CASE what
    WHEN 'case_event' THEN UPDATE case_event SET words = blob, room_id = room WHERE id = line;
    WHEN 'case_party' THEN UPDATE case_party SET words = blob, room_id = room WHERE id = line;
  END CASE;
END $$;
REVOKE ALL ON FUNCTION case_words_seal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_words_seal TO sangha_app;
