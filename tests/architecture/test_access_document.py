"""``docs/access.md`` is the access table, no more and no less."""

from __future__ import annotations

from pathlib import Path

from union.cli.access import written
from union.kernel.actor import Role
from union.web.access import TABLE
from union.web.access.document import ASKS, NEVER, WHOSE, pages_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "access.md"


def test_the_document_is_what_the_code_says():
    kept = DOCUMENT.read_text(encoding="utf-8")
    assert kept == written(), "run: union access document > docs/access.md"


def test_every_page_stands_in_it_with_its_own_words():
    text = DOCUMENT.read_text(encoding="utf-8")
    demonstration = {"static", "simulator"}
    for endpoint in TABLE:
        if endpoint.partition(".")[0] not in demonstration:
            assert f"| `{endpoint}` " in text, endpoint
    assert "|  |" not in text.replace("| anybody |  |", ""), "a page without words"


def test_every_code_has_words(app):
    assert {row.relation for row in TABLE.values()} <= WHOSE.keys()
    assert {row.reach for row in TABLE.values()} <= ASKS.keys()
    assert set(NEVER) == set(Role)
    assert all(page.said.endswith((".", "?")) for page in pages_of(app))
