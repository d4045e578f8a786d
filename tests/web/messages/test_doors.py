"""What gateways and Twilio may leave at our doors, and what they may not."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from tests.builders.members import make_member
from tests.builders.messages import make_page
from union.gateways import twilio
from union.gateways.port import VoiceScript
from union.infra.outbox import Outbox
from union.infra.ways_settings import HttpSmsSettings, TwilioSettings, WaysSettings
from union.kernel.actor import Actor
from union.messages.models import Attempt, DeliveryReceipt, InboundMessage
from union.messages.services import UnionDoor, read_inbound, send
from union.messages.views.providers import EXTENSION, LARGEST, Providers

TEST = Actor.system("test")
CALLER, OURS, MISSED = "+915442900234", "+915800000000", "+915800000099"
HERS = {"Authorization": "Basic " + base64.b64encode(b"kannel:knock/knock").decode()}
KANNEL = HttpSmsSettings(name="kannel", url="http://127.0.0.1:9", webhook_secret="knock/knock")
TWILIO = TwilioSettings("AC1", "the-token", missed_numbers=(MISSED,))
PUBLIC = "https://union.example"
AT_TWILIO = (
    "sms",
    "call",
    "ended",
    "keys/m1-a1/1",
    "join/m1-a1/1",
    "joined/m1-a1/1",
    "receipt/m1-a1",
)


@pytest.fixture
def ways():
    return WaysSettings(sms=("kannel", "twilio"), http={"kannel": KANNEL}, twilio=TWILIO)


@pytest.fixture
def settings(settings, ways):
    return replace(settings, ways=ways, public_url=PUBLIC)


@pytest.fixture
def held(pages):
    """A function: what has come in, opened, and how many facts were told of it."""

    def look():
        with pages.reading(TEST) as work:
            ids = work.session.scalars(select(InboundMessage.id).order_by(InboundMessage.id)).all()
            told = work.session.scalars(select(Outbox.id).where(Outbox.fact == "inbound_stored"))
            return [read_inbound(work, one) for one in ids], len(told.all())

    return look


@pytest.fixture
def receipts(pages):
    def look():
        with pages.reading(TEST) as work:
            rows = work.session.scalars(select(DeliveryReceipt).order_by(DeliveryReceipt.id)).all()
            return [(row.provider, row.word, row.code) for row in rows]

    return look


@pytest.fixture
def key(pages):
    """The key of an attempt of ours."""
    with pages.begin(TEST) as work:
        member = make_member(work, phone="5830166131")
        return f"m{send(work, make_page(member.person_id)).id}-a1"


def kannel_text(client, *, headers=HERS, number=1, body="4821 47"):
    told = {"X-Kannel-From": CALLER, "X-Kannel-To": OURS, "Content-Type": "text/plain"}
    return client.post(f"/in/sms/kannel?id=u-{number}", data=body, headers={**told, **headers})


def signed(client, path, form, token="the-token"):
    signature = RequestValidator(token).compute_signature(f"{PUBLIC}{path}", form)
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


def ring(sid="CA1", to=OURS, **fields):
    return {"CallSid": sid, "From": CALLER, "To": to, "CallStatus": "ringing", **fields}


def test_a_text_at_kannel_is_kept_once_and_told_on(client, held):
    for _ in range(2):
        assert kannel_text(client).status_code == 200
    (inbound,), told = held()
    assert (inbound.channel, inbound.from_number, inbound.body) == ("sms", CALLER, "4821 47")
    assert told == 1


def test_kannel_needs_no_token_of_ours(client, app, held):
    app.config["WTF_CSRF_ENABLED"] = True
    assert kannel_text(client).status_code == 200
    assert signed(client, "/in/twilio/call", ring()).status_code == 200


def test_kannada_at_kannel_is_read_as_it_was_written(client, held):
    told = {"Content-Type": 'text/plain; charset="UTF-16BE"'}
    kannel_text(client, headers={**HERS, **told}, body="ಸಹಾಯ".encode("utf-16-be"))
    assert held()[0][0].body == "ಸಹಾಯ"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic " + base64.b64encode(b"kannel:wrong").decode()},
        {"Authorization": "Basic !!"},
        {"Authorization": "Bearer "},
        {"Authorization": "knock/knock"},
    ],
)
def test_without_the_secret_nothing_comes_in(client, held, receipts, key, headers):
    assert kannel_text(client, headers=headers).status_code == 403
    address = f"/in/sms/kannel/receipt?key={key}&status=1"
    assert client.get(address, headers=headers).status_code == 403
    assert (held(), receipts()) == (([], 0), [])


def test_the_secret_may_be_a_bearers(client):
    assert kannel_text(client, headers={"Authorization": "Bearer knock/knock"}).status_code == 200


@pytest.mark.parametrize(
    "ways",
    [
        None,
        WaysSettings(sms=("kannel",), http={"kannel": replace(KANNEL, webhook_secret=None)}),
        WaysSettings(sms=("twilio",), twilio=replace(TWILIO, auth_token="")),
    ],
)
def test_what_is_not_configured_has_no_door(client, ways):
    assert kannel_text(client).status_code == 404
    assert client.get("/in/sms/kannel/receipt", headers=HERS).status_code == 404
    for path in AT_TWILIO:
        assert signed(client, f"/in/twilio/{path}", ring(), token="x").status_code == 404


@pytest.mark.parametrize(
    ("sources", "status"), [(("127.0.0.0/8",), 200), (("203.0.113.0/24",), 403)]
)
def test_a_gateway_may_be_bound_to_its_addresses(app, client, sources, status):
    bound = WaysSettings(http={"kannel": replace(KANNEL, sources=sources)})
    app.extensions[EXTENSION] = Providers(bound, app.extensions[EXTENSION].door)
    assert kannel_text(client).status_code == status


def test_a_gateway_with_names_of_its_own_and_no_ids(app, client, held):
    names = {"from": "msisdn", "to": "shortcode", "text": "message", "id": "uid"}
    theirs = WaysSettings(http={"kannel": replace(KANNEL, names=names)})
    app.extensions[EXTENSION] = Providers(theirs, app.extensions[EXTENSION].door)
    form = {"msisdn": CALLER, "shortcode": OURS, "message": "help"}
    for _ in range(2):
        assert client.post("/in/sms/kannel", data=form, headers=HERS).status_code == 200
    (inbound,), told = held()
    assert (inbound.body, told) == ("help", 1)
    assert CALLER[1:] not in inbound.provider_id


def test_a_text_from_nobody_and_one_too_large_are_refused(client, held):
    assert client.post("/in/sms/kannel", data="x", headers=HERS).status_code == 400
    assert kannel_text(client, body="x" * (LARGEST + 1)).status_code == 413
    assert held() == ([], 0)


def test_a_text_is_never_taken_by_get(client):
    assert client.get(f"/in/sms/kannel?from={CALLER}&text=help", headers=HERS).status_code == 405


def test_what_kannel_says_became_of_it_is_kept_once_and_changes_nothing(
    client, pages, receipts, key
):
    for status in ("8", "1", "1", "99", ""):
        address = f"/in/sms/kannel/receipt?key={key}&status={status}"
        assert client.get(address, headers=HERS).status_code == 200
    assert client.get("/in/sms/kannel/receipt?key=m0-a9&status=1", headers=HERS).status_code == 200
    assert receipts() == [("kannel", "sent", ""), ("kannel", "delivered", "")]
    with pages.reading(TEST) as work:
        assert work.session.scalars(select(Attempt.state)).all() == ["due"]


def test_a_text_at_twilio_is_kept_once(client, held):
    form = {"MessageSid": "SM1", "From": CALLER, "To": OURS, "Body": "ಸಹಾಯ & more"}
    for _ in range(2):
        answer = signed(client, "/in/twilio/sms", form)
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        assert "<Message" not in answer.text
    (inbound,), told = held()
    assert (inbound.body, told) == ("ಸಹಾಯ & more", 1)


@pytest.mark.parametrize("path", AT_TWILIO)
def test_what_twilio_did_not_sign_is_refused(client, held, path):
    address, form = f"/in/twilio/{path}", {**ring(), "MessageSid": "SM1", "Digits": "47"}
    sound = RequestValidator("the-token").compute_signature(f"{PUBLIC}{address}", form)
    assert client.post(address, data=form).status_code == 403
    assert signed(client, address, form, token="another").status_code == 403
    for said, tampered in (
        ("ಅ", form),
        (sound, {**form, "From": "+915442900999"}),
        (sound, {**form, "Extra": "1"}),
    ):
        headers = {"X-Twilio-Signature": said.encode().decode("latin-1")}
        assert client.post(address, data=tampered, headers=headers).status_code == 403
    assert held() == ([], 0)


def test_a_signature_is_good_for_its_own_address_only(client, held):
    form = ring()
    sound = RequestValidator("the-token").compute_signature(f"{PUBLIC}/in/twilio/ended", form)
    answer = client.post("/in/twilio/call", data=form, headers={"X-Twilio-Signature": sound})
    assert answer.status_code == 403


def test_whoever_rings_hears_every_language_each_in_its_own_voice(client, held):
    said = signed(client, "/in/twilio/call", ring()).text
    spoken = re.findall(r'language="(..)-IN"', said)
    assert spoken[:7] == ["kn", "hi", "en", "te", "ta", "ur", "hi"], "Marathi in the Hindi voice"
    assert held()[0][0].channel == "call"


def test_a_line_for_missed_calls_is_never_picked_up(client, held):
    said = signed(client, "/in/twilio/call", ring(to=MISSED)).text
    assert "<Reject" in said
    assert "<Say" not in said
    assert held()[0][0].channel == "missed_call"


def test_a_call_whose_beginning_we_missed_is_a_missed_call(client, held):
    ended = ring(CallStatus="no-answer", Direction="inbound")
    for _ in range(2):
        assert signed(client, "/in/twilio/ended", ended).status_code == 200
    assert signed(client, "/in/twilio/call", ring("CA2")).status_code == 200
    assert signed(client, "/in/twilio/ended", ring("CA2")).status_code == 200
    ours = ring("CA3", Direction="outbound-api")
    assert signed(client, "/in/twilio/ended", ours).status_code == 200
    inbounds, told = held()
    assert [one.channel for one in inbounds] == ["missed_call", "call"]
    assert told == 1, "the call was dealt with as it began"


def test_the_menu_goes_on_by_keys_and_by_what_came_of_the_ringing(client, held):
    begun = signed(client, "/in/twilio/call", ring("CA7")).text
    assert f'action="{PUBLIC}/in/twilio/keys/CA7/1"' in begun
    form = {"CallSid": "CA7", "From": CALLER, "To": OURS, "Direction": "inbound"}
    path = "/in/twilio/keys/CA7"
    first, again = (signed(client, f"{path}/1", {**form, "Digits": "3"}).text for _ in range(2))
    assert first == again
    assert "If you need somebody now press 1" in first
    signed(client, f"{path}/2", {**form, "DialCallStatus": "no-answer"})
    signed(client, f"{path}/3", {**form, "DialCallStatus": "completed"})
    inbounds, told = held()
    assert [one.body for one in inbounds] == ["", "3", "unanswered", "answered"]
    assert {one.from_number for one in inbounds} == {CALLER}
    assert told == 0


def test_who_is_put_on_the_line_sees_our_number_and_never_hers():
    script = VoiceScript(say=("Stay.",), dial=("+915810000001",), tell=True)
    said = twilio.render(script, "https://x/in/twilio/keys/k/1", OURS)
    assert f'callerId="{OURS}"' in said
    assert 'action="https://x/in/twilio/keys/k/1"' in said
    assert 'url="https://x/in/twilio/join/k/1"' in said


def test_a_telephone_rung_for_a_call_is_asked_for_its_key_first(client, held):
    signed(client, "/in/twilio/call", ring("CA8"))
    leg = {"CallSid": "CL1", "From": OURS, "To": "+915810000001", "Direction": "outbound-dial"}
    asked = signed(client, "/in/twilio/join/CA8/1", leg).text
    assert f'action="{PUBLIC}/in/twilio/joined/CA8/1"' in asked
    assert 'numDigits="1"' in asked
    assert asked.rstrip().endswith("<Hangup /></Response>")
    assert CALLER not in asked
    for digits in ({"Digits": "2"}, {"Digits": ""}, {}):
        told = signed(client, "/in/twilio/joined/CA8/1", {**leg, **digits}).text
        assert "<Hangup" in told
    assert [one.body for one in held()[0]] == [""]
    joined = signed(client, "/in/twilio/joined/CA8/1", {**leg, "Digits": "1"}).text
    assert "<Hangup" not in joined
    assert [one.body for one in held()[0]] == ["", "joined"]


def test_a_line_that_never_was_joined_was_answered_by_nobody(client, held):
    signed(client, "/in/twilio/call", ring("CA6"))
    form = {"CallSid": "CA6", "From": CALLER, "To": OURS, "Direction": "inbound"}
    dialled = {**form, "DialCallStatus": "completed", "DialBridged": "false"}
    signed(client, "/in/twilio/keys/CA6/1", dialled)
    assert [one.body for one in held()[0]] == ["", "unanswered"]


def test_keys_are_answered_once_however_often_they_are_told(app, client, held, key, pages):
    heard = []

    def answer(_work, pressed):
        heard.append(pressed.digits)
        return VoiceScript(say=("Press again.",), gather=2, then=("Bye.",))

    unit = app.extensions["sangha_house"].unit
    door = UnionDoor(unit, {"page": answer})
    app.extensions[EXTENSION] = Providers(app.extensions[EXTENSION].ways, door)
    form = {"CallSid": "CA9", "From": OURS, "To": CALLER, "Digits": "11"}
    path = f"/in/twilio/keys/{key}/1"
    first, second = (signed(client, path, form).text for _ in range(2))
    assert first == second
    assert f'action="{PUBLIC}/in/twilio/keys/{key}/2"' in first
    assert 'numDigits="2"' in first
    assert heard == ["11"]
    signed(client, f"/in/twilio/keys/{key}/2", {**form, "Digits": "47"})
    assert heard == ["11", "47"]
    (one, two), _told = held()
    assert (one.from_number, one.body, two.body) == (CALLER, "11", "47")


def test_what_twilio_says_became_of_it_is_kept_with_codes_only(client, receipts, key):
    path = f"/in/twilio/receipt/{key}"
    for form in (
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
        {"MessageSid": "SM2", "MessageStatus": "undelivered", "ErrorCode": "30003"},
        {"MessageSid": "SM3", "MessageStatus": "failed", "ErrorCode": "no 5442900234"},
        {"CallSid": "CA1", "CallStatus": "no-answer"},
        {"CallSid": "CA2", "CallStatus": "in-progress"},
        {"CallSid": "CA3", "CallStatus": "dreaming"},
    ):
        assert signed(client, path, form).status_code == 200
    assert receipts() == [
        ("twilio", "delivered", ""),
        ("twilio", "failed", "30003"),
        ("twilio", "failed", ""),
        ("twilio", "failed", "no-answer"),
        ("twilio", "answered", ""),
    ]
