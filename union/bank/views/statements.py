"""A statement is chosen, shown line by line, and taken in or let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext, ngettext

from union.bank.forms import ColumnsForm, FileForm, KeyForm
from union.bank.queries.balances import statement_by_ref, statements
from union.bank.queries.hands import words_waiting
from union.bank.queries.lines import lines_of, waiting_count
from union.bank.queries.tables import bank_account
from union.bank.services import (
    drop_upload,
    keep_upload,
    preview_statement,
    save_columns,
    take_statement,
)
from union.bank.services.uploads import upload_of
from union.bank.views.blueprint import blueprint
from union.gateways.bank_files import ColumnsUnknownError, layout_of
from union.kernel.errors import NotFoundError, UnionError
from union.web.current import acting, kit, perform, reading
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What waits, since when, and the statements that came."""
    session = reading().session
    count, oldest = waiting_count(session)
    age = 0 if oldest is None else (reading().clock.today() - oldest).days
    known = statements(session, bank_account(session))
    asked = words_waiting(session, None)
    return page("bank/home.html", count=count, age=age, statements=known, asked=asked)


@blueprint.route("/bring-in", methods=["GET", "POST"])
def bring_in() -> ResponseReturnValue:
    """Choose a statement."""
    form = FileForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        try:
            with acting() as work:
                ref = keep_upload(work, content)
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("bank.preview", ref=ref))
    return page("bank/bring_in.html", form=form)


@blueprint.get("/files/<ref>")
def preview(ref: str) -> ResponseReturnValue:
    """What taking this file in would do, line by line; nothing is written yet."""
    return _preview(ref, KeyForm())


@blueprint.route("/files/<ref>/columns", methods=["GET", "POST"])
def columns(ref: str) -> ResponseReturnValue:
    """Say which column means what; it is remembered for the account's next files."""
    upload = upload_of(reading(), ref)
    layout = layout_of(upload.content, upload.columns)
    form = ColumnsForm(**(layout.columns if layout else {}))
    form.offer(layout.headings if layout else ())
    if form.validate_on_submit():
        chosen = form.chosen()
        perform(form, f"bank_columns:{ref}", lambda work: _keep(work, ref, chosen))
        return redirect(url_for("bank.preview", ref=ref))
    return page("bank/columns.html", ref=ref, form=form, layout=layout)


@blueprint.post("/files/<ref>/take")
def take(ref: str) -> ResponseReturnValue:
    """Take the file in; all of it or nothing."""
    form = KeyForm()
    if not form.validate_on_submit():
        return redirect(url_for("bank.preview", ref=ref))
    try:
        done = perform(form, f"take_statement:{ref}", lambda work: _take(work, ref))
    except UnionError as error:
        form.say(error)
        return _preview(ref, form)
    if done["statement"] is None:
        flash(gettext("All of it was here already. Nothing was written."))
        return redirect(url_for("bank.home"))
    flash(
        ngettext("%(num)s line was booked.", "%(num)s lines were booked.", done["booked"])
        + " "
        + ngettext("%(num)s waits for a word.", "%(num)s wait for a word.", done["waits"])
    )
    return redirect(url_for("bank.statement", ref=done["statement"]))


@blueprint.post("/files/<ref>/let-go")
def let_go(ref: str) -> ResponseReturnValue:
    """Throw the chosen file away; nothing was written."""
    form = KeyForm()
    if not form.validate_on_submit():
        return redirect(url_for("bank.preview", ref=ref))
    perform(form, f"let_go:{ref}", lambda work: _let_go(work, ref))
    flash(gettext("The file was let go. Nothing was written."))
    return redirect(url_for("bank.bring_in"))


@blueprint.get("/statements/<ref>")
def statement(ref: str) -> ResponseReturnValue:
    """A statement that was taken in, each line as it stands now."""
    work = reading()
    found = statement_by_ref(work.session, ref)
    if found is None:
        raise NotFoundError
    shown = lines_of(work, found.id)
    return page(
        "bank/statement.html",
        statement=found,
        shown_lines=shown,
        names=kit().name_people(work, {one.person_id for one in shown if one.person_id}),
        brought_by=kit().name_people(work, {found.made_by or 0} - {0}).get(found.made_by or 0),
    )


def _preview(ref: str, form: KeyForm) -> ResponseReturnValue:
    work = reading()
    upload = upload_of(work, ref)
    try:
        shown = preview_statement(work, upload.content, upload.columns)
    except ColumnsUnknownError:
        return redirect(url_for("bank.columns", ref=ref))
    except UnionError as error:
        refused = {"words": in_words(error), "facts": error.facts}
        return page("bank/refused.html", ref=ref, let_go_form=KeyForm(formdata=None), **refused)
    people = {one.judgement.best.person_id or 0 for one in shown.fresh if one.judgement.best}
    names = kit().name_people(work, people - {0})
    return page(
        "bank/preview.html",
        ref=ref,
        form=form,
        let_go_form=KeyForm(formdata=None),
        preview=shown,
        names=names,
    )


def _keep(work: Work, ref: str, chosen: dict[str, str]) -> dict[str, Any]:
    save_columns(work, ref, chosen)
    return {}


def _let_go(work: Work, ref: str) -> dict[str, Any]:
    drop_upload(work, ref)
    return {}


def _take(work: Work, ref: str) -> dict[str, Any]:
    upload = upload_of(work, ref)
    outcome = take_statement(work, upload.content, upload.columns)
    drop_upload(work, ref)
    return {
        "statement": outcome.statement_ref,
        "booked": outcome.booked,
        "waits": outcome.proposed + outcome.unmatched,
    }
