"""The steps about money that left: two hands, purposes, papers, and payees behind one account."""

from __future__ import annotations

from union.infra.work import Work
from union.office.audit.queries.asking import ask, one, shown
from union.office.audit.rules.steps import Cell, Span, Step, verdict_of

_PAYMENTS = """
SELECT count(*) AS payments, coalesce(sum(v.amount_minor), 0) AS paid
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
 WHERE e.posted_on BETWEEN :from_on AND :to_on
"""

_WITHOUT_TWO = """
SELECT ARRAY[v.ref, v.id::text] AS voucher, e.posted_on, v.amount_minor,
       count(DISTINCT one_person(a.person_id)) FILTER (WHERE
         one_person(a.person_id) <> one_person(v.payee_person_id)
         AND a.content_hash = ledger_voucher_hash(v)) AS hands, NULL::int AS seconds
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
  LEFT JOIN voucher_approval a ON a.voucher_id = v.id
 WHERE e.posted_on BETWEEN :from_on AND :to_on
 GROUP BY v.id, v.ref, e.posted_on, v.amount_minor
HAVING count(DISTINCT one_person(a.person_id)) FILTER (WHERE
         one_person(a.person_id) <> one_person(v.payee_person_id)
         AND a.content_hash = ledger_voucher_hash(v)) < 2
 ORDER BY e.posted_on, v.id
"""

_IN_A_HURRY = """
SELECT ARRAY[v.ref, v.id::text] AS voucher, e.posted_on, v.amount_minor,
       count(DISTINCT one_person(a.person_id)) AS hands,
       extract(epoch FROM max(a.approved_at) - min(a.approved_at))::int AS seconds
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
  JOIN voucher_approval a ON a.voucher_id = v.id
 WHERE e.posted_on BETWEEN :from_on AND :to_on
 GROUP BY v.id, v.ref, e.posted_on, v.amount_minor
HAVING count(*) > 1 AND max(a.approved_at) - min(a.approved_at) < interval '1 minute'
 ORDER BY e.posted_on, v.id
"""

_MISSPENT = """
SELECT ARRAY[e.ref, e.id::text] AS entry, e.posted_on, l.account_code, l.fund_code,
       sum(l.amount_minor) AS amount
  FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
  JOIN account a ON a.code = l.account_code AND a.needs_purpose
 WHERE e.posted_on BETWEEN :from_on AND :to_on
   AND NOT EXISTS (SELECT FROM fund_purpose p WHERE p.fund_code = l.fund_code
                      AND p.account_code = l.account_code)
 GROUP BY e.id, e.ref, e.posted_on, l.account_code, l.fund_code HAVING sum(l.amount_minor) > 0
 ORDER BY e.posted_on, e.id
"""

_OVERDRAWN = """
SELECT fund_code, min(posted_on) AS first_on, min(stood) AS lowest FROM (
  SELECT d.fund_code, d.posted_on,
         sum(sum(d.debit_minor - d.credit_minor)) OVER (PARTITION BY d.fund_code
                                                         ORDER BY d.posted_on) AS stood
    FROM account_day d JOIN account a ON a.code = d.account_code AND a.money_place IS NOT NULL
   WHERE d.posted_on <= :to_on GROUP BY d.fund_code, d.posted_on) days
 WHERE stood < 0 AND posted_on >= :from_on GROUP BY fund_code
"""

_SHARED_ACCOUNTS = """
SELECT dense_rank() OVER (ORDER BY k.number_index) AS account_no, k.people, s.vouchers, s.paid
  FROM (SELECT number_index, count(DISTINCT one_person(person_id)) AS people FROM bank_payee
         GROUP BY number_index HAVING count(DISTINCT one_person(person_id)) > 1) k
  CROSS JOIN LATERAL (
    SELECT count(*) AS vouchers, coalesce(sum(v.amount_minor), 0) AS paid
      FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
     WHERE e.posted_on BETWEEN :from_on AND :to_on
       AND v.payee_person_id IN (SELECT person_id FROM bank_payee b
                                  WHERE b.number_index = k.number_index)) s
 ORDER BY s.paid DESC
"""

_HANDS_AS_PAYEES = """
SELECT count(*) AS payments, coalesce(sum(v.amount_minor), 0) AS paid
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
 WHERE e.posted_on BETWEEN :from_on AND :to_on
   AND one_person(v.payee_person_id) IN (SELECT one_person(person_id) FROM voucher_approval)
"""

_PAPERLESS = """
SELECT ARRAY[v.ref, v.id::text] AS voucher, e.posted_on, v.fund_code, v.spend_account_code,
       v.amount_minor
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
 WHERE e.posted_on BETWEEN :from_on AND :to_on
   AND NOT EXISTS (SELECT FROM voucher_text t WHERE t.voucher_id = v.id)
   AND NOT EXISTS (SELECT FROM paper p WHERE p.belongs_kind = 'voucher' AND p.belongs_id = v.id)
 ORDER BY v.amount_minor DESC, v.id
"""


def approvals(work: Work, span: Span) -> Step:
    """Did two people approve every payment, neither of them the payee?"""
    paid = one(work, _PAYMENTS, span)
    rows, hurried = ask(work, _WITHOUT_TWO, span), ask(work, _IN_A_HURRY, span)
    return Step(
        "approvals",
        verdict_of(wrong=bool(rows), look=bool(hurried), anything=bool(paid.payments)),
        {
            "payments": paid.payments,
            "paid_minor": int(paid.paid),
            "wrong": len(rows),
            "hurried": len(hurried),
        },
        (
            ("voucher", Cell.VOUCHER),
            ("paid_on", Cell.DAY),
            ("amount", Cell.MONEY),
            ("hands", Cell.NUMBER),
            ("seconds", Cell.NUMBER),
        ),
        shown([*rows, *hurried]),
        len(rows) + len(hurried),
    )


def purposes(work: Work, span: Span) -> Step:
    """Was every fund spent on its own purpose only, and never beyond what it held?"""
    rows = ask(work, _MISSPENT, span)
    overdrawn = ask(work, _OVERDRAWN, span)
    below = [("", row.first_on, "", row.fund_code, row.lowest) for row in overdrawn]
    return Step(
        "purposes",
        verdict_of(wrong=bool(rows), look=bool(overdrawn)),
        {"misspent": len(rows), "overdrawn": len(overdrawn)},
        (
            ("entry", Cell.ENTRY),
            ("posted_on", Cell.DAY),
            ("account", Cell.ACCOUNT),
            ("fund", Cell.FUND),
            ("amount", Cell.MONEY),
        ),
        shown([*rows, *below]),
        len(rows) + len(below),
    )


def payees(work: Work, span: Span) -> Step:
    """Does one bank account stand behind several payees, or money go to those who approve?"""
    rows = ask(work, _SHARED_ACCOUNTS, span)
    own = one(work, _HANDS_AS_PAYEES, span)
    return Step(
        "payees",
        verdict_of(wrong=False, look=bool(rows or own.payments)),
        {
            "shared": len(rows),
            "paid_minor": int(sum(row.paid for row in rows)),
            "own": own.payments,
            "own_minor": int(own.paid),
        },
        (
            ("account_no", Cell.NUMBER),
            ("people", Cell.NUMBER),
            ("vouchers", Cell.NUMBER),
            ("paid", Cell.MONEY),
        ),
        shown(rows),
        len(rows),
    )


def papers(work: Work, span: Span) -> Step:
    """Does every payment have a paper or at least words on what it was for?"""
    paid = one(work, _PAYMENTS, span)
    rows = ask(work, _PAPERLESS, span)
    return Step(
        "papers",
        verdict_of(wrong=False, look=bool(rows), anything=bool(paid.payments)),
        {
            "payments": paid.payments,
            "bare": len(rows),
            "bare_minor": int(sum(row.amount_minor for row in rows)),
        },
        (
            ("voucher", Cell.VOUCHER),
            ("paid_on", Cell.DAY),
            ("fund", Cell.FUND),
            ("account", Cell.ACCOUNT),
            ("amount", Cell.MONEY),
        ),
        shown(rows),
        len(rows),
    )
