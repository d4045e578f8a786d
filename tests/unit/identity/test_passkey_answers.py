"""Whatever a stranger sends in place of an answer is refused as one, and never breaks anything."""

from __future__ import annotations

import json
import secrets

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.passkeys import NEW, PLACE, PRESENT, VERIFIED, SoftPhone, coded, uncoded
from union.identity.services.passkey_answers import (
    options_to_add,
    options_to_answer,
    read_given,
    read_new,
    signed_by,
)

CHALLENGE, HANDLE = secrets.token_bytes(32), secrets.token_bytes(64)
PHONE = SoftPhone()
MADE = json.loads(PHONE.make(options_to_add(PLACE, CHALLENGE, HANDLE, "x", [])))
GIVEN = json.loads(PHONE.give(options_to_answer(PLACE, CHALLENGE, [])))
PUBLIC = PHONE.key.public

scraps = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.binary(max_size=90).map(coded),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
"""What may stand where something else should."""


def spoilt(answer, draw):
    """The same answer with one part of it otherwise, or gone."""
    said = json.loads(json.dumps(answer))
    inside = draw(st.booleans())
    part = said["response"] if inside else said
    name = draw(st.sampled_from(sorted(part)))
    if draw(st.booleans()):
        part[name] = draw(scraps)
    elif inside:
        blob = bytearray(uncoded(part[name]))
        blob[draw(st.integers(0, len(blob) - 1))] ^= draw(st.integers(1, 255))
        part[name] = coded(bytes(blob[: draw(st.integers(1, len(blob)))]))
    else:
        del part[name]
    return said


@given(st.data())
def test_an_answer_of_which_anything_is_otherwise_opens_nothing(data):
    said = spoilt(GIVEN, data.draw)
    given_back = read_given(json.dumps(said))
    if given_back is None:
        return
    signed = signed_by(PLACE, CHALLENGE, given_back, PUBLIC)
    true = {k: said["response"].get(k) for k in ("clientDataJSON", "authenticatorData")}
    if signed is not None:
        assert true == {k: GIVEN["response"][k] for k in true}, "what was signed is as it was"


@given(st.data())
def test_a_making_of_which_anything_is_otherwise_breaks_nothing(data):
    made = read_new(PLACE, CHALLENGE, json.dumps(spoilt(MADE, data.draw)))
    assert made is None or made.public_key, "it is a passkey, or none"


@given(st.dictionaries(st.integers(-9, 9), st.one_of(st.integers(-300, 300), st.binary())))
def test_a_key_that_no_signature_could_be_read_by_is_not_kept(key):
    head = bytes(16) + (16).to_bytes(2, "big") + b"i" * 16
    data = uncoded(GIVEN["response"]["authenticatorData"])[:32]
    data += bytes([PRESENT | VERIFIED | NEW]) + bytes(4) + head + cbor2.dumps(key)
    attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
    said = json.loads(json.dumps(MADE))
    said["response"]["attestationObject"] = coded(attested)
    assert read_new(PLACE, CHALLENGE, json.dumps(said)) is None


@given(st.text(max_size=200))
def test_what_is_no_answer_at_all_is_none(text):
    assert read_given(text) is None
    assert read_new(PLACE, CHALLENGE, text) is None
