"""Letters for the papers that tests print: the family's own, cut down to the scripts we write in.

Every paper reads its letters anew: the whole family takes a third of a second each time, what is
cut from it less than a tenth. Kept from run to run, by what the files hold. That the whole family
prints as well is asked in ``tests/unit/web/test_paper.py``.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fontTools import subset

from union.web import paper

WHOLE = paper.FONTS
SCRIPTS = (
    range(0x20, 0x250),  # Latin
    range(0x900, 0xE00),  # of India
    range(0x2000, 0x2070),  # punctuation
    range(0x20A0, 0x20D0),  # currencies
    range(0x2100, 0x2700),  # arrows, marks, boxes
)


@dataclass(frozen=True, slots=True)
class FewerLetters:
    """A folder of letters in which each file is cut when it is first asked for."""

    kept: Path

    def __truediv__(self, name: str) -> Path:
        return cut_of(WHOLE / name, self.kept)


@cache
def cut_of(file: Path, kept: Path) -> Path:
    """A file of these letters only, made now if it was never made of this one."""
    mark = hashlib.sha256(repr(SCRIPTS).encode() + file.read_bytes()).hexdigest()[:16]
    cut = kept / f"{mark}-{file.name}"
    with (kept / "turn").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not cut.exists():
            half = cut.with_suffix(".half")
            cut_letters(file, half)
            half.rename(cut)
    return cut


def cut_letters(file: Path, into: Path) -> None:
    """The letters of ``SCRIPTS`` with all that shapes them, and no others."""
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    options.hinting = options.recalc_timestamp = False
    letters = subset.load_font(str(file), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[sign for script in SCRIPTS for sign in script])
    cutter.subset(letters)
    subset.save_font(letters, str(into), options)
    letters.close()


@pytest.fixture(scope="session", autouse=True)
def fewer_letters(request: pytest.FixtureRequest) -> Iterator[None]:
    kept = request.config.cache.mkdir("letters")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper, "FONTS", FewerLetters(kept))
        yield


@pytest.fixture
def whole_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The letters as they are printed in earnest."""
    monkeypatch.setattr(paper, "FONTS", WHOLE)
