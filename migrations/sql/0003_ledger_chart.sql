INSERT INTO fund (code, name, restricted) VALUES
  ('general', 'General fund', false),
  ('welfare', 'Welfare fund', true),
  ('legal', 'Legal aid fund', true),
  ('crisis', 'Crisis fund', true);

INSERT INTO account (code, name, kind, money_place, must_clear, needs_purpose) VALUES
  ('1010', 'Cash at the desk', 'asset', 'cash', false, false),
  ('1020', 'Cash with collectors', 'asset', 'cash', false, false),
  ('1090', 'Cash differences to settle', 'asset', 'cash', true, false),
  ('1110', 'Bank account', 'asset', 'bank', false, false),
  ('1120', 'Held by the card company', 'asset', 'provider', false, false),
  ('1190', 'Bank charges to be looked at', 'asset', NULL, true, false),
  ('1195', 'Card refunds to be looked at', 'asset', NULL, true, false),
  ('1210', 'Dues owed to us', 'asset', NULL, false, false),
  ('1310', 'Floats given out', 'asset', 'cash', false, false),
  ('2110', 'Paid ahead by members', 'liability', NULL, false, false),
  ('2190', 'Received, not yet placed', 'liability', NULL, true, false),
  ('2210', 'Bills to pay', 'liability', NULL, false, false),
  ('3010', 'Opening balances', 'equity', NULL, false, false),
  ('3110', 'Moved between funds', 'equity', NULL, false, true),
  ('4010', 'Dues', 'income', NULL, false, false),
  ('4020', 'Dues waived', 'income', NULL, false, false),
  ('4110', 'Gifts from members', 'income', NULL, false, false),
  ('4120', 'Interest from the bank', 'income', NULL, false, false),
  ('4190', 'Other income', 'income', NULL, false, false),
  ('5010', 'Welfare payments', 'expense', NULL, false, true),
  ('5020', 'Legal aid', 'expense', NULL, false, true),
  ('5030', 'Crisis costs', 'expense', NULL, false, true),
  ('5110', 'Rent', 'expense', NULL, false, true),
  ('5120', 'Travel', 'expense', NULL, false, true),
  ('5130', 'Telephone and texts', 'expense', NULL, false, true),
  ('5140', 'Printing and paper', 'expense', NULL, false, true),
  ('5150', 'Meetings', 'expense', NULL, false, true),
  ('5210', 'Bank charges', 'expense', NULL, false, true),
  ('5220', 'Card fees', 'expense', NULL, false, true),
  ('5310', 'Dues given up', 'expense', NULL, false, true),
  ('5320', 'Cash differences', 'expense', NULL, false, true),
  ('5330', 'Rounding', 'expense', NULL, false, true);

-- What may be handed out beforehand with no second hand: five thousand rupees in all.
UPDATE account SET ceiling_minor = 500000 WHERE code = '1310';

-- The general fund bears anything; what is owed may be paid from the fund that owes it.
INSERT INTO fund_purpose (fund_code, account_code)
SELECT 'general', code FROM account WHERE needs_purpose
UNION ALL
SELECT f.code, a.code FROM fund f, account a WHERE a.code IN ('2110', '2210')
UNION ALL VALUES
  ('welfare', '5010'),
  ('legal', '5020'),
  ('crisis', '5030');

INSERT INTO clearing_target (account_code, target_code) VALUES
  ('1190', '5210'), ('1190', '5220'),
  ('1195', '2110'), ('1195', '1210'), ('1195', '5220'),
  ('2190', '1210'), ('2190', '2110'), ('2190', '4110'), ('2190', '4120'), ('2190', '4190');
