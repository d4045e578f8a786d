"""Texts and calls out through Twilio's library, to a stand-in on this machine."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.builders.listening import listening
from union.gateways.port import GatewayRefusedError, GatewayUnreachableError, VoiceScript
from union.gateways.twilio import twilio_provider
from union.infra.ways_settings import TwilioSettings

TO, PUBLIC = "+915830166131", "https://union.example"
SETTINGS = TwilioSettings("AC1", "the-token", sms_from="+915830100000", voice_from="+915830100001")
ASKING = VoiceScript(say=("Press your two numbers.",), gather=2, then=("Thank you.",))


class Here(HTTPAdapter):
    """Sends what is meant for Twilio to this machine."""

    url = ""

    def send(self, request, **fields):
        request.url = request.url.replace("https://api.twilio.com", self.url)
        return super().send(request, **fields)


@pytest.fixture
def provider():
    with listening() as listener:
        listener.status, listener.says = 201, json.dumps({"sid": "SM77"})
        yield listener


@pytest.fixture
def session(provider):
    session = requests.Session()
    here = Here()
    here.url = provider.url
    session.mount("https://", here)
    yield session
    session.close()


@pytest.fixture
def twilio(session):
    return twilio_provider(SETTINGS, PUBLIC, session)


def test_a_text_goes_with_our_key_in_the_address_of_its_receipt(provider, twilio):
    receipt = twilio.send("m1-a1", TO, "Namaste.")
    assert (receipt.provider, receipt.provider_id) == ("twilio", "SM77")
    (heard,) = provider.heard
    assert heard.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert heard.form == {
        "To": TO,
        "From": "+915830100000",
        "Body": "Namaste.",
        "StatusCallback": f"{PUBLIC}/in/twilio/receipt/m1-a1",
    }


def test_a_messaging_service_may_be_the_sender(provider, session):
    twilio_provider(replace(SETTINGS, sms_from="MG5"), PUBLIC, session).send("m1-a1", TO, "x")
    assert provider.heard[0].form["MessagingServiceSid"] == "MG5"
    assert "From" not in provider.heard[0].form


def test_a_call_carries_what_it_says_and_where_the_keys_go(provider, twilio):
    twilio.call("m1-a2", TO, ASKING)
    form = provider.heard[0].form
    assert provider.heard[0].path == "/2010-04-01/Accounts/AC1/Calls.json"
    assert (form["To"], form["From"]) == (TO, "+915830100001")
    assert f'action="{PUBLIC}/in/twilio/keys/m1-a2/1"' in form["Twiml"]
    assert form["StatusCallback"] == f"{PUBLIC}/in/twilio/receipt/m1-a2"


def test_the_same_key_twice_rings_once(provider, twilio):
    assert twilio.call("m1-a2", TO, ASKING) == twilio.call("m1-a2", TO, ASKING)
    assert len(provider.heard) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, GatewayRefusedError),
        (401, GatewayRefusedError),
        (429, GatewayUnreachableError),
        (500, GatewayUnreachableError),
        (302, GatewayRefusedError),
    ],
)
def test_what_twilio_says_is_kept_as_a_code_only(provider, twilio, status, error):
    provider.status = status
    provider.says = json.dumps({"code": 21211, "message": f"The number {TO} is not valid"})
    provider.headers = {"Location": f"{provider.url}/elsewhere"}
    with pytest.raises(error) as refused:
        twilio.send("m1-a1", TO, "Namaste.")
    assert type(refused.value) is error
    assert TO not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert len(provider.heard) == 1


def test_a_twilio_that_is_not_there_or_talks_nonsense_is_unreachable(provider, twilio):
    provider.says = "<html>"
    with pytest.raises(GatewayUnreachableError):
        twilio.send("m1-a1", TO, "Namaste.")
    twilio.client.http_client.session.get_adapter("https://").url = "http://127.0.0.1:9"
    with pytest.raises(GatewayUnreachableError):
        twilio.send("m1-a2", TO, "Namaste.")


def test_nothing_of_it_is_logged(provider, twilio, caplog):
    with caplog.at_level(logging.DEBUG):
        twilio.send("m1-a1", TO, "Namaste canary.")
    assert TO[1:] not in caplog.text
    assert "canary" not in caplog.text


def test_the_token_is_shown_nowhere():
    assert "the-token" not in repr(SETTINGS)
