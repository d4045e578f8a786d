"""Browsers, mailboxes and her own order: what goes where, in which order, and what is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import PUBLIC_URL, FakeProvider, make_inbound, make_page
from union.gateways.port import GatewayGoneError, Gateways, Receipt
from union.gateways.web_push import Device, unpack
from union.gateways.web_push.devices import encoded
from union.gateways.web_push.sealing import point_of
from union.infra.people import new_person
from union.kernel.actor import Actor
from union.kernel.errors import NotAllowedError
from union.members.models import Member
from union.members.services.reach import WishChange, change_wish
from union.messages.models import Attempt, Message, PushKey, ReachPoint
from union.messages.queries import reach_of
from union.messages.services import (
    Outgoing,
    Sort,
    UnionDoor,
    add_device,
    add_handset,
    add_mailbox,
    end_place,
    heard_trial,
    pressed_in_trial,
    push_key,
    ring_me,
    send,
    send_due,
    set_order,
)
from union.messages.services.orders import NoWayForDutyError
from union.messages.services.places import MOST_PLACES, TooManyPlacesError

TEST = Actor.system("test")


@pytest.fixture
def her(unit):
    with unit.begin(TEST) as work:
        return make_member(work, phone="5830166131").person_id


def acting(unit, person_id):
    return unit.begin(Actor(person_id, None, frozenset()))


def device(path="x"):
    point = point_of(ec.generate_private_key(ec.SECP256R1()).public_key())
    endpoint = f"https://web.push.apple.com/{path}"
    return Device("", endpoint, encoded(point), encoded(b"0" * 16))


def reach(unit, person_id):
    with unit.reading(TEST) as work:
        return reach_of(work, [person_id])[person_id]


def channels(unit, person_id, *wanted, purpose="page", template="page", **fields):
    params = {"token": "t", "slip": "1"} if template in ("page", "briefing") else {}
    with unit.begin(TEST) as work:
        outgoing = Outgoing(purpose, template, wanted, person_id=person_id, params=params, **fields)
        return send(work, outgoing).channels


class Mailing(FakeProvider):
    """As the others, and takes letters; of push it may say that browsers are gone."""

    def __init__(self, gone=()):
        super().__init__()
        self.gone = gone

    def push(self, key, address, text):
        receipt = super().push(key, address, text)
        refs = tuple(one.ref for one in unpack(address) if one.endpoint.endswith(self.gone))
        if len(refs) == len(unpack(address)):
            raise GatewayGoneError(gone=",".join(refs))
        return Receipt(receipt.provider, receipt.provider_id, refs)

    def mail(self, key, address, text):
        return self._take("mail", key, address, text)

    def ways_in(self):
        return Gateways(sms=self, voice=self, push=self, mail=self, public_url=PUBLIC_URL)


def test_her_own_order_goes_before_what_a_list_says(unit, her):
    assert channels(unit, her, "sms", "voice") == ["sms", "voice"]
    with acting(unit, her) as work:
        add_mailbox(work, "rani@example.test")
        set_order(work, Sort.DUTY, ["voice", "mail"])
    assert channels(unit, her, "sms", "voice") == ["voice", "mail"]
    assert channels(unit, her, "voice", "sms", purpose="briefing", template="briefing") == [
        "voice",
        "mail",
    ]


def test_an_order_of_ways_she_lost_leaves_the_others(unit, her):
    with acting(unit, her) as work:
        set_order(work, Sort.DUTY, ["push"])
    assert channels(unit, her, "sms", "voice") == ["sms", "voice"]


def test_duty_needs_a_way_and_a_machine_has_none(unit, her):
    with acting(unit, her) as work, pytest.raises(NoWayForDutyError):
        set_order(work, Sort.DUTY, [])
    with unit.begin(TEST) as work, pytest.raises(NotAllowedError):
        set_order(work, Sort.DUTY, ["sms"])


def test_what_she_said_last_counts_here_or_to_the_secretary(unit, her, clock):
    def reminded():
        fields = {"purpose": "reminder", "template": "reminder"}
        return channels(unit, her, "sms", "push", "voice", **fields)

    clock.advance(timedelta(hours=11))
    assert reminded() == ["sms", "push", "voice"], "withheld: nobody asked her"
    with acting(unit, her) as work:
        set_order(work, Sort.ORDINARY, ["voice", "sms"])
    assert reminded() == ["voice", "sms"]
    clock.advance(timedelta(minutes=1))
    with unit.begin(TEST) as work:
        change_wish(work, her, WishChange(("sms",)))
    assert reminded() == ["sms"]
    clock.advance(timedelta(minutes=1))
    with acting(unit, her) as work:
        set_order(work, Sort.ORDINARY, [])
    with unit.begin(TEST) as work:
        told = send(work, Outgoing("reminder", "reminder", ("sms",), person_id=her))
        assert (told.state, told.code) == ("withheld", "no_consent")


def test_a_page_goes_to_every_browser_of_hers_and_on_when_none_takes_it(unit, her):
    with acting(unit, her) as work:
        add_device(work, device("one"), "")
        add_device(work, device("two"), "")
        set_order(work, Sort.DUTY, ["push", "sms"])
    with unit.begin(TEST) as work:
        send(work, make_page(her))
    provider = Mailing(gone=("one",))
    send_due(unit, provider.ways_in(), "push")
    assert len(unpack(provider.taken[0][2])) == 2
    (left,) = unpack(reach(unit, her).addresses["push"])
    assert left.endpoint.endswith("two")
    with unit.begin(TEST) as work:
        send(work, make_page(her))
    provider = Mailing(gone=("two",))
    send_due(unit, provider.ways_in(), "push")
    send_due(unit, provider.ways_in(), "sms")
    assert provider.ways() == ["push", "sms"]
    assert "push" not in reach(unit, her).addresses
    with unit.reading(TEST) as work:
        kept = work.session.scalars(select(ReachPoint)).all()
        assert {(row.end_code, row.address) for row in kept} == {("gone", None)}
        pushed = select(Attempt.code).where(Attempt.channel == "push").order_by(Attempt.id)
        codes = work.session.scalars(pushed).all()
        assert codes == [None, "gateway_gone"]


def test_an_order_said_while_a_page_is_under_way_holds_from_the_next_on(unit, her):
    with unit.begin(TEST) as work:
        send(work, make_page(her))
    with acting(unit, her) as work:
        add_mailbox(work, "rani@example.test")
        set_order(work, Sort.DUTY, ["mail"])
    provider = Mailing()
    assert send_due(unit, provider.ways_in(), "sms") == 1
    assert provider.ways() == ["sms"]


def test_a_letter_is_the_last_way_left(unit, her):
    with acting(unit, her) as work:
        add_mailbox(work, "rani@example.test")
        set_order(work, Sort.DUTY, ["sms", "mail"])
    with unit.begin(TEST) as work:
        send(work, make_page(her))
    provider = Mailing()
    provider.broken["sms"] = OSError
    for way in ("sms", "mail"):
        send_due(unit, provider.ways_in(), way)
    assert [(one[0], one[2]) for one in provider.taken] == [
        ("sms", "+915830166131"),
        ("mail", "rani@example.test"),
    ]


def test_a_browser_of_an_entry_that_was_joined_is_hers(unit, her):
    with unit.begin(TEST) as work:
        other = make_member(work)
        add_handset(work, other.person_id, "+915830166199")
        work.session.get_one(Member, other.person_id).merged_into = her
    (one,) = unpack(reach(unit, her).addresses["push"])
    assert one.endpoint == "handset:+915830166199"


def test_with_her_key_her_browsers_are_gone(unit, her):
    with acting(unit, her) as work:
        add_device(work, device(), "the red one")
        work.vault.destroy_key(work.session.get_one(Member, her).key_ref)
    assert reach(unit, her).addresses == {}


def test_there_is_an_end_to_how_many_she_has(unit, her):
    with acting(unit, her) as work:
        refs = [add_device(work, device(str(at)), "").ref for at in range(MOST_PLACES)]
        add_device(work, device("0"), "again")
        with pytest.raises(TooManyPlacesError):
            add_device(work, device("more"), "")
        end_place(work, refs[1])
        add_device(work, device("more"), "")


def test_a_trial_goes_to_her_alone_at_any_hour_by_the_way_she_chose(unit, her):
    with acting(unit, her) as work:
        (trial,) = ring_me(work, ["sms"])
        assert (trial.person_id, trial.channels) == (her, ["sms"])
        heard_trial(work, trial.ref)
        work.session.refresh(trial)
        assert trial.heard_at is not None


def test_any_key_in_the_call_of_a_trial_says_that_it_rang(unit, her, clock):
    with acting(unit, her) as work:
        (trial,) = ring_me(work, ["voice"])
    provider = Mailing()
    send_due(unit, provider.ways_in(), "voice")
    ((_, key, _, script),) = provider.taken
    assert script.gather == 2
    door = UnionDoor(unit, {"trial": pressed_in_trial})
    said = door.pressed(make_inbound(clock.now(), channel="keypad", body="11", key=key))
    assert said.gather == 0
    with unit.reading(TEST) as work:
        assert work.session.get_one(Message, trial.id).heard_at is not None


def test_she_hears_of_a_change_by_her_own_number_at_her_hours_and_without_being_asked(
    unit, her, clock
):
    with acting(unit, her) as work:
        add_mailbox(work, "another@example.test")
        set_order(work, Sort.ORDINARY, [])
    provider = Mailing()
    assert send_due(unit, provider.ways_in(), "sms") == 0, "not by night"
    clock.advance(timedelta(hours=11))
    send_due(unit, provider.ways_in(), "sms")
    assert [(one[0], one[2]) for one in provider.taken] == [("sms", "+915830166131")] * 2


def test_who_has_no_way_is_told_so_and_nothing_goes_out(unit):
    with unit.begin(TEST) as work:
        nobody = new_person(work).id
    with acting(unit, nobody) as work:
        (trial,) = ring_me(work, ["sms"])
        assert trial.state == "withheld"


def test_the_unions_pair_is_made_once_and_its_half_is_not_in_the_clear(unit):
    with unit.begin(TEST) as work:
        made = push_key(work)
        assert push_key(work) == made
        row = work.session.scalars(select(PushKey)).one()
        assert made.private not in row.private
