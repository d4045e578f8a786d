"""What somebody meant by keys or words: plain reading of an answer, and no guessing.

Her two digits are compared elsewhere, by keyed hash; here a text is only taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from union.kernel.money import western_digits

MOST_WRONG_TRIES = 4
"""A pair has a hundred forms; so many wrong ones end keypad, link and text for that page."""

CODE_LENGTH = 4
PAIR_LENGTH = 2

_CODE_AND_PAIR = re.compile(rf"(?<!\d)(\d{{{CODE_LENGTH}}})\D{{0,3}}(\d{{{PAIR_LENGTH}}})(?!\d)")
_CODE_ALONE = re.compile(rf"(?<!\d)(\d{{{CODE_LENGTH}}})(?!\d)")
_PAIR_ALONE = re.compile(rf"\D*(\d{{{PAIR_LENGTH}}})\D*")
MOST_WORDS = 3
"""So many words beside the figures are an answer; more are a message for a person."""


class Says(StrEnum):
    """What one word of hers means, in whichever of our languages she writes it."""

    NO = "no"
    THERE = "there"
    WELL = "well"
    HELP = "help"


_WORDS: dict[Says, frozenset[str]] = {
    says: frozenset(words.split())
    for says, words in {
        Says.HELP: """
            help sos sahaya sahaaya madad bachao kaapadi udavi sahayam
            ಸಹಾಯ ಕಾಪಾಡಿ मदद बचाओ वाचवा உதவி காப்பாற்று సహాయం సాయం కాపాడండి مدد بچاؤ
        """,
        Says.THERE: """
            there here arrived reached bande bandiddini talupide pahunch pahunchi pohochle
            vandhutten vachanu cherukunna ತಲುಪಿದೆ ಬಂದೆ ಬಂದಿದ್ದೇನೆ पहुँची पहुंची पहुँच पोहोचले पोचले
            வந்துவிட்டேன் சேர்ந்துவிட்டேன் వచ్చాను చేరుకున్నాను پہنچ پہنچی
        """,
        Says.WELL: """
            well ok fine safe chennagide theek thik bari nalam bagunnanu
            ಚೆನ್ನಾಗಿದ್ದೇನೆ ಕ್ಷೇಮ ठीक सुरक्षित बरी நலம் నలం బాగున్నాను ٹھیک خیریت
        """,
        Says.NO: """
            no nahi nahin na illa ille beda cannot cant busy sorry nako vendam kudiyadu ledu vaddu
            ಇಲ್ಲ ಬೇಡ ಆಗಲ್ಲ नहीं नही ना नको لا نہیں இல்லை வேண்டாம் లేదు వద్దు
        """,
    }.items()
}
"""Kannada, Hindi, Marathi, Tamil, Telugu, Urdu and English, also as they are written in Latin."""


class Meant(StrEnum):
    """What a text is, seen as an answer."""

    DIGITS = "digits"
    DECLINE = "decline"
    WORD = "word"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """A text taken apart: which page it names (``code``), which pair it carries, what it says.

    ``tells_more`` where words stand in it that a person should read besides.
    """

    meant: Meant
    code: str | None = None
    digits: str | None = None
    says: Says | None = None
    words: int = field(default=0, compare=False)

    @property
    def has_words(self) -> bool:
        """Whether anything but figures was written."""
        return self.words > 0

    @property
    def tells_more(self) -> bool:
        """Whether so much was written that it is no answer alone."""
        return self.words > MOST_WORDS


def read_answer(text: str) -> Answer:
    """Read "<code> <pair>", a bare pair, or "<code> no" in the scripts members write.

    A word of hers may stand beside them: that she is there, is well, cannot, or needs help.
    """
    plain = western_digits(text).strip()
    words = _words_of(plain)
    says = _said_by(words)
    both = _CODE_AND_PAIR.search(plain)
    if both:
        return Answer(Meant.DIGITS, both[1], both[2], says, len(words))
    found = _CODE_ALONE.search(plain)
    code = found[1] if found else None
    pair = _PAIR_ALONE.fullmatch(plain)
    if pair and len(words) <= MOST_WORDS:
        return Answer(Meant.DIGITS, None, pair[1], says, len(words))
    if says is Says.NO:
        return Answer(Meant.DECLINE, code, None, says, len(words))
    if says is Says.THERE:
        return Answer(Meant.WORD, code, None, says, len(words))
    return Answer(Meant.UNCLEAR, code)


_YES = frozenset(
    word
    for words in (
        "yes haan han haanji houdu howdu hoon aamaam aamam avunu hoy ok okay sari theek",
        "ಹೌದು ಸರಿ हाँ हां जी ठीक होय ஆமாம் ஆம் சரி అవును సరే ہاں جی ٹھیک",
    )
    for word in words.split()
)


_BUSY = frozenset({"cannot", "cant", "busy", "sorry", "kudiyadu", "ಆಗಲ್ಲ"})
"""Words of somebody who cannot come: no answer to whether something was changed by her."""


def says_yes(text: str) -> bool:
    """Whether a short text is a yes and nothing else; any other word is for a person to read."""
    return _is_only(text, _YES)


def says_no(text: str) -> bool:
    """Whether a short text is a refusal and nothing else; any other word is for a person."""
    return _is_only(text, _WORDS[Says.NO])


def denies(text: str) -> bool:
    """As ``says_no``, where being busy is no answer: it was not she who had it changed."""
    return _is_only(text, _WORDS[Says.NO] - _BUSY)


def _is_only(text: str, known: frozenset[str]) -> bool:
    words = _words_of(text)
    return 0 < len(words) <= MOST_WORDS and known.issuperset(words)


def _words_of(text: str) -> list[str]:
    said = text.casefold().replace("'", "").split()
    words = (word.strip(".,!-") for word in said)
    return [word for word in words if not all(sign.isdigit() or sign == "-" for sign in word)]


def _said_by(words: list[str]) -> Says | None:
    """The graver word counts: "no, help" is no refusal."""
    if len(words) > MOST_WORDS:
        return None
    return next((says for says, known in _WORDS.items() if known.intersection(words)), None)


def is_pair(digits: str) -> bool:
    """Whether the text is exactly two western digits."""
    return len(digits) == PAIR_LENGTH and digits.isascii() and digits.isdigit()
