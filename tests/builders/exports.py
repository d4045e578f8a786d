"""Exports of the books for tests: written, opened, tampered with, and given to the verifier."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from union.infra.work import Work
from union.ledger.services import say_heads, seal_postings
from union.reports.exports import export_books

VERIFIER = Path(__file__).parents[2] / "static" / "verify_books.py"


def seal_and_sign(work: Work) -> None:
    """Seal everything and sign the head, as the timer does."""
    while seal_postings(work):
        pass
    say_heads(work)


def write_export(work: Work, path: Path) -> Path:
    """An export as the page and the command give it."""
    with path.open("wb") as file:
        export_books(work, file)
    return path


def rewrite(path: Path, part: str, change) -> Path:
    """The same export with the rows of one part changed by ``change`` (rows in, rows out)."""
    forged = path.with_name(f"forged-{part}.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == f"{part}.jsonl":
                rows = change([json.loads(line) for line in content.splitlines()])
                content = "\n".join(json.dumps(row) for row in rows).encode()
            new.writestr(name, content)
    return forged


def verify(path: Path, *options: str) -> subprocess.CompletedProcess:
    """Run the verifier alone: no packages, no environment, nothing of ours to import."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *options],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd=path.parent,
    )
