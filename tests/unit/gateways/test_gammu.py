from __future__ import annotations

import os

import pytest

from union.gateways.gammu import Modem
from union.gateways.gammu.modem import STUCK_S
from union.gateways.port import GatewayUnreachableError

TO = "+915830166131"


@pytest.fixture
def modem(tmp_path):
    for name in ("inbox", "outbox", "sent", "error"):
        (tmp_path / name).mkdir()
    return Modem(tmp_path)


def files(modem, place="outbox"):
    return sorted(file.name for file in (modem.folder / place).iterdir())


def test_a_text_is_one_whole_file_that_gammu_reads_as_unicode(modem):
    assert modem.send("m12-a3", TO, "ಚೀಟಿ 4821").provider_id == "m12-a3"
    assert files(modem) == [f"OUTB000000000012_03_00_{TO}_m12-a3.txt"]
    content = (modem.folder / "outbox" / files(modem)[0]).read_bytes()
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert content.decode("utf-16") == "ಚೀಟಿ 4821"


@pytest.mark.parametrize("folder", ["outbox", "sent", "error"])
def test_the_same_key_twice_is_one_file_wherever_it_has_got_to(modem, folder):
    modem.send("m1-a1", TO, "Namaste.")
    (name,) = files(modem)
    (modem.folder / "outbox" / name).rename(modem.folder / folder / name)
    modem.send("m1-a1", TO, "Namaste.")
    assert files(modem, folder) == [name]
    assert sum(len(files(modem, each)) for each in ("outbox", "sent", "error")) == 1


def test_older_words_lie_before_newer_ones(modem):
    for key in ("m10-a1", "m9-a2", "m9-a1"):
        modem.send(key, TO, "Namaste.")
    assert [name.rpartition("_")[2] for name in files(modem)] == [
        "m9-a1.txt",
        "m9-a2.txt",
        "m10-a1.txt",
    ]


def test_where_nobody_takes_texts_no_more_are_laid(modem):
    modem.send("m1-a1", TO, "Namaste.")
    file = modem.folder / "outbox" / files(modem)[0]
    os.utime(file, (0, file.stat().st_mtime - STUCK_S - 1))
    with pytest.raises(GatewayUnreachableError):
        modem.send("m2-a1", TO, "Namaste.")
    assert len(files(modem)) == 1


def test_without_its_folders_it_is_unreachable(tmp_path):
    nowhere = Modem(tmp_path / "nowhere")
    assert not nowhere.has_news()
    with pytest.raises(GatewayUnreachableError) as refused:
        nowhere.send("m1-a1", TO, "Namaste.")
    assert refused.value.__cause__ is None


def test_folders_that_cannot_be_read_do_not_stop_whoever_asks(modem, monkeypatch):
    def refuse(_folder):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    assert not modem.has_news()
    with pytest.raises(GatewayUnreachableError):
        modem.send("m1-a1", TO, "Namaste.")


@pytest.mark.parametrize("key", ["../../m1-a1", "m1", "m1-a1.txt", "", "m1_a1"])
def test_a_key_that_is_not_ours_never_names_a_file(modem, key):
    with pytest.raises(ValueError, match="key"):
        modem.send(key, TO, "Namaste.")
    assert files(modem) == []
