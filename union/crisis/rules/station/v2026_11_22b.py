"""Version 2026-11-22b: the first one, its starred lines compared with texts of the Acts.

Compared on 22 November 2026 with public copies, not with the Gazette: BNSS 2023, sections 35 to 38,
43, 47 to 49, 51, 53, 56, 58, 184, 187 (law.emunshi.ai, bnsbareact.org, myjudix.com, lawbhumi.in,
apnilaw.com, law4u.in); of 35(3) that a notice is the rule and an arrest the exception where the
offence carries up to seven years, Supreme Court, 15 January 2026 (indianexpress.com);
Juvenile Justice Act 2015, section 10(1) (kanoonmitra.com, the Act in Hindi) and 31(1) with its
proviso (cwcinap.blogspot.com); Immoral Traffic (Prevention) Act 1956, section 15(1) to (5)
(advocatekhoj.com); POCSO Act 2012, sections 19 and 24 (constitutionofindia.in, lawgratis.com).
What that changed: section 38 gives a lawyer during questioning, though not all through it; section
49(1) gives a receipt for what was taken; two lines are new, of 35(3) and of 15(5). Not found was
section 15(6A) of the Act of 1956 (women officers question), so no line rests on it. POCSO and BNSS
51, 184 and 187 bear out what is done elsewhere and have no line. A lawyer should read all of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from union.crisis.rules.station.v2026_11_22 import SHEET as FIRST
from union.crisis.rules.station.values import LegalLine, LegalSource, Part

_CODE = date(2024, 7, 1)


def _bnss(section: str) -> LegalSource:
    return LegalSource("BNSS 2023", section, _CODE)


def _ask(en: str, kn: str, hi: str, *sources: LegalSource) -> LegalLine:
    return LegalLine(Part.ASK, {"en": en, "kn": kn, "hi": hi}, sources)


_BETTER = {
    "38": _ask(
        "She may meet a lawyer of her choice, during questioning too, though not all through it.",
        "ಅವಳು ತನ್ನ ಆಯ್ಕೆಯ ವಕೀಲರನ್ನು ಭೇಟಿಯಾಗಬಹುದು, ವಿಚಾರಣೆಯ ವೇಳೆಯಲ್ಲೂ, ಪೂರ್ತಿ ಹೊತ್ತು ಅಲ್ಲದಿದ್ದರೂ.",
        "वह अपनी पसंद के वकील से मिल सकती है, पूछताछ के दौरान भी, हालाँकि पूरे समय नहीं।",
        LegalSource("Constitution", "22(1)", date(1950, 1, 26)),
        _bnss("38"),
    ),
    "49": _ask(
        "Only a woman searches a woman, decently. A receipt for what was taken from her.",
        "ಹೆಣ್ಣನ್ನು ಹೆಣ್ಣೇ ಮರ್ಯಾದೆಯಿಂದ ಶೋಧಿಸಬೇಕು. ತೆಗೆದುಕೊಂಡ ವಸ್ತುಗಳಿಗೆ ರಸೀದಿ ಕೊಡಿ.",
        "औरत की तलाशी औरत ही, मर्यादा से ले। जो लिया उसकी रसीद दीजिए।",
        _bnss("49"),
    ),
}
"""Lines said better, by the section they rest on."""

_NOTICE = _ask(
    "Offence of up to seven years: why no notice first? The reasons for arrest in writing.",
    "ಏಳು ವರ್ಷದವರೆಗಿನ ಅಪರಾಧ: ಮೊದಲು ನೋಟಿಸ್ ಏಕೆ ಕೊಟ್ಟಿಲ್ಲ? ಬಂಧನದ ಕಾರಣ ಬರಹದಲ್ಲಿ ಕೊಡಿ.",
    "सात साल तक की सज़ा वाला अपराध: पहले नोटिस क्यों नहीं? गिरफ़्तारी के कारण लिखकर दीजिए।",
    _bnss("35(1)(b), 35(3)"),
)
_MAGISTRATE = _ask(
    "Taken from a house under the Act of 1956: before the magistrate at once.",
    "1956ರ ಕಾಯ್ದೆಯಡಿ ಮನೆಯಿಂದ ಕರೆತಂದಿದ್ದರೆ: ಕೂಡಲೇ ಮ್ಯಾಜಿಸ್ಟ್ರೇಟರ ಮುಂದೆ.",
    "1956 के क़ानून में घर से लाई गई हो: तुरंत मजिस्ट्रेट के सामने।",
    LegalSource("Immoral Traffic (Prevention) Act 1956", "15(5)", date(1958, 5, 1)),
)


def _compared(line: LegalLine) -> LegalLine:
    """A line as it stands now: said better, or its sources without a star."""
    for source in line.sources:
        if source.act == "BNSS 2023" and source.section in _BETTER:
            return _BETTER[source.section]
    return replace(line, sources=tuple(replace(one, compared=True) for one in line.sources))


_AFTER = {"47": _NOTICE, "58": _MAGISTRATE}
"""New lines, each after the one that rests on this section."""


def _followed(line: LegalLine) -> tuple[LegalLine, ...]:
    """A line, and the new one that stands after it, if any."""
    new = [_AFTER[one.section] for one in line.sources if one.section in _AFTER]
    return (_compared(line), *new)


SHEET = replace(
    FIRST,
    version="2026-11-22b",
    lines=tuple(one for line in FIRST.lines for one in _followed(line)),
    foot={
        "en": "Compared with public copies of the Acts, not with the Gazette; ask the lawyer. Stay"
        " calm, stay polite, do not sign what you cannot read.",
        "kn": "ಕಾಯ್ದೆಗಳ ಸಾರ್ವಜನಿಕ ಪ್ರತಿಗಳೊಂದಿಗೆ ಹೋಲಿಸಿದೆ, ರಾಜಪತ್ರದೊಂದಿಗೆ ಅಲ್ಲ; ವಕೀಲರನ್ನು ಕೇಳಿ."
        " ಶಾಂತವಾಗಿರಿ, ಮರ್ಯಾದೆಯಿಂದ ಮಾತಾಡಿ, ಓದಲಾಗದ್ದಕ್ಕೆ ಸಹಿ ಹಾಕಬೇಡಿ.",
        "hi": "क़ानूनों की सार्वजनिक प्रतियों से मिलाया गया, राजपत्र से नहीं; वकील से पूछिए। शांत रहिए, अदब"
        " से बोलिए, जो पढ़ न सकें उस पर दस्तख़त मत कीजिए।",
    },
)
