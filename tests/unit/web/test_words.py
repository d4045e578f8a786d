"""The catalogues: translations keep their figures; what is compiled is what was written."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from union.web.look import TONGUES

WORDS = Path(__file__).parents[3] / "union" / "translations"
CODES = sorted(set(TONGUES) - {"en"})
HOLE = re.compile(r"%\(\w+\)s")


def catalogue(code: str) -> Catalog:
    with (WORDS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", CODES)
def test_every_figure_has_its_place_in_the_translation(code: str) -> None:
    for message in catalogue(code):
        if isinstance(message.id, str) and message.id and message.string:
            assert sorted(HOLE.findall(message.string)) == sorted(HOLE.findall(message.id))


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_words_are_the_written_ones(code: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(code))
    fresh.seek(0)
    with (WORDS / code / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        held = {str(one.id): one.string for one in read_mo(file) if one.id}
    assert held == {str(one.id): one.string for one in read_mo(fresh) if one.id}


@pytest.mark.parametrize("code", CODES)
def test_what_a_member_meets_first_is_translated(code: str) -> None:
    words = catalogue(code)
    for said in ("Whose notebook is this?", "You have paid up to %(month)s.", "Leave", "due"):
        message = words.get(said)
        assert message is not None
        assert message.string
