-- What erasing somebody takes away: which keys are hers, what lies open or under other keys, and
-- what must be over before. The application may not call erasure_forget: only an order that has
-- come so far does (erasure_take_away), and whoever brings a backup back, as the owner.

-- What must be over first, as codes. Nothing here stands when she is erased.
CREATE FUNCTION erasure_hindrances(who bigint) RETURNS SETOF text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH hers AS MATERIALIZED (SELECT erasure_entries(who) AS id)
  SELECT 'held' WHERE erasure_held(who)
  UNION ALL SELECT 'office' WHERE EXISTS (
    SELECT FROM role_grant g JOIN user_account a ON a.id = g.account_id
     WHERE a.person_id IN (SELECT id FROM hers) AND g.ended_at IS NULL AND g.role <> 'member')
  UNION ALL SELECT 'call' WHERE EXISTS (
    SELECT FROM contact c LEFT JOIN incident i ON i.id = c.incident_id
     WHERE c.person_id IN (SELECT id FROM hers)
       AND (c.state <> 'dealt' OR i.state IN ('seeking', 'filled') OR i.follow_up))
    OR EXISTS (
    SELECT FROM taken t JOIN incident i ON i.id = t.incident_id
     WHERE t.person_id IN (SELECT id FROM hers)
       AND (i.state IN ('seeking', 'filled') OR i.follow_up))
  UNION ALL SELECT 'case' WHERE EXISTS (
    SELECT FROM legal_case c
     WHERE c.subject_person_id IN (SELECT id FROM hers) AND c.state <> 'closed')
  UNION ALL SELECT 'claim' WHERE EXISTS (
    SELECT FROM claim c WHERE c.person_id IN (SELECT id FROM hers)
       AND c.state NOT IN ('paid', 'refused'))
  UNION ALL SELECT 'voucher' WHERE EXISTS (
    SELECT FROM voucher v WHERE v.payee_person_id IN (SELECT id FROM hers)
       AND v.withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM journal_entry e WHERE e.voucher_id = v.id))
  UNION ALL SELECT 'by_card' WHERE EXISTS (
    SELECT FROM card_instruction i
     WHERE i.person_id IN (SELECT id FROM hers) AND i.state <> 'ended')
    OR EXISTS (
    SELECT FROM card_checkout c WHERE c.person_id IN (SELECT id FROM hers)
       AND c.state IN ('asked', 'open', 'waiting'))
  UNION ALL SELECT 'cash' WHERE EXISTS (
    SELECT FROM account_balance b
     WHERE b.balance_minor <> 0 AND b.account_code IN (
       SELECT c.account_code FROM collector c WHERE c.person_id IN (SELECT id FROM hers)
       UNION SELECT f.account_code FROM float_account f
        WHERE f.holder_person_id IN (SELECT id FROM hers)))
$$;

-- Numbers of hers that nobody else in the register has: what came from a shared telephone may be
-- somebody else's words.
CREATE FUNCTION erasure_numbers(who bigint) RETURNS SETOF bytea LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT p.number_index FROM contact_point p
   WHERE p.person_id IN (SELECT erasure_entries(who))
     AND NOT EXISTS (SELECT FROM contact_point o
                      WHERE o.number_index = p.number_index
                        AND o.person_id NOT IN (SELECT erasure_entries(who)))
$$;

-- Every data key that closes something of hers and of nobody else's.
CREATE FUNCTION erasure_keys(who bigint) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH hers AS MATERIALIZED (SELECT erasure_entries(who) AS id),
  numbers AS MATERIALIZED (SELECT erasure_numbers(who) AS number_index),
  heard AS MATERIALIZED (
    SELECT m.id, m.key_ref FROM inbound_message m JOIN numbers n ON n.number_index = m.from_index),
  found (key_ref) AS (
    SELECT key_ref FROM person WHERE id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM member WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT waiting_key_ref FROM import_row WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM message WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM heard
    UNION SELECT key_ref FROM contact WHERE state = 'dealt'
       AND (person_id IN (SELECT id FROM hers) OR inbound_id IN (SELECT id FROM heard))
    UNION SELECT key_ref FROM taken WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM legal_case
     WHERE subject_person_id IN (SELECT id FROM hers) AND state = 'closed'
    UNION SELECT key_ref FROM claim WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM said_paid WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM bank_payee WHERE person_id IN (SELECT id FROM hers)
    UNION SELECT key_ref FROM donation WHERE giver_person_id IN (SELECT id FROM hers)
    UNION SELECT d.key_ref FROM round_device d JOIN collector c ON c.id = d.collector_id
     WHERE c.person_id IN (SELECT id FROM hers)
  )
  SELECT f.key_ref FROM found f
   WHERE f.key_ref IS NOT NULL
     AND NOT EXISTS (SELECT FROM incident i WHERE i.key_ref = f.key_ref)
     AND NOT EXISTS (SELECT FROM person p
                      WHERE p.key_ref = f.key_ref AND p.id NOT IN (SELECT id FROM hers))
$$;

-- Rows of registers that are hers: that became her entry, or were found to be her once more.
CREATE FUNCTION erasure_rows(who bigint) RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM import_row WHERE person_id IN (SELECT erasure_entries(who))
  UNION SELECT d.import_row_id FROM duplicate d
   WHERE d.person_id IN (SELECT erasure_entries(who)) AND d.import_row_id IS NOT NULL
     AND d.decision = 'same'
$$;

-- Where something of hers still lies, open or under another's key: names of places.
CREATE FUNCTION erasure_left(who bigint) RETURNS SETOF text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH hers AS MATERIALIZED (SELECT erasure_entries(who) AS id),
  accounts AS MATERIALIZED (
    SELECT * FROM user_account WHERE person_id IN (SELECT id FROM hers))
  SELECT 'member' WHERE EXISTS (
    SELECT FROM member m WHERE m.person_id IN (SELECT id FROM hers)
       AND (m.erased_at IS NULL OR m.status = 'active' OR num_nonnulls(m.card_number, m.called,
         m.legal_name, m.category, m.born, m.place, m.nominee, m.remarks) > 0))
  UNION ALL SELECT 'card' WHERE EXISTS (
    SELECT FROM card WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'contact_point' WHERE EXISTS (
    SELECT FROM contact_point WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'reach_point' WHERE EXISTS (
    SELECT FROM reach_point WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'reach_rule' WHERE EXISTS (
    SELECT FROM reach_rule WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'member_language' WHERE EXISTS (
    SELECT FROM member_language WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'way_order' WHERE EXISTS (
    SELECT FROM way_order WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'team_profile' WHERE EXISTS (
    SELECT FROM team_profile WHERE person_id IN (SELECT id FROM hers))
  UNION ALL SELECT 'import_row' WHERE EXISTS (
    SELECT FROM import_row r WHERE r.id IN (SELECT erasure_rows(who))
       AND (r.original <> ''::bytea OR r.fingerprint <> ''::bytea
         OR num_nonnulls(r.undo, r.name_mark, r.waiting_name) > 0))
  UNION ALL SELECT 'collection_line' WHERE EXISTS (
    SELECT FROM collection_line
     WHERE person_id IN (SELECT id FROM hers) AND original IS NOT NULL)
  UNION ALL SELECT 'bank_payee' WHERE EXISTS (
    SELECT FROM bank_payee
     WHERE person_id IN (SELECT id FROM hers) AND number_index <> ''::bytea)
  UNION ALL SELECT 'collector' WHERE EXISTS (
    SELECT FROM collector WHERE person_id IN (SELECT id FROM hers) AND card_number IS NOT NULL)
  UNION ALL SELECT 'contact' WHERE EXISTS (
    SELECT FROM contact WHERE person_id IN (SELECT id FROM hers) AND state = 'dealt'
       AND num_nonnulls(number, number_index) > 0)
  UNION ALL SELECT 'legal_case' WHERE EXISTS (
    SELECT FROM legal_case
     WHERE subject_person_id IN (SELECT id FROM hers) AND state = 'closed' AND acts <> '{}')
  UNION ALL SELECT 'message' WHERE EXISTS (
    SELECT FROM message WHERE person_id IN (SELECT id FROM hers) AND state = 'waiting')
  UNION ALL SELECT 'user_account' WHERE EXISTS (
    SELECT FROM accounts WHERE closed_at IS NULL OR password_hash IS NOT NULL
        OR sign_in_name <> 'gone-' || ref)
  UNION ALL SELECT 'pin' WHERE EXISTS (
    SELECT FROM pin WHERE account_id IN (SELECT id FROM accounts))
  UNION ALL SELECT 'sign_in_session' WHERE EXISTS (
    SELECT FROM sign_in_session
     WHERE account_id IN (SELECT id FROM accounts) AND ended_at IS NULL)
  UNION ALL SELECT 'passkey' WHERE EXISTS (
    SELECT FROM passkey WHERE account_id IN (SELECT id FROM accounts) AND ended_at IS NULL)
  UNION ALL SELECT 'number_card' WHERE EXISTS (
    SELECT FROM number_card WHERE account_id IN (SELECT id FROM accounts) AND ended_at IS NULL)
  UNION ALL SELECT 'own_device' WHERE EXISTS (
    SELECT FROM own_device WHERE account_id IN (SELECT id FROM accounts) AND ended_at IS NULL)
  UNION ALL SELECT 'totp' WHERE EXISTS (
    SELECT FROM totp WHERE account_id IN (SELECT id FROM accounts) AND ended_at IS NULL)
$$;

-- Three tables keep rows as they were written. Only their owner, by these functions, takes one
-- column out of them, and in the same breath changes nothing else.
CREATE FUNCTION erasure_by_owner() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT has_table_privilege(current_user, TG_RELID, 'TRIGGER')
     OR to_jsonb(NEW) - TG_ARGV[0] <> to_jsonb(OLD) - TG_ARGV[0] THEN
    PERFORM erasure_refuse('erasure_by_owner', OLD.id);
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER collection_line_settled ON collection_line;
CREATE TRIGGER collection_line_settled BEFORE UPDATE ON collection_line FOR EACH ROW
  WHEN (NOT (OLD.original IS NOT NULL AND NEW.original IS NULL))
  EXECUTE FUNCTION dues_line_settled();
CREATE TRIGGER collection_line_erased BEFORE UPDATE ON collection_line FOR EACH ROW
  WHEN (OLD.original IS NOT NULL AND NEW.original IS NULL)
  EXECUTE FUNCTION erasure_by_owner('original');
DROP TRIGGER bank_payee_changes_once ON bank_payee;
CREATE TRIGGER bank_payee_changes_once BEFORE UPDATE ON bank_payee FOR EACH ROW
  WHEN (NOT (OLD.number_index <> ''::bytea AND NEW.number_index = ''::bytea))
  EXECUTE FUNCTION bank_changes_once();
CREATE TRIGGER bank_payee_erased BEFORE UPDATE ON bank_payee FOR EACH ROW
  WHEN (OLD.number_index <> ''::bytea AND NEW.number_index = ''::bytea)
  EXECUTE FUNCTION erasure_by_owner('number_index');
DROP TRIGGER legal_case_kept ON legal_case;
CREATE TRIGGER legal_case_kept BEFORE UPDATE ON legal_case FOR EACH ROW
  WHEN (NOT (OLD.state = 'closed' AND OLD.acts <> '{}' AND NEW.acts = '{}'))
  EXECUTE FUNCTION legal_case_kept();
CREATE TRIGGER legal_case_erased BEFORE UPDATE ON legal_case FOR EACH ROW
  WHEN (OLD.state = 'closed' AND OLD.acts <> '{}' AND NEW.acts = '{}')
  EXECUTE FUNCTION erasure_by_owner('acts');

-- Her ways in: each ends by the way its own laws allow.
CREATE FUNCTION erasure_forget_accounts(who bigint, gone_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hers bigint[] := ARRAY(SELECT a.id FROM user_account a
                          WHERE a.person_id IN (SELECT erasure_entries(who)));
BEGIN
  UPDATE sign_in_session SET ended_at = gone_at, ended_how = 'closed'
   WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE passkey SET ended_at = gone_at, ended_how = 'closed'
   WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE number_card SET ended_at = gone_at, ended_how = 'gone'
   WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE own_device SET ended_at = gone_at WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE totp SET ended_at = gone_at WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE recovery_code SET ended_at = gone_at WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE voice_grant SET ended_at = gone_at WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE enrolment_slip SET ended_at = gone_at WHERE account_id = ANY (hers) AND ended_at IS NULL;
  UPDATE rota_feed SET ended_at = gone_at
   WHERE person_id IN (SELECT erasure_entries(who)) AND ended_at IS NULL;
  DELETE FROM pin WHERE account_id = ANY (hers);
  -- The name she signed in by may only change where no password stands.
  UPDATE user_account SET password_hash = NULL, closed_at = coalesce(closed_at, gone_at)
   WHERE id = ANY (hers) AND (password_hash IS NOT NULL OR closed_at IS NULL);
  UPDATE user_account SET sign_in_name = 'gone-' || ref
   WHERE id = ANY (hers) AND sign_in_name <> 'gone-' || ref;
END $$;

CREATE FUNCTION erasure_forget(who bigint, gone_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hers bigint[] := ARRAY(SELECT erasure_entries(who));
  numbers bytea[] := ARRAY(SELECT erasure_numbers(who));
  heard bigint[] := ARRAY(SELECT m.id FROM inbound_message m WHERE m.from_index = ANY (numbers));
  indexes bytea[] := ARRAY(SELECT p.number_index FROM contact_point p
                            WHERE p.person_id = ANY (hers));
BEGIN
  UPDATE contact SET number = NULL, number_index = NULL
   WHERE state = 'dealt' AND (person_id = ANY (hers) OR inbound_id = ANY (heard))
     AND num_nonnulls(number, number_index) > 0;
  UPDATE inbound_message SET from_index = ''::bytea WHERE id = ANY (heard);
  UPDATE attempt SET state = 'dropped', code = 'erased', ended_at = gone_at
   WHERE state = 'due' AND message_id IN (SELECT m.id FROM message m
     WHERE m.person_id = ANY (hers)
        OR m.key_ref IN (SELECT p.key_ref FROM person p WHERE p.id = ANY (hers)));
  UPDATE message SET state = 'withdrawn', code = 'erased', closed_at = gone_at
   WHERE state IN ('waiting', 'handed_over') AND (person_id = ANY (hers)
     OR key_ref IN (SELECT p.key_ref FROM person p WHERE p.id = ANY (hers)));
  UPDATE import_row SET original = ''::bytea, fingerprint = ''::bytea, undo = NULL,
         name_mark = NULL, waiting_name = NULL
   WHERE id IN (SELECT erasure_rows(who));
  UPDATE collection_line SET original = NULL
   WHERE person_id = ANY (hers) AND original IS NOT NULL;
  UPDATE bank_payee SET number_index = ''::bytea
   WHERE person_id = ANY (hers) AND number_index <> ''::bytea;
  UPDATE bank_payee SET ended_at = gone_at WHERE person_id = ANY (hers) AND ended_at IS NULL;
  UPDATE legal_case SET acts = '{}'
   WHERE subject_person_id = ANY (hers) AND state = 'closed' AND acts <> '{}';
  UPDATE collector SET card_number = NULL
   WHERE person_id = ANY (hers) AND card_number IS NOT NULL;
  DELETE FROM duplicate
   WHERE decision IS NULL AND (person_id = ANY (hers) OR other_person_id = ANY (hers));
  DELETE FROM reach_point WHERE person_id = ANY (hers);
  DELETE FROM contact_point WHERE person_id = ANY (hers);
  UPDATE contact_point p SET shared = false
   WHERE p.number_index = ANY (indexes) AND p.shared AND p.ended_at IS NULL
     AND (SELECT count(DISTINCT one_person(o.person_id)) FROM contact_point o
           WHERE o.number_index = p.number_index AND o.ended_at IS NULL) < 2;
  DELETE FROM reach_rule WHERE person_id = ANY (hers);
  DELETE FROM member_language WHERE person_id = ANY (hers);
  DELETE FROM way_order WHERE person_id = ANY (hers);
  DELETE FROM team_profile WHERE person_id = ANY (hers);
  DELETE FROM card WHERE person_id = ANY (hers);
  INSERT INTO round_member (collector_id, person_id, on_round, made_at)
  SELECT collector_id, person_id, false, gone_at FROM (
    SELECT DISTINCT ON (r.collector_id, r.person_id) r.collector_id, r.person_id, r.on_round
      FROM round_member r WHERE r.person_id = ANY (hers)
     ORDER BY r.collector_id, r.person_id, r.id DESC) newest
   WHERE on_round;
  UPDATE member SET card_number = NULL, called = NULL, legal_name = NULL, category = NULL,
         born = NULL, place = NULL, nominee = NULL, remarks = NULL,
         status = CASE WHEN status = 'active' THEN 'left' ELSE status END,
         status_on = coalesce(status_on, (gone_at AT TIME ZONE 'UTC')::date),
         erased_at = coalesce(erased_at, gone_at)
   WHERE person_id = ANY (hers);
  PERFORM erasure_forget_accounts(who, gone_at);
END $$;
REVOKE ALL ON FUNCTION erasure_forget(bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION erasure_forget_accounts(bigint, timestamptz) FROM PUBLIC;

-- The application's only way there: an order whose keys are all gone.
CREATE FUNCTION erasure_take_away(wanted bigint, gone_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked erasure;
BEGIN
  SELECT * INTO asked FROM erasure WHERE id = wanted FOR UPDATE;
  IF asked.keys_gone_at IS NULL OR asked.ended_at IS NOT NULL OR erasure_held(asked.person_id) THEN
    PERFORM erasure_refuse('erasure_keys_first', wanted);
  END IF;
  PERFORM erasure_forget(asked.person_id, gone_at);
  UPDATE erasure SET rows_gone_at = gone_at WHERE id = wanted AND rows_gone_at IS NULL;
END $$;

-- She waits with an incident, a claim or an office: nothing begins.
CREATE FUNCTION erasure_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM erasure_hindrances(NEW.person_id)) THEN
    PERFORM erasure_refuse('erasure_waits', NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER erasure_waits BEFORE UPDATE OF begun_at ON erasure FOR EACH ROW
  WHEN (OLD.begun_at IS NULL AND NEW.begun_at IS NOT NULL) EXECUTE FUNCTION erasure_waits();
