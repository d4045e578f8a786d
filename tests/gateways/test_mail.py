"""Letters to a mail server of our own."""

from __future__ import annotations

import email
import ssl
from datetime import UTC, datetime

import pytest

from tests.gateways.mail_server import mail_house, paper_for
from union.gateways.mail import MailServer, SmtpMail, read_mail_server, smtp
from union.gateways.port import GatewayRefusedError, GatewayUnreachableError
from union.kernel.clock import ManualClock

CLOCK = ManualClock(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
TEXT = "ನಮಸ್ತೆ. ಚೀಟಿ 4821 ಸಿದ್ಧವಾಗಿದೆ: https://example.test/s/abc"
SENDER = "Notebook <desk@example.test>"
HERS = "rani@example.test"


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return paper_for(tmp_path_factory.mktemp("papers"))


def through(house, safety, trusted=None, **fields):
    server = MailServer("localhost", house.port, safety, SENDER, **fields)
    return SmtpMail(server, CLOCK, trusted)


@pytest.mark.parametrize("safety", ["starttls", "tls"])
def test_a_letter_arrives_encrypted_signed_in_and_says_nothing(papers, safety):
    server, trusted = papers
    with mail_house(server, from_the_start=safety == "tls") as house:
        by = through(house, safety, trusted, user="desk", password="secret")
        receipt = by.mail("m7-a1", HERS, TEXT)
    ((to, written),) = house.letters
    letter = email.message_from_string(written, policy=email.policy.default)
    assert HERS in to
    assert letter["Message-ID"] == receipt.provider_id == "<m7-a1@example.test>"
    assert letter["Subject"] == "Notebook"
    assert letter.get_content().strip() == TEXT
    assert house.said.index("AUTH") > (house.said.index("STARTTLS") if safety != "tls" else 0)


def test_a_server_that_cannot_encrypt_gets_no_letter(papers):
    with mail_house() as house:
        house.answers["EHLO"] = "250 here"
        with pytest.raises(GatewayRefusedError):
            through(house, "starttls", papers[1]).mail("m7-a1", HERS, TEXT)
    assert "MAIL" not in house.said


def test_a_server_nobody_vouches_for_gets_no_letter(papers):
    with mail_house(papers[0]) as house, pytest.raises(GatewayUnreachableError):
        through(house, "starttls", ssl.create_default_context()).mail("m7-a1", HERS, TEXT)
    assert house.letters == []


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("RCPT", "550 nobody here", GatewayRefusedError),
        ("RCPT", "450 full", GatewayUnreachableError),
        (".", "554 no", GatewayRefusedError),
        (".", "451 later", GatewayUnreachableError),
        ("MAIL", "gone", GatewayUnreachableError),
        ("hello", "421 busy", GatewayUnreachableError),
    ],
)
def test_a_no_is_a_no_and_a_later_is_a_later(step, answer, error):
    with mail_house() as house:
        house.answers[step] = answer
        with pytest.raises(error) as raised:
            through(house, "none").mail("m7-a1", HERS, TEXT)
    assert HERS not in repr(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("answer", ["500 what", "gone"])
def test_a_letter_that_was_taken_counts_however_the_server_leaves(answer):
    with mail_house() as house:
        house.answers["QUIT"] = answer
        assert through(house, "none").mail("m7-a1", HERS, TEXT).provider == "smtp"
    assert len(house.letters) == 1


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.2)
    with mail_house() as house:
        house.answers["RCPT"] = "never"
        with pytest.raises(GatewayUnreachableError):
            through(house, "none").mail("m7-a1", HERS, TEXT)


def test_an_address_cannot_smuggle_a_second_line():
    with mail_house() as house, pytest.raises(GatewayRefusedError):
        through(house, "none").mail("m7-a1", "a@b.test\r\nBcc: c@d.test", TEXT)
    assert house.letters == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://u:p%40ss@mail.test", ("mail.test", 587, "starttls", "u", "p@ss")),
        ("smtps://mail.test", ("mail.test", 465, "tls", None, None)),
        ("smtp+plain://127.0.0.1:25", ("127.0.0.1", 25, "none", None, None)),
    ],
)
def test_a_server_is_named_by_an_address(address, expected):
    read = read_mail_server(address, SENDER)
    assert (read.host, read.port, read.safety, read.user, read.password) == expected
    assert "p@ss" not in repr(read)


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("smtp+plain://mail.test", SENDER),
        ("http://mail.test", SENDER),
        ("smtp://", SENDER),
        ("smtp://mail.test:x", SENDER),
        ("smtp://mail.test", "Notebook"),
    ],
)
def test_what_is_no_safe_server_is_refused(address, sender):
    with pytest.raises(smtp.MailServerUnfitError):
        read_mail_server(address, sender)
