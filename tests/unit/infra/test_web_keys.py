"""The web key in its file: exchanged in steps, each whole, and nothing else in it changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from union.cli.doctor import WEB_KEY_BEGUN, WEB_KEY_OVER, said_of_web_keys
from union.infra.living_secrets import LivingSecrets
from union.infra.settings import Secrets, SettingUnreadableError
from union.infra.web_keys import Step, WebKeys, exchange, exchange_at_once

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LASTS = timedelta(hours=12)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secrets.json"
    Secrets.from_file_or_new(path)
    return path


def keys_in(file) -> WebKeys:
    return Secrets.from_file(file).web_keys


def test_the_key_before_counts_for_as_long_as_a_sign_in_lasts_and_then_goes(file):
    first = keys_in(file).current
    done = exchange(file, NOW, LASTS)
    held = keys_in(file)
    assert (done.step, done.until) == (Step.USED, NOW + LASTS)
    assert held.current != first
    assert held.counting(NOW + LASTS - timedelta(seconds=1)) == [first, held.current]
    assert held.counting(NOW + LASTS) == [held.current]
    assert exchange(file, NOW + timedelta(hours=1), LASTS) == done
    assert keys_in(file) == held
    assert exchange(file, NOW + LASTS, LASTS).step is Step.DROPPED
    assert keys_in(file) == WebKeys(held.current)
    assert exchange(file, NOW + LASTS, LASTS).step is Step.USED


def test_it_may_wait_for_other_machines(file):
    first = keys_in(file).current
    assert exchange(file, NOW, LASTS, only_begin=True).step is Step.BEGUN
    begun = keys_in(file)
    assert exchange(file, NOW, LASTS, only_begin=True).step is Step.BEGUN
    assert keys_in(file) == begun
    assert begun.counting(NOW) == [begun.next, first], "the last one signs"
    exchange(file, NOW, LASTS)
    assert keys_in(file) == WebKeys(begun.next, None, ((NOW + LASTS, first),))


def test_at_once_nothing_of_before_counts(file):
    exchange(file, NOW, LASTS)
    before = keys_in(file)
    assert exchange_at_once(file).step is Step.DROPPED
    assert not set(keys_in(file).counting(NOW)) & set(before.all)


def test_nothing_else_in_the_file_changes(file):
    before = json.loads(file.read_text())
    exchange(file, NOW, LASTS)
    exchange(file, NOW + LASTS, LASTS)
    after = json.loads(file.read_text())
    assert after.pop("web_key") != before.pop("web_key")
    assert after == before
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_key_shows_in_no_print(file):
    exchange(file, NOW, LASTS, only_begin=True)
    held = keys_in(file)
    assert not any(repr(key) in repr(Secrets.from_file(file)) for key in held.all)


def test_a_weak_key_among_them_is_refused(file):
    exchange(file, NOW, LASTS)
    said = json.loads(file.read_text())
    said["web_keys_before"][0]["key"] = said["index_key"]
    file.write_text(json.dumps(said))
    with pytest.raises(SettingUnreadableError):
        Secrets.from_file(file)


def test_a_process_hears_of_it_and_a_file_that_cannot_be_read_stops_nobody(file):
    living = LivingSecrets(Secrets.from_file(file))
    exchange(file, NOW, LASTS)
    told = living.now()
    assert told.web_keys == keys_in(file)
    whole = file.read_text()
    file.write_text("{")
    assert living.now() is told
    file.write_text(whole.replace("  ", " "))
    assert living.now().web_keys == told.web_keys


def test_the_doctor_says_what_was_not_ended(file):
    assert list(said_of_web_keys(keys_in(file), NOW)) == []
    exchange(file, NOW, LASTS, only_begin=True)
    assert list(said_of_web_keys(keys_in(file), NOW)) == [WEB_KEY_BEGUN]
    exchange(file, NOW, LASTS)
    assert list(said_of_web_keys(keys_in(file), NOW)) == []
    assert list(said_of_web_keys(keys_in(file), NOW + LASTS)) == [WEB_KEY_OVER]
