"""A slip carries every script our names are written in, with the letters as they are printed."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.letters import WHOLE
from union.web import paper

NAMES = ("Rani", "ರಾಣಿ", "कमला", "ராணி", "రాణి")


def slip_of(name: str) -> bytes:
    slip = paper.Slip()
    slip.heading(name, "12")
    slip.large("₹ 20")
    return slip.as_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_letters_of_tests_print_the_same_words(name):
    assert WHOLE != paper.FONTS
    (page,) = PdfReader(io.BytesIO(slip_of(name))).pages
    assert page.extract_text().split() == [name, "12", "₹", "20"]


@pytest.mark.usefixtures("whole_letters")
def test_the_letters_of_earnest_print_every_script():
    assert WHOLE == paper.FONTS
    for name in NAMES:
        (page,) = PdfReader(io.BytesIO(slip_of(name))).pages
        assert page.extract_text().split() == [name, "12", "₹", "20"]
