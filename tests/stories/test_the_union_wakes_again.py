"""A union that was brought back from a backup wakes in the middle of a night (C1).

What was waiting to go may have gone already, so it does not go again; the incident goes on, and the
next are asked.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text

from tests.builders.crisis import report
from tests.builders.messages import make_page
from union.cli.restored import hold_messages
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Page
from union.kernel.actor import Actor
from union.messages.invariants import INVARIANTS as MESSAGE_INVARIANTS
from union.messages.models import Attempt, Message
from union.messages.services import send_all, try_another_way
from union.messages.services.held import hold_waiting

RESTORE = Actor.system("restore")
LAWS = {**INVARIANTS, **MESSAGE_INVARIANTS}


def broken(work) -> list[str]:
    return [name for name, query in LAWS.items() if work.session.execute(text(query)).all()]


def test_pages_of_the_backup_are_not_sent_again_and_the_search_goes_on(night):
    night.team(8)
    with night.unit.begin(RESTORE) as work:
        incident_id = report(work).incident_id
    first_asked = night.asked(incident_id)
    with night.unit.reading(RESTORE) as work:
        old_keys = set(work.session.scalars(select(Attempt.key)))
    assert len(first_asked) == len(old_keys) > 0

    night.clock.move_to(night.clock.now() + timedelta(hours=3))
    with night.unit.begin(RESTORE) as work:
        held = hold_waiting(work)
    assert held == {"page": len(first_asked)}
    with night.unit.reading(RESTORE) as work:
        assert broken(work) == []
        assert set(work.session.scalars(select(Message.code))) == {"restored"}

    night.workers.settle()
    sent = set(night.workers.provider.keys())
    assert sent
    assert not sent & old_keys
    next_asked = night.asked(incident_id)
    assert next_asked
    assert not set(next_asked) & set(first_asked)
    with night.unit.reading(RESTORE) as work:
        assert broken(work) == []


def test_a_page_that_had_gone_goes_no_other_way_when_the_union_wakes(night):
    night.team(8)
    with night.unit.begin(RESTORE) as work:
        incident_id = report(work).incident_id
    first_asked = night.asked(incident_id)
    night.workers.settle()
    gone = set(night.workers.provider.keys())
    assert len(gone) == len(first_asked) > 0

    night.clock.move_to(night.clock.now() + timedelta(hours=3))
    with night.unit.begin(RESTORE) as work:
        assert hold_messages(work) == 0, "nothing was waiting"
        assert set(work.session.scalars(select(Message.code))) == {"restored"}
        assert broken(work) == []
        for message_id in work.session.scalars(select(Message.id)).all():
            assert not try_another_way(work, message_id), "whichever comes first when it wakes"
    night.workers.settle()
    with night.unit.reading(RESTORE) as work:
        of_the_first = select(Attempt.key).join(Page, Page.message_id == Attempt.message_id)
        tries = of_the_first.where(Page.person_id.in_(first_asked))
        assert set(work.session.scalars(tries)) == gone
        assert broken(work) == []
    assert set(night.asked(incident_id)) - set(first_asked)


def test_what_is_due_later_has_not_gone_and_will(night):
    (one,) = night.team(1)
    later = night.clock.now() + timedelta(hours=6)
    with night.unit.begin(RESTORE) as work:
        send_all(work, [make_page(one), make_page(one, due_at=later)])
    for held in ({"page": 1}, {}):
        with night.unit.begin(RESTORE) as work:
            assert hold_waiting(work) == held
    night.workers.settle()
    assert night.workers.provider.keys() == []
    night.clock.move_to(later)
    night.workers.settle()
    assert night.workers.provider.keys()
