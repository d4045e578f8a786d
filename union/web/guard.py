"""Stands before every page: holds the access table.

What an address names is looked for and decided on before the page's own code runs. Outside her
scope is answered as an address of nothing is, to the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from flask import Flask, abort, redirect, request, url_for

from union.kernel.access import HERSELF, LISTED, UNTIED, About, Answer, decide, may_knock
from union.kernel.errors import NotAllowedError, NotFoundError, UnionError
from union.kernel.reach import reaches
from union.web.access import Row, row_of
from union.web.current import EXTENSION, current_actor, kit, reading
from union.web.duress import office_stand_in, stand_in
from union.web.locked import locked_page
from union.web.proving import door_stands, prove_first

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue


class NoAboutError(UnionError):
    """A row asks for a tie, and nothing can tell what its page's object is."""

    code = "no_about"


def install(app: Flask) -> None:
    """Guard the application, which does not start with a hole in its access table.

    UnlistedRouteError for a route without a row; NoAboutError for a row whose question about
    the object nobody answers, or that asks none though its address names something.
    """
    rules = [(rule, row_of(rule.endpoint)) for rule in app.url_map.iter_rules()]
    for rule, row in rules:
        if not _is_tight(row, app.extensions[EXTENSION].abouts, names=bool(rule.arguments)):
            raise NoAboutError(endpoint=rule.endpoint)
    app.before_request(_hold_access)


def _is_tight(row: Row, abouts: Collection[str], *, names: bool) -> bool:
    if row.names_nothing:
        return row.relation in UNTIED or not names
    return names and row.about in abouts


def _hold_access() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    row = row_of(request.endpoint)
    if not all(map(_is_written, (request.view_args or {}).values())) or _asks_for_nothing():
        raise NotFoundError
    return None if row.public else _knock(row)


def _knock(row: Row) -> ResponseReturnValue | None:
    """What stands between whoever asks and a page that is not for all."""
    actor, now = current_actor(), kit().unit.clock.now()
    if may_knock(actor, row) is Answer.SIGN_IN:
        return _sign_in_first()
    if (shut := locked_page(row) or office_stand_in(row)) is not None:
        return shut
    if may_knock(current_actor(), row) is Answer.REFUSED:
        raise NotAllowedError
    if door_stands() and not reaches(actor, row.reach, now):
        return prove_first()
    if (instead := stand_in(row)) is not None:
        return instead
    if decide(current_actor(), row, _about(row), now) is not Answer.OPEN:
        raise NotFoundError
    return None


def _sign_in_first() -> ResponseReturnValue:
    if request.method != "GET":
        abort(401)
    return redirect(url_for("identity.sign_in", back=request.full_path.rstrip("?")))


def _is_written(named: object) -> bool:
    """Whether an address could name anything by it: nothing has a name with control characters."""
    return all(category(sign) not in {"Cc", "Cs"} for sign in str(named))


def _asks_for_nothing() -> bool:
    """Whether a NUL stands behind the question mark: no table keeps one, so none is looked for."""
    return any("\0" in asked for asked in request.args.values())


def _about(row: Row) -> About | None:
    """What the address names is to people, in one question to the database where it names any."""
    if row.about is None or row.about == LISTED:
        return None
    actor = current_actor()
    if row.about == HERSELF:
        return About(owners=frozenset({actor.person_id or 0}))
    args = {name: str(value) for name, value in (request.view_args or {}).items()}
    return kit().abouts[row.about](reading(), args)
