"""Texts out through a gateway that takes them over HTTP, as Kannel does or by a form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.listening import listening
from union.gateways.http_sms import http_sms
from union.gateways.port import GatewayRefusedError, GatewayUnreachableError
from union.infra.ways_settings import HttpSmsSettings, Registration
from union.messages.rules.registered import TextNotRegisteredError, registered

TO, TEXT = "+915830166131", "Namaste. Slip 4821 is ready: https://x.example/s/abc-DEF_123"
KANNADA = "ನಮಸ್ತೆ. ಚೀಟಿ 4821 ಸಿದ್ಧವಾಗಿದೆ: https://x.example/s/abc-DEF_123"
FORM = (
    "api_key={secret}&mobile={to_digits}&sms={text}&ref={key}&pe={entity}&dlt={template}"
    "&type={coding}"
)


@pytest.fixture
def provider():
    with listening() as listener:
        yield listener


@pytest.fixture
def kannel(provider):
    return HttpSmsSettings(
        name="kannel",
        url=f"{provider.url}/cgi-bin/sendsms",
        user="sangha",
        secret="over-there",
        sender="SANGHA",
        callback="https://union.example",
        webhook_secret="knock/knock",
    )


def test_kannel_is_handed_number_and_words_in_no_address(provider, kannel):
    receipt = http_sms(kannel).send("m1-a1", TO, TEXT)
    assert (receipt.provider, receipt.provider_id) == ("kannel", "m1-a1")
    (heard,) = provider.heard
    assert heard.path == "/cgi-bin/sendsms"
    assert heard.body == TEXT
    assert heard.headers["X-Kannel-To"] == TO
    assert heard.headers["X-Kannel-Username"] == "sangha"
    assert heard.headers["X-Kannel-Password"] == "over-there"
    assert heard.headers["X-Kannel-Coding"] == "0"
    assert heard.headers["X-Kannel-Account"] == "m1-a1"
    assert heard.headers["X-Kannel-DLR-Url"] == (
        "https://sangha:knock%2Fknock@union.example/in/sms/kannel/receipt?key=m1-a1&status=%d"
    )


def test_what_few_letters_cannot_carry_goes_as_unicode(provider, kannel):
    http_sms(kannel).send("m1-a1", TO, KANNADA)
    (heard,) = provider.heard
    assert (heard.body, heard.headers["X-Kannel-Coding"]) == (KANNADA, "2")
    assert heard.headers["Content-Type"] == "text/plain; charset=UTF-8"


def test_another_gateway_has_its_own_names_and_its_own_yes(provider, kannel):
    provider.status, provider.says = 200, '{"status": "ok", "id": "x-77"}'
    theirs = replace(kannel, form=FORM, taken='"ok"', id_pattern=r'"id": "([^"]+)"')
    assert http_sms(theirs).send("m1-a1", TO, TEXT).provider_id == "x-77"
    assert provider.heard[0].form == {
        "api_key": "over-there",
        "mobile": "915830166131",
        "sms": TEXT,
        "ref": "m1-a1",
        "type": "0",
    }


@pytest.mark.parametrize(
    ("status", "says", "error"),
    [
        (403, "Authorization failed for sendsms", GatewayRefusedError),
        (200, "Sorry", GatewayRefusedError),
        (302, "0: Accepted for delivery", GatewayRefusedError),
        (503, "Temporal failure, try again later.", GatewayUnreachableError),
        (429, "Slower", GatewayUnreachableError),
    ],
)
def test_a_no_is_told_from_silence(provider, kannel, status, says, error):
    provider.status, provider.says = status, says
    provider.headers = {"Location": f"{provider.url}/elsewhere"}
    with pytest.raises(error) as refused:
        http_sms(kannel).send("m1-a1", TO, TEXT)
    assert type(refused.value) is error
    assert len(provider.heard) == 1
    assert says not in str(refused.value)


def test_who_is_not_there_is_unreachable_and_nothing_is_told_of_it(kannel):
    gone = http_sms(replace(kannel, url="http://127.0.0.1:9/cgi-bin/sendsms"))
    with pytest.raises(GatewayUnreachableError) as refused:
        gone.send("m1-a1", TO, TEXT)
    assert refused.value.__cause__ is None
    assert "over-there" not in repr(gone)


def test_who_does_not_answer_is_given_up_and_the_key_is_not_sent_again(
    provider, kannel, monkeypatch
):
    monkeypatch.setattr("union.gateways.http_sms.gateway.TIMEOUT_S", (0.2, 0.1))
    provider.seconds = 0.4
    gateway = http_sms(kannel)
    for _ in range(2):
        with pytest.raises(GatewayUnreachableError):
            gateway.send("m1-a1", TO, TEXT)
    assert len(provider.heard) == 1


def test_the_same_key_twice_goes_out_once(provider, kannel):
    gateway = http_sms(kannel)
    assert gateway.send("m1-a1", TO, TEXT) == gateway.send("m1-a1", TO, TEXT)
    assert len(provider.heard) == 1


def test_a_refused_key_may_be_tried_again(provider, kannel):
    gateway, provider.status = http_sms(kannel), 403
    with pytest.raises(GatewayRefusedError):
        gateway.send("m1-a1", TO, TEXT)
    provider.status = 202
    assert gateway.send("m1-a1", TO, TEXT)


def test_without_a_secret_of_ours_no_receipt_is_asked_for(provider, kannel):
    http_sms(replace(kannel, webhook_secret=None)).send("m1-a1", TO, TEXT)
    assert "X-Kannel-DLR-Url" not in provider.heard[0].headers


def test_a_registered_text_goes_with_its_numbers_and_no_other_goes(provider, kannel):
    theirs = replace(kannel, form=FORM, taken="Accepted")
    marks = registered({"IN": Registration("1101", {"page.en": "1107"})})
    gateway = http_sms(theirs, marks)
    gateway.send("m1-a1", TO, TEXT)
    assert (provider.heard[0].form["pe"], provider.heard[0].form["dlt"]) == ("1101", "1107")
    with pytest.raises(TextNotRegisteredError):
        gateway.send("m2-a1", TO, KANNADA)
    gateway.send("m3-a1", "+447700900123", KANNADA)
    assert not {"pe", "dlt"} & provider.heard[1].form.keys()
    assert len(provider.heard) == 2
