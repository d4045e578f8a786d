from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from union.gateways.web_push import (
    Device,
    DeviceUnfitError,
    fit_device,
    new_push_key,
    pack,
    service_of,
    unpack,
)
from union.gateways.web_push.devices import decoded, encoded
from union.gateways.web_push.gateway import topic_of
from union.gateways.web_push.sealing import point_of, seal_notice
from union.gateways.web_push.vapid import ticket

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def scalar(text):
    return ec.derive_private_key(int.from_bytes(decoded(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_comes_out_to_the_byte():
    sender = scalar("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    receiver = scalar("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94").public_key()
    body = seal_notice(
        b"When I grow up, I want to be a watermelon",
        receiver,
        decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=sender,
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        padded_to=0,
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg"
        "Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVB"
        "St2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_every_notice_is_as_long_as_every_other():
    receiver = ec.generate_private_key(ec.SECP256R1()).public_key()
    sealed = {len(seal_notice(b"x" * length, receiver, b"a" * 16)) for length in (1, 40, 300)}
    assert len(sealed) == 1


def test_a_ticket_says_for_whom_until_when_and_is_signed():
    key = new_push_key()
    words = ticket(key, "https://push.test", "mailto:a@b.test", NOW)
    head, claims, signature = words.removeprefix("vapid t=").split(",")[0].split(".")
    said = json.loads(decoded(claims))
    assert said["aud"] == "https://push.test"
    assert 0 < said["exp"] - NOW.timestamp() <= 24 * 3600
    assert said["sub"] == "mailto:a@b.test"
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.public)
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert words.endswith(f"k={key.shown}")


def device(**changes):
    point = point_of(ec.generate_private_key(ec.SECP256R1()).public_key())
    given = {
        "ref": "d",
        "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
        "p256dh": encoded(point),
        "auth": encoded(b"0" * 16),
    }
    return Device(**{**given, **changes})


@pytest.mark.parametrize(
    ("endpoint", "service"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", "google"),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", "mozilla"),
        ("https://web.push.apple.com/x", "apple"),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", "microsoft"),
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint, service):
    assert fit_device(device(endpoint=endpoint)) == service


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.test/x",
        "https://evilnotify.windows.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://x@fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://[::1/x",
        "handset:+915830166131",
        "",
    ],
)
def test_no_other_address_is_ever_called(endpoint):
    with pytest.raises(DeviceUnfitError):
        fit_device(device(endpoint=endpoint))


@pytest.mark.parametrize(
    "broken",
    [
        {"p256dh": encoded(b"\x04" + b"1" * 64)},
        {"p256dh": "%%%"},
        {"auth": encoded(b"short")},
        {"endpoint": f"https://web.push.apple.com/{'x' * 1000}"},
    ],
)
def test_a_browser_without_usable_keys_is_refused(broken):
    with pytest.raises(DeviceUnfitError):
        fit_device(device(**broken))


def test_an_origin_a_deployment_allows_is_allowed_whole_and_no_other():
    extra = ("http://127.0.0.1:9",)
    assert service_of("http://127.0.0.1:9/x", extra) == "other"
    assert service_of("http://127.0.0.1:91/x", extra) is None


def test_an_address_of_several_comes_apart_again():
    several = [device(), device(ref="e")]
    assert unpack(pack(several)) == several
    assert unpack("+915830166131") == []


def test_tries_of_one_message_replace_each_other_and_no_other():
    assert topic_of("m12-a1") == topic_of("m12-a3") != topic_of("m13-a1")
    assert topic_of("m12-a1").isalnum()


def test_nothing_in_a_device_is_shown_by_chance():
    assert "fcm" not in repr(device())
