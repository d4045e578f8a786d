"""The search itself: every wrapping it is to see through is planted, and found."""

from __future__ import annotations

import base64
import gzip
import io
import json
import pickle
import quopri
import zipfile
import zlib
from urllib.parse import quote

import pytest

from tests.canary import planting
from tests.canary.planting import MARK, PLANTED
from tests.canary.searching import find, find_all, find_in_files

WORD, KANNADA, NUMBER = "Qz7kamala", "ಕನಾರಿಪಕ್ಷಿ", "+915845098765"
WORDS = (WORD, KANNADA, NUMBER)


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.xml", data)
    return file.getvalue()


WRAPS = {
    "plain": bytes,
    "base64": base64.b64encode,
    "base64 in lines": base64.encodebytes,
    "base64 for addresses": base64.urlsafe_b64encode,
    "base64, one sign later": lambda data: base64.b64encode(b"x" + data),
    "base64, two signs later": lambda data: base64.b64encode(b"xy" + data),
    "base64 after other signs": lambda data: b"abc" + base64.b64encode(data),
    "hexadecimal": lambda data: data.hex().encode(),
    "a dump's bytes": lambda data: b"\\\\x" + data.hex().upper().encode(),
    "hexadecimal after a digit": lambda data: b"a" + data.hex().encode(),
    "packed": zlib.compress,
    "packed tightly": lambda data: zlib.compress(data, 9),
    "packed loosely": lambda data: zlib.compress(data, 1),
    "gzip": gzip.compress,
    "zip": zipped,
    "quoted for mail": quopri.encodestring,
    "a pickle": pickle.dumps,
}


@pytest.mark.parametrize("outer", WRAPS)
def test_what_is_wrapped_twice_is_found(outer):
    for inner, wrap in WRAPS.items():
        for word in WORDS:
            wrapped = WRAPS[outer](wrap(b"before " + word.encode() + b" after"))
            found = find(b"\x00\xff noise " + wrapped + b" noise", WORDS)
            assert found == {word}, (inner, word)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "write",
    [
        lambda word: json.dumps({"a": word}).encode(),
        lambda word: json.dumps(json.dumps({"a": word})).encode(),
        lambda word: quote(word).encode(),
        lambda word: word.encode("utf-16-le"),
        lambda word: word.encode("utf-16-be").hex().encode(),
        lambda word: "".join(f"&#{ord(sign)};" for sign in word).encode(),
        lambda word: word.upper().encode(),
        lambda word: repr(word).encode(),
        lambda word: f"tel:{word.removeprefix('+91')}".encode(),
    ],
)
def test_what_programs_write_is_found(word, write):
    assert word in find(b"so: " + write(word) + b".", WORDS)


def test_a_torn_stream_tells_what_came_before_the_tear():
    packed = zlib.compress(WORD.encode() * 3 + bytes(range(256)) * 2000)
    assert find(packed[: len(packed) // 2], WORDS) == {WORD}


def test_what_is_not_there_is_not_found():
    assert find(bytes(range(256)) * 64 + b"Qz8kamala +915845098764", WORDS) == set()


def test_of_a_folder_names_and_contents_are_searched(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/{WORD}.txt").write_bytes(b"nothing")
    (tmp_path / "in/other.gz").write_bytes(gzip.compress(NUMBER.encode()))
    (tmp_path / "in/quiet").write_bytes(b"nothing")
    assert find_in_files(tmp_path, WORDS) == {
        f"in/{WORD}.txt": {WORD},
        "in/other.gz": {NUMBER},
    }


@pytest.mark.parametrize("country", ["", "0", "91", "+91", "0091"])
@pytest.mark.parametrize("wrap", WRAPS)
def test_a_planted_number_is_found_with_its_country_and_without(country, wrap):
    said = f"tel:{country}{planting.NUMBER}123;{MARK}42,".encode()
    assert find_all(WRAPS[wrap](said), PLANTED) >= {f"{planting.NUMBER}123", f"{MARK}42"}


@pytest.mark.parametrize("around", ["a{}b", "12{}", "{}4", "c91{}f"])
def test_figures_inside_others_are_no_planted_number(around):
    assert find_all(around.format(f"{planting.NUMBER}123").encode(), PLANTED) == set()
