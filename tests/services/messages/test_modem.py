"""What lies in a modem's folders is kept once and then gone from the disk."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select, text

from tests.builders.members import make_member
from tests.builders.messages import make_page
from union.gateways.gammu import Modem
from union.kernel.actor import Actor
from union.messages.models import DeliveryReceipt, InboundMessage
from union.messages.services import read_inbound, read_modem, send

TEST = Actor.system("test")
CALLER = "+915442900234"


@pytest.fixture
def modem(tmp_path):
    for name in ("inbox", "outbox", "sent", "error"):
        (tmp_path / name).mkdir()
    return Modem(tmp_path)


def came(modem, name, content, seconds=60):
    file = modem.folder / name
    file.write_bytes(content)
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime - seconds))


def kept(unit):
    with unit.reading(TEST) as work:
        ids = work.session.scalars(select(InboundMessage.id).order_by(InboundMessage.id)).all()
        return [read_inbound(work, one) for one in ids]


def test_a_text_in_two_parts_is_one_and_leaves_no_file(unit, modem):
    came(modem, f"inbox/IN20261122_120301_00_{CALLER}_00.txt", "ಸಹಾಯ ".encode("utf-16"))
    came(modem, f"inbox/IN20261122_120301_00_{CALLER}_01.txt", b"bus stand")
    came(modem, "inbox/IN20261122_120301_00_AIRTEL_00.bin", b"\x00\xff")
    assert modem.has_news()
    assert read_modem(unit, modem) == 2
    assert sorted(one.body for one in kept(unit)) == ["", "ಸಹಾಯ bus stand"]
    assert not modem.has_news()
    assert not list((modem.folder / "inbox").iterdir())


def test_the_same_file_twice_is_kept_once_and_its_number_nowhere_in_the_clear(unit, modem):
    for _ in range(2):
        came(modem, f"inbox/IN20261122_120301_00_{CALLER}_00.txt", b"help")
        read_modem(unit, modem)
    assert [one.from_number for one in kept(unit)] == [CALLER]
    with unit.reading(TEST) as work:
        row = work.session.execute(text("SELECT inbound_message::text FROM inbound_message"))
        assert CALLER[3:] not in row.scalar_one()


def test_a_file_just_written_is_left_until_it_is_whole(unit, modem):
    came(modem, f"inbox/IN20261122_120301_00_{CALLER}_00.txt", b"he", seconds=-60)
    assert read_modem(unit, modem) == 0
    assert kept(unit) == []


def test_if_it_cannot_be_kept_the_file_stays(unit, modem, monkeypatch):
    came(modem, f"inbox/IN20261122_120301_00_{CALLER}_00.txt", b"help")

    def fail(*_args, **_fields):
        raise ZeroDivisionError

    monkeypatch.setattr("union.messages.services.modems.store_inbound", fail)
    with pytest.raises(ZeroDivisionError):
        read_modem(unit, modem)
    assert modem.has_news()


@pytest.mark.parametrize(
    ("folder", "seconds", "word"),
    [("sent", 1, "sent"), ("error", 1, "failed"), ("outbox", 2000, "expired")],
)
def test_what_became_of_ours_is_kept_and_the_number_leaves_the_disk(
    unit, modem, folder, seconds, word
):
    with unit.begin(TEST) as work:
        member = make_member(work, phone="5830166131")
        key = f"m{send(work, make_page(member.person_id)).id}-a1"
    modem.send(key, "+915830166131", "Namaste.")
    (file,) = (modem.folder / "outbox").iterdir()
    file.rename(modem.folder / folder / file.name)
    came(modem, f"{folder}/{file.name}", b"", seconds=seconds)
    assert read_modem(unit, modem) == 1
    with unit.reading(TEST) as work:
        assert work.session.scalars(select(DeliveryReceipt.word)).all() == [word]
    assert not list((modem.folder / folder).iterdir())
