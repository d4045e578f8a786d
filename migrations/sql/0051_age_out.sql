-- What only ever grows lets go of what is too old, and of nothing else: one function for each
-- table, which knows the least age, counts it from the row's own day, and passes over what is held
-- or still open. The application may call them; it has no DELETE.

CREATE FUNCTION ages_out(what text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_setting('union.ages_out', true) IS NOT DISTINCT FROM what
         AND current_user <> 'sangha_app'
$$;
CREATE OR REPLACE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_only_ages BEFORE DELETE ON audit_entry
  FOR EACH ROW WHEN (NOT ages_out('audit_entry')) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER reading_append_only BEFORE UPDATE OR TRUNCATE ON reading
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reading_only_ages BEFORE DELETE ON reading
  FOR EACH STATEMENT WHEN (NOT ages_out('reading')) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER delivery_receipt_refuse_change BEFORE UPDATE OR TRUNCATE
  ON delivery_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_receipt_only_ages BEFORE DELETE ON delivery_receipt
  FOR EACH STATEMENT WHEN (NOT ages_out('delivery_receipt')) EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER claim_hearing_append_only BEFORE DELETE ON claim_hearing
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_hearing_only_ages BEFORE UPDATE ON claim_hearing
  FOR EACH ROW WHEN (NOT ages_out('claim_hearing')) EXECUTE FUNCTION refuse_change();

-- Whether what a row tells of is held, or not ended yet.
CREATE FUNCTION retention_stands(what text, about bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE what
    WHEN 'legal_case' THEN is_held_case(about)
      OR EXISTS (SELECT FROM legal_case c WHERE c.id = about AND c.state = 'open')
    WHEN 'incident' THEN is_held_incident(about)
      OR EXISTS (SELECT FROM incident i WHERE i.id = incident_root(about) AND i.state <> 'closed')
    WHEN 'contact' THEN EXISTS (SELECT FROM contact n WHERE n.id = about
      AND (n.state <> 'dealt' OR is_held('person', n.person_id)
        OR (n.incident_id IS NOT NULL AND is_held_incident(n.incident_id))))
    WHEN 'taken' THEN EXISTS (SELECT FROM taken t WHERE t.id = about
      AND (is_held('person', t.person_id) OR is_held_incident(t.incident_id)))
    WHEN 'claim' THEN EXISTS (SELECT FROM claim c WHERE c.id = about
      AND (c.state NOT IN ('refused', 'paid') OR is_held('person', c.person_id)))
    ELSE false
  END
$$;
CREATE FUNCTION incident_is_over(about bigint, before timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM incident r WHERE r.id = incident_root(about)
                    AND r.state = 'closed' AND r.closed_at < before)
    AND NOT is_held_incident(about)
    AND NOT EXISTS (SELECT FROM legal_case c
      WHERE c.incident_id IN (SELECT incident_family(about)) AND c.state = 'open')
    AND NOT EXISTS (SELECT FROM lesson l
      WHERE l.incident_id IN (SELECT incident_family(about)) AND l.done_at IS NULL)
    AND NOT EXISTS (SELECT FROM timer t WHERE t.done_at IS NULL AND (
      (t.subject_type = 'incident' AND t.subject_id IN (SELECT incident_family(about)))
      OR (t.subject_type = 'contact' AND t.subject_id IN (SELECT n.id FROM contact n
           WHERE n.incident_id IN (SELECT incident_family(about))))
      OR (t.subject_type = 'taken' AND t.subject_id IN (SELECT k.id FROM taken k
           WHERE k.incident_id IN (SELECT incident_family(about))))))
$$;

CREATE FUNCTION age_out_sign_in_session(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  DELETE FROM sign_in_session WHERE token_hash IN (
    SELECT s.token_hash FROM sign_in_session s JOIN user_account a ON a.id = s.account_id
     WHERE coalesce(s.ended_at, s.ends_at) < retention_bound('sign_ins', handed_at, kept_days)
       AND NOT is_held('person', a.person_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
-- A slip stays while nobody has seen her whom it was for: it says who may not be the one.
CREATE FUNCTION age_out_enrolment_slip(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  DELETE FROM enrolment_slip WHERE id IN (
    SELECT s.id FROM enrolment_slip s JOIN user_account a ON a.id = s.account_id
     WHERE coalesce(s.used_at, s.ended_at, s.ends_at) < retention_bound('slips', handed_at, kept_days)
       AND (a.confirmed_at IS NOT NULL OR a.closed_at IS NOT NULL)
       AND NOT is_held('person', a.person_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
CREATE FUNCTION age_out_command(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  DELETE FROM command WHERE key IN (
    SELECT c.key FROM command c WHERE c.made_at < retention_bound('commands', handed_at, kept_days)
       AND NOT is_held('person', c.person_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
CREATE FUNCTION age_out_delivery_receipt(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  PERFORM set_config('union.ages_out', 'delivery_receipt', true);
  DELETE FROM delivery_receipt WHERE id IN (
    SELECT d.id FROM delivery_receipt d JOIN attempt a ON a.id = d.attempt_id
      JOIN message m ON m.id = a.message_id
     WHERE d.stored_at < retention_bound('receipts', handed_at, kept_days)
       AND m.state <> 'waiting' AND NOT is_held('person', m.person_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('union.ages_out', '', true);
  RETURN gone;
END $$;
-- An attempt stays with its receipts, with what came back along it, and with an open incident.
CREATE FUNCTION age_out_attempt(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  DELETE FROM attempt WHERE id IN (
    SELECT a.id FROM attempt a JOIN message m ON m.id = a.message_id
     WHERE a.ended_at < retention_bound('attempts', handed_at, kept_days)
       AND a.state IN ('handed_over', 'failed', 'dropped') AND m.state <> 'waiting'
       AND NOT EXISTS (SELECT FROM delivery_receipt d WHERE d.attempt_id = a.id)
       AND NOT EXISTS (SELECT FROM inbound_message i WHERE i.attempt_id = a.id)
       AND NOT EXISTS (SELECT FROM page p WHERE p.message_id = m.id
                          AND retention_stands('incident', p.incident_id))
       AND NOT is_held('person', m.person_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
CREATE FUNCTION age_out_audit_entry(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone integer;
BEGIN
  PERFORM set_config('union.ages_out', 'audit_entry', true);
  DELETE FROM audit_entry WHERE id IN (
    SELECT e.id FROM audit_entry e WHERE e.at < retention_bound('acts', handed_at, kept_days)
       AND NOT is_held('person', e.subject_person_id) AND NOT is_held('person', e.actor_person_id)
       AND NOT retention_stands(e.object_type, e.object_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('union.ages_out', '', true);
  RETURN gone;
END $$;
-- Its commitment stays in the chain, so the row must be under a seal, and five years older than the
-- newest one: that is what the verifier takes for aged. What was asked about stays.
CREATE FUNCTION age_out_reading(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone integer;
  sealed_until timestamptz := (SELECT max(made_at) FROM reading_seal);
BEGIN
  IF sealed_until IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM set_config('union.ages_out', 'reading', true);
  DELETE FROM reading WHERE id IN (
    SELECT r.id FROM reading r JOIN reading_sealed n ON n.reading_id = r.id
     WHERE r.at < retention_bound('readings', least(handed_at, sealed_until), kept_days)
       AND NOT EXISTS (SELECT FROM reading_question q WHERE q.reading_id = r.id)
       AND NOT is_held('person', r.subject_person_id) AND NOT is_held('person', r.actor_person_id)
       AND NOT retention_stands(r.object_type, r.object_id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('union.ages_out', '', true);
  RETURN gone;
END $$;
-- Words about health, hers and those of the hearing; what was decided, and why in codes, stays.
CREATE FUNCTION age_out_health_words(handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE due bigint[];
BEGIN
  SELECT array_agg(o.id) INTO due FROM (
    SELECT c.id FROM claim c
     WHERE c.state IN ('refused', 'paid') AND NOT is_held('person', c.person_id)
       AND (c.health IS NOT NULL OR EXISTS (SELECT FROM claim_hearing h
             WHERE h.claim_id = c.id AND octet_length(h.note) > 0))
       AND greatest((SELECT max(d.decided_at) FROM claim_decision d WHERE d.claim_id = c.id),
                    c.paid_at, c.asked_at) < retention_bound('health_words', handed_at, kept_days)
     ORDER BY c.id LIMIT most) o;
  PERFORM set_config('union.ages_out', 'claim_hearing', true);
  UPDATE claim SET health = NULL WHERE id = ANY (due);
  UPDATE claim_hearing SET note = '' WHERE claim_id = ANY (due);
  PERFORM set_config('union.ages_out', '', true);
  RETURN coalesce(cardinality(due), 0);
END $$;

-- Messages whose words have done what they were for.
CREATE FUNCTION retention_messages_over(before timestamptz, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id FROM message m
   WHERE m.closed_at < before AND m.state <> 'waiting' AND octet_length(m.params) > 0
     AND NOT is_held('person', m.person_id)
     AND NOT EXISTS (SELECT FROM attempt a
                      WHERE a.message_id = m.id AND a.state IN ('due', 'leased'))
     AND NOT EXISTS (SELECT FROM page p WHERE p.message_id = m.id
                        AND retention_stands('incident', p.incident_id))
     AND NOT EXISTS (SELECT FROM contact c WHERE c.call_message_id = m.id AND c.state <> 'dealt')
   ORDER BY m.id LIMIT most
$$;

-- The keys whose time is over, by kind.
CREATE FUNCTION retention_keys_over(what text, before timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.key_ref FROM inbound_message b
   WHERE what = 'inbound_words' AND b.stored_at < before
     AND NOT EXISTS (SELECT FROM contact n WHERE n.inbound_id = b.id AND (n.state <> 'dealt'
           OR (n.incident_id IS NOT NULL AND retention_stands('incident', n.incident_id))))
  UNION ALL
  SELECT q.key_ref FROM quiet_number q WHERE what = 'nuisance' AND q.ended_at < before
  UNION ALL
  SELECT b.key_ref FROM import_batch b
   WHERE what = 'import_rows' AND b.imported_at < before
     AND NOT EXISTS (SELECT FROM duplicate d JOIN import_row r ON r.id = d.import_row_id
                      WHERE r.batch_id = b.id AND d.decided_at IS NULL)
  UNION ALL
  SELECT s.key_ref FROM collection_sheet s
   WHERE what = 'sheet_lines' AND s.imported_at < before
     AND NOT EXISTS (SELECT FROM collection_line l WHERE l.sheet_id = s.id AND (
           (l.verdict IN ('refused', 'missing') AND l.settled_at IS NULL)
           OR (l.happened_on IS NOT NULL AND NOT is_audited(l.happened_on))))
  UNION ALL
  SELECT a.key_ref FROM set_aside a WHERE what = 'set_aside' AND a.dealt_with_at < before
  UNION ALL
  SELECT i.key_ref FROM incident i WHERE what = 'incident_words' AND incident_is_over(i.id, before)
  UNION ALL
  SELECT n.key_ref FROM contact n
   WHERE what = 'incident_words' AND n.state = 'dealt' AND n.dealt_at < before
     AND (n.incident_id IS NULL OR incident_is_over(n.incident_id, before))
     AND NOT waits_for_something('contact', n.id)
  UNION ALL
  SELECT k.key_ref FROM taken k
   WHERE what = 'taken_lists' AND k.standing IN ('released', 'not_taken')
     AND incident_is_over(k.incident_id, before)
  UNION ALL
  SELECT c.key_ref FROM legal_case c
   WHERE what = 'cases' AND c.state = 'closed' AND c.closed_at < before
     AND NOT waits_for_something('legal_case', c.id)
  UNION ALL
  SELECT s.key_ref FROM bank_statement s
   WHERE what = 'narrations' AND s.period_to < before::date AND is_audited(s.period_from)
     AND is_audited(s.period_to)
     AND NOT EXISTS (SELECT FROM bank_line l
                      WHERE l.statement_id = s.id AND is_held_key(l.key_ref))
  UNION ALL
  SELECT p.key_ref FROM member m JOIN person p ON p.id = m.person_id
   WHERE what = 'gone_keys' AND is_gone(m.person_id, before)
$$;
-- The keys of that kind are ordered to be destroyed; how many. Nothing held is among them.
CREATE FUNCTION retention_order_keys(what text, handed_at timestamptz, kept_days integer, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ordered integer;
BEGIN
  INSERT INTO retention_key (key_ref, kind, ordered_at)
  SELECT DISTINCT o.key_ref, what, handed_at
    FROM retention_keys_over(what, retention_bound(what, handed_at, kept_days)) o(key_ref)
   WHERE NOT EXISTS (SELECT FROM retention_key k WHERE k.key_ref = o.key_ref)
     AND NOT is_held_key(o.key_ref)
   LIMIT most
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS ordered = ROW_COUNT;
  RETURN ordered;
END $$;
REVOKE INSERT ON retention_key FROM sangha_app;

CREATE FUNCTION retention_key_destroyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NULL
     OR NEW.destroyed_at < OLD.ordered_at THEN
    PERFORM retention_refuse('retention_key_destroyed_once', OLD.key_ref::text);
  END IF;
  IF is_held_key(OLD.key_ref) THEN
    PERFORM retention_refuse('retention_key_held', OLD.key_ref::text);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retention_key_destroyed BEFORE UPDATE ON retention_key
  FOR EACH ROW EXECUTE FUNCTION retention_key_destroyed();
