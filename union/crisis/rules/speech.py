"""What a call of ours says to somebody who has given her two digits; plain words by language.

Only these words may name a place, and only after the digits: a voice leaves nothing on a phone.
"""

from __future__ import annotations

from union.gateways.port import VoiceScript

I_GO = "1"
I_CANNOT = "00"
_NOWHERE = {"en": "the main post office", "kn": "ಮುಖ್ಯ ಅಂಚೆ ಕಚೇರಿ", "hi": "मुख्य डाकघर"}
"""Told under duress: a place that every town has, and where nobody waits."""

_SAYS = {
    "en": (
        "Go to:",
        "Press 1 if you know the way and go now.",
        "Thank you. Go safely.",
        "Thank you.",
        "Those were not your numbers. Press them once more.",
        "Somebody will tell you the place by telephone.",
    ),
    "kn": (
        "ಇಲ್ಲಿಗೆ ಹೋಗಿ:",
        "ದಾರಿ ಗೊತ್ತಿದ್ದು ಈಗ ಹೊರಟರೆ 1 ಒತ್ತಿ.",
        "ಧನ್ಯವಾದ. ಜಾಗ್ರತೆಯಿಂದ ಹೋಗಿ.",
        "ಧನ್ಯವಾದ.",
        "ಅವು ನಿಮ್ಮ ಅಂಕಿಗಳಲ್ಲ. ಮತ್ತೊಮ್ಮೆ ಒತ್ತಿ.",
        "ಜಾಗವನ್ನು ಫೋನಿನಲ್ಲಿ ಹೇಳುತ್ತೇವೆ.",
    ),
    "hi": (
        "यहाँ जाइए:",
        "रास्ता पता हो और अभी निकलें तो 1 दबाएँ।",
        "धन्यवाद। सँभलकर जाइए।",
        "धन्यवाद।",
        "ये आपके अंक नहीं थे। फिर से दबाएँ।",
        "जगह आपको फ़ोन पर बताई जाएगी।",
    ),
}


def nowhere(language: str) -> str:
    """The place that is told under duress, in the language the rest is told in."""
    return _NOWHERE.get(language, _NOWHERE["en"])


def meeting_place(place: str, language: str) -> VoiceScript:
    """Where to go, and one key to say that she goes."""
    go, press, _, end, _, later = _said(language)
    return VoiceScript(
        say=(go, place, press) if place else (later, press),
        gather=1,
        then=(end,),
        language=language,
    )


def thanks(language: str) -> VoiceScript:
    """She goes."""
    return VoiceScript(say=(_said(language)[2],), language=language)


def farewell(language: str) -> VoiceScript:
    """Nothing more is needed of her."""
    return VoiceScript(say=(_said(language)[3],), language=language)


def again(language: str) -> VoiceScript:
    """The digits were not hers."""
    return VoiceScript(
        say=(_said(language)[4],), gather=2, then=(_said(language)[3],), language=language
    )


def _said(language: str) -> tuple[str, str, str, str, str, str]:
    return _SAYS.get(language, _SAYS["en"])
