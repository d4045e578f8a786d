"""Our scripts never turn words into a page; our pages never carry a script or a style inside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTMLUnsafe"
    r"|createContextualFragment|srcdoc|javascript:"
    r"|set(?:Timeout|Interval)\(\s*[\"'`]|\.setAttribute\(\s*[\"']on"
)
SCRIPTS = sorted((CLONE / "static").glob("*.js"))
TEMPLATES = sorted((CLONE / "templates").rglob("*.html"))
PRINTED = {"figures_paper.html"}
"""A page that is handed out as a file, to be printed without anything beside it."""

INSIDE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:|\|\s*safe\b")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_a_page_of_words(script):
    assert SINKS.findall(script.read_text()) == []


def test_no_template_carries_a_script_a_style_or_unescaped_words():
    found = {
        path.relative_to(CLONE).as_posix(): INSIDE.findall(path.read_text())
        for path in TEMPLATES
        if path.name not in PRINTED
    }
    assert {name: some for name, some in found.items() if some} == {}


def test_only_the_board_reads_a_page_of_ours_as_a_page():
    """What it fetched from our own address is read into a page where nothing runs."""
    assert [path.name for path in SCRIPTS if "parseFromString" in path.read_text()] == ["board.js"]


def test_words_are_marked_as_sound_html_where_we_drew_them_ourselves():
    told = {
        path.relative_to(CLONE).as_posix()
        for path in (CLONE / "union").rglob("*.py")
        if re.search(r"\bMarkup\(|render_template_string|autoescape=False", path.read_text())
    }
    assert told == {"union/cli/replay/report.py", "union/web/codes.py"}
