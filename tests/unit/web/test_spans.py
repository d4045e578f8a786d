"""How long something took, in words that can be read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture(scope="module")
def said():
    paper = Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    paper.install_null_translations(newstyle=True)
    return paper.get_template("parts/spans.html").module


@pytest.mark.parametrize(
    ("minutes", "short", "within"),
    [
        (0, "at once", "at once"),
        (0.004, "at once", "at once"),
        (1 / 60, "1 s", "within 1 second"),
        (0.5, "30 s", "within 30 seconds"),
        (0.995, "1 min", "within 1 minute"),
        (1, "1 min", "within 1 minute"),
        (88, "88 min", "within 88 minutes"),
        (119.6, "2 h", "within 2 hours"),
        (150, "2.5 h", "within 2.5 hours"),
        (2880, "2 days", "within 2 days"),
    ],
)
def test_a_span_reads_as_people_say_it(said, minutes, short, within):
    assert str(said.short(minutes)) == short
    assert str(said.within(minutes)) == within


def test_what_never_came_is_a_stroke(said):
    assert str(said.short(None)) == "–"
