-- C1: whoever is waited for has an unfinished timer at every commit. The subject's row is locked
-- first, or two transactions could each take one of two timers and leave none; under a snapshot
-- older than the lock the check would see the past, so that isolation is refused.
CREATE FUNCTION crisis_timer_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  about text; about_id bigint; waits boolean;
BEGIN
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'a crisis is never written under repeatable read'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_timer_kept';
  END IF;
  IF TG_TABLE_NAME = 'timer' THEN
    about := OLD.subject_type; about_id := OLD.subject_id;
  ELSE
    about := TG_TABLE_NAME; about_id := NEW.id;
  END IF;
  IF about = 'incident' THEN
    SELECT state IN ('seeking', 'filled') INTO waits FROM incident WHERE id = about_id FOR UPDATE;
  ELSE
    SELECT state IN ('open', 'taken') INTO waits FROM contact WHERE id = about_id FOR UPDATE;
  END IF;
  IF waits AND NOT EXISTS (
    SELECT FROM timer
    WHERE subject_type = about AND subject_id = about_id AND done_at IS NULL
  ) THEN
    RAISE EXCEPTION '% % is open and nothing will look at it', about, about_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_timer_kept';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incident_timer_kept AFTER INSERT OR UPDATE ON incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crisis_timer_kept();
CREATE CONSTRAINT TRIGGER contact_timer_kept AFTER INSERT OR UPDATE ON contact
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crisis_timer_kept();
CREATE CONSTRAINT TRIGGER timer_crisis_kept AFTER UPDATE OR DELETE ON timer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.subject_type IN ('incident', 'contact'))
  EXECUTE FUNCTION crisis_timer_kept();

-- C2: an incident commits together with the decision about whom to ask, or not at all.
CREATE FUNCTION crisis_decided_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM incident_choice WHERE incident_id = NEW.id) THEN
    RAISE EXCEPTION 'incident % was opened and nobody was looked for', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_decided_at_once';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incident_decided_at_once AFTER INSERT ON incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crisis_decided_at_once();

-- C3: who says she saw the caller must have arrived there; an ended incident stays ended.
CREATE FUNCTION crisis_closed_by_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('closed', 'merged') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'incident % has ended', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_ended_stays';
  END IF;
  IF NEW.state = 'closed' AND NEW.closed_how = 'saw_her' AND NOT EXISTS (
    SELECT FROM page WHERE incident_id = NEW.id AND person_id = NEW.witness_person_id
      AND arrived_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'incident % is closed only by somebody who was there', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_closed_by_witness';
  END IF;
  IF NEW.state = 'closed' AND NEW.closed_how = 'heard_safe_word'
    AND NEW.safe_word_hash IS NULL
  THEN
    RAISE EXCEPTION 'incident % has no safe word', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_closed_by_witness';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER incident_closed_by_witness BEFORE UPDATE ON incident
  FOR EACH ROW EXECUTE FUNCTION crisis_closed_by_witness();

-- C7: the certificate is her own and holds on the day she is asked, or a person answers for it.
CREATE FUNCTION crisis_certified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.certificate_id IS NOT NULL AND NEW.lapsed_override_by IS NULL AND NOT EXISTS (
    SELECT FROM certificate
    WHERE id = NEW.certificate_id AND person_id = NEW.person_id AND revoked_at IS NULL
      AND NEW.asked_on BETWEEN starts_on AND ends_on
      AND NEW.asked_on BETWEEN NEW.asked_at::date - 1 AND NEW.asked_at::date + 1
  ) THEN
    RAISE EXCEPTION 'page % has no certificate in force', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'crisis_certified';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER page_certified BEFORE INSERT OR UPDATE OF certificate_id, person_id, asked_on
  ON page FOR EACH ROW EXECUTE FUNCTION crisis_certified();

-- What happened and what was decided is never changed; nothing of a crisis is ever deleted.
CREATE TRIGGER incident_event_append_only BEFORE UPDATE OR DELETE ON incident_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_event_no_truncate BEFORE TRUNCATE ON incident_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON incident_event FROM sangha_app;
CREATE TRIGGER incident_choice_append_only BEFORE UPDATE OR DELETE ON incident_choice
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_choice_no_truncate BEFORE TRUNCATE ON incident_choice
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON incident_choice FROM sangha_app;
CREATE TRIGGER crisis_policy_append_only BEFORE UPDATE OR DELETE ON crisis_policy
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER crisis_policy_no_truncate BEFORE TRUNCATE ON crisis_policy
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON crisis_policy FROM sangha_app;
REVOKE DELETE, TRUNCATE ON certificate FROM sangha_app;
REVOKE DELETE, TRUNCATE ON contact FROM sangha_app;
REVOKE DELETE, TRUNCATE ON incident FROM sangha_app;
REVOKE DELETE, TRUNCATE ON page FROM sangha_app;
