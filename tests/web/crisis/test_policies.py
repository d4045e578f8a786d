"""The steps of each kind of call: read, tried out with nobody asked, changed, compared, refused."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.web.crisis.night import NIGHT, begin, key
from union.crisis.models import CrisisPolicy, Incident, Page
from union.crisis.rules.kinds import Kind, Severity
from union.crisis.rules.policies import Scope
from union.crisis.services.policies import policy_for
from union.kernel.actor import Role
from union.messages.models import Message

EVICTION = "/steps/5-0-0"


@pytest.fixture
def coordinator(pages, sign_in):
    with pages.begin(NIGHT) as work:
        person_id = make_in_charge(work, Role.COORDINATOR)
        make_in_charge(work, Role.DUTY_OFFICER)
    return sign_in(Role.COORDINATOR, person_id=person_id)


def as_shown(browser, address=f"{EVICTION}/change") -> dict[str, str]:
    """What the form holds as it is opened, as a browser would send it."""
    shown = browser.get(address).text
    form = shown[shown.index('name="seen"') - 200 : shown.index('value="keep"')]
    data = {
        name: re.search(r'value="([^"]*)"', tag)[1] if 'value="' in tag else ""
        for tag, name in re.findall(r'(<input[^>]*name="([\w-]+)"[^>]*>)', form)
    }
    selects = r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>'
    for name, inside in re.findall(selects, form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inside)
        data[name] = (chosen or re.search(r'<option value="([^"]*)"', inside))[1]
    return {**data, "command_key": key(), "words": "The road is longer now", "act": "keep"}


def versions(pages):
    with pages.reading(NIGHT) as work:
        rows = select(CrisisPolicy).order_by(CrisisPolicy.id)
        return work.session.scalars(rows).all()


def counted(pages, model) -> int:
    with pages.reading(NIGHT) as work:
        return work.session.scalar(select(func.count()).select_from(model))


def test_what_a_union_begins_with_is_read_and_reading_writes_nothing(pages, coordinator):
    assert "put out of the house" in coordinator.get("/steps").text.casefold()
    shown = coordinator.get(EVICTION).text
    assert "again and again" in shown
    assert versions(pages) == []


def test_who_would_be_asked_is_shown_and_nobody_is_asked(pages, team, coordinator):
    with pages.reading(NIGHT) as work:
        bidar = make_branch(work).id
    before = counted(pages, Message)
    shown = coordinator.get(f"{EVICTION}?where={bidar}&hour=2").text
    tried = shown[shown.index("At once") :]
    assert re.search(r"KA-?\S+", tried), "somebody by name and card"
    assert "to take it in hand" in tried
    assert (counted(pages, Page), counted(pages, Message)) == (0, before)
    data = {**as_shown(coordinator), "act": "try", "where": str(bidar), "hour": "2"}
    assert "At once" in coordinator.post(f"{EVICTION}/change", data=data).text
    assert versions(pages) == []


def test_a_change_is_the_next_version_with_its_reason_and_a_call_keeps_its_own(
    pages, team, coordinator
):
    old, _ = begin(pages, kind=Kind.EVICTION)
    data = {**as_shown(coordinator), "responder": "3"}
    assert coordinator.post(f"{EVICTION}/change", data=data).location == EVICTION
    first, second = versions(pages)
    assert (second.version, second.quorum["responder"]) == (2, 3)
    assert b"longer now" not in second.words
    shown = coordinator.get(f"{EVICTION}?than=1").text
    assert "The road is longer now" in shown
    assert "As it was in version 1" in shown
    with pages.reading(NIGHT) as work:
        kept = work.session.scalar(select(Incident).where(Incident.ref == old))
        assert kept.policy_id == first.id


def test_a_district_has_its_own_for_grave_calls_until_they_end(pages, team, coordinator):
    with pages.reading(NIGHT) as work:
        bidar = make_branch(work).id
    data = {**as_shown(coordinator), "district": str(bidar), "severity": "grave"}
    here = coordinator.post(f"{EVICTION}/change", data=data).location
    assert here == f"/steps/5-2-{bidar}"
    (own,) = versions(pages)
    assert (own.severity, own.branch_id, own.version) == (Severity.GRAVE, bidar, 1)
    assert "Bidar" in coordinator.get("/steps").text
    end = {"command_key": key(), "seen": "1", "words": "as everywhere again"}
    assert coordinator.post(f"{here}/end", data=end).status_code == 302
    assert versions(pages)[-1].is_over
    assert "Bidar" not in coordinator.get("/steps").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps-5-who": "nearest"}, "The last step must ask the duty officer"),
        ({"responder": "0", "paralegal": "0", "counsellor": "0"}, "Nobody would be needed"),
        ({"steps-0-wait_seconds": "900"}, "From 15 seconds to ten minutes"),
        ({"words": " "}, "Say why it is changed"),
    ],
)
def test_what_could_leave_a_caller_alone_is_refused_and_what_was_typed_stays(
    pages, coordinator, change, said
):
    data = {**as_shown(coordinator), "steps-1-spare": "4", **change}
    answer = coordinator.post(f"{EVICTION}/change", data=data)
    assert said in answer.text
    assert re.search(r'name="steps-1-spare"[^>]*value="4"', answer.text)
    assert versions(pages) == []


def test_two_who_change_at_once_do_not_undo_each_other(pages, coordinator):
    with pages.begin(NIGHT) as work:
        make_responder(work)
    data = as_shown(coordinator)
    coordinator.post(f"{EVICTION}/change", data=data)
    late = {**data, "command_key": key(), "responder": "4"}
    assert "changed these steps meanwhile" in coordinator.post(f"{EVICTION}/change", data=late).text
    assert [one.version for one in versions(pages)] == [1, 2]


def test_only_coordinators_change_and_addresses_that_mean_nothing_are_not_found(
    pages, sign_in, coordinator
):
    officer = sign_in(Role.DUTY_OFFICER)
    assert officer.get(EVICTION).status_code == 200
    assert officer.get(f"{EVICTION}/change").status_code == 403
    for code in ("x", "99-0-0", "1-7-0", "1-0-99", "5-2-0"):
        assert coordinator.get(f"/steps/{code}").status_code == 404


def test_steps_kept_for_nuisance_do_not_shut_the_page(pages, coordinator):
    with pages.begin(NIGHT) as work:
        policy_for(work, Scope(Kind.NUISANCE), work.clock.now())
    assert [one.kind for one in versions(pages)] == [Kind.NUISANCE]
    assert coordinator.get("/steps").status_code == 200
