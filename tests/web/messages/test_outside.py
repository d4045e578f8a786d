from __future__ import annotations

import re
from dataclasses import replace
from zlib import crc32

import pytest

from tests.builders.crisis import live_page, make_responder, report
from tests.builders.members import make_branch, make_member
from tests.builders.messages import make_page
from union.demo.people import PEOPLE
from union.factory import HOUSE, close_app, create_app
from union.gateways.port import VoiceScript
from union.infra.outbox import Outbox
from union.kernel.actor import Actor
from union.messages.models import InboundMessage
from union.messages.services import send, send_due
from union.messages.views.outside import EXTENSION, ON_THE_TABLE, Outside, split_link

TEST = Actor.system("test")
ASKING = VoiceScript(say=("Press your two numbers.",), gather=2)


@pytest.fixture
def settings(settings):
    return replace(settings, demonstration=True)


def test_the_telephones_are_nowhere_but_in_a_demonstration(settings, clock):
    app = create_app(replace(settings, demonstration=False), clock)
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/outside")]
    close_app(app)


def test_who_signs_in_to_a_demonstration_is_shown_the_way_to_them(settings, clock):
    app = create_app(settings, clock, showcase=PEOPLE)
    assert 'href="/outside/phones"' in app.test_client().get("/sign-in").text
    close_app(app)


@pytest.fixture
def house(app):
    return app.extensions[HOUSE]


@pytest.fixture
def number(request):
    """A telephone nobody else's test lays on the table, the same in every run; its end is 00."""
    return f"+91583{crc32(request.node.nodeid.encode()) % 100_000:05d}00"


@pytest.fixture
def ref(house, app, number):
    phones = app.extensions[EXTENSION].phones
    phones.place(number, "Rani of this test")
    return next(one.ref for one in phones.all() if one.number == number)


def test_a_page_rings_and_shows_on_the_table(client, pages, house, number, ref):
    with pages.begin(TEST) as work:
        member = make_member(work, phone=number.removeprefix("+91"))
        send(work, make_page(member.person_id, channels=("sms",)))
    send_due(pages, house.gateways, "sms")
    html = client.get("/outside/phones", query_string={"find": number[-7:]}).text
    assert "Rani of this test" in html
    assert 'href="/s/abc-DEF_123"' in html


def test_the_table_gives_no_number_in_an_address(client, house, ref, number):
    house.gateways.sms.send(f"k{ref}", number, "Slip")
    html = client.get("/outside/phones", query_string={"find": number[-7:]}).text
    addresses = re.findall(r'(?:href|action)="([^"]+)"', html)
    assert f"/outside/phones/{ref}" in addresses
    assert not [address for address in addresses if number[3:] in address]


def test_answering_and_pressing_two_keys_goes_through_the_door(client, app, house, number, ref):
    heard = []

    class Door:
        def pressed(self, inbound):
            heard.append((inbound.key, inbound.body))
            return VoiceScript(say=("The old bus stand.",))

    phones = app.extensions[EXTENSION].phones
    app.extensions[EXTENSION] = Outside(phones, Door())
    house.gateways.voice.call(f"k{ref}", number, ASKING)
    call = phones.one(ref).calls[0]
    address = f"/outside/phones/{ref}?at=hand"
    client.post(address, data={"act": "answer", "call": call.id})
    assert "Press your two numbers." in client.get(f"/outside/phones/{ref}").text
    for key in "47":
        client.post(address, data={"act": "key", "call": call.id, "key": key})
    assert heard == [(f"k{ref}", "47")]
    assert "The old bus stand." in client.get(f"/outside/phones/{ref}").text


def test_a_text_to_the_union_is_kept_once_and_told_on(client, pages, ref):
    client.post(f"/outside/phones/{ref}", data={"act": "write", "words": "help bus stand"})
    with pages.reading(TEST) as work:
        assert work.session.query(InboundMessage).count() == 1
        assert work.session.query(Outbox).filter_by(fact="inbound_stored").count() == 1


@pytest.mark.parametrize("act", ["ring", "missed_call"])
def test_ringing_the_union_is_kept(client, pages, ref, act):
    client.post(f"/outside/phones/{ref}", data={"act": act})
    with pages.reading(TEST) as work:
        channels = [row.channel for row in work.session.query(InboundMessage)]
    assert channels == ["call" if act == "ring" else act]


def test_a_call_that_is_over_says_so(client, ref):
    answer = client.post(
        f"/outside/phones/{ref}", data={"act": "answer", "call": 0}, follow_redirects=True
    )
    assert "That call is over." in answer.text


def test_a_telephone_is_switched_off_and_seized(client, app, ref):
    for act in ("off", "seize"):
        client.post(f"/outside/phones/{ref}", data={"act": act})
    one = app.extensions[EXTENSION].phones.one(ref)
    assert (one.switched_on, one.seized) == (False, True)


def test_a_telephone_nobody_has_is_not_there(client):
    assert client.get(f"/outside/phones/{'0' * 12}").status_code == 404


def test_an_unknown_act_does_nothing(client, ref):
    assert client.post(f"/outside/phones/{ref}", data={"act": "explode"}).status_code == 302


def test_a_link_leads_to_this_machine():
    assert split_link("Slip 4821 is ready: https://x.test/s/abc") == (
        "Slip 4821 is ready",
        "/s/abc",
    )
    assert split_link("no link") == ("no link", None)


def test_what_matters_tonight_lies_first_and_the_rest_in_a_drawer(client, app, ref, number):
    held = app.extensions[EXTENSION]
    phones = held.phones
    for place in range(ON_THE_TABLE + 2):
        one = f"{number[:-2]}{place + 10}"
        phones.place(one, f"Others of this test {place}")
        with app.app_context():
            phones.missed_call(one, held.door)
    app.extensions[EXTENSION] = replace(held, tonight=lambda: [number])
    html = client.get("/outside/phones").text
    table, drawer = html.split('<details class="confirm"')
    assert table.index("Rani of this test") < table.index("Others of this test")
    assert table.count('class="handset') <= ON_THE_TABLE
    assert "Others of this test" in drawer
    app.extensions[EXTENSION] = held


def test_who_reached_us_and_who_is_asked_are_what_matters(app, pages, house):
    with pages.begin(TEST) as work:
        her = make_responder(work, make_branch(work), phone="5830166777")
        report(work, number="+915830166888")
        assert live_page(work, her) is not None
    with app.app_context():
        tonight = list(app.extensions[EXTENSION].tonight())
    assert tonight[0] == "+915830166888"
    assert "+915830166777" in tonight
