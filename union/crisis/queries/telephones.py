"""Whose telephones matter tonight, for whoever tries a demonstration; shown nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.rules.kinds import LIVE_PAGE, OPEN_INCIDENT, ContactState
from union.identity.models import Account
from union.messages.queries import reach_of

if TYPE_CHECKING:
    from union.infra.work import Work

VOICE = "voice"


def telephones_tonight(work: Work) -> Sequence[str]:
    """Of who reached us, of who is asked or goes, then of who may sign in; each once."""
    callers = work.session.scalars(
        select(Contact)
        .outerjoin(Incident, Incident.id == Contact.incident_id)
        .where(
            Contact.number.is_not(None),
            (Contact.state != ContactState.DEALT) | Incident.state.in_(OPEN_INCIDENT),
        )
        .order_by(Contact.id.desc())
    ).all()
    asked = work.session.scalars(
        select(Page.person_id)
        .join(Incident, Incident.id == Page.incident_id)
        .where(
            Incident.state.in_(OPEN_INCIDENT),
            func.coalesce(Page.seems, Page.state).in_(LIVE_PAGE),
        )
        .order_by(Page.id.desc())
    ).all()
    ours = work.session.scalars(select(Account.person_id).order_by(Account.id)).all()
    people = list(dict.fromkeys([*asked, *ours]))
    reaches = reach_of(work, people)
    hers = (opened(work, one, CONTACT_NUMBER, one.number) for one in callers)
    theirs = (reaches[one].addresses.get(VOICE) for one in people if one in reaches)
    return [number for number in dict.fromkeys([*hers, *theirs]) if number]
