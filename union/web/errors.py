"""Errors as pages: what happened, then what to do; never a trace; what she wrote is not lost."""

from __future__ import annotations

import structlog
from flask import Flask, current_app, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from union.kernel.errors import NotAllowedError, NotFoundError, UnionError
from union.web.again import Again, written_again
from union.web.render import page
from union.web.words import in_words

log = structlog.get_logger()

_STATUS = {NotAllowedError.code: 403, NotFoundError.code: 404}
_REFUSED = 409
_BROKEN = 500
_WORTH_SENDING_AGAIN = {401, 429}
_WAITED_TOO_LONG = "55P03"
"""What PostgreSQL says to whoever waited for a lock as long as one may (lock_not_available)."""


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(UnionError, _union_error)
    app.register_error_handler(IntegrityError, _refused_by_law)
    app.register_error_handler(OperationalError, _held_by_others)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _union_error(error: UnionError) -> tuple[str, int]:
    return _answer(_STATUS.get(error.code, _REFUSED), in_words(error))


def _refused_by_law(error: IntegrityError) -> tuple[str, int]:
    law = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    log.warning("refused_by_database", law=law, endpoint=request.endpoint)
    return _answer(
        _REFUSED,
        gettext(
            "The books refuse this step. What was written before it stays. Open the page again."
        ),
    )


def _held_by_others(error: OperationalError) -> tuple[str, int]:
    if getattr(error.orig, "sqlstate", None) != _WAITED_TOO_LONG:
        return _broken(error)
    log.warning("waited_too_long", endpoint=request.endpoint)
    words = gettext("Others are writing at the same place just now, so this step was not taken.")
    return _answer(_REFUSED, words, written_again())


def _form_too_old(_error: CSRFError) -> tuple[str, int]:
    again = written_again()
    if again is not None:
        return _answer(400, gettext("This page was open too long, so it was not sent."), again)
    return _answer(
        400,
        gettext("This page was open too long. Go back, open it again, and send it once more."),
    )


def _http_error(error: HTTPException) -> tuple[str, int]:
    words = {
        401: gettext("The notebook was closed meanwhile. Open it, then send this once more."),
        404: gettext("There is nothing here. It may have moved, or it was never yours."),
        405: gettext("This cannot be done by opening an address. Use the button on the page."),
        413: gettext("That file is too large. Ask for a smaller copy of it."),
        429: gettext("Too many tries in a short time. Wait a minute, then try again."),
    }
    status = error.code or _BROKEN
    return _answer(
        status,
        words.get(status, gettext("This could not be read. Nothing was changed.")),
        written_again() if status in _WORTH_SENDING_AGAIN else None,
    )


def _broken(error: Exception) -> tuple[str, int]:
    log.error("page_failed", endpoint=request.endpoint, code=type(error).__name__)
    if current_app.testing:
        raise error
    if request.method != "POST":
        return _answer(_BROKEN, gettext("Something broke on our side. Try once more."))
    # Steps before it may have been taken, each by itself: the office comes back in many.
    words = gettext(
        "Something broke on our side. What was written before that stays. It is safe to send this"
        " once more: nothing is written twice."
    )
    return _answer(_BROKEN, words, written_again())


def _answer(status: int, words: str, again: Again | None = None) -> tuple[str, int]:
    return page("errors/error.html", status=status, words=words, again=again), status
