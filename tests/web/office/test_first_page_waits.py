"""What waits for a second hand stands on the first page of who may give it, and of nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders.erasing import TEST, Cast, make_cast
from union.infra.holds import HeldThing, HoldReason
from union.kernel.actor import Role
from union.office.erasing.rules import Asked
from union.office.erasing.services import asking
from union.office.retention.services.holds import NewHold, lift_hold, place_hold

ERASE, HOLD = "wish to be erased waits for your hand", "hold waits for your hand"
OTHERS = sorted(set(Role) - {Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER})


@pytest.fixture
def cast(pages) -> Cast:
    with pages.begin(TEST) as work:
        return make_cast(work)


def test_a_wish_to_be_erased_waits_for_the_second_officer_alone(pages, cast, sign_in):
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    two = sign_in(Role.DUTY_OFFICER, person_id=cast.two.person_id)
    assert ERASE not in two.get("/").text
    with pages.begin(cast.one) as work:
        ref = asking.ask_for_her(work, cast.card, Asked.OFFICE).ref
    assert ERASE in two.get("/").text
    assert ERASE not in one.get("/").text, "hers is the first hand"
    for role in OTHERS:
        assert ERASE not in sign_in(role).get("/").text, role
    with pages.begin(cast.two) as work:
        asking.agree(work, ref)
    assert ERASE not in two.get("/").text


def test_nobody_finds_her_own(pages, cast, sign_in):
    with pages.begin(cast.one) as work:
        asking.ask_for_her(work, cast.card, Asked.OFFICE)
    herself = sign_in(Role.DUTY_OFFICER, person_id=cast.her)
    assert ERASE not in herself.get("/").text


def test_a_hold_to_be_ended_waits_for_another_than_who_asked(pages, cast, sign_in, clock):
    one = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    two = sign_in(Role.SIGNATORY)
    until = clock.today() + timedelta(days=30)
    with pages.begin(cast.one) as work:
        asked = NewHold(HeldThing.PERSON, cast.card, HoldReason.DISPUTE, "court 4", until)
        ref = place_hold(work, asked).ref
    assert HOLD not in two.get("/").text
    with pages.begin(cast.one) as work:
        lift_hold(work, ref)
    assert HOLD in two.get("/").text
    assert HOLD not in one.get("/").text
    for role in (Role.TREASURER, Role.PARALEGAL, Role.MEMBER, Role.SYSADMIN, Role.LAWYER):
        assert HOLD not in sign_in(role).get("/").text, role
