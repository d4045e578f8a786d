"""Version 2026-11-22. Compared with public copies of the Acts; of what carries a star we had none.

Of BNSS 43(5) the High Court at Madras (Deepa v. S. Vijayalakshmi, 2025) said that an arrest at
night is not void for that alone; the officer must then explain herself. The words here ask to see
the permission and promise nothing. A lawyer and native speakers should read all of it once.
"""

from __future__ import annotations

from datetime import date

from union.crisis.rules.station.values import LegalLine, LegalSource, Part, Sheet

_CODE = date(2024, 7, 1)
_ARTICLE = date(1950, 1, 26)


def _bnss(section: str, *, compared: bool = True) -> LegalSource:
    return LegalSource("BNSS 2023", section, _CODE, compared)


def _article(section: str) -> LegalSource:
    return LegalSource("Constitution", section, _ARTICLE)


def _ask(en: str, kn: str, hi: str, *sources: LegalSource) -> LegalLine:
    return LegalLine(Part.ASK, {"en": en, "kn": kn, "hi": hi}, sources)


def _write(en: str, kn: str, hi: str) -> LegalLine:
    return LegalLine(Part.WRITE, {"en": en, "kn": kn, "hi": hi})


SHEET = Sheet(
    version="2026-11-22",
    used_from=date(2026, 11, 22),
    checked_on=date(2026, 11, 22),
    title={"en": "At the counter", "kn": "ಕೌಂಟರ್‌ನಲ್ಲಿ", "hi": "काउंटर पर"},
    entry={"en": "I came in at", "kn": "ನಾನು ಒಳಗೆ ಬಂದ ಸಮಯ", "hi": "मैं अंदर आई, समय"},
    parts={
        Part.ASK: {"en": "Ask for this", "kn": "ಇದನ್ನು ಕೇಳಿ", "hi": "यह माँगिए"},
        Part.WRITE: {"en": "Write this down", "kn": "ಇದನ್ನು ಬರೆದುಕೊಳ್ಳಿ", "hi": "यह लिख लीजिए"},
    },
    lines=(
        _ask(
            "Why was each one arrested, for which offence, and can she have bail?",
            "ಪ್ರತಿಯೊಬ್ಬರನ್ನು ಏಕೆ, ಯಾವ ಅಪರಾಧಕ್ಕೆ ಬಂಧಿಸಿದ್ದೀರಿ? ಜಾಮೀನು ಸಿಗುತ್ತದೆಯೇ?",
            "हर एक को क्यों, किस अपराध में गिरफ़्तार किया? क्या ज़मानत मिल सकती है?",
            _article("22(1)"),
            _bnss("47"),
        ),
        _ask(
            "Please show the memo of arrest, signed by a witness and by her, and your name.",
            "ಬಂಧನದ ಮೆಮೊ ತೋರಿಸಿ: ಸಾಕ್ಷಿಯ ಸಹಿ, ಅವಳ ಸಹಿ ಇರಬೇಕು. ನಿಮ್ಮ ಹೆಸರೂ ಕಾಣಬೇಕು.",
            "गिरफ़्तारी का मेमो दिखाइए: गवाह के और उसके दस्तख़त हों। आपका नाम भी दिखे।",
            _bnss("36"),
        ),
        _ask(
            "She names somebody, who is told that she is here; it is written in your book.",
            "ಅವಳು ಹೇಳಿದ ಒಬ್ಬರಿಗೆ ಅವಳು ಇಲ್ಲಿದ್ದಾಳೆ ಎಂದು ತಿಳಿಸಿ, ನಿಮ್ಮ ಪುಸ್ತಕದಲ್ಲಿ ಬರೆಯಿರಿ.",
            "वह जिसका नाम ले, उसे बताइए कि वह यहाँ है, और अपनी किताब में लिखिए।",
            _bnss("36(c)"),
            _bnss("48"),
        ),
        _ask(
            "She may speak with a lawyer of her choice, during questioning too.",
            "ಅವಳು ತನ್ನ ವಕೀಲರ ಜೊತೆ ಮಾತಾಡಬಹುದು, ವಿಚಾರಣೆಯ ವೇಳೆಯಲ್ಲೂ.",
            "वह अपनी पसंद के वकील से बात कर सकती है, पूछताछ के दौरान भी।",
            _article("22(1)"),
            _bnss("38"),
        ),
        _ask(
            "A woman taken after sunset: the woman officer’s report and the magistrate’s leave.",
            "ಸೂರ್ಯಾಸ್ತದ ನಂತರ ಹೆಣ್ಣನ್ನು ಬಂಧಿಸಿದರೆ: ಮಹಿಳಾ ಅಧಿಕಾರಿಯ ವರದಿ, ಮ್ಯಾಜಿಸ್ಟ್ರೇಟರ ಅನುಮತಿ ತೋರಿಸಿ.",
            "सूर्यास्त के बाद औरत को पकड़ा हो: महिला अफ़सर की रिपोर्ट और मजिस्ट्रेट की इजाज़त दिखाइए।",
            _bnss("43(5)"),
        ),
        _ask(
            "Only a woman searches a woman, decently. A list of what was taken from her.",
            "ಹೆಣ್ಣನ್ನು ಹೆಣ್ಣೇ ಮರ್ಯಾದೆಯಿಂದ ಶೋಧಿಸಬೇಕು. ತೆಗೆದುಕೊಂಡ ವಸ್ತುಗಳ ಪಟ್ಟಿ ಕೊಡಿ.",
            "औरत की तलाशी औरत ही, मर्यादा से ले। जो लिया उसकी सूची दीजिए।",
            _bnss("49", compared=False),
        ),
        _ask(
            "A doctor now, a woman doctor for a woman; injuries written down; a copy for her.",
            "ಈಗಲೇ ವೈದ್ಯರು, ಹೆಣ್ಣಿಗೆ ಮಹಿಳಾ ವೈದ್ಯರು; ಗಾಯಗಳನ್ನು ಬರೆಯಿರಿ; ಅವಳಿಗೆ ಪ್ರತಿ ಕೊಡಿ.",
            "डॉक्टर अभी, औरत के लिए महिला डॉक्टर; चोटें लिखी जाएँ; उसे नक़ल मिले।",
            _bnss("53"),
        ),
        _ask(
            "Her health and safety: her medicine in time, water, food, rest.",
            "ಅವಳ ಆರೋಗ್ಯ, ಸುರಕ್ಷತೆ: ಸಮಯಕ್ಕೆ ಔಷಧ, ನೀರು, ಊಟ, ವಿಶ್ರಾಂತಿ.",
            "उसकी सेहत और हिफ़ाज़त: समय पर दवा, पानी, खाना, आराम।",
            _bnss("56"),
        ),
        _ask(
            "Before a magistrate within 24 hours of the arrest; only the road is not counted.",
            "ಬಂಧಿಸಿದ 24 ಗಂಟೆಯೊಳಗೆ ಮ್ಯಾಜಿಸ್ಟ್ರೇಟರ ಮುಂದೆ; ಪ್ರಯಾಣದ ಸಮಯ ಮಾತ್ರ ಲೆಕ್ಕಕ್ಕಿಲ್ಲ.",
            "गिरफ़्तारी के 24 घंटे के अंदर मजिस्ट्रेट के सामने; सिर्फ़ रास्ते का समय नहीं गिना जाता।",
            _article("22(2)"),
            _bnss("58", compared=False),
        ),
        _ask(
            "A free lawyer for every woman and everybody in custody: telephone 15100.",
            "ಪ್ರತಿ ಹೆಣ್ಣಿಗೂ, ಬಂಧನದಲ್ಲಿರುವ ಎಲ್ಲರಿಗೂ ಉಚಿತ ವಕೀಲರು: ದೂರವಾಣಿ 15100.",
            "हर औरत को और हिरासत में हर किसी को मुफ़्त वकील: फ़ोन 15100।",
            LegalSource("Legal Services Authorities Act 1987", "12(c), 12(g)", date(1995, 11, 9)),
            LegalSource("NALSA", "15100", date(2020, 2, 29)),
        ),
        _ask(
            "Nobody under 18 in a lock-up: to the Board or the Committee within 24 hours.",
            "18ರ ಒಳಗಿನವರನ್ನು ಲಾಕಪ್‌ನಲ್ಲಿ ಇಡಬಾರದು: 24 ಗಂಟೆಯೊಳಗೆ ಮಂಡಳಿ ಅಥವಾ ಸಮಿತಿಯ ಮುಂದೆ.",
            "18 से कम को हवालात में नहीं: 24 घंटे में बोर्ड या समिति के सामने।",
            LegalSource("Juvenile Justice Act 2015", "10, 31", date(2016, 1, 15), compared=False),
        ),
        _write(
            "Officer: name, rank, number",
            "ಅಧಿಕಾರಿ: ಹೆಸರು, ಹುದ್ದೆ, ಸಂಖ್ಯೆ",
            "अफ़सर: नाम, पद, नंबर",
        ),
        _write(
            "Station, diary number, FIR and sections",
            "ಠಾಣೆ, ಡೈರಿ ಸಂಖ್ಯೆ, ಎಫ್‌ಐಆರ್, ಕಲಂಗಳು",
            "थाना, डायरी नंबर, एफ़आईआर, धाराएँ",
        ),
        _write(
            "Time and place of arrest: they say, she says",
            "ಬಂಧನದ ಸಮಯ, ಜಾಗ: ಅವರು ಹೇಳಿದ್ದು, ಅವಳು ಹೇಳಿದ್ದು",
            "गिरफ़्तारी का समय और जगह: वे क्या कहते हैं, वह क्या कहती है",
        ),
        _write(
            "How many are here, who is where",
            "ಇಲ್ಲಿ ಎಷ್ಟು ಜನ, ಯಾರು ಎಲ್ಲಿ",
            "यहाँ कितने लोग हैं, कौन कहाँ है",
        ),
        _write(
            "Injuries, medicine: what, when, from whom",
            "ಗಾಯ, ಔಷಧ: ಏನು, ಯಾವಾಗ, ಯಾರಿಂದ",
            "चोट, दवा: क्या, कब, किससे",
        ),
        _write(
            "Which magistrate, when, in which vehicle",
            "ಯಾವ ಮ್ಯಾಜಿಸ್ಟ್ರೇಟ್, ಯಾವಾಗ, ಯಾವ ಗಾಡಿಯಲ್ಲಿ",
            "कौन मजिस्ट्रेट, कब, किस गाड़ी में",
        ),
        _write(
            "What was refused, by whom, in which words",
            "ಏನನ್ನು ಒಪ್ಪಲಿಲ್ಲ, ಯಾರು, ಯಾವ ಮಾತಿನಲ್ಲಿ",
            "क्या मना किया, किसने, किन शब्दों में",
        ),
    ),
    foot={
        "en": "A star: not yet compared with the text of the Act; ask the lawyer. Stay calm, stay"
        " polite, do not sign what you cannot read.",
        "kn": "ನಕ್ಷತ್ರ: ಕಾಯ್ದೆಯ ಪಠ್ಯದೊಂದಿಗೆ ಇನ್ನೂ ಹೋಲಿಸಿಲ್ಲ; ವಕೀಲರನ್ನು ಕೇಳಿ. ಶಾಂತವಾಗಿರಿ, ಮರ್ಯಾದೆಯಿಂದ"
        " ಮಾತಾಡಿ, ಓದಲಾಗದ್ದಕ್ಕೆ ಸಹಿ ಹಾಕಬೇಡಿ.",
        "hi": "तारा: क़ानून के पाठ से अभी नहीं मिलाया गया; वकील से पूछिए। शांत रहिए, अदब से बोलिए, जो"
        " पढ़ न सकें उस पर दस्तख़त मत कीजिए।",
    },
)
