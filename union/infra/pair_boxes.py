"""A secret that any two of a few people open together, and none of them alone.

For each ordered pair the secret is boxed twice, first for the second person and then, around it,
for the first. Nothing else is needed for two of so few, and nothing here invents a cipher: each
box is libsodium's sealed box. Pure: it keeps nothing, reads no table and knows no people.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from union.kernel.errors import UnionError

Pair = tuple[int, int]
"""Who opens the outer box, who opens the inner one; never the same."""

FEWEST = 2
"""So many it takes, so that fewer cannot be given boxes."""


class PairBoxWrongError(UnionError):
    """A box does not open with this, or what is in it is not the secret it was made of."""

    code = "pair_box_wrong"


def box_for_pairs(secret: bytes, people: Mapping[int, bytes]) -> dict[Pair, bytes]:
    """The secret boxed for every ordered pair of these people, each given by her public half."""
    return {
        (first, second): close(close(secret, people[second]), people[first])
        for first, second in permutations(people, FEWEST)
    }


def close(content: bytes, public_key: bytes) -> bytes:
    """Box it so that only the other half opens it; forty-eight bytes longer."""
    return bytes(SealedBox(PublicKey(public_key)).encrypt(content))


def peel(box: bytes, secret: PrivateKey) -> bytes:
    """What is in a box; PairBoxWrongError if it is not for this secret half, or was changed."""
    try:
        return bytes(SealedBox(secret).decrypt(box))
    except (CryptoError, TypeError, ValueError) as error:
        raise PairBoxWrongError from error


def secret_half(content: bytes, public_key: bytes) -> PrivateKey:
    """What two have opened, as the secret half of this public one; PairBoxWrongError if it is not.

    A box that was put in another's place opens to another secret, or to none.
    """
    if len(content) != PrivateKey.SIZE:
        raise PairBoxWrongError
    secret = PrivateKey(content)
    if bytes(secret.public_key) != public_key:
        raise PairBoxWrongError
    return secret
