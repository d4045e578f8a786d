"""Numbers missing from issued books. Invariant: each is listed once, as a line that waits."""

from __future__ import annotations

from union.dues.models import CollectionLine
from union.dues.queries.books import missing_in_books
from union.dues.rules.verdicts import Reason
from union.dues.services.taking import sheet_called
from union.infra.work import Work
from union.kernel.ids import new_ref


def list_gaps(work: Work, collector_id: int, name: str) -> int:
    """List the numbers missing from her issued books under a sheet called ``name``; how many.

    Called when she hands in all she has: until then a number may still be on its way.
    """
    numbers = missing_in_books(work.session, collector_id)
    if not numbers:
        return 0
    sheet, _ = sheet_called(work, name, 0)
    work.session.add_all(
        CollectionLine(
            ref=new_ref(),
            sheet_id=sheet.id,
            collector_id=collector_id,
            receipt_no=number,
            note="",
            verdict="missing",
            reason=Reason.RECEIPT_MISSING,
        )
        for number in numbers
    )
    work.session.flush()
    return len(numbers)
