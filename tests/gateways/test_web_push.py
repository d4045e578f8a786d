"""Notices to a push service of our own, which opens them as a browser does."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.builders.messages import FakeProvider
from tests.gateways.push_service import Browser, push_service
from union.gateways.port import (
    GatewayGoneError,
    GatewayRefusedError,
    GatewayUnreachableError,
    Receipt,
)
from union.gateways.web_push import Device, WebPush, gateway, new_push_key, pack
from union.gateways.web_push.devices import decoded
from union.kernel.clock import ManualClock

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "Namaste. Slip 4821 is ready: https://example.test/s/abc-DEF_123"
KEY = new_push_key()


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with push_service() as running:
        yield running


@pytest.fixture
def push(service):
    return WebPush(lambda: KEY, "mailto:a@b.test", ManualClock(NOW), (service.origin,))


def checked_claims(header: str) -> dict:
    words, _, public = header.removeprefix("vapid t=").partition(",k=")
    unsigned, _, signature = words.rpartition(".")
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public))
    signer.verify(der, unsigned.encode(), ec.ECDSA(hashes.SHA256()))
    assert public == KEY.shown
    return json.loads(decoded(unsigned.partition(".")[2]))


def test_only_her_browser_opens_it_and_the_service_learns_no_word(service, push):
    hers, anothers = Browser(), Browser()
    receipt = push.push("m7-a1", pack([hers.device(f"{service.origin}/hers")]), TEXT)
    assert receipt == Receipt("web_push", "m7-a1")
    ((path, headers, body),) = service.came
    assert json.loads(hers.read(body)) == {"key": "m7-a1", "text": TEXT}
    with pytest.raises(Exception, match=r"^$"):
        anothers.read(body)
    assert b"4821" not in body
    assert path == "/hers"
    assert headers["Content-Encoding"] == "aes128gcm"


def test_it_is_urgent_short_lived_and_signed_for_this_service_alone(service, push):
    push.push("m7-a1", pack([Browser().device(f"{service.origin}/x")]), TEXT)
    _, headers, _ = service.came[0]
    assert (headers["Urgency"], headers["Topic"]) == ("high", "m7")
    assert 0 < int(headers["TTL"]) <= 300
    claims = checked_claims(headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:a@b.test")
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3600


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_named_and_the_others_still_told(service, push, status):
    service.status["/gone"] = status
    gone = Browser().device(f"{service.origin}/gone", "old")
    here = Browser().device(f"{service.origin}/here", "new")
    assert push.push("m7-a1", pack([gone, here]), TEXT).gone == ("old",)
    with pytest.raises(GatewayGoneError) as raised:
        push.push("m7-a2", pack([gone]), TEXT)
    assert raised.value.facts == {"gone": "old"}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, GatewayRefusedError),
        (413, GatewayRefusedError),
        (302, GatewayRefusedError),
        (429, GatewayUnreachableError),
        (503, GatewayUnreachableError),
    ],
)
def test_a_no_is_a_no_and_a_later_is_a_later(service, push, status, error):
    service.status["/x"] = status
    with pytest.raises(error) as raised:
        push.push("m7-a1", pack([Browser().device(f"{service.origin}/x")]), TEXT)
    assert type(raised.value) is error
    assert [path for path, _, _ in service.came] == ["/x"]


def test_a_service_that_never_answers_is_given_up(service, push, monkeypatch):
    monkeypatch.setattr(gateway, "CALL_SECONDS", 0.2)
    with pytest.raises(GatewayUnreachableError):
        push.push("m7-a1", pack([Browser().device(f"{service.origin}/never")]), TEXT)


def test_what_a_library_says_of_a_failed_call_is_not_kept(push):
    closed = Browser().device("http://127.0.0.1:9/CANARY")
    open_to_it = WebPush(push.key, push.contact, push.clock, ("http://127.0.0.1:9",))
    with pytest.raises(GatewayUnreachableError) as raised:
        open_to_it.push("m7-a1", pack([closed]), TEXT)
    assert "CANARY" not in repr(raised.value)
    assert raised.value.__cause__ is None


def test_an_address_nobody_allowed_is_not_called(service, push):
    with pytest.raises(GatewayRefusedError):
        push.push("m7-a1", pack([Browser().device("http://127.0.0.1:9/x")]), TEXT)
    with pytest.raises(GatewayRefusedError):
        push.push("m7-a1", "+915830166131", TEXT)
    assert service.came == []


def test_a_telephone_of_the_simulator_gets_its_own(push):
    phones = FakeProvider()
    both = WebPush(push.key, push.contact, push.clock, (), phones)
    both.push("m7-a1", pack([Device("d", "handset:+915830166131", "", "")]), TEXT)
    assert phones.taken == [("push", "m7-a1", "+915830166131", TEXT)]
