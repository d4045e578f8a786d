from __future__ import annotations

import pytest

from union.infra.ways_settings import Registration
from union.messages.rules.registered import (
    TextNotRegisteredError,
    all_texts,
    missing,
    registered,
)
from union.messages.rules.texts import TEXTS, words

HERS, ABROAD = "+915830166131", "+447700900123"
EVERY = {name: f"11{number:04d}" for number, name in enumerate(all_texts())}
PARAMS = {"token": "abc-DEF_123", "slip": "4821", "when": "24.11./20:00-08:00"}


@pytest.mark.parametrize("name", all_texts())
def test_every_text_as_it_is_sent_is_found_under_its_own_number(name):
    template, _, language = name.partition(".")
    sent = words(template, language, PARAMS, "https://union.example")
    marks = registered({"IN": Registration("1101", EVERY)})(HERS, sent)
    assert marks == {"entity": "1101", "template": EVERY[name]}


def test_two_texts_that_say_the_same_need_one_number_and_no_text_is_forgotten():
    marks = registered({"IN": Registration("1101", EVERY)})
    for template, by_language in TEXTS.items():
        for language in by_language:
            assert marks(HERS, words(template, language, PARAMS, "https://union.example"))
    assert len(set(all_texts().values())) == len(all_texts())


def test_a_text_without_a_number_is_refused_there_and_only_there():
    marks = registered({"IN": Registration("1101", {"desk.en": "1107", "nonsense.xx": "1"})})
    with pytest.raises(TextNotRegisteredError):
        marks(HERS, TEXTS["desk"]["kn"])
    with pytest.raises(TextNotRegisteredError):
        marks(HERS, f"{TEXTS['desk']['en']} And more.")
    assert marks(ABROAD, TEXTS["desk"]["kn"]) == {}
    assert registered({})(HERS, "anything") == {}


def test_what_is_missing_is_named_and_texts_are_shown_as_registers_write_them():
    held = {name: number for name, number in EVERY.items() if name != "page.kn"}
    assert missing({"IN": Registration("1101", {**held, "desk.hi": ""})}) == [
        ("IN", "page.kn"),
        ("IN", "desk.hi"),
    ]
    assert all_texts()["page.en"] == "Namaste. Slip {#var#} is ready: {#var#}"
