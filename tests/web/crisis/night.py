"""What the pages of one night are tried with: a team, a call, and who was asked."""

from __future__ import annotations

from sqlalchemy import select

from tests.builders.crisis import report
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import PageState
from union.kernel.actor import Actor
from union.kernel.ids import new_command_key
from union.members.models import Member
from union.messages.services import params_of

NIGHT = Actor.system("test")


def key() -> str:
    return new_command_key()


def begin(pages, **fields) -> tuple[str, str]:
    """A call; the incident's reference and the contact's."""
    with pages.begin(NIGHT) as work:
        contact = report(work, **fields)
        incident = work.session.get_one(Incident, contact.incident_id)
        return incident.ref, contact.ref


def asked(pages) -> list[int]:
    """Who is asked, in the order of asking."""
    with pages.reading(NIGHT) as work:
        return list(
            work.session.scalars(
                select(Page.person_id).where(Page.state == PageState.ASKED).order_by(Page.id)
            )
        )


def page_of(pages, person_id: int) -> Page:
    """Her newest page, read."""
    with pages.reading(NIGHT) as work:
        rows = select(Page).where(Page.person_id == person_id).order_by(Page.id.desc())
        return work.session.scalars(rows).first()


def link_for(pages, person_id: int) -> str:
    """The address of the link she was sent."""
    with pages.reading(NIGHT) as work:
        rows = select(Page).where(Page.person_id == person_id).order_by(Page.id.desc())
        told = params_of(work, work.session.scalars(rows).first().message_id)
    return f"/s/{told['token']}"


def every(pages, model):
    """All rows of a kind, the oldest first."""
    with pages.reading(NIGHT) as work:
        return work.session.scalars(select(model).order_by(model.id)).all()


def member_ref(pages, person_id) -> str:
    with pages.reading(NIGHT) as work:
        return work.session.get_one(Member, person_id).ref
