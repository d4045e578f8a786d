"""What the districts are called by those who read Kannada or Hindi; data only.

Where a district is missing, or the language, its own name stands: a union of another state writes
its districts as it likes. A native speaker should read each line once.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, str]] = {
    "Bagalkote": ("ಬಾಗಲಕೋಟೆ", "बागलकोट"),
    "Ballari": ("ಬಳ್ಳಾರಿ", "बल्लारी"),
    "Belagavi": ("ಬೆಳಗಾವಿ", "बेलगावी"),
    "Bengaluru Rural": ("ಬೆಂಗಳೂರು ಗ್ರಾಮಾಂತರ", "बेंगलुरु ग्रामीण"),
    "Bengaluru Urban": ("ಬೆಂಗಳೂರು ನಗರ", "बेंगलुरु शहर"),
    "Bidar": ("ಬೀದರ್", "बीदर"),
    "Chamarajanagara": ("ಚಾಮರಾಜನಗರ", "चामराजनगर"),
    "Chikkaballapura": ("ಚಿಕ್ಕಬಳ್ಳಾಪುರ", "चिक्कबल्लापुर"),
    "Chikkamagaluru": ("ಚಿಕ್ಕಮಗಳೂರು", "चिक्कमगलूरु"),
    "Chitradurga": ("ಚಿತ್ರದುರ್ಗ", "चित्रदुर्ग"),
    "Dakshina Kannada": ("ದಕ್ಷಿಣ ಕನ್ನಡ", "दक्षिण कन्नड"),
    "Davanagere": ("ದಾವಣಗೆರೆ", "दावणगेरे"),
    "Dharwad": ("ಧಾರವಾಡ", "धारवाड़"),
    "Gadag": ("ಗದಗ", "गदग"),
    "Hassan": ("ಹಾಸನ", "हासन"),
    "Haveri": ("ಹಾವೇರಿ", "हावेरी"),
    "Kalaburagi": ("ಕಲಬುರಗಿ", "कलबुर्गी"),
    "Kodagu": ("ಕೊಡಗು", "कोडगु"),
    "Kolar": ("ಕೋಲಾರ", "कोलार"),
    "Koppal": ("ಕೊಪ್ಪಳ", "कोप्पल"),
    "Mandya": ("ಮಂಡ್ಯ", "मंड्या"),
    "Mysuru": ("ಮೈಸೂರು", "मैसूरु"),
    "Raichur": ("ರಾಯಚೂರು", "रायचूर"),
    "Ramanagara": ("ರಾಮನಗರ", "रामनगर"),
    "Shivamogga": ("ಶಿವಮೊಗ್ಗ", "शिवमोग्गा"),
    "Tumakuru": ("ತುಮಕೂರು", "तुमकुरु"),
    "Udupi": ("ಉಡುಪಿ", "उडुपी"),
    "Uttara Kannada": ("ಉತ್ತರ ಕನ್ನಡ", "उत्तर कन्नड"),
    "Vijayanagara": ("ವಿಜಯನಗರ", "विजयनगर"),
    "Vijayapura": ("ವಿಜಯಪುರ", "विजयपुर"),
    "Yadgiri": ("ಯಾದಗಿರಿ", "यादगीर"),
}

_PLACE = {"kn": 0, "hi": 1}


def called(district: str, language: str) -> str:
    """A district as it is called in a language, else by its own name."""
    place = _PLACE.get(language)
    return district if place is None or district not in NAMES else NAMES[district][place]
