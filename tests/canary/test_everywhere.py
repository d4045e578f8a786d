"""P5: what was planted is in no profile of a browser, no cache, no file of the database, no backup.

Nor in a file that somebody takes along who may not have it, in what a job that failed leaves
behind, or in what a process that falls would leave. Each search is shown to find.
"""

from __future__ import annotations

import re

import pytest

from tests.canary import profiles
from tests.canary.planting import MARK, PLANTED, WORDS_EACH
from tests.canary.scenes.stage import FIRST_WORD
from tests.canary.searching import find_all
from tests.canary.system import AT_THE_BANK, IN_THE_REGISTER

pytestmark = pytest.mark.outside

PUBLIC_ADDRESSES = ("/static/", "/away/nothing.svg")
REF, ENDING = re.compile(r"(?<=/)[a-z]{12}$"), re.compile(r"\.\w+$")
FEWEST_FILES = 5
"""So many different files were taken along at least."""

MAY_CARRY: dict[tuple[str, str], set[str]] = {
    ("collector", "/dues/cash/*/sheet"): {"register"},
    ("member", "/dues/receipt/*"): {"register"},
}
"""Who takes along which file (its address without what differs), and whose words may be in it."""


def kind_of(word: str) -> str:
    """Where a planted word was written: in a register, a bank's file, a form, a scene, a number."""
    if not word.startswith(MARK):
        return "number"
    number = int(word.removeprefix(MARK))
    kinds = (
        (FIRST_WORD, "scene"),
        (WORDS_EACH, "form"),
        (AT_THE_BANK, "bank"),
        (IN_THE_REGISTER, "register"),
    )
    return next(kind for least, kind in kinds if number >= least)


def test_no_profile_of_a_browser_holds_a_word(system):
    for name in (profiles.LEFT, profiles.KILLED):
        assert system.seen.pages[name] > 0, "no page showed a word: nothing was to be found"
        found: dict[str, set[str]] = {}
        for path in sorted((system.seen.folder / name).rglob("*")):
            if path.is_file() and not path.is_symlink():
                words = find_all(path.name.encode() + b"\n" + path.read_bytes(), PLANTED)
                for word in words:
                    found.setdefault(word, set()).add(path.name)
        assert found.pop(profiles.CONTROL, None), "what may be kept was not found"
        assert found == {}, name


def test_no_answer_that_a_browser_may_keep_carries_a_word(system):
    storable = {}
    for walker in system.walkers.values():
        storable |= walker.storable
    assert {one: words for one, words in storable.items() if words} == {}
    assert {one for one in storable if not one.startswith(PUBLIC_ADDRESSES)} == set()


def test_a_file_carries_the_words_it_is_for_and_no_others(system):
    taken: dict[tuple[str, str], set[str]] = {}
    # Who changes what somebody is called writes into the register, whoever is quicker.
    called = set().union(*(walker.called for walker in system.walkers.values()))
    for name, walker in system.walkers.items():
        for address, words in walker.files.items():
            if not address.startswith(PUBLIC_ADDRESSES):
                kind = taken.setdefault((name, REF.sub("*", ENDING.sub("", address))), set())
                kind.update("register" if one in called else kind_of(one) for one in words)
    assert len({address for _, address in taken}) >= FEWEST_FILES, sorted(taken)
    more = {one: kinds - MAY_CARRY.get(one, set()) for one, kinds in taken.items()}
    assert {one: kinds for one, kinds in more.items() if kinds} == {}


def test_a_backup_shows_nothing_to_whoever_cannot_open_it(system):
    files = [path for path in system.backups.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".json"}
    for path in files:
        assert find_all(path.name.encode() + b"\n" + path.read_bytes(), PLANTED) == set(), path


def test_a_process_that_falls_leaves_nothing(system):
    assert len(system.limits) > 3, system.limits
    assert {name: said for name, said in system.limits.items() if said != ["0", "0"]} == {}
    for folder in (system.folder, system.endpoints.data):
        assert [path for path in folder.rglob("core*") if path.is_file()] == []
