"""What the pages of one night are tried with: a team, a call, and who was asked."""

from __future__ import annotations

from sqlalchemy import select

from tests.builders.crisis import report
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import PageState
from union.crisis.services.paging import send_link
from union.kernel.actor import Actor
from union.kernel.ids import new_command_key

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


def link_for(pages, person_id: int, monkeypatch) -> str:
    """The address of a fresh link of hers."""
    with monkeypatch.context() as known, pages.begin(NIGHT) as work:
        known.setattr("union.crisis.services.paging.new_token", lambda: f"tok-{person_id}")
        rows = select(Page).where(Page.person_id == person_id).order_by(Page.id.desc())
        send_link(work, work.session.scalars(rows).first())
    return f"/s/tok-{person_id}"
