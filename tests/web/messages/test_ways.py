"""Her own page of how she is reached: her order, phones, trials; and what a browser fetches."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, gateways, make_inbound
from union.gateways.web_push.devices import encoded
from union.gateways.web_push.sealing import point_of
from union.identity import services as identity
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.messages.models import Message, QuietSpell, ReachPoint
from union.messages.queries import reach_of
from union.messages.services import send_due, store_inbound

TEST = Actor.system("test")
PASSWORD = "the lamp stands on the sill"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/CANARY-token"


@pytest.fixture
def her(pages, sign_in):
    """A responder with a number, signed in: her person and her browser."""
    with pages.begin(TEST) as work:
        person_id = make_member(work, phone="5830166131").person_id
        identity.create_account(work, person_id, "rani", PASSWORD)
    return person_id, sign_in(Role.RESPONDER, Role.MEMBER, person_id=person_id)


def post(client, to, **data):
    data = {"command_key": new_command_key(), "passphrase": PASSWORD, **data}
    return client.post(f"/ways/{to}", data=data, follow_redirects=True)


def device(endpoint=ENDPOINT):
    point = point_of(ec.generate_private_key(ec.SECP256R1()).public_key())
    return {"endpoint": endpoint, "p256dh": encoded(point), "auth": encoded(b"0" * 16)}


def reach(pages, person_id):
    with pages.reading(TEST) as work:
        return reach_of(work, [person_id])[person_id]


def test_she_says_in_which_order_she_is_asked_to_come(pages, her):
    person_id, client = her
    shown = post(client, "order/duty", first="voice", second="sms", third="", fourth="")
    assert "a call, a text" in re.sub(r"\s+", " ", shown.text)
    assert reach(pages, person_id).duty == ("voice", "sms")


def test_and_that_she_wants_nothing_that_can_wait(pages, her):
    person_id, client = her
    post(client, "order/ordinary", first="", second="", third="", fourth="")
    assert reach(pages, person_id).ordinary == ()
    assert "you wanted it so" in client.get("/ways/").text


def test_duty_keeps_one_way_at_least(pages, her):
    _, client = her
    shown = post(client, "order/duty", first="nothing", second="sms")
    assert 'aria-invalid="true"' in shown.text


@pytest.mark.parametrize("address", ["order/duty", "order/ordinary", "device", "mailbox"])
def test_nothing_changes_without_her_password(pages, her, address):
    person_id, client = her
    given = {"first": "sms", "address": "rani@example.test", **device()}
    assert post(client, address, passphrase="wrong", **given).status_code == 200
    found = reach(pages, person_id)
    assert (found.duty, found.ordinary, set(found.addresses)) == (None, None, {"sms", "voice"})


def test_a_phone_may_ring_her_until_she_takes_it_off(pages, her):
    person_id, client = her
    shown = post(client, "device", label="the red one", **device())
    assert "the red one" in shown.text
    assert "CANARY" not in shown.text
    assert "push" in reach(pages, person_id).addresses
    (ref,) = re.findall(r"/ways/place/(\w+)/end", shown.text)
    assert "the red one" not in post(client, f"place/{ref}/end").text
    assert "push" not in reach(pages, person_id).addresses


def test_the_same_phone_twice_is_one(pages, her):
    _, client = her
    for _ in range(2):
        post(client, "device", **device())
    with pages.reading(TEST) as work:
        rows = work.session.scalars(select(ReachPoint)).all()
        assert [row.end_code for row in rows] == ["replaced", None]
        assert rows[0].address is None
        assert b"CANARY" not in rows[1].address


def test_an_address_of_no_push_service_is_refused_and_what_she_wrote_stays(pages, her):
    person_id, client = her
    shown = post(client, "device", label="the red one", **device("https://10.0.0.1/x"))
    assert "gave no address we can use" in shown.text
    assert 'value="the red one"' in shown.text
    assert "push" not in reach(pages, person_id).addresses


@pytest.mark.parametrize("written", ["rani", "rani@example", "a@b.test, c@d.test", "R <r@b.test>"])
def test_what_is_no_mailbox_is_refused(pages, her, written):
    person_id, client = her
    assert "no mail address" in post(client, "mailbox", address=written).text
    assert "mail" not in reach(pages, person_id).addresses


def test_nobody_takes_off_what_is_anothers(pages, her, sign_in):
    person_id, client = her
    (ref,) = re.findall(r"/ways/place/(\w+)/end", post(client, "device", **device()).text)
    with pages.begin(TEST) as work:
        other = make_member(work, phone="5830166132").person_id
        identity.create_account(work, other, "sita", PASSWORD)
    post(sign_in(Role.RESPONDER, person_id=other), f"place/{ref}/end")
    assert "push" in reach(pages, person_id).addresses


def test_she_has_herself_rung_and_says_that_it_arrived(pages, her):
    _, client = her
    assert "Ring me now" in client.get("/ways/").text
    post(client, "ring", way="sms")
    provider = FakeProvider()
    assert send_due(pages, gateways(provider), "sms") == 1
    assert provider.taken[0][2] == "+915830166131"
    shown = client.get("/ways/").text
    (ref,) = re.findall(r"/ways/heard/(\w+)", shown)
    assert "it arrived" in post(client, f"heard/{ref}").text
    with pages.reading(TEST) as work:
        assert work.session.scalars(select(Message)).one().heard_at is not None


def test_ring_me_now_tries_every_way_she_has(pages, her):
    _, client = her
    post(client, "ring", way="")
    with pages.reading(TEST) as work:
        channels = [row.channels for row in work.session.scalars(select(Message))]
    assert sorted(channels) == [["sms"], ["voice"]]


def test_a_member_without_duty_says_only_what_concerns_her(pages, sign_in):
    shown = sign_in(Role.MEMBER).get("/ways/").text
    assert "When you are asked to come" not in shown
    assert "For what can wait" in shown


def test_what_a_browser_fetches_is_the_same_for_everybody_and_says_nothing(her, client):
    _, signed_in = her
    for address in ("/ways/worker.js", "/ways/manifest.json"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.data == signed_in.get(address).data
        assert not re.search(r"union|sangha|crisis|worker'?s", answer.text.lower())
    worker = client.get("/ways/worker.js").text
    assert "fetch" not in worker, "it keeps nothing and stands before no page"
    assert 'self.SLIPS = "/s/"' in worker


def test_the_health_of_the_ways_names_nobody(pages, her, sign_in, clock):
    _, client = her
    post(client, "ring", way="sms")
    send_due(pages, gateways(FakeProvider()), "sms")
    with pages.begin(TEST) as work:
        facts = {"asked": 12, "heard": 0, "usual_percent": 60}
        spell = {"channel": "sms", "part": "", "why": "unanswered", "facts": facts}
        work.session.add(QuietSpell(**spell, since=clock.now(), noticed_at=clock.now()))
    desk = sign_in(Role.COORDINATOR)
    shown = desk.get("/ways/health").text
    assert "almost nobody answers" in shown
    assert "0 of the last 12 answered" in shown
    assert "5830166131" not in shown
    assert "words may not get through" in desk.get("/board").text
    assert "See what does not get through" in desk.get("/").text
    assert client.get("/ways/health").status_code == 403


def test_who_keeps_the_machine_learns_of_no_call_by_the_health_of_the_ways(
    pages, her, sign_in, clock
):
    """When a word last went, and how many did, would tell that somebody is out there now."""
    keeper = sign_in(Role.SYSADMIN)
    at = keeper.get("/ways/health").text
    _, client = her
    for _ in range(3):
        post(client, "ring", way="sms")
        clock.advance(timedelta(minutes=6))
    send_due(pages, gateways(FakeProvider()), "sms")
    with pages.begin(TEST) as work:
        store_inbound(work, make_inbound(clock.now(), channel="call"))
    clock.advance(timedelta(minutes=7))
    desk, seen = sign_in(Role.COORDINATOR).get("/ways/health").text, []
    assert "7 min ago" in desk
    assert "3 taken" in desk
    for _ in range(2):
        shown = keeper.get("/ways/health").text
        assert "min ago" not in shown
        assert "taken" not in shown
        assert "in the last day" in shown
        assert "0 refused" in shown
        seen.append(changing(shown))
        clock.advance(timedelta(minutes=20))
    assert seen[0] == seen[1] != changing(at)
    clock.advance(timedelta(days=2))
    assert "2 days ago" in sign_in(Role.SYSADMIN).get("/ways/health").text


def changing(page: str) -> str:
    """The page itself, without when the sign-in ends."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'data-shuts-in="\d+"', "", main)
