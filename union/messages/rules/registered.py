"""Texts as a country's carriers registered them: which number each has there, and which have none.

In India a text that matches no registered one is dropped on its way, without a word to anybody.
So one that has no number is refused here, where another way can still be tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from union.gateways.port import GatewayRefusedError
from union.infra.ways_settings import Registration
from union.kernel.phone import country_of
from union.messages.rules.texts import TEXTS

VARIABLE = "{#var#}"
"""How registers write what is filled in."""

_FILLED: Mapping[str, str] = {"{slip}": r"\S{1,30}", "{link}": r"\S+", "{when}": r"\S{1,30}"}


class TextNotRegisteredError(GatewayRefusedError):
    """The carriers of this number's country know no such text."""

    code = "text_not_registered"


def registered(
    registrations: Mapping[str, Registration],
) -> Callable[[str, str], Mapping[str, str]]:
    """A function of number and text: the sender's number there (`entity`) and the text's.

    It says nothing for countries that ask for no registration, and raises TextNotRegisteredError
    for a text without a number where one is needed.
    """
    patterns = {
        country: [(_pattern(name), number) for name, number in held.texts.items() if _is_ours(name)]
        for country, held in registrations.items()
    }

    def marks(to_e164: str, text: str) -> Mapping[str, str]:
        country = country_of(to_e164)
        if country is None or country not in registrations:
            return {}
        number = next((one for pattern, one in patterns[country] if pattern.fullmatch(text)), None)
        if number is None:
            raise TextNotRegisteredError
        return {"entity": registrations[country].entity, "template": number}

    return marks


def missing(registrations: Mapping[str, Registration]) -> list[tuple[str, str]]:
    """The texts without a number, as (country, "template.language")."""
    return [
        (country, name)
        for country, held in sorted(registrations.items())
        for name in all_texts()
        if not held.texts.get(name)
    ]


def all_texts() -> Mapping[str, str]:
    """Every text we send, as it is to be registered, by "template.language".

    Two that say the same are one there, under the first one's name.
    """
    named: dict[str, str] = {}
    for template, by_language in TEXTS.items():
        for language, text in by_language.items():
            named.setdefault(re.sub(r"\{\w+\}", VARIABLE, text), f"{template}.{language}")
    return {name: text for text, name in named.items()}


def _is_ours(name: str) -> bool:
    template, _, language = name.partition(".")
    return language in TEXTS.get(template, {})


def _pattern(name: str) -> re.Pattern[str]:
    template, _, language = name.partition(".")
    parts = re.split(r"(\{\w+\})", TEXTS[template][language])
    return re.compile("".join(_FILLED.get(part) or re.escape(part) for part in parts))
