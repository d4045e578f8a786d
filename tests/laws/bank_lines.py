"""Statements and decisions by hand-written SQL, for whoever attacks the bank's side."""

from __future__ import annotations

from itertools import count

from sqlalchemy import text

from tests.laws.money import post
from union.bank.invariants import INVARIANTS

_numbers = count(1)

_STATEMENT = """
INSERT INTO bank_statement (ref, account_id, key_ref, file_kind, period_from, period_to, lines,
                            fresh, opening_minor, closing_minor, made_at, file_hash)
SELECT %(ref)s::text, id, gen_random_uuid(), 'csv', '2026-10-01', '2026-10-31', %(lines)s,
       %(lines)s, 0, %(closing)s, '2026-10-16T00:00:00Z', sha256(%(ref)s::text::bytea)
  FROM bank_account ORDER BY id LIMIT 1
RETURNING id
"""
_LINE = """
WITH l AS (
  INSERT INTO bank_line (ref, statement_id, account_id, row_no, booked_on, amount_minor, mark,
                         key_ref, words)
  SELECT %(ref)s::text, s.id, s.account_id, 1, %(on)s, %(amount)s, %(ref)s::text::bytea,
         s.key_ref, ''
    FROM bank_statement s WHERE s.id = %(statement)s
  RETURNING id, statement_id
), seen AS (
  INSERT INTO bank_statement_line (statement_id, line_id) SELECT statement_id, id FROM l
)
SELECT id FROM l
"""


def forge_statement(cursor, *amounts: int, says: int | None = None, lines: int | None = None):
    """A statement with lines of these amounts; ``says`` another closing balance or ``lines``."""
    values = {
        "ref": f"forged{next(_numbers):06d}",
        "lines": len(amounts) if lines is None else lines,
        "closing": sum(amounts) if says is None else says,
    }
    cursor.execute(_STATEMENT, values)
    statement = cursor.fetchone()[0]
    return statement, [forge_line(cursor, statement, amount) for amount in amounts]


def forge_line(cursor, statement: int, amount: int, on: str = "2026-10-16") -> int:
    """One more line of a statement; money that came waits in the books."""
    values = {
        "ref": f"forged{next(_numbers):06d}",
        "statement": statement,
        "amount": amount,
        "on": on,
    }
    cursor.execute(_LINE, values)
    line = cursor.fetchone()[0]
    if amount > 0:
        legs = (("1110", "general", amount), ("2190", "general", -amount))
        link_raw(cursor, post(cursor, "receipt", *legs), line, None)
    return line


def decide_raw(cursor, line_id: int, kind: str = "gift", number: int = 1, **fields) -> int:
    """A decision as somebody with the application's password writes it."""
    values = {"until": None, "note": None, "by": None, "word": None, "card": None, **fields}
    cursor.execute(
        "INSERT INTO bank_decision (line_id, round, kind, reasons, until_month, note, made_at,"
        " made_by, word_id, card_line_id) VALUES (%(line)s, %(round)s, %(kind)s, '{}', %(until)s,"
        " %(note)s, '2026-10-16T00:00:00Z', %(by)s, %(word)s, %(card)s) RETURNING id",
        {"line": line_id, "round": number, "kind": kind, **values},
    )
    return cursor.fetchone()[0]


def link_raw(cursor, entry: int, line_id: int, decision: int | None) -> None:
    """Say that an entry is a line."""
    cursor.execute("INSERT INTO bank_line_entry VALUES (%s, %s, %s)", [entry, line_id, decision])


def charge_raw(cursor, line_id: int, amount: int) -> int:
    """An entry that says the bank took so much, by this line."""
    legs = (("1190", "general", amount), ("1110", "general", -amount))
    return post(cursor, "bank_charge", *legs, source_kind="statement_line", source_id=line_id)


def say_raw(cursor, line_id: int, kind: str, by: int) -> int:
    """Somebody's word of what a line is."""
    cursor.execute(
        "INSERT INTO bank_word (ref, line_id, kind, made_at, made_by) VALUES"
        " (%s, %s, %s, '2026-10-16T00:00:00Z', %s) RETURNING id",
        [f"word{next(_numbers):08d}", line_id, kind, by],
    )
    return cursor.fetchone()[0]


def confirm_raw(cursor, word: int, by: int | None) -> None:
    """Somebody's yes to it."""
    cursor.execute(
        "UPDATE bank_word SET ended_at = '2026-10-16T00:00:00Z', ended_by = %s,"
        " ended_how = 'confirmed' WHERE id = %s",
        [by, word],
    )


def charged_raw(cursor, line_id: int, amount: int, **fields) -> None:
    """Decided, posted and linked as a charge of the bank, all at once."""
    decision = decide_raw(cursor, line_id, fields.pop("kind", "charge"), **fields)
    link_raw(cursor, charge_raw(cursor, line_id, amount), line_id, decision)
    post(cursor, "clearing", ("5210", "general", amount), ("1190", "general", -amount))


def sound(books) -> None:
    """Every invariant of the bank's side holds."""
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def came(books, *amounts):
    """A statement with lines of these amounts has come in; the lines."""
    with books.attack() as cursor:
        return forge_statement(cursor, *amounts)[1]
