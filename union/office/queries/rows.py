"""Who stands in a row of a book, as the book has it: called name and card, no legal name."""

from __future__ import annotations

from union.infra.gone import gone_words
from union.infra.work import Work
from union.kernel.erased import erased
from union.members.models import ImportBatch, ImportRow
from union.members.queries.imports import original_of
from union.members.rules.books import Columns, cells_of


def who_in(called: str | None, card: str | None) -> str:
    """What she is called and her card, as every list writes it; nothing if neither stands there."""
    return " · ".join(part.strip() for part in (called, card) if part and part.strip())


def who_in_row(work: Work, row: ImportRow, batch: ImportBatch) -> str:
    """Who stands in a row that was kept as it stood; that she was erased, or that it is gone."""
    if not row.original:
        return erased()
    if not work.vault.opens(batch.key_ref):
        return gone_words(work, batch.key_ref)
    cells = cells_of(original_of(work, row, batch), batch.heading, Columns.from_dict(batch.columns))
    return who_in(cells.get("called"), cells.get("card"))
