"""What the desk does in the crisis machine: puts in order, deals with a contact, ends a call."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from tests.laws.crisis_night import NTH, Hands, Said
from union.crisis import services
from union.crisis.models import Contact, Page
from union.crisis.rules.kinds import AsSheWished, ClosedBy, ContactState, DealtHow, Outcome


class Desk(Hands):
    """Rules of whoever sits at the desk, over what has come in by then."""

    said: Said

    @rule(nth=NTH, to=NTH, what=st.sampled_from(["attach", "merge", "split", "widen", "avoid"]))
    def the_desk_puts_in_order(self, nth, to, what):
        def act(work):
            contact = self._nth(work, Contact, nth, Contact.state != ContactState.DEALT)
            one, other = self._incident(work, nth), self._incident(work, to)
            if what == "attach" and contact and other:
                services.attach_by_hand(work, contact.id, other.id)
            elif what == "merge" and one and other:
                services.merge_incidents(work, one.id, other.id)
            elif what == "split" and contact:
                services.split_off(work, contact.id)
            elif what == "widen" and one:
                services.widen_now(work, one.id)
            elif what == "avoid" and one:
                services.name_in_conflict(work, one.id, self.union.people[to % 10])

        self._try(act)

    @rule(nth=NTH, how=st.sampled_from(list(DealtHow)))
    def the_desk_deals_with_one(self, nth, how):
        def act(work):
            contact = self._nth(work, Contact, nth, Contact.state != ContactState.DEALT)
            if contact:
                services.take_contact(work, contact.id)
                services.deal_with(work, contact.id, how)

        self._try(act)

    @rule(nth=NTH)
    def whoever_was_there_ends_it(self, nth):
        """Only somebody who has said herself that she is there is a witness."""

        def act(work):
            page = self._page(work, nth)
            if page is None:
                return None
            saw = services.Closing(
                ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, page.person_id
            )
            services.close_incident(work, page.incident_id, saw)
            hers = (Page.incident_id == page.incident_id, Page.person_id == page.person_id)
            return set(work.session.scalars(select(Page.id).where(*hers)))

        pages = self._try(act)
        assert pages is None or pages & self.said.there
