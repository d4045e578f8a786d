-- Holes through which one hand could still move money: a surplus given back by who counted it, dues
-- let off by who took them, transfers that nobody told of. Each refusal names itself.

-- Who counted the cash a difference was found in (since the one before it), and who booked it.
CREATE FUNCTION dues_counted(difference bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT one_person(made_by) FROM cash_difference WHERE id = difference AND made_by IS NOT NULL
  UNION
  SELECT one_person(h.received_by) FROM cash_movement mine
    JOIN cash_movement m ON m.collector_id = mine.collector_id AND m.id < mine.id
     AND m.id > coalesce((SELECT max(b.id) FROM cash_movement b
                           WHERE b.collector_id = mine.collector_id AND b.id < mine.id
                             AND b.difference_id IS NOT NULL), 0)
    JOIN hand_over h ON h.id = m.hand_over_id AND h.received_by IS NOT NULL
   WHERE mine.difference_id = difference
$$;

-- M6: cash that was too much leaves the box by another hand than the one that counted it.
CREATE FUNCTION dues_given_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF one_person(NEW.made_by) IN (SELECT dues_counted(NEW.difference_id)) THEN
    PERFORM dues_refuse('dues_m6_given_back_by_another', NEW.difference_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER difference_settlement_given_back BEFORE INSERT ON difference_settlement
  FOR EACH ROW WHEN (NEW.how = 'given_back') EXECUTE FUNCTION dues_given_back();

-- M5: how a difference ended stands in the books by just these two legs.
CREATE FUNCTION dues_settled_as_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE minor bigint := CASE NEW.how WHEN 'brought' THEN -NEW.amount_minor
                                     ELSE NEW.amount_minor END;
BEGIN
  IF (SELECT array_agg((e.kind, l.account_code, l.fund_code, l.amount_minor)::text
                       ORDER BY l.account_code)
        FROM journal_entry e JOIN journal_leg l ON l.entry_id = e.id
       WHERE e.source_kind = 'difference_settlement' AND e.source_id = NEW.id) IS DISTINCT FROM
     (SELECT array_agg((kind, code, 'general', amount)::text ORDER BY code)
        FROM (SELECT CASE NEW.how WHEN 'kept' THEN 'receipt' ELSE 'transfer' END AS kind,
                     unnest(ARRAY[CASE NEW.how WHEN 'kept' THEN '4190' ELSE '1010' END, '1090'])
                       AS code, unnest(ARRAY[-minor, minor]) AS amount) want) THEN
    PERFORM dues_refuse('dues_settlement_is_posted', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER difference_settlement_as_told AFTER INSERT ON difference_settlement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.voucher_id IS NULL)
  EXECUTE FUNCTION dues_settled_as_told();

-- M5: a difference is all that was left in her hands after her cash was counted: none is made up.
CREATE FUNCTION dues_difference_is_left() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF 0 IS DISTINCT FROM (
       SELECT sum(m.amount_minor) FROM cash_movement m
         JOIN cash_movement mine ON mine.difference_id = NEW.id
          AND mine.collector_id = NEW.collector_id AND mine.amount_minor = NEW.amount_minor
        WHERE m.collector_id = NEW.collector_id AND m.id <= mine.id)
     OR NEW.hand_over_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM hand_over WHERE id = NEW.hand_over_id AND collector_id = NEW.collector_id) THEN
    PERFORM dues_refuse('dues_m5_difference_is_what_was_left', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cash_difference_is_left AFTER INSERT ON cash_difference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dues_difference_is_left();

-- M6: money moves between places of ours as somebody told it: cash counted or handed in, a float
-- returned, or between the boxes, the bank and the card company, the bank always being one of them.
CREATE FUNCTION ledger_transfer_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE known boolean;
BEGIN
  CASE NEW.source_kind
    WHEN 'cash_count', 'count_settlement' THEN
      known := true;  -- held by ledger_count_is_booked_as_seen
    WHEN 'hand_over' THEN
      known := EXISTS (SELECT FROM hand_over WHERE id = NEW.source_id);
    WHEN 'cash_difference' THEN
      known := EXISTS (SELECT FROM cash_difference WHERE id = NEW.source_id);
    WHEN 'difference_settlement' THEN
      known := EXISTS (SELECT FROM difference_settlement WHERE id = NEW.source_id);
    ELSE
      SELECT bool_and(CASE
               WHEN NEW.source_kind = 'float_return' AND l.amount_minor < 0
                 THEN l.account_code LIKE '1310-%'
               WHEN NEW.source_kind <> 'float_return' AND a.money_place = 'provider' THEN true
               ELSE a.money_place = 'bank' OR (a.money_place = 'cash' AND NOT a.must_clear
                      AND a.holder_person_id IS NULL AND a.code NOT IN ('1020', '1310')) END)
             AND (NEW.source_kind = 'float_return' OR bool_or(a.money_place = 'bank'))
        INTO known
        FROM journal_leg l JOIN account a ON a.code = l.account_code WHERE l.entry_id = NEW.id;
  END CASE;
  IF known IS NOT TRUE THEN
    PERFORM ledger_refuse('ledger_m6_transfer_is_told', NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entry_transfer_told AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'transfer')
  EXECUTE FUNCTION ledger_transfer_told();

-- Transfers into or out of the bank that stood for a week by a day, and no line of the bank shows.
CREATE FUNCTION bank_transfers_unmet(until date) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT e.id FROM journal_entry e
   WHERE e.kind = 'transfer' AND e.posted_on <= until - 7
     AND EXISTS (SELECT FROM journal_leg l JOIN account a ON a.code = l.account_code
                  WHERE l.entry_id = e.id AND a.money_place = 'bank')
     AND NOT EXISTS (SELECT FROM bank_line_entry b WHERE b.entry_id = e.id)
     AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)
$$;

-- M3: no month is closed over one of them: it meets its line, or it is taken back.
CREATE FUNCTION bank_transfers_met() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE unmet bigint;
BEGIN
  SELECT bank_transfers_unmet((OLD.first_on + interval '1 month' - interval '1 day')::date)
    INTO unmet LIMIT 1;
  IF FOUND THEN
    PERFORM bank_refuse('bank_m3_transfers_met_a_line', unmet);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounting_period_transfers_met BEFORE UPDATE ON accounting_period
  FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status <> 'closed')
  EXECUTE FUNCTION bank_transfers_met();

-- M6: who wrote down that money came through the bank, as dues or as a gift, does not also say which
-- line it was: else cash she kept would be covered by a stranger's line. A rule that knows the payer
-- may.
CREATE FUNCTION bank_receipt_met_by_another() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM bank_decision d JOIN journal_entry e ON e.id = NEW.entry_id
               LEFT JOIN dues_payment p ON e.source_kind = 'dues_payment' AND p.id = e.source_id
                AND p.source IS NULL
               LEFT JOIN donation g ON e.source_kind = 'donation' AND g.id = e.source_id
              WHERE d.id = NEW.decision_id AND d.kind = 'booked'
                AND one_person(d.made_by) IN (one_person(p.received_by), one_person(g.made_by)))
  THEN
    PERFORM bank_refuse('bank_m6_receipt_met_by_another', NEW.line_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_line_entry_by_another BEFORE INSERT ON bank_line_entry
  FOR EACH ROW EXECUTE FUNCTION bank_receipt_met_by_another();

-- What one person says somebody need not pay, or shall pay as; it holds once another agreed.
CREATE TABLE dues_proposal (
  id bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT dues_proposal_pkey PRIMARY KEY,
  ref varchar(12) NOT NULL CONSTRAINT dues_proposal_ref_key UNIQUE,
  person_id bigint NOT NULL CONSTRAINT dues_proposal_person_id_fkey REFERENCES person,
  kind varchar(8) NOT NULL CONSTRAINT dues_proposal_kind_check CHECK (kind IN ('let_off', 'pays_as')),
  from_month date NOT NULL
    CONSTRAINT dues_proposal_from_month_check CHECK (extract(day from from_month) = 1),
  until_month date,
  reason varchar(16),
  category varchar(32),
  note bytea,
  made_at timestamptz NOT NULL,
  made_by bigint NOT NULL CONSTRAINT dues_proposal_made_by_fkey REFERENCES person,
  ended_at timestamptz,
  ended_by bigint CONSTRAINT dues_proposal_ended_by_fkey REFERENCES person,
  ended_how varchar(10) CONSTRAINT dues_proposal_ended_how_check
    CHECK (ended_how IN ('agreed', 'refused', 'taken_back')),
  CONSTRAINT dues_proposal_words_check
    CHECK ((kind = 'let_off') = (reason IS NOT NULL) AND (kind = 'pays_as') = (category IS NOT NULL)),
  CONSTRAINT dues_proposal_ended_check
    CHECK ((ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX dues_proposal_person_ix ON dues_proposal (person_id);
CREATE UNIQUE INDEX dues_proposal_open_key ON dues_proposal (person_id, kind)
  WHERE ended_at IS NULL;
ALTER TABLE dues_waiver ADD COLUMN proposal_id bigint
  CONSTRAINT dues_waiver_proposal_id_key UNIQUE
  CONSTRAINT dues_waiver_proposal_id_fkey REFERENCES dues_proposal;
ALTER TABLE dues_pays_as ADD COLUMN proposal_id bigint
  CONSTRAINT dues_pays_as_proposal_id_key UNIQUE
  CONSTRAINT dues_pays_as_proposal_id_fkey REFERENCES dues_proposal;

-- Whether somebody took cash of hers in the year before a moment or since, under whichever entry, or
-- wrote a receipt for it that waits to be booked.
CREATE FUNCTION dues_took_cash_of(who bigint, hers bigint, since timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH entry AS (SELECT one_person(hers) AS id
                 UNION SELECT person_id FROM member WHERE merged_into = one_person(hers))
  SELECT EXISTS (
    SELECT FROM dues_payment p LEFT JOIN collector k ON k.id = p.collector_id
     WHERE p.person_id IN (SELECT id FROM entry)
       AND p.method = 'cash' AND p.received_at > since - interval '1 year'
       AND one_person(who) IN (one_person(p.received_by), one_person(k.person_id)))
    OR EXISTS (
    SELECT FROM collection_line l JOIN collector k ON k.id = l.collector_id
     WHERE l.person_id IN (SELECT id FROM entry) AND l.settled_at IS NULL
       AND l.verdict = 'refused' AND one_person(who) = one_person(k.person_id))
$$;

CREATE FUNCTION dues_proposal_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.ended_at IS NOT NULL THEN
      PERFORM dues_refuse('dues_proposal_is_kept', NEW.id);
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
     OR NOT dues_only_changes(to_jsonb(OLD), to_jsonb(NEW), '{ended_at,ended_by,ended_how}') THEN
    PERFORM dues_refuse('dues_proposal_is_kept', OLD.id);
  END IF;
  IF NEW.ended_how = 'agreed' THEN
    IF one_person(NEW.ended_by) IN (one_person(OLD.made_by), one_person(OLD.person_id)) THEN
      PERFORM dues_refuse('dues_m6_let_off_by_two', OLD.id);
    END IF;
    -- Counted from when another hand proposed it: who agrees does not choose the moment.
    IF dues_took_cash_of(NEW.ended_by, OLD.person_id, least(OLD.made_at, NEW.ended_at)) THEN
      PERFORM dues_refuse('dues_m6_let_off_by_who_takes_no_cash', OLD.id);
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_proposal_kept BEFORE INSERT OR UPDATE ON dues_proposal
  FOR EACH ROW EXECUTE FUNCTION dues_proposal_kept();
CREATE TRIGGER dues_proposal_by_another BEFORE INSERT ON dues_proposal
  FOR EACH ROW EXECUTE FUNCTION dues_decided_by_another();
CREATE TRIGGER dues_proposal_stays BEFORE DELETE OR TRUNCATE ON dues_proposal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON dues_proposal FROM sangha_app;
GRANT UPDATE (ended_at, ended_by, ended_how) ON dues_proposal TO sangha_app;

-- M6: nobody is let off, or pays less, but as one proposed and another agreed, once.
CREATE FUNCTION dues_as_agreed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  said dues_proposal;
  made jsonb := to_jsonb(NEW);
BEGIN
  SELECT * INTO said FROM dues_proposal WHERE id = NEW.proposal_id;
  IF said.ended_how IS DISTINCT FROM 'agreed' OR said.ended_by IS DISTINCT FROM NEW.made_by
     OR said.kind <> TG_ARGV[0]
     OR (said.person_id, said.from_month) IS DISTINCT FROM (NEW.person_id, NEW.from_month)
     OR (said.until_month::text, said.reason, said.category, to_jsonb(said) ->> 'note')
        IS DISTINCT FROM (made ->> 'until_month', made ->> 'reason', made ->> 'category',
                          made ->> 'note') THEN
    PERFORM dues_refuse('dues_m6_let_off_by_two', NEW.person_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER dues_waiver_was_agreed BEFORE INSERT ON dues_waiver
  FOR EACH ROW EXECUTE FUNCTION dues_as_agreed('let_off');
CREATE TRIGGER dues_pays_as_was_agreed BEFORE INSERT ON dues_pays_as
  FOR EACH ROW EXECUTE FUNCTION dues_as_agreed('pays_as');

-- A claim goes on from "paid" when nothing that was paid on it stands any more: when it was paid
-- once more, the payment before, taken back, says nothing.
CREATE FUNCTION welfare_paid_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM journal_entry e WHERE e.voucher_id = OLD.voucher_id
              AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id)) THEN
    PERFORM ledger_refuse('welfare_claim_backed', OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_paid_stands BEFORE UPDATE ON claim
  FOR EACH ROW WHEN (OLD.state = 'paid' AND NEW.state <> 'paid')
  EXECUTE FUNCTION welfare_paid_stands();

-- As before, of what stands: a charge that was taken back took nothing.
CREATE OR REPLACE FUNCTION bank_charged_alone(month date, but_line bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(sum(-l.amount_minor), 0)::bigint
    FROM bank_decision d JOIN bank_line l ON l.id = d.line_id
    JOIN bank_line_now n ON n.decision_id = d.id AND n.stands
   WHERE d.kind IN ('charge', 'card_fee') AND d.word_id IS NULL AND l.id <> but_line
     AND l.booked_on >= month AND l.booked_on < month + interval '1 month'
$$;

-- As before, under a number of its own: counts of a box hold 3005.
CREATE OR REPLACE FUNCTION ledger_donation_numbered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(3007, 0);
  NEW.number := (SELECT coalesce(max(number), 0) + 1 FROM donation);
  IF NOT EXISTS (SELECT FROM account WHERE code = NEW.money_account_code
                  AND money_place IN ('cash', 'bank') AND NOT must_clear
                  AND code NOT IN ('1020', '1310') AND holder_person_id IS NULL) THEN
    PERFORM ledger_refuse('ledger_m6_our_own_account', NEW.id);
  END IF;
  RETURN NEW;
END $$;
