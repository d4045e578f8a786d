"""A file is chosen, shown row by row, and taken in or let go."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError, UnionError
from union.members.forms import PlainForm
from union.members.queries.imports import (
    batch_by_ref,
    batch_of_upload,
    batches,
    mappings,
)
from union.members.rules.books import Columns, guess_headings, heading_of
from union.members.rules.errors import ColumnsMissingError
from union.members.services.imports import save_mapping
from union.members.services.uploads import (
    UploadGoneError,
    drop_upload,
    keep_upload,
    name_mapping,
    upload_of,
    upload_taken,
)
from union.office.forms import BookForm, ColumnsForm
from union.office.services.register_decisions import roll_back_import
from union.office.services.register_import import import_register, preview_register
from union.office.services.register_outcome import rows_by_verdict, rows_with_names
from union.office.views.intake.blueprint import blueprint, refuse_part_keeper
from union.office.views.intake.progress import shown_as_it_goes
from union.web.current import acting, perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/", methods=["GET", "POST"])
def files() -> ResponseReturnValue:
    """Choose a file; below it those that were taken in."""
    refuse_part_keeper()
    form = BookForm()
    if form.validate_on_submit():
        content, name = form.file.data.read(), (form.mapping.data or "").strip() or None
        try:
            heading_of(content)
        except UnionError as error:
            return _files_page(form, error)
        with acting() as work:
            ref = keep_upload(work, content, name)
        return redirect(url_for("intake.preview", ref=ref))
    return _files_page(form)


def _files_page(form: BookForm, error: UnionError | None = None) -> ResponseReturnValue:
    session = reading().session
    if error is not None:
        form.say(error)
    books = [mapping.name for mapping in mappings(session)]
    shown = page("office/import_files.html", form=form, batches=batches(session), books=books)
    return (shown, HTTPStatus.CONFLICT) if error else shown


def _gone(ref: str, error: UploadGoneError) -> ResponseReturnValue:
    """The file is not kept any more: where it came in, or the page to choose it once more."""
    found = batch_of_upload(reading().session, ref)
    if found is None:
        return _files_page(BookForm(formdata=None), error)
    flash(_("This file is in already. This is what came of it."))
    return redirect(url_for("intake.batch", ref=found.ref))


@blueprint.get("/<ref>")
def preview(ref: str) -> ResponseReturnValue:
    """What taking this file in would do, row by row; nothing is written yet."""
    refuse_part_keeper()
    work = reading()
    try:
        upload = upload_of(work, ref)
        outcome = preview_register(work, upload.content, upload.mapping)
    except UploadGoneError as error:
        return _gone(ref, error)
    except ColumnsMissingError:
        return redirect(url_for("intake.columns", ref=ref))
    except UnionError as error:
        return _files_page(BookForm(formdata=None), error)
    groups = rows_by_verdict(outcome.lines)
    return page(
        "office/import_preview.html",
        ref=ref,
        outcome=outcome,
        groups=groups,
        form=PlainForm(),
    )


@blueprint.route("/<ref>/columns", methods=["GET", "POST"])
def columns(ref: str) -> ResponseReturnValue:
    """Say which column means what, and save it under the book's name."""
    refuse_part_keeper()
    try:
        upload = upload_of(reading(), ref)
    except UploadGoneError as error:
        return _gone(ref, error)
    heading, delimiter = heading_of(upload.content)
    form = ColumnsForm(mapping=upload.mapping, **guess_headings(heading))
    form.offer(heading)
    if form.validate_on_submit():
        name, chosen = str(form.mapping.data).strip(), Columns(form.chosen(), delimiter)

        def keep(work: Work) -> dict[str, Any]:
            save_mapping(work, name, chosen)
            name_mapping(work, ref, name)
            return {}

        perform(form, "save_columns", keep)
        return redirect(url_for("intake.preview", ref=ref))
    return page("office/import_columns.html", ref=ref, form=form)


@blueprint.post("/<ref>/take")
def take(ref: str) -> ResponseReturnValue:
    """Take the file in, showing how far it is; all of it or nothing."""
    refuse_part_keeper()
    form = PlainForm()
    if not form.validate_on_submit():
        return redirect(url_for("intake.preview", ref=ref))
    try:
        upload_of(reading(), ref)
    except UploadGoneError as error:
        return _gone(ref, error)

    def run(work: Work, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
        upload = upload_of(work, ref)
        outcome = import_register(work, upload.content, upload.mapping, tell)
        upload_taken(work, ref, outcome.batch_ref)
        return {"batch": outcome.batch_ref}

    return shown_as_it_goes(form.key(), f"import_register:{ref}", run)


@blueprint.post("/<ref>/let-go")
def let_go(ref: str) -> ResponseReturnValue:
    """Throw the chosen file away; nothing was written."""
    refuse_part_keeper()
    with acting() as work:
        drop_upload(work, ref)
    flash(_("The file was let go. Nothing was written."))
    return redirect(url_for("intake.files"))


@blueprint.get("/batch/<ref>")
def batch(ref: str) -> ResponseReturnValue:
    """A file that was taken in: its sums and what was found."""
    refuse_part_keeper()
    return _batch_page(ref, PlainForm())


@blueprint.post("/batch/<ref>/back")
def take_back(ref: str) -> ResponseReturnValue:
    """Take a whole file back, if nothing was built on it since."""
    refuse_part_keeper()
    form = PlainForm()
    if form.validate_on_submit():
        try:
            perform(form, f"roll_back:{ref}", lambda work: _roll_back(work, ref))
        except UnionError as error:
            form.say(error)
            return _batch_page(ref, form)
        flash(_("The file was taken back whole."))
    return redirect(url_for("intake.files"))


def _roll_back(work: Work, ref: str) -> dict[str, Any]:
    found = batch_by_ref(work.session, ref)
    if found is None:
        raise NotFoundError
    roll_back_import(work, found.id)
    return {}


def _batch_page(ref: str, form: PlainForm) -> ResponseReturnValue:
    from_book = batch_by_ref(reading().session, ref)
    if from_book is None:
        raise NotFoundError
    lines = rows_with_names(reading(), from_book)
    return page(
        "office/import_batch.html", batch=from_book, groups=rows_by_verdict(lines), form=form
    )
