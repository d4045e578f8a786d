"""Sealed files: only the recipient opens them, and only as they were written."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.infra.sealed_files import (
    PIECE,
    RecipientUnreadableError,
    SealedFileDamagedError,
    SealedForOthersError,
    new_recipient,
    open_file,
    opener,
    recipient,
    seal_file,
    sha256_of,
)

HERS, FOR_HER = new_recipient()
ANOTHERS, FOR_ANOTHER = new_recipient()
CONTENT = b"what a woman told us, " * 12_000
"""A little more than four pieces."""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "one.sealed"
    seal_file(path, [recipient(FOR_HER)], "main", [CONTENT])
    return path


def read(file, secret=HERS, what="main"):
    return b"".join(open_file(file, opener(secret), what))


def test_what_was_sealed_opens_and_lies_nowhere_in_the_clear(file):
    assert read(file) == CONTENT
    assert b"woman" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_each_of_several_recipients_opens_it(tmp_path):
    path = tmp_path / "two.sealed"
    sealed = seal_file(path, [recipient(FOR_HER), recipient(FOR_ANOTHER)], "main", [CONTENT])
    assert read(path, HERS) == read(path, ANOTHERS) == CONTENT
    assert (sealed.bytes, sealed.sha256) == (path.stat().st_size, sha256_of(path))


def test_nobody_else_opens_it(file):
    with pytest.raises(SealedForOthersError):
        read(file, ANOTHERS)


def test_one_kind_is_not_taken_for_another(file):
    with pytest.raises(SealedFileDamagedError):
        read(file, what="keys")


@given(st.lists(st.integers(0, 2 * PIECE + 3), max_size=4))
def test_any_parts_come_back_as_one(tmp_path_factory, lengths):
    path = tmp_path_factory.mktemp("sealed") / "parts.sealed"
    parts = [os.urandom(length) for length in lengths]
    seal_file(path, [recipient(FOR_HER)], "main", parts)
    assert read(path) == b"".join(parts)


@given(st.integers(0, 262_600), st.integers(1, 255))
def test_no_byte_may_change(tmp_path_factory, place, change):
    path = tmp_path_factory.mktemp("sealed") / "one.sealed"
    seal_file(path, [recipient(FOR_HER)], "main", [CONTENT])
    whole = bytearray(path.read_bytes())
    whole[place % len(whole)] ^= change
    path.write_bytes(whole)
    with pytest.raises((SealedFileDamagedError, SealedForOthersError)):
        read(path)


def test_it_may_not_be_cut_between_two_pieces(file):
    whole = file.read_bytes()
    head = len(whole) - len(CONTENT) - 17 * -(-len(CONTENT) // PIECE)
    for end in (0, 5, head - 30, head, head + PIECE + 17, head + 2 * (PIECE + 17), len(whole) - 1):
        file.write_bytes(whole[:end])
        with pytest.raises(SealedFileDamagedError):
            read(file)


def test_nothing_may_be_added_or_moved(file):
    whole = file.read_bytes()
    piece = PIECE + 17
    first = len(whole) - len(CONTENT) - 17 * -(-len(CONTENT) // PIECE)
    swapped = (
        whole[:first]
        + whole[first + piece : first + 2 * piece]
        + whole[first : first + piece]
        + whole[first + 2 * piece :]
    )
    for wrong in (whole + b"\x00", whole + whole[-piece:], swapped):
        file.write_bytes(wrong)
        with pytest.raises(SealedFileDamagedError):
            read(file)


def test_what_breaks_off_leaves_nothing(tmp_path):
    def breaks():
        yield CONTENT
        raise InterruptedError

    with pytest.raises(InterruptedError):
        seal_file(tmp_path / "one.sealed", [recipient(FOR_HER)], "main", breaks())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    ["", "sangha-for-", FOR_HER[:-4], FOR_HER.upper(), HERS],
    ids=["nothing", "only the beginning", "cut", "in capitals", "the other half"],
)
def test_what_is_no_recipient_is_refused(said):
    with pytest.raises(RecipientUnreadableError):
        recipient(said)


def test_the_public_half_opens_nothing():
    with pytest.raises(RecipientUnreadableError):
        opener(FOR_HER)
