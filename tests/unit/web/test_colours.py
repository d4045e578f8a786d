"""Every colour that carries words can be read on every paper, in light, in dark and at night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "static"
WORDS_ON_PAPER = (
    "ink",
    "quiet",
    "accent",
    "due",
    "waiting",
    "asked",
    "coming",
    "there",
    "settled",
    "sealed",
    "hole",
)
PAPERS = ("paper", "sheet", "wash")
ENOUGH_FOR_WORDS = 4.5
ENOUGH_FOR_EDGES = 3.0


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))


def schemes() -> dict[str, dict[str, str]]:
    book = (STATIC / "book.css").read_text()
    night = (STATIC / "night.css").read_text()
    accents = book.index(":root[data-accent")
    darkness = book.index("@media (prefers-color-scheme: dark)")
    dark_accents = book.index(":root[data-accent", darkness)
    light = tokens(book[:accents])
    dark = {**light, **tokens(book[darkness:dark_accents])}
    room = {**dark, **tokens(night[: night.index(".board")])}
    lamp = {**room, **tokens(night[night.index(".lit {") : night.index(".lit h3")])}
    every = {"light": light, "dark": dark, "night": room, "lamp": lamp}
    end = book.index("/* ---- the sheet")
    for name, chosen in re.findall(r'data-accent="(\w+)"\] \{([^}]*)\}', book[accents:darkness]):
        every[f"light {name}"] = {**light, **tokens(chosen)}
    for name, chosen in re.findall(r'data-accent="(\w+)"\] \{([^}]*)\}', book[dark_accents:end]):
        every[f"dark {name}"] = {**dark, **tokens(chosen)}
    for scheme in every.values():
        scheme.setdefault("act", scheme["accent"])
        scheme.setdefault("on-act", scheme["on-accent"])
    return every


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", schemes())
def test_words_can_be_read(name: str) -> None:
    scheme = schemes()[name]
    pairs = [(words, paper) for words in WORDS_ON_PAPER for paper in PAPERS]
    pairs += [("on-act", "act"), ("on-cloth", "cloth")]

    faint = {
        pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 2)
        for pair in pairs
        if contrast(scheme[pair[0]], scheme[pair[1]]) < ENOUGH_FOR_WORDS
    }

    assert faint == {}


@pytest.mark.parametrize("name", schemes())
def test_edges_of_fields_can_be_seen(name: str) -> None:
    scheme = schemes()[name]
    assert all(contrast(scheme["edge"], scheme[paper]) >= ENOUGH_FOR_EDGES for paper in PAPERS)


def test_there_are_as_many_accents_in_the_dark_as_by_day() -> None:
    names = schemes()
    assert {name[6:] for name in names if name.startswith("light ")} == {
        name[5:] for name in names if name.startswith("dark ")
    }
