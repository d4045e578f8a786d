"""The texts themselves, by language: each must mean nothing to whoever holds the phone (C5).

No name, place, kind of event or word of the union may stand here, and none may be filled in:
the only thing a text takes is a link made of a random token, a slip's number, or hours in figures.
In India a text must match one registered with the carriers word for word; `registered.py` knows
those numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union.gateways.port import VoiceScript
from union.kernel.errors import UnionError
from union.messages.rules.tongues import TONGUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINK_PATH = "/s/"
"""Where one-time links live: `<public address>/s/<token>`."""

ALLOWED_PARAMS = frozenset({"token", "slip", "when"})
"""What a text may take from outside: a link, a slip's number, or hours in figures."""

HOURS = re.compile(r"\d\d\.\d\d\./\d\d:\d\d-\d\d:\d\d")

DIGITS = 2

TEXTS: Mapping[str, Mapping[str, str]] = {
    "page": {
        "en": "Namaste. Slip {slip} is ready: {link}",
        "hi": "नमस्ते। पर्ची {slip} तैयार है: {link}",
        "kn": "ನಮಸ್ತೆ. ಚೀಟಿ {slip} ಸಿದ್ಧವಾಗಿದೆ: {link}",
        "mr": "नमस्कार. चिठ्ठी {slip} तयार आहे: {link}",
        "ta": "வணக்கம். சீட்டு {slip} தயார்: {link}",
        "te": "నమస్తే. చీటీ {slip} సిద్ధం: {link}",
        "ur": "آداب۔ پرچی {slip} تیار ہے: {link}",
    },
    "briefing": {
        "en": "Namaste. Please see slip {slip}: {link}",
        "hi": "नमस्ते। कृपया पर्ची {slip} देखें: {link}",
        "kn": "ನಮಸ್ತೆ. ದಯವಿಟ್ಟು ಚೀಟಿ {slip} ನೋಡಿ: {link}",
        "mr": "नमस्कार. कृपया चिठ्ठी {slip} पाहा: {link}",
        "ta": "வணக்கம். தயவுசெய்து சீட்டு {slip} பாருங்கள்: {link}",
        "te": "నమస్తే. దయచేసి చీటీ {slip} చూడండి: {link}",
        "ur": "آداب۔ براہ کرم پرچی {slip} دیکھیں: {link}",
    },
    "there": {
        "en": "Namaste. Please see slip {slip}: {link}",
        "hi": "नमस्ते। कृपया पर्ची {slip} देखें: {link}",
        "kn": "ನಮಸ್ತೆ. ದಯವಿಟ್ಟು ಚೀಟಿ {slip} ನೋಡಿ: {link}",
        "mr": "नमस्कार. कृपया चिठ्ठी {slip} पाहा: {link}",
        "ta": "வணக்கம். தயவுசெய்து சீட்டு {slip} பாருங்கள்: {link}",
        "te": "నమస్తే. దయచేసి చీటీ {slip} చూడండి: {link}",
        "ur": "آداب۔ براہ کرم پرچی {slip} دیکھیں: {link}",
    },
    "desk": {
        "en": "Namaste. Please look at your list.",
        "hi": "नमस्ते। कृपया अपनी सूची देखें।",
        "kn": "ನಮಸ್ತೆ. ದಯವಿಟ್ಟು ನಿಮ್ಮ ಪಟ್ಟಿ ನೋಡಿ.",
    },
    "offer": {
        "en": "Namaste. Are you free {when}? Write yes or no: {link}",
        "hi": "नमस्ते। {when} ख़ाली हैं? हाँ या नहीं लिखें: {link}",
        "kn": "ನಮಸ್ತೆ. {when} ಬಿಡುವಿದೆಯೇ? ಹೌದು ಅಥವಾ ಇಲ್ಲ ಎಂದು ಬರೆಯಿರಿ: {link}",
    },
    "down_for_it": {
        "en": "Thank you. We count on you.",
        "hi": "धन्यवाद। हमें आप पर भरोसा है।",
        "kn": "ಧನ್ಯವಾದ. ನಿಮ್ಮನ್ನು ನಂಬಿದ್ದೇವೆ.",
    },
    "come_by": {
        "en": "Namaste. Please come by or ring when you have time.",
        "hi": "नमस्ते। समय मिले तो आ जाएँ या फ़ोन कर लें।",
        "kn": "ನಮಸ್ತೆ. ಬಿಡುವಾದಾಗ ಬನ್ನಿ ಅಥವಾ ಫೋನ್ ಮಾಡಿ.",
    },
    "trial": {
        "en": "Namaste. This only tries whether words arrive here.",
        "hi": "नमस्ते। यह केवल देखने के लिए है कि संदेश यहाँ पहुँचता है या नहीं।",
        "kn": "ನಮಸ್ತೆ. ಮಾತು ಇಲ್ಲಿಗೆ ತಲುಪುತ್ತದೆಯೇ ಎಂದು ನೋಡಲು ಮಾತ್ರ.",
    },
    "changed": {
        "en": "Namaste. How you are reached was changed. If it was not you, tell us.",
        "hi": "नमस्ते। आप तक पहुँचने का तरीका बदला गया है। अगर आपने नहीं बदला, तो हमें बताएँ।",
        "kn": "ನಮಸ್ತೆ. ನಿಮ್ಮನ್ನು ತಲುಪುವ ರೀತಿ ಬದಲಾಗಿದೆ. ನೀವು ಬದಲಿಸದಿದ್ದರೆ ನಮಗೆ ತಿಳಿಸಿ.",
    },
    "changed_number": {
        "en": "Namaste. Your number with us was changed. If it was not you, write no in 3 days.",
        "hi": "नमस्ते। हमारे यहाँ आपका नंबर बदला गया है। अगर आपने नहीं बदला, तो 3 दिन में नहीं लिखें।",
        "kn": "ನಮಸ್ತೆ. ನಮ್ಮಲ್ಲಿ ನಿಮ್ಮ ಸಂಖ್ಯೆ ಬದಲಾಗಿದೆ. ನೀವು ಬದಲಿಸದಿದ್ದರೆ 3 ದಿನದಲ್ಲಿ ಇಲ್ಲ ಎಂದು ಬರೆಯಿರಿ.",
    },
    "changed_card": {
        "en": "Namaste. Your card with us was changed. If it was not you, write no in 3 days.",
        "hi": "नमस्ते। हमारे यहाँ आपका कार्ड बदला गया है। अगर आपने नहीं बदला, तो 3 दिन में नहीं लिखें।",
        "kn": "ನಮಸ್ತೆ. ನಮ್ಮಲ್ಲಿ ನಿಮ್ಮ ಕಾರ್ಡ್ ಬದಲಾಗಿದೆ. ನೀವು ಬದಲಿಸದಿದ್ದರೆ 3 ದಿನದಲ್ಲಿ ಇಲ್ಲ ಎಂದು ಬರೆಯಿರಿ.",
    },
    "changed_words": {
        "en": "Namaste. Your papers with us were changed. If it was not you, tell us.",
        "hi": "नमस्ते। हमारे यहाँ आपके काग़ज़ बदले गए हैं। अगर आपने नहीं बदले, तो हमें बताएँ।",
        "kn": "ನಮಸ್ತೆ. ನಮ್ಮಲ್ಲಿರುವ ನಿಮ್ಮ ಕಾಗದ ಬದಲಾಗಿದೆ. ನೀವು ಬದಲಿಸದಿದ್ದರೆ ನಮಗೆ ತಿಳಿಸಿ.",
    },
    "papers_end": {
        "en": "Namaste. Your papers with us end in 3 days, as you asked. If not, write no.",
        "hi": "नमस्ते। जैसा आपने कहा, हमारे यहाँ आपके काग़ज़ 3 दिन में ख़त्म होंगे। वरना नहीं लिखें।",
        "kn": "ನಮಸ್ತೆ. ನೀವು ಕೇಳಿದಂತೆ ನಮ್ಮಲ್ಲಿರುವ ನಿಮ್ಮ ಕಾಗದ 3 ದಿನದಲ್ಲಿ ಮುಗಿಯುತ್ತದೆ. ಬೇಡವಾದರೆ ಇಲ್ಲ ಎಂದು ಬರೆಯಿರಿ.",
    },
    "stand_down": {
        "en": "Thank you. Nothing more is needed.",
        "hi": "धन्यवाद। अब कुछ और नहीं चाहिए।",
        "kn": "ಧನ್ಯವಾದ. ಇನ್ನೇನೂ ಬೇಕಾಗಿಲ್ಲ.",
        "mr": "धन्यवाद. आता आणखी काही नको.",
        "ta": "நன்றி. இனி எதுவும் தேவையில்லை.",
        "te": "ధన్యవాదాలు. ఇంకేమీ అవసరం లేదు.",
        "ur": "شکریہ۔ اب کچھ اور نہیں چاہیے۔",
    },
    "callback": {
        "en": "Namaste. You rang us. Please stay on the line.",
        "hi": "नमस्ते। आपने हमें फ़ोन किया था। कृपया लाइन पर बने रहें।",
        "kn": "ನಮಸ್ತೆ. ನೀವು ನಮಗೆ ಕರೆ ಮಾಡಿದ್ದಿರಿ. ದಯವಿಟ್ಟು ಸಾಲಿನಲ್ಲೇ ಇರಿ.",
    },
    "receipt": {
        "en": "Thank you. Slip no. {slip}.",
        "hi": "धन्यवाद। पर्ची क्रमांक {slip}।",
        "kn": "ಧನ್ಯವಾದ. ಚೀಟಿ ಸಂಖ್ಯೆ {slip}.",
    },
    "reminder": {
        "en": "Namaste. Please look at your card when you have time.",
        "hi": "नमस्ते। समय मिले तो अपना कार्ड देख लें।",
        "kn": "ನಮಸ್ತೆ. ಬಿಡುವಾದಾಗ ನಿಮ್ಮ ಕಾರ್ಡ್ ನೋಡಿ.",
    },
    "reminder_second": {
        "en": "Namaste. Your card is still waiting to be looked at. Thank you.",
        "hi": "नमस्ते। आपका कार्ड अब भी देखे जाने की राह देख रहा है। धन्यवाद।",
        "kn": "ನಮಸ್ತೆ. ನಿಮ್ಮ ಕಾರ್ಡ್ ಇನ್ನೂ ನೋಡಬೇಕಾಗಿದೆ. ಧನ್ಯವಾದ.",
    },
    "reminder_third": {
        "en": "Namaste. Please come by or ring about your card. We find a way together.",
        "hi": "नमस्ते। अपने कार्ड के बारे में आकर या फ़ोन पर बात कर लें। मिलकर रास्ता निकालेंगे।",
        "kn": "ನಮಸ್ತೆ. ನಿಮ್ಮ ಕಾರ್ಡ್ ಬಗ್ಗೆ ಬಂದು ಅಥವಾ ಫೋನಿನಲ್ಲಿ ಮಾತಾಡಿ. ಒಟ್ಟಿಗೆ ದಾರಿ ಕಾಣೋಣ.",
    },
}

_PRESS: Mapping[str, str] = {
    "en": "Namaste. There is a word for you. Press your two numbers.",
    "hi": "नमस्ते। आपके लिए एक संदेश है। अपने दो अंक दबाएँ।",
    "kn": "ನಮಸ್ತೆ. ನಿಮಗೆ ಒಂದು ಮಾತಿದೆ. ನಿಮ್ಮ ಎರಡು ಅಂಕಿಗಳನ್ನು ಒತ್ತಿ.",
    "mr": "नमस्कार. तुमच्यासाठी एक निरोप आहे. तुमचे दोन आकडे दाबा.",
    "ta": "வணக்கம். உங்களுக்கு ஒரு சொல் இருக்கிறது. உங்கள் இரண்டு எண்களை அழுத்துங்கள்.",
    "te": "నమస్తే. మీకు ఒక మాట ఉంది. మీ రెండు అంకెలు నొక్కండి.",
    "ur": "آداب۔ آپ کے لیے ایک پیغام ہے۔ اپنے دو ہندسے دبائیں۔",
}

SPOKEN: Mapping[str, Mapping[str, str]] = {
    "page": _PRESS,
    "briefing": _PRESS,
    "there": _PRESS,
    "trial": {
        "en": "Namaste. This only tries whether it rings. Press any two numbers.",
        "hi": "नमस्ते। यह केवल देखने के लिए है कि घंटी बजती है। कोई भी दो अंक दबाएँ।",
        "kn": "ನಮಸ್ತೆ. ಗಂಟೆ ಬಾರಿಸುತ್ತದೆಯೇ ಎಂದು ನೋಡಲು ಮಾತ್ರ. ಯಾವುದಾದರೂ ಎರಡು ಅಂಕಿ ಒತ್ತಿ.",
    },
}
"""What a call says where it differs from the text; these wait for two digits."""

FAREWELL: Mapping[str, str] = {
    "en": "Thank you.",
    "hi": "धन्यवाद।",
    "kn": "ಧನ್ಯವಾದ.",
    "mr": "धन्यवाद.",
    "ta": "நன்றி.",
    "te": "ధన్యవాదాలు.",
    "ur": "شکریہ۔",
}


LANGUAGE_CODES: Mapping[str, str] = {
    "english": "en",
    "hindi": "hi",
    "kannada": "kn",
    "marathi": "mr",
    "tamil": "ta",
    "telugu": "te",
    "urdu": "ur",
}


class TextUnknownError(UnionError):
    """No text of this name: a mistake in the code."""

    code = "text_unknown"


class TextContentError(UnionError):
    """A text was handed something other than a token, a slip's number or hours in figures."""

    code = "text_content"


def check(template: str, params: Mapping[str, str | int]) -> None:
    """Refuse a text nobody wrote, or one that would carry content (C5)."""
    if template not in TEXTS:
        raise TextUnknownError(template=template)
    for name, value in params.items():
        plain = isinstance(value, int) or (value.isascii() and " " not in value)
        if name == "when":
            plain = isinstance(value, str) and HOURS.fullmatch(value) is not None
        if name not in ALLOWED_PARAMS or not plain:
            raise TextContentError(template=template)


def choose_language(template: str, languages: Sequence[str], home: str = "kn") -> str:
    """The first of her languages the text exists in, else the union's own, else English."""
    written = TEXTS[template]
    codes = [LANGUAGE_CODES.get(each.strip().lower(), each) for each in languages]
    return next((code for code in [*codes, home] if code in written), "en")


def words(
    template: str, language: str, params: Mapping[str, str | int], public_address: str
) -> str:
    """The text as it is sent; a text with a link and no token raises TextContentError."""
    text = TEXTS[template][language]
    needed = {"{link}": "token", "{slip}": "slip", "{when}": "when"}
    if any(blank in text and params.get(name) is None for blank, name in needed.items()):
        raise TextContentError(template=template)
    link = f"{public_address}{LINK_PATH}{params.get('token')}"
    return text.format(link=link, slip=params.get("slip"), when=params.get("when"))


def script(template: str, language: str, params: Mapping[str, str | int]) -> VoiceScript:
    """What a call says. The place is never in it: that is spoken after her digits."""
    farewell = (FAREWELL[language],)
    if template == "callback":
        say = (words(template, language, params, ""), *TONGUES.values())
        return VoiceScript(say=say, gather=1, then=farewell, language=language)
    if template in SPOKEN:
        spoken = (SPOKEN[template][language],)
        return VoiceScript(say=spoken, gather=DIGITS, then=farewell, language=language)
    return VoiceScript(
        say=(words(template, language, params, ""),), then=farewell, language=language
    )
