"""What a session that she was made to open shows: a dull notebook, in which everything works.

It looks as a member's does of whom nothing was ever written; what is changed in it looks done and
is not. It holds for every page that asks for more than her dues, also for those written later.
Calling for help, leaving and her dues are what they always are. An officer's looks as on a day
when nothing waits: her sign-in carries no office, and what stands in her menu leads to no page
but the one that locks the office and those that show her own alone, as an empty-handed officer's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from union.kernel.access import Answer, may_knock
from union.kernel.errors import NotFoundError
from union.kernel.reach import Reach, reaches
from union.web.current import current_actor, kit, stand_as
from union.web.proving import prove_first
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.access import Row

NOBODY = 0
"""Whose pages are shown: no row of any table is hers, for the database counts from one."""

_AS_ALWAYS = (Reach.NOTHING, Reach.DUES)
_LOOKS = {"GET", "HEAD"}
_LOCK = frozenset({"locking.lock", "locking.lock_paper"})
"""A page that shows nothing of anybody, and whose button does what it says; the paper beside it
looks as it does on any day, and its letters lock nothing: see docs/lock.md."""
PLAYED = _LOCK | {
    *("identity.office_secrets", "identity.change_own_password", "identity.own_telephone"),
    *("identity.own_sheet", "identity.other_password", "identity.no_other_password"),
    *("identity.opening_words", "identity.other_opening_words"),
    *("identity.ask_for_key", "identity.add_key"),
}
"""Pages whose own code knows that she was made to: they answer in the words of any day, show
nothing of hers, and keep nothing of what is sent."""
HERS_ALONE = frozenset(
    {
        *("crisis.my_pages", "dues.my_round", "ledger.my_floats", "erasing.mine"),
        *("legal.complain", "legal.received", "legal.shared"),
    }
)
"""Pages of an office that show whoever opens them her own and nothing else: they are looked at as
nobody's, and look as they do to an officer whose hands are empty."""
_ENDS_AT = {"ways": "ways.mine"}
"""Where what was sent ends on any day, by the part of the house that takes it; else at home."""


def stand_in(row: Row) -> ResponseReturnValue | None:
    """Before a page is looked for: let nobody look at it in her place, or say that it is done.

    What was sent never reaches the page that would do it.
    """
    actor = current_actor()
    if not actor.duress or row.reach in _AS_ALWAYS or row.endpoint in PLAYED:
        return None
    if request.method in _LOOKS:
        stand_as(replace(actor, person_id=NOBODY, account_id=NOBODY))
        return None
    return _seems_done(row)


def office_stand_in(row: Row) -> ResponseReturnValue | None:
    """Before a page of an office that she seems to hold: nothing waits there, nothing is found.

    No page's own code is asked but of those that are hers alone, and of those that know: what it
    would show is looked for nowhere.
    """
    actor = current_actor()
    seeming = replace(actor, grants=actor.grants | actor.seems)
    answers = may_knock(actor, row), may_knock(seeming, row)
    if not actor.seems or answers != (Answer.REFUSED, Answer.OPEN):
        return None
    if not reaches(actor, row.reach, kit().unit.clock.now()):
        return prove_first()
    if row.endpoint in PLAYED:
        stand_as(seeming)
        return None
    if request.method not in _LOOKS:
        return _seems_done(row)
    if row.endpoint in HERS_ALONE:
        stand_as(replace(seeming, person_id=NOBODY, account_id=NOBODY))
        return None
    if request.view_args:
        raise NotFoundError
    return page("home/home.html", cards=())


def _seems_done(row: Row) -> ResponseReturnValue:
    flash(_("Written down."))
    return redirect(url_for(_ENDS_AT.get(row.endpoint.partition(".")[0], "home.home")))
