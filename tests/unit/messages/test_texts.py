from __future__ import annotations

import re

import pytest

from union.messages.rules import texts

TELLING = [
    "union",
    "crisis",
    "police",
    "raid",
    "violence",
    "sex",
    "worker",
    "sangha",
    "member",
    "help",
    "attack",
    "hospital",
    "incident",
    "emergency",
    "fund",
    "team",
    "ಸಂಘ",
    "ಪೊಲೀಸ್",
    "ಸಹಾಯ",
    "पुलिस",
    "संघ",
    "मदद",
    "सदस्य",
]

EVERY = [
    (template, language, text)
    for table in (texts.TEXTS, texts.SPOKEN)
    for template, written in table.items()
    for language, text in written.items()
]


@pytest.mark.parametrize(("template", "language", "text"), EVERY)
def test_no_text_gives_anything_away(template, language, text):
    said = text.lower()
    assert not [word for word in TELLING if word in said]
    assert set(re.findall(r"\{(\w+)\}", text)) <= {"link", "slip", "when"}


@pytest.mark.parametrize("template", texts.TEXTS)
def test_every_text_is_there_in_the_three_languages(template):
    assert {"en", "hi", "kn"} <= set(texts.TEXTS[template])
    assert set(texts.SPOKEN.get(template, {"en": "", "hi": "", "kn": ""})) >= {"en", "hi", "kn"}


def test_a_text_of_a_page_fits_two_parts():
    link = f"https://example.org{texts.LINK_PATH}{'x' * 22}"
    for text in texts.TEXTS["page"].values():
        assert len(text.format(link=link, slip=4821)) <= 134


@pytest.mark.parametrize(
    "params",
    [
        {"place": "KR"},
        {"token": "a b"},
        {"slip": "ಕಲಾಸಿಪಾಳ್ಯ"},
        {"name": "Julie"},
        {"when": "Bidar"},
        {"when": "24.11./20:00-08:00Bidar"},
        {"when": 2411},
    ],
)
def test_content_is_refused_before_it_is_kept(params):
    with pytest.raises(texts.TextContentError):
        texts.check("page", params)


def test_a_text_nobody_wrote_is_refused():
    with pytest.raises(texts.TextUnknownError):
        texts.check("hello", {})


def test_a_link_without_a_token_is_refused():
    with pytest.raises(texts.TextContentError):
        texts.words("page", "en", {}, "https://example.org")


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [
        (["Kannada"], "kn"),
        (["ta", "hi"], "ta"),
        (["Konkani", "hi"], "hi"),
        (["Tulu"], "kn"),
        ([], "kn"),
        (["English"], "en"),
    ],
)
def test_she_is_told_in_a_language_she_speaks(languages, chosen):
    assert texts.choose_language("page", languages) == chosen


def test_a_call_waits_for_two_digits_and_says_no_place():
    script = texts.script("page", "en", {"token": "t"})
    assert script.gather == 2
    assert "http" not in " ".join(script.say)
