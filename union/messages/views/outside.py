"""The simulated telephones as a page: what a hand could do with them, and nothing more.

The blueprint is registered only where the gateway is the simulator. What is done here reaches the
union through its door alone, exactly as from a real provider.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from union.gateways.port import Door
from union.gateways.simulator import CallOverError, Handset, Phones, version
from union.kernel.errors import NotFoundError
from union.messages.forms import ActForm
from union.web.render import page

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

EXTENSION = "sangha_outside"
ON_THE_TABLE = 24
STREAM_SECONDS = 60
LINK = re.compile(r"https?://\S+")

blueprint = Blueprint("simulator", __name__, url_prefix="/outside")


@dataclass(frozen=True, slots=True)
class Outside:
    """The telephones and the union's door; `tonight` says which numbers matter now, first first."""

    phones: Phones
    door: Door
    tonight: Callable[[], Sequence[str]] = tuple


def install(app: Flask, outside: Outside) -> None:
    """Lay the telephones on the table."""
    app.extensions[EXTENSION] = outside
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"telephones": url_for("simulator.phones")})


@blueprint.get("/phones")
def phones() -> ResponseReturnValue:
    """Those that ring, that matter tonight, then by newest words; `find` looks for one."""
    wanted = request.args.get("find", "").strip().lower()
    _time_passes()
    every = _outside().phones.all()
    found = [one for one in every if wanted in f"{one.label} {one.number}".lower()]
    places = {number: place for place, number in enumerate(_outside().tonight())}
    last = len(places)
    lit = [one for one in found if one.number in places or one.texts or one.calls]
    lit.sort(key=lambda one: (_rests(one), places.get(one.number, last)))
    table = lit[:ON_THE_TABLE]
    return page(
        "simulator/phones.html",
        phones=table,
        drawer=sorted((one for one in found if one not in table), key=lambda one: one.label),
        wanted=wanted,
        form=ActForm(),
        split_link=split_link,
    )


@blueprint.get("/phones/<ref>")
def phone(ref: str) -> ResponseReturnValue:
    """One telephone, to write and ring from."""
    _time_passes()
    return page("simulator/phone.html", one=_phone(ref), form=ActForm(), split_link=split_link)


@blueprint.post("/phones/<ref>")
def act(ref: str) -> ResponseReturnValue:
    """Do one thing with a telephone."""
    one, form = _phone(ref), ActForm()
    if form.validate_on_submit():
        try:
            DO[str(form.act.data)](one, form)
        except CallOverError:
            flash(_("That call is over."), "trouble")
    if request.args.get("at") == "table":
        return redirect(url_for("simulator.phones", find=request.args.get("find", "")))
    return redirect(url_for("simulator.phone", ref=ref))


@blueprint.get("/stream")
def stream() -> Response:
    """An event whenever a telephone shows something else; ends after a minute and is asked anew."""
    phones = _outside().phones
    engine = phones.engine

    def events() -> Iterator[str]:
        seen = version(engine)
        yield "retry: 1000\n\n"
        for _second in range(STREAM_SECONDS):
            time.sleep(1)
            phones.ring_out()
            now = version(engine)
            if now != seen:
                seen = now
                yield "event: changed\ndata: 1\n\n"

    return Response(events(), mimetype="text/event-stream")


def split_link(words: str) -> tuple[str, str | None]:
    """A text without its link, and the link as an address on this machine."""
    found = LINK.search(words)
    if found is None:
        return words, None
    path = re.sub(r"^https?://[^/]+", "", found.group())
    return words.replace(found.group(), "").strip(" :"), path


def _rests(one: Handset) -> bool:
    """Whether nothing on it wants a hand now; the others lie first."""
    return all(call.state not in {"ringing", "talking", "waits"} for call in one.calls)


def _time_passes() -> None:
    """What rang in vain has done so by now, also where no script asks every second."""
    held = _outside()
    held.phones.settle(held.door)


def _outside() -> Outside:
    held: Outside = current_app.extensions[EXTENSION]
    return held


def _phone(ref: str) -> Handset:
    found = _outside().phones.one(ref)
    if found is None:
        raise NotFoundError
    return found


def _answer(_one: Handset, form: ActForm) -> None:
    _outside().phones.answer(int(form.call.data or 0))


def _drop(_one: Handset, form: ActForm) -> None:
    held = _outside()
    held.phones.hang_up(int(form.call.data or 0), held.door)


def _wait(_one: Handset, form: ActForm) -> None:
    held = _outside()
    held.phones.wait(int(form.call.data or 0), held.door)


def _key(_one: Handset, form: ActForm) -> None:
    held = _outside()
    held.phones.press_key(int(form.call.data or 0), str(form.key.data), held.door)


def _write(one: Handset, form: ActForm) -> None:
    held = _outside()
    held.phones.write(one.number, str(form.words.data or ""), held.door)


def _missed_call(one: Handset, _form: ActForm) -> None:
    held = _outside()
    held.phones.missed_call(one.number, held.door)


def _ring(one: Handset, _form: ActForm) -> None:
    held = _outside()
    held.phones.ring(one.number, held.door)


DO: Mapping[str, Callable[[Handset, ActForm], None]] = {
    "answer": _answer,
    "drop": _drop,
    "key": _key,
    "wait": _wait,
    "write": _write,
    "missed_call": _missed_call,
    "ring": _ring,
    "on": lambda one, _form: _outside().phones.switch(one.number, on=True),
    "off": lambda one, _form: _outside().phones.switch(one.number, on=False),
    "seize": lambda one, _form: _outside().phones.seize(one.number),
    "give_back": lambda one, _form: _outside().phones.seize(one.number, seized=False),
}
