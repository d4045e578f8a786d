"""The verifier's own Ed25519 against the vectors of RFC 8032, the library, and forgeries."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VERIFIER = Path(__file__).parents[3] / "static" / "verify_books.py"
PROGRAM = runpy.run_path(str(VERIFIER))
is_signed = PROGRAM["is_signed"]
ORDER, PRIME = PROGRAM["ORDER"], PROGRAM["PRIME"]

# RFC 8032, section 7.1: secret key, public key, message, signature.
VECTORS = {
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
            "f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    "test SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c"
            "23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7"
            "c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
}
KEY, MESSAGE, SIGNATURE = (bytes.fromhex(one) for one in VECTORS["test 2"][1:])


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_rfc_hold(name):
    secret, key, message, signature = (bytes.fromhex(one) for one in VECTORS[name])
    own = Ed25519PrivateKey.from_private_bytes(secret)
    assert (own.public_key().public_bytes_raw(), own.sign(message)) == (key, signature)
    assert is_signed(key, message, signature)


@pytest.mark.parametrize("length", [0, 1, 111, 112, 1023, 5000])
def test_what_the_library_signs_holds_and_a_changed_byte_does_not(length):
    own = Ed25519PrivateKey.generate()
    key, message = own.public_key().public_bytes_raw(), bytes(range(256)) * 20
    signature = own.sign(message[:length])
    assert is_signed(key, message[:length], signature)
    assert not is_signed(key, message[:length] + b".", signature)
    for place in (0, 31, 32, 62):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not is_signed(key, message[:length], bytes(changed))


def test_a_scalar_that_is_not_the_smallest_is_refused():
    scalar = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    twin = SIGNATURE[:32] + scalar.to_bytes(32, "little")
    assert is_signed(KEY, MESSAGE, SIGNATURE)
    assert not is_signed(KEY, MESSAGE, twin)


SMALL_ORDER = [
    (1).to_bytes(32, "little"),
    (0).to_bytes(32, "little"),
    (PRIME - 1).to_bytes(32, "little"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
]


@pytest.mark.parametrize("key", SMALL_ORDER, ids=range(len(SMALL_ORDER)))
def test_a_key_of_small_order_signs_nothing(key):
    """With it one signature would stand under any message."""
    neutral = (1).to_bytes(32, "little")
    assert PROGRAM["point_of"](key) is not None
    assert not any(is_signed(key, bytes([one]), neutral + bytes(32)) for one in range(16))


@pytest.mark.parametrize(
    "key",
    [
        PRIME.to_bytes(32, "little"),
        (PRIME + 1).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        b"short",
        b"",
    ],
    ids=["y is the prime", "y beyond it", "minus nought", "off the curve", "short", "none"],
)
def test_bytes_that_are_no_point_in_its_one_form_are_refused(key):
    assert PROGRAM["point_of"](key) is None
    assert not is_signed(key, MESSAGE, SIGNATURE)
    assert not is_signed(KEY, MESSAGE, key[:32].ljust(32, b"\xff") + SIGNATURE[32:])


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\0", bytes(64)])
def test_a_signature_of_another_length_or_of_nothing_is_refused(signature):
    assert not is_signed(KEY, MESSAGE, signature)
