"""An address that puts what belongs to one call under another: nothing is shown, nothing moves."""

from __future__ import annotations

import pytest

from tests.web.crisis.night import asked, begin, every, key, page_of
from union.crisis.models import Taken
from union.crisis.rules.kinds import Kind, PageState
from union.crisis.views.taken_one import ACTS


@pytest.fixture
def raids(pages, team):
    """Two raids nobody joined, far apart."""
    told = {"kind": Kind.ARREST_OR_RAID, "people": 3}
    first = begin(pages, **told, place="Rose lodge", number="+915830144111")
    second = begin(pages, **told, place="Old mill", number="+915830144222")
    assert first[0] != second[0]
    return first[0], second[0]


def taken_in(pages, operator, raid) -> Taken:
    data = {"command_key": key(), "sheet": key(), "names": "Lakshmi"}
    assert operator.post(f"/incidents/{raid}/list", data=data).status_code == 302
    return every(pages, Taken)[-1]


def test_somebody_on_one_raids_list_is_not_opened_or_moved_through_another(pages, operator, raids):
    mine, other = raids
    row = taken_in(pages, operator, mine)
    assert operator.get(f"/incidents/{mine}/list/{row.ref}").status_code == 200
    assert operator.get(f"/incidents/{other}/list/{row.ref}").status_code == 404
    for act in ACTS:
        through = operator.post(
            f"/incidents/{other}/list/{row.ref}/{act}", data={"command_key": key()}
        )
        assert through.status_code == 404, act
        own = operator.post(f"/incidents/{mine}/list/{row.ref}/{act}", data={"command_key": key()})
        assert own.status_code != 404, act
    moved = {"command_key": key(), "who": [row.ref], "standing": "released", "source": "team"}
    operator.post(f"/incidents/{other}/list/move", data=moved)
    assert every(pages, Taken)[-1].standing == row.standing


def test_who_is_asked_for_one_call_says_yes_through_no_other(pages, operator, raids):
    mine, other = raids
    page = page_of(pages, asked(pages)[0])
    address = mine if _shown(operator, mine, page.ref) else other
    wrong = other if address == mine else mine
    yes = {"command_key": key(), "act": "yes"}
    assert operator.post(f"/incidents/{wrong}/people/{page.ref}", data=yes).status_code == 404
    assert page_of(pages, page.person_id).state == PageState.ASKED
    assert operator.post(f"/incidents/{address}/people/{page.ref}", data=yes).status_code == 302
    assert page_of(pages, page.person_id).state != PageState.ASKED


def _shown(browser, incident: str, page_ref: str) -> bool:
    return page_ref in browser.get(f"/incidents/{incident}").text
