"""C5 at the providers' doors: what comes in, and what a provider says, is in no log, row or queue.

Canaries come by every door and in every answer of a provider; then all that is kept is searched.
"""

from __future__ import annotations

import base64
import logging
from dataclasses import replace

import pytest
from redis import Redis
from sqlalchemy import select, text
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from tests.builders.crisis import make_responder, report
from tests.builders.listening import listening
from tests.conftest import Parts
from tests.redis_dump import everything_in
from union.crisis.models import Contact
from union.factory import close_app, create_app
from union.infra.ways_settings import HttpSmsSettings, TwilioSettings, WaysSettings
from union.kernel.actor import Actor
from union.messages.models import Attempt, DeliveryReceipt
from union.wiring import build_house
from worker.queues import QUEUES, work_off

TEST = Actor.system("test")
PUBLIC = "https://union.example"
CALLER, RESPONDER, WORDS = "5442900234", "5830166131", "canarywords he has a knife"
SECRETS = ("knock-canary", "out-canary", "token-canary")
CANARIES = ("canary", "knife", CALLER, RESPONDER)
TABLES = (
    *("inbound_message", "delivery_receipt", "attempt", "message", "outbox", "outbox_delivery"),
    *("contact", "incident_event", "timer"),
)


@pytest.fixture
def provider():
    with listening() as listener:
        listener.status, listener.says = 400, f"no canary +91{RESPONDER} {WORDS}"
        yield listener


@pytest.fixture
def settings(parts: Parts, provider):
    gateway = HttpSmsSettings(
        name="kannel",
        url=f"{provider.url}/send",
        user="sangha",
        secret="out-canary",
        callback=PUBLIC,
        webhook_secret="knock-canary",
    )
    twilio = TwilioSettings("AC1", "token-canary")
    ways = WaysSettings(sms=("kannel",), http={"kannel": gateway}, twilio=twilio)
    return replace(parts.settings, ways=ways, public_url=PUBLIC)


@pytest.fixture
def house(settings):
    house = build_house(settings)
    yield house
    house.close()


@pytest.fixture
def client(settings):
    app = create_app(settings)
    yield app.test_client()
    close_app(app)


def by_kannel(client, secret="knock-canary"):
    shown = base64.b64encode(f"kannel:{secret}".encode()).decode()
    told = {"X-Kannel-From": f"+91{CALLER}", "X-Kannel-To": "56767"}
    headers = {**told, "Authorization": f"Basic {shown}", "Content-Type": "text/plain"}
    return client.post("/in/sms/kannel", data=WORDS, headers=headers)


def by_twilio(client, path, token="token-canary", **form):
    form = {"From": f"+91{CALLER}", "To": "+915800000000", **form}
    signature = RequestValidator(token).compute_signature(f"{PUBLIC}{path}", form)
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


def found_in(held: str) -> list[str]:
    return [canary for canary in CANARIES if canary in held.lower()]


@pytest.fixture
def said(caplog):
    """A function: whatever was logged by us or by a library, down to the last detail."""
    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        yield lambda: f"{lines}\n{caplog.text}"


def test_nothing_that_passes_a_door_is_kept_where_it_can_be_read(house, client, parts, said):
    with house.unit.begin(TEST) as work:
        make_responder(work, phone=RESPONDER)
        report(work)
    for _ in range(3):
        for queue in QUEUES:
            work_off(house, queue)
    with house.unit.reading(TEST) as work:
        key = work.session.scalars(select(Attempt.key).order_by(Attempt.id)).first()

    assert by_kannel(client).status_code == 200
    assert by_kannel(client, "wrong-canary").status_code == 403
    assert by_twilio(client, "/in/twilio/sms", MessageSid="SM1", Body=WORDS).status_code == 200
    assert by_twilio(client, "/in/twilio/call", CallSid="CA1").status_code == 200
    assert by_twilio(client, "/in/twilio/sms", "x-canary", MessageSid="SM2").status_code == 403
    failed = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": f"+91{CALLER}"}
    assert by_twilio(client, f"/in/twilio/receipt/{key}", **failed).status_code == 200
    for queue in QUEUES:
        work_off(house, queue)

    with house.unit.reading(TEST) as work:
        assert len(work.session.scalars(select(Contact.id)).all()) == 4
        assert work.session.scalars(select(DeliveryReceipt.id)).all()
        assert work.session.scalars(select(Attempt.id).where(Attempt.state == "failed")).all()
        for table in TABLES:
            rows = work.session.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert found_in("\n".join(rows)) == [], table
    with Redis.from_url(parts.settings.redis_url) as redis:
        assert found_in(everything_in(redis).decode("latin-1")) == []
    assert "attempt_failed" in said()
    assert found_in(said()) == []


def test_no_secret_is_in_what_a_process_would_print_of_itself(settings, house):
    shown = repr(settings.ways) + repr(house.gateways) + repr(house.settings)
    assert [secret for secret in SECRETS if secret in shown] == []
