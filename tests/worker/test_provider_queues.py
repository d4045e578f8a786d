"""A queue for each provider, and one for a modem; and no way from a rehearsal to a real one."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, make_page
from tests.conftest import Parts
from union.cli import running
from union.gateways.gammu import Modem
from union.gateways.port import GatewayRefusedError, Gateways, Receipt
from union.infra.settings import Settings
from union.infra.ways_settings import GammuSettings, WaysSettings
from union.kernel.actor import Actor
from union.messages.models import Attempt
from union.messages.queries import told
from union.messages.services import send
from union.wiring import build_house
from worker import queues, run
from worker.queues import due_queues, further_queues, named_queues, work_off

TEST = Actor.system("test")
PATIENCE = 60.0


@pytest.fixture
def house(parts: Parts, tmp_path):
    refusing = FakeProvider(broken={"sms": GatewayRefusedError})
    gateways = Gateways(sms=refusing, further={"second": Gateways(sms=FakeProvider())})
    house = build_house(parts.settings)
    unit = replace(house.unit, further=gateways.further_ways())
    yield replace(house, gateways=gateways, unit=unit, modem=Modem(tmp_path))
    house.close()


def test_the_second_provider_has_a_queue_of_its_own(house):
    assert set(further_queues(house)) == {"send-sms-second", "modem"}
    with house.unit.begin(TEST) as work:
        member = make_member(work, phone="5830166131")
        send(work, make_page(member.person_id, channels=("sms",)))
    assert due_queues(house) == ["send-sms"]
    assert work_off(house, "send-sms") == 1
    assert due_queues(house) == ["send-sms-second"]
    assert work_off(house, "send-sms-second") == 1
    assert due_queues(house) == []


def test_a_provider_that_stalls_holds_up_no_other(house, monkeypatch):
    patient = partial(queues.send_due, seconds=PATIENCE)
    monkeypatch.setattr(queues, "send_due", patient)
    knocked, let_go = threading.Event(), threading.Event()

    class Stalled:
        def send(self, key: str, _to: str, _text: str) -> Receipt:
            knocked.set()
            let_go.wait(PATIENCE)
            return Receipt("stalled", key)

    stalled = replace(house, gateways=replace(house.gateways, sms=Stalled()))
    with house.unit.begin(TEST) as work:
        people = [make_member(work, phone=f"583016613{n}").person_id for n in range(2)]
        first, other = (send(work, make_page(one, channels=("sms",))).id for one in people)
        work.session.execute(
            update(Attempt).where(Attempt.message_id == other).values(via="second")
        )
    waiting = threading.Thread(target=work_off, args=(stalled, "send-sms"))
    waiting.start()
    assert knocked.wait(PATIENCE)
    assert work_off(stalled, "send-sms-second") == 1
    assert waiting.is_alive()
    with house.unit.reading(TEST) as work:
        states = told(work, [first, other])
    assert (states[first].state, states[other].state) == ("waiting", "handed_over")
    let_go.set()
    waiting.join()


def test_whoever_starts_workers_knows_the_same_queues():
    gammu = GammuSettings(Path("/gsm"))
    ways = WaysSettings(sms=("gammu", "second"), http={}, gammu=gammu)
    assert set(named_queues(ways)) == {"send-sms-second", "modem"}
    assert named_queues(None) == named_queues(WaysSettings(sms=("twilio",))) == ()


def test_what_lies_in_a_modems_folder_is_due(house, tmp_path):
    assert "modem" not in due_queues(house)
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent" / "OUTB000000000001_01_00_+915830166131_m1-a1.txt").touch()
    assert "modem" in due_queues(house)
    assert work_off(house, "modem") == 1
    assert "modem" not in due_queues(house)


def test_a_worker_of_a_queue_nobody_has_says_which_there_are(house, monkeypatch, capsys):
    monkeypatch.setattr(run, "house", lambda: house)
    assert run.main(["send-sms-third"]) == run.USAGE
    assert "send-sms-second" in capsys.readouterr().err


def test_a_rehearsal_knows_no_real_provider_whatever_the_environment_names(
    parts: Parts, monkeypatch
):
    @contextmanager
    def scratch():
        yield parts

    twilio = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "x", "SMTP_URL": "smtp://mail"}
    named = {**parts.environment, "SMS_PROVIDERS": "twilio", **twilio}
    monkeypatch.setattr(running, "scratch_parts", scratch)
    monkeypatch.setattr(running, "prepare", lambda _endpoints: None)
    monkeypatch.setattr(running, "settings_of", lambda _parts: Settings.from_environment(named))
    assert Settings.from_environment(named).ways is not None
    with running.scratch_house() as house:
        assert type(house.gateways.sms).__name__ == "HandsetGateway"
        assert (house.settings.ways, house.gateways.further, house.gateways.mail) == (
            None,
            {},
            None,
        )
