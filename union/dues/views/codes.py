"""Her card number as a code: what the collector's phone reads, and says nothing to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from union.dues.views.shared import member_of
from union.kernel.errors import NotFoundError
from union.members.queries import kept_entry
from union.web.codes import code_picture
from union.web.current import current_actor, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


LARGE = 8
"""A card number is short: its few squares may be large, for old cameras."""


def add_to(blueprint: Blueprint) -> None:
    """Give the codes their addresses."""
    blueprint.add_url_rule("/mine/card", "my_card", my_card)
    blueprint.add_url_rule("/passbook/<ref>/card", "card", card)


def my_card() -> ResponseReturnValue:
    """Hers, to be shown on her own phone."""
    person_id = current_actor().person_id
    member = None if person_id is None else kept_entry(reading().session, person_id)
    return _show(None if member is None else member.card_number, None)


def card(ref: str) -> ResponseReturnValue:
    """A member's, to be printed and cut out."""
    return _show(member_of(reading(), ref).card_number, ref)


def _show(number: str | None, ref: str | None) -> ResponseReturnValue:
    if number is None:
        raise NotFoundError
    return page("dues/card.html", number=number, ref=ref, picture=code_picture(number, LARGE))
