"""Downloads for trustees and the treasurer: the export, and the program that checks it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app

from union.infra import audit
from union.reports.exports.bundle import export_books
from union.web.current import acting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("exports", __name__, url_prefix="/books/export")

VERIFIER = "verify_books.py"


@blueprint.get("/books.zip")
def books() -> ResponseReturnValue:
    """All the books as one file, without anybody's name; who took it is written down."""
    file = BytesIO()
    with acting() as work:
        export_books(work, file)
        audit.log(work, "books_exported", object_type="books", object_id=0)
    answer = Response(file.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="books.zip"'
    return answer


@blueprint.get("/verifier")
def verifier() -> ResponseReturnValue:
    """The program that checks an export with nothing but Python."""
    program = Path(current_app.static_folder or "static") / VERIFIER
    answer = Response(program.read_bytes(), mimetype="text/x-python")
    answer.headers["Content-Disposition"] = f'attachment; filename="{VERIFIER}"'
    return answer
