-- Bills to pay (2210): paid from the fund that owes them, and credit given back once.

-- M6: no fund pays a bill it does not owe, and what restricted money owes is what it was given
-- for, or credit that stood in that same fund.
CREATE FUNCTION ledger_bill_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry journal_entry;
BEGIN
  SELECT * INTO entry FROM journal_entry WHERE id = NEW.entry_id;
  IF entry.kind IN ('opening', 'reversal') THEN
    RETURN NULL;
  END IF;
  IF NEW.amount_minor > 0 AND (SELECT balance_minor FROM account_balance
      WHERE account_code = NEW.account_code AND fund_code = NEW.fund_code) > 0 THEN
    PERFORM ledger_refuse('ledger_m6_bill_of_its_fund', NEW.entry_id);
  END IF;
  IF NEW.amount_minor < 0 AND EXISTS (
       SELECT FROM fund f
         JOIN journal_leg l ON l.entry_id = NEW.entry_id AND l.fund_code = f.code
          AND l.amount_minor > 0 AND l.account_code NOT IN ('2110', '2210')
         JOIN account a ON a.code = l.account_code
        WHERE f.code = NEW.fund_code AND f.restricted AND NOT a.needs_purpose) THEN
    PERFORM ledger_refuse('ledger_m6_bill_of_its_fund', NEW.entry_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_leg_bill_moved AFTER INSERT ON journal_leg
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account_code = '2210')
  EXECUTE FUNCTION ledger_bill_moved();

-- M6: credit comes back to a member only when no voucher would pay it out to her any more.
CREATE FUNCTION dues_refund_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM dues_refund WHERE id = NEW.refund_id FOR UPDATE;
  PERFORM FROM voucher WHERE source_kind = 'dues_refund' AND source_id = NEW.refund_id
    ORDER BY id FOR SHARE;
  IF EXISTS (SELECT FROM voucher WHERE source_kind = 'dues_refund'
              AND source_id = NEW.refund_id AND withdrawn_at IS NULL) THEN
    PERFORM ledger_refuse('dues_m6_refund_paid_or_back', NEW.refund_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credit_movement_refund_back AFTER INSERT ON credit_movement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'refund_back')
  EXECUTE FUNCTION dues_refund_back();
