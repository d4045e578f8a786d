"""The chain of readings as a file that can be checked without us, and the same asked here.

Per reading it carries a number, a day and a salted commitment, never an id or a code: whoever holds
the file learns how many readings there were on a day, and nothing of whom or by whom. Salts stay in
the database; one disputed row is opened by handing out its salt and text.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from typing import IO, TYPE_CHECKING

from sqlalchemy import text

from union.infra.invariants import INVARIANTS

if TYPE_CHECKING:
    from union.infra.work import Work

FORMAT = "readings-v1"
PARTS = ("readings", "seals", "heads", "receipts")

READ_ME = """\
This is a copy of the chain over all readings of what is sealed: for each a number, a day and a
fingerprint, then the seals over them, their signed ends, and who wrote those down. Nobody and
nothing that was read can be told from it.

To check it, take verify_readings.py from somewhere else than this file and run

    python3 verify_readings.py THIS_FILE.zip --head "figures you wrote down"

Whether the union's key signed it, from the one you noted first to those it was handed on to since,
is told by

    python3 verify_readings.py THIS_FILE.zip --keys THIS_FILE.zip --key "the key you noted first"

and verify_keys.py says which keys those are, and until when each signed:

    python3 verify_keys.py THIS_FILE.zip --key "the key you noted first"

Whether one line that somebody was shown stands in the chain is told by

    python3 verify_readings.py THIS_FILE.zip --row line-123.txt

with the file that she, or a trustee whom she asked, takes from her page.
"""

_EVERYTHING = text("""
SELECT part, number, line FROM (
  SELECT 'readings' AS part, r.id AS number, json_build_object(
           'number', r.id, 'day', reading_day(r),
           'commitment', encode(reading_commitment(r), 'hex')) AS line
    FROM reading r
  UNION ALL
  SELECT 'seals', s.id, json_build_object(
           'id', s.id, 'previous', s.previous_id, 'readings', s.readings,
           'hash', encode(s.content_hash, 'hex'),
           'day', (s.made_at AT TIME ZONE 'UTC')::date,
           'covers', coalesce((SELECT json_agg(json_build_array(
                       n.reading_id, n.read_on, encode(n.commitment, 'hex')) ORDER BY n.reading_id)
                      FROM reading_sealed n WHERE n.seal_id = s.id), '[]'::json))
    FROM reading_seal s
  UNION ALL
  SELECT 'heads', h.id, json_build_object(
           'id', h.id, 'previous_hash', encode(h.previous_hash, 'hex'), 'said_on', h.said_on,
           'seal_id', h.seal_id, 'seal_hash', encode(h.seal_hash, 'hex'), 'readings', h.readings,
           'made_at', to_char(h.made_at AT TIME ZONE 'UTC',
             'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
           'public_key', encode(h.public_key, 'hex'), 'signature', encode(h.signature, 'hex'))
    FROM reading_head h
  UNION ALL
  SELECT 'receipts', row_number() OVER (ORDER BY c.head_id, c.public_key), json_build_object(
           'head_id', c.head_id, 'said_on', h.said_on, 'seal_hash', encode(h.seal_hash, 'hex'),
           'public_key', encode(c.public_key, 'hex'), 'signature', encode(c.signature, 'hex'))
    FROM reading_head_receipt c JOIN reading_head h ON h.id = c.head_id
) everything ORDER BY part, number
""")


def export_readings(work: Work, file: IO[bytes]) -> dict[str, int]:
    """Write the chain into ``file`` as a zip, all of one moment; how many lines of each part."""
    parts: dict[str, list[str]] = defaultdict(list)
    for part, _, line in work.session.execute(_EVERYTHING):
        parts[part].append(json.dumps(line, separators=(",", ":")))
    counts = {part: len(parts[part]) for part in PARTS}
    manifest = {
        "format": FORMAT,
        "made_at": work.clock.now().isoformat(timespec="seconds"),
        **counts,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("READ-ME.txt", READ_ME)
        made.writestr("manifest.json", json.dumps(manifest, indent=1))
        successions = work.vault.signing().successions
        made.writestr("keys.jsonl", "".join(f"{json.dumps(one.said())}\n" for one in successions))
        for part in PARTS:
            made.writestr(f"{part}.jsonl", "".join(f"{line}\n" for line in parts[part]))
    return counts


def broken_rows(work: Work) -> dict[str, int]:
    """How many rows break each law of the chain; laws that hold are left out."""
    found = {
        name: len(work.session.execute(text(query)).all())
        for name, query in INVARIANTS.items()
        if name.startswith("readings_")
    }
    return {name: count for name, count in found.items() if count}
