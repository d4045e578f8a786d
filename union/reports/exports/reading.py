"""Everything the export holds, read by one statement, so that it is all of one moment.

Owns the shape of the lines; must never select a text, a person's key or a payee.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]

PARTS = ("accounts", "funds", "entries", "seals", "heads", "balances")

_EVERYTHING = text("""
SELECT part, number, line FROM (
  SELECT 'accounts' AS part, row_number() OVER (ORDER BY code) AS number,
         json_build_object('code', code, 'name', name, 'kind', kind) AS line
    FROM account WHERE EXISTS (SELECT FROM account_balance b WHERE b.account_code = code)
  UNION ALL
  SELECT 'funds', row_number() OVER (ORDER BY code),
         json_build_object('code', code, 'restricted', restricted) FROM fund
  UNION ALL
  SELECT 'entries', e.id, json_build_object(
           'id', e.id, 'ref', e.ref, 'kind', e.kind, 'happened_on', e.happened_on,
           'posted_on', e.posted_on, 'posted_at', to_char(e.posted_at AT TIME ZONE 'UTC',
             'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
           'posted_by', e.posted_by, 'source_kind', e.source_kind, 'source_id', e.source_id,
           'reverses_id', e.reverses_id,
           'voucher_hash', (SELECT encode(v.content_hash, 'hex') FROM voucher v
                             WHERE v.id = e.voucher_id),
           'seal', (SELECT n.seal_id FROM seal_entry n WHERE n.entry_id = e.id),
           'legs', coalesce((SELECT json_agg(json_build_array(
                     l.position, l.account_code, l.fund_code, l.amount_minor) ORDER BY l.position)
                    FROM journal_leg l WHERE l.entry_id = e.id), '[]'::json))
    FROM journal_entry e
  UNION ALL
  SELECT 'seals', s.id, json_build_object(
           'id', s.id, 'previous', s.previous_id, 'entries', s.entries,
           'hash', encode(s.content_hash, 'hex'), 'made_at', to_char(s.made_at AT TIME ZONE 'UTC',
             'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
           'covers', coalesce((SELECT json_agg(json_build_array(
                       n.entry_id, encode(n.content_hash, 'hex')) ORDER BY n.entry_id)
                      FROM seal_entry n WHERE n.seal_id = s.id), '[]'::json))
    FROM seal s
  UNION ALL
  SELECT 'heads', h.id, json_build_object(
           'id', h.id, 'previous_hash', encode(h.previous_hash, 'hex'), 'reason', h.reason,
           'said_on', h.said_on, 'seal_id', h.seal_id, 'seal_hash', encode(h.seal_hash, 'hex'),
           'entries', h.entries, 'closed_to', h.closed_to,
           'made_at', to_char(h.made_at AT TIME ZONE 'UTC',
             'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
           'public_key', encode(h.public_key, 'hex'), 'signature', encode(h.signature, 'hex'))
    FROM seal_head h
  UNION ALL
  SELECT 'balances', row_number() OVER (ORDER BY account_code, fund_code), json_build_object(
           'account', account_code, 'fund', fund_code, 'balance_minor', balance_minor)
    FROM account_balance
) everything ORDER BY part, number
""")


@dataclass(frozen=True, slots=True)
class BooksOfAMoment:
    """The lines of each part of an export, in order."""

    parts: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def lines(self, part: str) -> bytes:
        """One part as JSON lines."""
        made = (json.dumps(row, separators=(",", ":")) for row in self.parts[part])
        return "".join(f"{line}\n" for line in made).encode()


def read_books(session: Session) -> BooksOfAMoment:
    """All the books by one statement: what is posted meanwhile is in the next export."""
    held = BooksOfAMoment()
    rows = session.execute(_EVERYTHING.execution_options(yield_per=1000))
    for part, _, line in rows:
        held.parts[part].append(line)
    return held
