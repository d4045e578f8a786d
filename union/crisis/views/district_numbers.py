"""Which two figures stand for which district in the voice menu: a page, and a card to print.

The card carries names of districts and figures and nothing else: it may lie anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from flask_babel import get_locale

from union.crisis.rules.district_names import called
from union.crisis.services.voice_menu import district_keys
from union.crisis.views.blueprint import blueprint
from union.crisis.views.district_paper import print_card
from union.kernel.errors import NotFoundError
from union.members.queries import branch_of, branches
from union.web.current import current_actor, reading
from union.web.look import TONGUES
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/district-numbers")
def district_numbers() -> ResponseReturnValue:
    """Each district's figures in the reader's language, her own district's first of all."""
    locale = get_locale()
    language = locale.language if locale is not None else "en"
    work, person_id = reading(), current_actor().person_id
    home = branch_of(work.session, person_id) if person_id else None
    keys = district_keys(work)
    return page(
        "crisis/district_numbers.html",
        rows=_rows(language),
        mine=next((key for key, one in keys.items() if home and one == home.id), None),
        home=called(home.name, language) if home else "",
        tongues=TONGUES.items(),
    )


@blueprint.get("/district-numbers/<language>.pdf")
def district_card(language: str) -> ResponseReturnValue:
    """The same on one small page."""
    if language not in TONGUES:
        raise NotFoundError
    answer = Response(print_card(_rows(language)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="numbers-{language}.pdf"'
    return answer


def _rows(language: str) -> list[tuple[str, str]]:
    work = reading()
    names = {one.id: one.name for one in branches(work.session)}
    keys = district_keys(work)
    return [(key, called(names[branch_id], language)) for key, branch_id in keys.items()]
