"""On an incident's page: why her, since when somebody is held, what is refused with a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_responder
from tests.builders.members import make_branch
from tests.web.crisis.night import NIGHT, begin, key
from union.crisis.models import CustodyClock, Incident
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.kinds import Kind


def clocks(pages) -> list[CustodyClock]:
    with pages.reading(NIGHT) as work:
        return list(work.session.scalars(select(CustodyClock).order_by(CustodyClock.id)))


def test_why_her_is_for_all_at_the_desk_and_why_not_her_for_those_in_charge(
    pages, team, operator, coordinator
):
    with pages.begin(NIGHT) as work:
        make_responder(work, make_branch(work), shift="day")
    ref, _ = begin(pages, people=20)
    for reader, each in ((operator, False), (coordinator, True)):
        shown = reader.get(f"/incidents/{ref}").text
        assert "Why these, and why not others" in shown
        assert ("1 asleep at this hour" in shown) is not each
        assert (", asleep at this hour" in shown) is each
        assert ("The steps this call keeps to" in shown) is each
    assert "asleep at this hour" in operator.get("/board").text


def test_the_hour_is_said_and_ended_and_a_wrong_one_is_refused(pages, team, operator):
    ref, _ = begin(pages, kind=Kind.ARREST_OR_RAID)
    here = f"/incidents/{ref}/custody"
    shown = operator.get(f"/incidents/{ref}").text
    assert "That is when we heard" in shown
    assert "section 58" in shown
    with pages.reading(NIGHT) as work:
        zone, now = work.clock.zone, work.clock.now()
    said = (now - timedelta(hours=2)).astimezone(zone)
    asked = {"taken_on": f"{said:%Y-%m-%d}", "taken_time": f"{said:%H:%M}", "act": "said"}
    assert operator.post(here, data={**asked, "command_key": key()}).status_code == 302
    assert [one.assumed for one in clocks(pages)] == [True, False]
    for wrong in ({"taken_on": "2099-01-01"}, {"taken_time": ""}):
        answer = operator.post(here, data={**asked, **wrong, "command_key": key()})
        assert "still to come, or more than thirty days ago" in answer.text
    operator.post(here, data={"act": "produced", "command_key": key()})
    assert clocks(pages)[-1].ended_how is CustodyEnd.PRODUCED
    assert "Stood before a magistrate" in operator.get(f"/incidents/{ref}").text


@pytest.mark.parametrize("word", ["", "  "])
def test_an_empty_word_is_refused_with_a_sentence(pages, team, operator, word):
    ref, _ = begin(pages)
    answer = operator.post(f"/incidents/{ref}/word", data={"command_key": key(), "word": word})
    assert "Write the word" in answer.text
    with pages.reading(NIGHT) as work:
        kept = work.session.scalar(select(Incident).where(Incident.ref == ref))
        assert kept.safe_word_hash is None
