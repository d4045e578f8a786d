"""The sentences of the voice menu, by language; a native speaker should hear each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from union.messages.rules.tongues import TONGUES


class Said(StrEnum):
    """One sentence."""

    TONGUE = "tongue"
    NEED = "need"
    DISTRICT = "district"
    CONNECT = "connect"
    WE_RING = "we_ring"
    THANKS = "thanks"


MENU: Mapping[str, Mapping[Said, str]] = {
    "kn": {
        Said.TONGUE: TONGUES["kn"],
        Said.NEED: (
            "ಈಗಲೇ ಯಾರಾದರೂ ಬೇಕಿದ್ದರೆ 1 ಒತ್ತಿ. ಯಾರನ್ನಾದರೂ ಕರೆದೊಯ್ದಿದ್ದರೆ 2. ಗಾಯ ಅಥವಾ ಕಾಯಿಲೆಗೆ 3. "
            "ಬದುಕು ಭಾರವಾಗಿದ್ದರೆ 4. ನಾವೇ ಮತ್ತೆ ಕರೆ ಮಾಡಲು 9. ಅಥವಾ ಸಾಲಿನಲ್ಲೇ ಇರಿ."
        ),
        Said.DISTRICT: "ನಿಮ್ಮ ಜಿಲ್ಲೆಯ ಎರಡು ಅಂಕಿಗಳನ್ನು ಒತ್ತಿ, ಅಥವಾ ಸಾಲಿನಲ್ಲೇ ಇರಿ.",
        Said.CONNECT: "ದಯವಿಟ್ಟು ಸಾಲಿನಲ್ಲೇ ಇರಿ.",
        Said.WE_RING: "ನಾವೇ ನಿಮಗೆ ಕರೆ ಮಾಡುತ್ತೇವೆ. ಧನ್ಯವಾದ.",
        Said.THANKS: "ಧನ್ಯವಾದ.",
    },
    "hi": {
        Said.TONGUE: TONGUES["hi"],
        Said.NEED: (
            "अभी कोई चाहिए तो 1 दबाएँ। किसी को ले गए हों तो 2। चोट या बीमारी हो तो 3। "
            "जीना भारी लग रहा हो तो 4। हम वापस फ़ोन करें तो 9। या लाइन पर बनी रहें।"
        ),
        Said.DISTRICT: "अपने ज़िले के दो अंक दबाएँ, या लाइन पर बनी रहें।",
        Said.CONNECT: "कृपया लाइन पर बनी रहें।",
        Said.WE_RING: "हम आपको वापस फ़ोन करेंगे। धन्यवाद।",
        Said.THANKS: "धन्यवाद।",
    },
    "en": {
        Said.TONGUE: TONGUES["en"],
        Said.NEED: (
            "If you need somebody now press 1. If somebody was taken away press 2. If somebody is "
            "hurt or ill press 3. If life is too heavy press 4. If we shall ring you press 9. "
            "Or stay on the line."
        ),
        Said.DISTRICT: "Press the two figures of your district, or stay on the line.",
        Said.CONNECT: "Please stay on the line.",
        Said.WE_RING: "We ring you back. Thank you.",
        Said.THANKS: "Thank you.",
    },
    "te": {
        Said.TONGUE: TONGUES["te"],
        Said.NEED: (
            "ఇప్పుడే ఎవరైనా కావాలంటే 1 నొక్కండి. ఎవరినైనా తీసుకెళ్తే 2. గాయం లేదా జబ్బు అయితే 3. "
            "బతుకు భారంగా ఉంటే 4. మేము తిరిగి ఫోన్ చేయాలంటే 9. లేదా లైన్‌లో ఉండండి."
        ),
        Said.DISTRICT: "మీ జిల్లా రెండు అంకెలు నొక్కండి, లేదా లైన్‌లో ఉండండి.",
        Said.CONNECT: "దయచేసి లైన్‌లో ఉండండి.",
        Said.WE_RING: "మేము మీకు తిరిగి ఫోన్ చేస్తాం. ధన్యవాదాలు.",
        Said.THANKS: "ధన్యవాదాలు.",
    },
    "ta": {
        Said.TONGUE: TONGUES["ta"],
        Said.NEED: (
            "இப்போதே யாராவது வேண்டுமானால் 1 அழுத்துங்கள். யாரையாவது அழைத்துச் சென்றால் 2. "
            "காயம் அல்லது நோய் என்றால் 3. வாழ்வு பாரமாக இருந்தால் 4. நாங்கள் திரும்ப அழைக்க 9. "
            "அல்லது இணைப்பில் இருங்கள்."
        ),
        Said.DISTRICT: "உங்கள் மாவட்டத்தின் இரண்டு எண்களை அழுத்துங்கள், அல்லது இணைப்பில் இருங்கள்.",
        Said.CONNECT: "தயவுசெய்து இணைப்பில் இருங்கள்.",
        Said.WE_RING: "நாங்கள் உங்களைத் திரும்ப அழைக்கிறோம். நன்றி.",
        Said.THANKS: "நன்றி.",
    },
    "ur": {
        Said.TONGUE: TONGUES["ur"],
        Said.NEED: (
            "ابھی کوئی چاہیے تو 1 دبائیں۔ کسی کو لے گئے ہوں تو 2۔ چوٹ یا بیماری ہو تو 3۔ "
            "جینا بھاری لگتا ہو تو 4۔ ہم واپس فون کریں تو 9۔ یا لائن پر رہیں۔"
        ),
        Said.DISTRICT: "اپنے ضلع کے دو ہندسے دبائیں، یا لائن پر رہیں۔",
        Said.CONNECT: "براہ کرم لائن پر رہیں۔",
        Said.WE_RING: "ہم آپ کو واپس فون کریں گے۔ شکریہ۔",
        Said.THANKS: "شکریہ۔",
    },
    "mr": {
        Said.TONGUE: TONGUES["mr"],
        Said.NEED: (
            "आत्ता कोणी हवे असेल तर 1 दाबा. कोणाला नेले असेल तर 2. जखम किंवा आजार असेल तर 3. "
            "जगणे जड वाटत असेल तर 4. आम्ही परत फोन करायचा असेल तर 9. किंवा फोन चालू ठेवा."
        ),
        Said.DISTRICT: "तुमच्या जिल्ह्याचे दोन आकडे दाबा, किंवा फोन चालू ठेवा.",
        Said.CONNECT: "कृपया फोन चालू ठेवा.",
        Said.WE_RING: "आम्ही तुम्हाला परत फोन करू. धन्यवाद.",
        Said.THANKS: "धन्यवाद.",
    },
}
"""In the order in which the languages are offered."""
