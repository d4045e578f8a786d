"""Long work that is shown as it goes, without scripts: the page grows while it is done.

The work runs in a thread of its own with a unit of work of its own, so that a reader who
leaves breaks nothing off.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, stream_with_context, url_for
from flask.globals import app_ctx

from union.infra.commands import once
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.web.current import current_actor, kit, reading
from union.web.render import page
from union.web.words import in_words
from union.web.words.members import STEPS

Tell = Callable[[str, int, int], None]
Run = Callable[[Work, Tell], Mapping[str, Any]]
Told = tuple[str, int, int]

_HERE = "<!-- grows here -->"
_LONGEST_S = 300


def shown_as_it_goes(key: str, name: str, run: Run) -> Response:
    """Do one command once, telling each step on the page; then where to go on.

    The page is whole without scripts and ends with what came of it, or with why not. The
    request's own session is let go first: nothing is held open while the page grows.
    """
    head, _middle, foot = page("office/import_running.html").partition(_HERE)
    told: queue.Queue[Told | Mapping[str, Any] | UnionError | None] = queue.Queue()
    app = app_ctx.app
    actor = current_actor()
    reading().session.close()
    thread = threading.Thread(
        target=_work, args=(app, actor, key, name, run, told), name="import", daemon=False
    )
    thread.start()
    return Response(stream_with_context(_grow(head, foot, told)), mimetype="text/html")


def _work(
    app: Flask,
    actor: Actor,
    key: str,
    name: str,
    run: Run,
    told: queue.Queue[Told | Mapping[str, Any] | UnionError | None],
) -> None:
    def tell(step: str, done: int, of: int) -> None:
        told.put((step, done, of))

    try:
        with app.app_context(), kit().unit.begin(actor) as work:
            done = once(work, key, name, {}, lambda: run(work, tell))
        told.put(done)
    except UnionError as error:
        told.put(error)
    except Exception:
        told.put(None)
        raise


def _grow(
    head: str, foot: str, told: queue.Queue[Told | Mapping[str, Any] | UnionError | None]
) -> Iterator[str]:
    yield head
    shown: dict[str, int] = {}
    while True:
        one = told.get(timeout=_LONGEST_S)
        if isinstance(one, tuple):
            step, done, of = one
            quarter = 4 * done // max(of, 1)
            if quarter > shown.get(step, -1):
                shown[step] = quarter
                yield _part("office/import_step.html", step=STEPS[step], done=done, of=of)
            continue
        if isinstance(one, UnionError):
            yield _part("office/import_end.html", trouble=in_words(one))
        elif one is None:
            yield _part("office/import_end.html", trouble=None)
        else:
            href = url_for("intake.batch", ref=one["batch"])
            yield _part("office/import_end.html", href=href)
        break
    yield foot


def _part(template: str, **context: object) -> str:
    """A piece of the page, without asking the database for what surrounds a whole one."""
    return current_app.jinja_env.get_template(template).render(**context)
