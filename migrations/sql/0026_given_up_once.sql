-- What a voucher gives up is given up once, and a gift is booked once.

-- M5: a voucher that stands takes its sum of a difference, paid or not: one whose payment was a
-- mistake may be paid once more, and the difference is not settled besides.
CREATE OR REPLACE FUNCTION dues_difference_free(difference bigint, besides bigint DEFAULT NULL)
RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT abs(d.amount_minor)
    - (SELECT coalesce(sum(s.amount_minor), 0) FROM difference_settlement s
        WHERE s.difference_id = d.id AND s.voucher_id IS NULL AND NOT EXISTS (
          SELECT FROM journal_entry e JOIN journal_entry r ON r.reverses_id = e.id
           WHERE e.source_kind = 'difference_settlement' AND e.source_id = s.id))
    - (SELECT coalesce(sum(v.amount_minor), 0) FROM voucher v
        WHERE v.source_kind = 'cash_difference' AND v.source_id = d.id
          AND v.withdrawn_at IS NULL AND v.id IS DISTINCT FROM besides)
    FROM cash_difference d WHERE d.id = difference
$$;

-- M5: as before; and its entry is these two legs and no more.
CREATE OR REPLACE FUNCTION ledger_donation_is_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE booked bigint;
BEGIN
  SELECT id INTO booked FROM journal_entry
   WHERE source_kind = 'donation' AND source_id = NEW.id AND kind = 'receipt';
  IF NOT FOUND OR EXISTS (
    (SELECT account_code, fund_code, amount_minor FROM journal_leg WHERE entry_id = booked)
    EXCEPT
    (VALUES (NEW.money_account_code, NEW.fund_code, NEW.amount_minor),
            (NEW.income_account_code, NEW.fund_code, -NEW.amount_minor)))
     OR (SELECT count(*) FROM journal_leg WHERE entry_id = booked) <> 2
  THEN
    PERFORM ledger_refuse('ledger_m5_donation_is_booked', NEW.id);
  END IF;
  RETURN NULL;
END $$;
