"""What every page's frame needs to know: name, colour, tongue and the ways open to whoever reads.

It never lets a page put its own words into the title or the icon: both must mean nothing to a
stranger who picks up the phone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from flask_babel import LazyString, get_locale, lazy_gettext

from union.kernel.actor import Actor, Role
from union.web.current import current_actor, kit
from union.web.locked import seems_in_office
from union.web.navigation import ways_for
from union.web.shutting import shuts

if TYPE_CHECKING:
    from flask import Flask

TONGUES = {"en": "English", "kn": "ಕನ್ನಡ", "hi": "हिन्दी"}
"""The languages one can choose, each by its own name."""

ROLE_WORDS: dict[Role, LazyString] = {
    Role.OPERATOR: lazy_gettext("Operator"),
    Role.DUTY_OFFICER: lazy_gettext("Duty officer"),
    Role.COORDINATOR: lazy_gettext("Coordinator"),
    Role.TEAM_LEAD: lazy_gettext("Team lead"),
    Role.RESPONDER: lazy_gettext("Team"),
    Role.COUNSELLOR: lazy_gettext("Counsellor"),
    Role.TREASURER: lazy_gettext("Treasurer"),
    Role.SIGNATORY: lazy_gettext("Second signature"),
    Role.COLLECTOR: lazy_gettext("Collector"),
    Role.TRUSTEE: lazy_gettext("Trustee"),
    Role.MEMBERSHIP_SECRETARY: lazy_gettext("Membership secretary"),
    Role.BRANCH_SECRETARY: lazy_gettext("Branch secretary"),
    Role.WELFARE_COMMITTEE: lazy_gettext("Committee"),
    Role.PARALEGAL: lazy_gettext("Paralegal"),
    Role.LAWYER: lazy_gettext("Lawyer"),
    Role.PEER_EDUCATOR: lazy_gettext("Peer educator"),
    Role.RETURNING_OFFICER: lazy_gettext("Returning officer"),
    Role.SAFEGUARDING_OFFICER: lazy_gettext("Named officer"),
    Role.SYSADMIN: lazy_gettext("Keeper of the machine"),
    Role.MEMBER: lazy_gettext("Member"),
}
"""What a person is called in the frame of a page; the first of her roles in this order."""

TABLE_OF_PHONES = "simulator.phones"
LOCK = "locking.lock"


def install(app: Flask) -> None:
    """Hand the frame to every template."""
    app.context_processor(_frame)


def shown_name() -> str:
    """The neutral name this union chose: of titles, of notices and of what a phone installs."""
    return kit().settings.wire.shown_name


def icon() -> str:
    """The address of the picture that goes with it."""
    return url_for("static", filename=kit().settings.wire.icon_file)


def _frame() -> dict[str, Any]:
    locale = get_locale()
    actor = current_actor()
    return {
        "shown_name": shown_name(),
        "icon": icon(),
        "accent": kit().settings.wire.accent,
        "leave_to": kit().settings.wire.leave_to,
        "tongues": tuple(TONGUES.items()),
        "locale": str(locale) if locale else "en",
        "direction": locale.text_direction if locale else "ltr",
        "signed_in": actor.account_id is not None,
        "ways": ways_for(actor),
        "who": role_words(actor),
        "shuts": shuts(),
        "on_the_table": _on_the_table(),
        "lock_way": _lock_way(actor),
    }


def _on_the_table() -> str | None:
    """Where the made-up telephones lie, in a demonstration only."""
    if kit().showcase and TABLE_OF_PHONES in current_app.view_functions:
        return url_for(TABLE_OF_PHONES)
    return None


def _lock_way(actor: Actor) -> str | None:
    """Where an officer locks the office, from every page of hers; None for everybody else."""
    offered = seems_in_office(actor) and LOCK in current_app.view_functions
    return url_for(LOCK) if offered else None


def role_words(actor: Actor) -> LazyString | None:
    """The word for what she does here, or None for somebody not signed in."""
    shown = {grant.role for grant in actor.grants | actor.seems}
    return next((words for role, words in ROLE_WORDS.items() if role in shown), None)


def office_words(roles: Collection[Role]) -> str:
    """The words for somebody's offices, the weightiest first; being a member is none."""
    return ", ".join(
        str(words)
        for role, words in ROLE_WORDS.items()
        if role in roles and role is not Role.MEMBER
    )
