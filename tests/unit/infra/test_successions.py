"""The signing key handed on: by both keys, once, in one write; and whose line a key is in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from union.infra.settings import Secrets, SettingUnreadableError
from union.infra.signing import Signer, SigningKeyMissingError
from union.infra.successions import (
    LATE,
    Succession,
    followers,
    hand_on,
    is_ours,
    line_to,
    succession_text,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SIGNERS = [Signer(bytes([number, *range(31)])) for number in range(4)]
A, B, C, STRANGER = (one.public_key for one in SIGNERS)


def handed_on(old: int, new: int, at: datetime = NOW) -> Succession:
    one, other = SIGNERS[old], SIGNERS[new]
    text = succession_text(one.public_key, other.public_key, at).encode()
    signatures = (one.sign(text).value, other.sign(text).value)
    return Succession(one.public_key, other.public_key, at, *signatures)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secrets.json"
    Secrets.from_file_or_new(path)
    return path


def test_each_hand_on_is_one_more_in_the_line_and_nothing_else_changes(file):
    before = json.loads(file.read_text())
    first = Secrets.from_file(file).signing
    made = [hand_on(file, NOW), hand_on(file, NOW + DAY)]
    now = Secrets.from_file(file).signing
    assert [(one.public_key, one.until) for one in now.line] == [
        (first.signer.public_key, NOW),
        (made[0].new, NOW + DAY),
        (now.signer.public_key, None),
    ]
    assert all(one.holds for one in now.successions)
    after = json.loads(file.read_text())
    assert after.pop("successions") == [one.said() for one in made]
    assert after.pop("signing_key") != before.pop("signing_key")
    assert after == before
    assert first.key.hex() not in file.read_text()
    assert repr(now.key) not in repr(Secrets.from_file(file))


def test_without_a_key_nothing_is_handed_on(file):
    said = json.loads(file.read_text())
    del said["signing_key"]
    file.write_text(json.dumps(said))
    with pytest.raises(SigningKeyMissingError):
        hand_on(file, NOW)
    assert Secrets.from_file(file).signing.line == ()


def test_nobody_claims_ours_for_his_past_nor_his_for_ours():
    true = handed_on(0, 1)
    text = succession_text(STRANGER, B, NOW).encode()
    claim = Succession(STRANGER, B, NOW, SIGNERS[3].sign(text).value, SIGNERS[3].sign(text).value)
    assert [one.public_key for one in line_to(B, [claim, true])] == [A, B]
    text = succession_text(A, STRANGER, NOW).encode()
    theft = Succession(A, STRANGER, NOW, SIGNERS[3].sign(text).value, SIGNERS[3].sign(text).value)
    assert followers(A, [theft, true]) == (B,)
    assert not any(one.holds for one in (claim, theft))
    assert not replace(true, made_at=NOW + DAY).holds


def test_a_key_that_was_stolen_and_handed_on_by_the_thief_leads_nowhere():
    ours, theirs = handed_on(0, 1), handed_on(0, 3, NOW - DAY)
    assert followers(A, [ours, theirs]) == ()
    assert [one.public_key for one in line_to(B, [ours, theirs])] == [A, B]


def test_who_follows_whom_is_found_and_a_ring_ends():
    ring = [handed_on(0, 1), handed_on(1, 2), handed_on(2, 0)]
    assert followers(A, ring[:2]) == (B, C)
    assert followers(A, ring) == (B, C)
    assert len(line_to(A, ring)) == 3


def test_a_key_signs_no_longer_than_an_hour_after_it_was_handed_on():
    line = line_to(B, [handed_on(0, 1)])
    assert is_ours(line, A, NOW + LATE)
    assert not is_ours(line, A, NOW + LATE + timedelta(seconds=1))
    assert is_ours(line, B, NOW + DAY)
    assert not is_ours(line, STRANGER, NOW)


@pytest.mark.parametrize(
    "said", [{}, {"old": "zz"}, {"made_at": "2026-11-23T10:00:00"}, {"new": 7}]
)
def test_a_file_that_says_no_such_line_is_refused(file, said):
    whole = json.loads(file.read_text())
    line = {**handed_on(0, 1).said(), **said} if said else {}
    file.write_text(json.dumps({**whole, "successions": [line]}))
    with pytest.raises(SettingUnreadableError):
        Secrets.from_file(file)
