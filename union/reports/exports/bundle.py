"""One file with everything a trustee needs to check the books without us.

Holds what the verifier reads (JSON lines), both journals in plain text, and how to use them. The
verifier itself is not in it: who could forge an export could forge that with it.
"""

from __future__ import annotations

import json
import zipfile
from typing import IO, Any

from union.infra.work import Work
from union.reports.exports.plain_text import CURRENCY, beancount, hledger
from union.reports.exports.reading import PARTS, BooksOfAMoment, read_books

BEANCOUNT = "books.beancount"
HLEDGER = "books.journal"
KEYS = "keys.jsonl"
FORMAT = "books-v1"

READ_ME = """\
This is a copy of the books: every entry, the chain of seals over them, and its signed ends.

To check it, take verify_books.py from somewhere else than this file (the union's page for
trustees, or its published source) and run

    python3 verify_books.py THIS_FILE.zip --head "figures printed on a report"

Whether the union's key signed it, from the one you noted first to those it was handed on to since,
is told by

    python3 verify_books.py THIS_FILE.zip --keys THIS_FILE.zip --key "the key you noted first"

and verify_keys.py says which keys those are, and until when each signed:

    python3 verify_keys.py THIS_FILE.zip --key "the key you noted first"

books.beancount and books.journal are the same journal for beancount (bean-check, fava) and
hledger (hledger -f books.journal balance); both refuse to load if a balance differs.

Amounts are in paise in the .jsonl files and in rupees in the journals. Nobody is named anywhere:
people are numbers.
"""


def export_books(work: Work, file: IO[bytes]) -> BooksOfAMoment:
    """Write the export into ``file`` as a zip; returns what it holds."""
    books = read_books(work.session)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("READ-ME.txt", READ_ME)
        made.writestr("manifest.json", json.dumps(_manifest(work, books), indent=1))
        for part in PARTS:
            made.writestr(f"{part}.jsonl", books.lines(part))
        made.writestr(KEYS, keys_said(work))
        made.writestr(BEANCOUNT, beancount(books))
        made.writestr(HLEDGER, hledger(books))
    return books


def keys_said(work: Work) -> str:
    """How the key that signs was handed on, a line each; for ``verify_keys.py``."""
    successions = work.vault.signing().successions
    return "".join(f"{json.dumps(one.said())}\n" for one in successions)


def _manifest(work: Work, books: BooksOfAMoment) -> dict[str, Any]:
    seals = books.parts["seals"]
    return {
        "format": FORMAT,
        "currency": CURRENCY,
        "made_at": work.clock.now().isoformat(timespec="seconds"),
        "head": seals[-1]["hash"] if seals else None,
        **{part: len(books.parts[part]) for part in PARTS},
    }
