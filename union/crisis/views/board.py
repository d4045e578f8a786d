"""The live board: by reload alone, or by events that say only that something changed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext

from union.crisis.policy import sees_silent_alarm
from union.crisis.queries.board import Board
from union.crisis.queries.board import board as read_board
from union.crisis.queries.drills import forced_in_drills
from union.crisis.queries.taken import tallies
from union.crisis.views.bell import Bell
from union.crisis.views.blueprint import blueprint
from union.infra.backup_log import came_back_lately
from union.messages.services import open_spells
from union.web.current import current_actor, kit, reading
from union.web.render import page
from union.web.words import taken as taken_words
from union.web.words.messages import WAYS_SHOWN

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

EXTENSION = "crisis_bell"
_ONE_BELL = threading.Lock()


@blueprint.get("/board")
def board() -> ResponseReturnValue:
    """Everything at once, the most needful first."""
    return _board("crisis/board.html")


@blueprint.get("/board/now")
def board_fragment() -> ResponseReturnValue:
    """The same without its frame, for a board that keeps itself fresh."""
    return _board("crisis/board_now.html")


@blueprint.get("/board/stream")
def board_stream() -> Response:
    """An event whenever something changed; no session is held while it is open."""
    with _ONE_BELL:
        bell = current_app.extensions.setdefault(EXTENSION, Bell(kit().settings.database_url))
    return Response(bell.stream(), mimetype="text/event-stream")


def _board(template: str) -> str:
    alarms = sees_silent_alarm(current_actor())
    found = read_board(reading(), kit().name_people, alarms=alarms)
    now = kit().unit.clock.now()
    return page(
        template,
        board=found,
        forced_in_practice=alarms and bool(forced_in_drills(reading())),
        first=first_sentence(found),
        now=now,
        came_back=came_back_lately(reading().session, now),
        large="large" in request.args,
        taken=tallies(reading().session, [one.id for one in found.watches]),
        taken_words=taken_words,
        quiet=[(WAYS_SHOWN[one.channel], one) for one in open_spells(reading())],
    )


def first_sentence(found: Board) -> str:
    """What needs somebody now, in one sentence."""
    parts = []
    if found.without_anybody:
        parts.append(
            ngettext(
                "%(num)s call has nobody yet.",
                "%(num)s calls have nobody yet.",
                found.without_anybody,
            )
        )
    unheard = sum(one.incident_ref is None for one in found.contacts)
    if unheard:
        parts.append(ngettext("%(num)s waits to be heard.", "%(num)s wait to be heard.", unheard))
    if found.short:
        parts.append(
            ngettext("%(num)s has too few people.", "%(num)s have too few people.", found.short)
        )
    if found.looked_after:
        parts.append(
            ngettext("%(num)s is looked after.", "%(num)s are looked after.", found.looked_after)
        )
    return " ".join(parts) if parts else _("All is quiet. Nobody waits.")
