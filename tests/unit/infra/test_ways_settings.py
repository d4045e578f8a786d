from __future__ import annotations

import json

import pytest

from union.infra.card_settings import SettingUnfitError
from union.infra.ways_settings import KANNEL_FORM, ways_settings

KANNEL = {
    "SMS_PROVIDERS": "kannel",
    "SMS_KANNEL_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "SMS_KANNEL_USER": "sangha",
    "SMS_KANNEL_SECRET": "out-secret",
    "SMS_KANNEL_WEBHOOK_SECRET": "in-secret",
    "PUBLIC_URL": "https://union.example",
}
TWILIO = {
    "SMS_PROVIDERS": "twilio",
    "VOICE_PROVIDERS": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "the-token",
}


def read(environ, *, demonstration=False):
    return ways_settings(environ, demonstration=demonstration)


def test_without_a_provider_named_there_are_none():
    assert read({"TWILIO_AUTH_TOKEN": "x"}) is None


def test_a_gateway_speaks_as_kannel_does_unless_told_otherwise():
    kannel = read(KANNEL).http["kannel"]
    assert kannel.form == KANNEL_FORM
    assert kannel.callback == "https://union.example"
    assert "secret" not in repr(kannel)


def test_a_form_may_be_another_or_the_same_with_more():
    environ = {**KANNEL, "SMS_KANNEL_MORE": "X-Kannel-SMSC=one"}
    assert read(environ).http["kannel"].form == f"{KANNEL_FORM}&X-Kannel-SMSC=one"
    assert read({**KANNEL, "SMS_KANNEL_FORM": "a={to}"}).http["kannel"].form == "a={to}"


def test_providers_stand_in_their_order():
    both = {**KANNEL, **TWILIO, "SMS_PROVIDERS": "kannel, twilio,gammu", "GAMMU_FOLDER": "/gsm"}
    settings = read({**both, "TWILIO_MISSED_NUMBERS": "+915800000001, +915800000002"})
    assert (settings.sms, settings.voice) == (("kannel", "twilio", "gammu"), ("twilio",))
    assert settings.twilio.missed_numbers == ["+915800000001", "+915800000002"]


def test_secrets_lie_in_files_of_their_owners(tmp_path):
    file = tmp_path / "token"
    file.write_text("the-token\n")
    file.chmod(0o600)
    environ = {**TWILIO, "TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_FILE": str(file)}
    assert read(environ).twilio.auth_token == "the-token"
    file.chmod(0o644)
    with pytest.raises(SettingUnfitError):
        read(environ)


@pytest.mark.parametrize("environ", [KANNEL, TWILIO])
def test_a_demonstration_never_rings_anybody_real(environ):
    with pytest.raises(SettingUnfitError):
        read(environ, demonstration=True)


@pytest.mark.parametrize(
    ("environ", "setting"),
    [
        ({"SMS_PROVIDERS": "kannel"}, "SMS_KANNEL_URL"),
        ({**KANNEL, "SMS_KANNEL_URL": "http://sms.example.org/send"}, "SMS_KANNEL_URL"),
        ({**KANNEL, "SMS_KANNEL_URL": "ftp://127.0.0.1/send"}, "SMS_KANNEL_URL"),
        ({**KANNEL, "SMS_KANNEL_TAKEN": "("}, "SMS_KANNEL_TAKEN"),
        ({**KANNEL, "SMS_KANNEL_SOURCES": "everywhere"}, "SMS_KANNEL_SOURCES"),
        ({**KANNEL, "SMS_KANNEL_NAMES": "sender=x"}, "SMS_KANNEL_NAMES"),
        ({**KANNEL, "SMS_PROVIDERS": "kannel,kannel"}, "SMS_PROVIDERS"),
        ({**KANNEL, "SMS_PROVIDERS": "../kannel"}, "SMS_PROVIDERS"),
        ({**KANNEL, "SMS_REGISTERED": "/nowhere"}, "SMS_REGISTERED"),
        ({**TWILIO, "TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({**TWILIO, "TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"SMS_PROVIDERS": "gammu"}, "GAMMU_FOLDER"),
        ({"VOICE_PROVIDERS": "kannel"}, "VOICE_PROVIDERS"),
    ],
)
def test_what_is_missing_or_unsafe_is_named(environ, setting):
    with pytest.raises(SettingUnfitError) as refused:
        read(environ)
    assert refused.value.facts == {"setting": setting}


@pytest.mark.parametrize("url", ["https://sms.example.org/send", "http://192.0.2.5/send"])
def test_a_secret_may_go_over_tls_or_a_net_of_ones_own(url):
    assert read({**KANNEL, "SMS_KANNEL_URL": url}).http["kannel"].url == url


def test_numbers_of_registered_texts_are_read_from_their_file(tmp_path):
    file = tmp_path / "registered.json"
    file.write_text(json.dumps({"IN": {"entity": "1101", "texts": {"page.kn": "1107"}}}))
    found = read({**KANNEL, "SMS_REGISTERED": str(file)}).registrations["IN"]
    assert (found.entity, found.texts) == ("1101", {"page.kn": "1107"})
    file.write_text('{"IN": {"texts": []}}')
    with pytest.raises(SettingUnfitError):
        read({**KANNEL, "SMS_REGISTERED": str(file)})
