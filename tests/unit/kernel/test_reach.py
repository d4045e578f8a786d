"""How far a sign-in reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from union.kernel.actor import Actor, Proof
from union.kernel.reach import FRESH_FOR, Reach, reached, reaches

NOW = datetime(2026, 10, 15, 18, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)

HERS = [
    {Proof.PASSKEY, Proof.PIN},
    {Proof.PASSKEY, Proof.NUMBER_PIN},
    {Proof.PIN, Proof.WORD},
    {Proof.NUMBER_PIN, Proof.WORD},
    {Proof.PIN, Proof.VOICE},
    {Proof.NUMBER_PIN, Proof.VOICE},
    {Proof.PASSWORD_CODE},
]


def _of(*proofs, office=False, proved_at=LONG_AGO):
    return reached(frozenset(proofs), proved_at, NOW, office=office)


def test_who_has_shown_nothing_may_be_helped_and_leave():
    assert _of() == {Reach.NOTHING}
    assert reaches(Actor.anonymous(), Reach.NOTHING, NOW)
    assert not reaches(Actor.anonymous(), Reach.DUES, NOW)


@pytest.mark.parametrize("proof", [Proof.PIN, Proof.NUMBER_PIN, Proof.PASSKEY])
def test_a_pin_that_somebody_knows_and_a_finger_that_is_forced_open_dues_and_no_more(proof):
    assert _of(proof, proved_at=NOW) == {Reach.NOTHING, Reach.DUES}


def test_what_is_hers_opens_by_these_and_by_nothing_less():
    for size in (1, 2, 3):
        for some in combinations(Proof, size):
            opens = any(set(some) >= ways for ways in HERS)
            assert (Reach.HERS in _of(*some)) is opens, some


@pytest.mark.parametrize("proof", [Proof.PASSKEY, Proof.PASSWORD_CODE])
def test_an_office_opens_only_where_she_signed_in_as_an_officer(proof):
    assert Reach.OFFICE in _of(proof, office=True)
    assert Reach.OFFICE not in _of(proof)


@pytest.mark.parametrize("proof", [Proof.PIN, Proof.NUMBER_PIN, Proof.WORD, Proof.VOICE])
def test_no_member_s_secret_opens_an_office(proof):
    assert Reach.OFFICE not in _of(proof, Proof.PIN, Proof.WORD, office=True)


def test_a_proof_is_fresh_for_five_minutes():
    just = _of(Proof.PASSWORD_CODE, office=True, proved_at=NOW - FRESH_FOR)
    late = _of(Proof.PASSWORD_CODE, office=True, proved_at=NOW - FRESH_FOR - timedelta(seconds=1))
    assert Reach.FRESH in just
    assert Reach.FRESH not in late
    assert Reach.FRESH not in _of(Proof.PIN, proved_at=NOW), "a PIN is never enough"
