"""Short codes of our own in a payment's note: no words, one figure to check, nothing to a stranger.

Banks write notes in capitals and cut them: nine letters and figures without I, L, O and U.
"""

from __future__ import annotations

import re

from union.kernel.ids import ALPHABET, new_ref

LETTERS = ALPHABET.upper()
_RANDOM = 8
_FOUND = re.compile(rf"(?<![A-Z0-9])[{LETTERS}]{{{_RANDOM + 1}}}(?![A-Z0-9])")


def new_code() -> str:
    """A new code: forty random bits and a check letter."""
    body = new_ref()[:_RANDOM].upper()
    return body + _check(body)


def is_code(text: str) -> bool:
    """Whether it could be one of ours: its check letter is right."""
    return len(text) == _RANDOM + 1 and set(text) <= set(LETTERS) and _check(text[:-1]) == text[-1]


def codes_in(text: str) -> tuple[str, ...]:
    """What could be codes of ours in a narration, in their order."""
    return tuple(dict.fromkeys(one for one in _FOUND.findall(text.upper()) if is_code(one)))


def _check(body: str) -> str:
    """Weights 1, 3, 5 … are odd, so that one wrong letter always shows."""
    total = sum(LETTERS.index(letter) * (2 * place + 1) for place, letter in enumerate(body))
    return LETTERS[total % len(LETTERS)]
