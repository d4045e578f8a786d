"""One sheet, several papers: CSV, XLSX and PDF; none of them counts anything anew."""

from __future__ import annotations

from collections.abc import Callable

from union.reports.printers.comma import as_csv
from union.reports.printers.pdf import as_pdf
from union.reports.printers.workbook import as_xlsx
from union.reports.sheets import Sheet

PRINTERS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
}
"""By a file's ending: its type and who prints it."""

__all__ = ["PRINTERS"]
