"""The sentences a call of ours says, by language; a native speaker should hear each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Line(StrEnum):
    """One sentence."""

    GO_TO = "go_to"
    MEET_AT = "meet_at"
    LATER = "later"
    KEY_GO = "key_go"
    KEY_SPEAK = "key_speak"
    KEY_AGAIN = "key_again"
    KEY_ON_MY_WAY = "key_on_my_way"
    KEY_THERE = "key_there"
    KEY_WELL = "key_well"
    KEY_MORE = "key_more"
    MINUTES = "minutes"
    CONNECT = "connect"
    THANKS = "thanks"
    NOTED = "noted"
    END = "end"
    WRONG = "wrong"


NOWHERE: Mapping[str, str] = {
    "en": "the main post office",
    "kn": "ಮುಖ್ಯ ಅಂಚೆ ಕಚೇರಿ",
    "hi": "मुख्य डाकघर",
    "mr": "मुख्य टपाल कार्यालय",
    "ta": "தலைமை தபால் நிலையம்",
    "te": "ప్రధాన తపాలా కార్యాలయం",
    "ur": "بڑا ڈاک خانہ",
}
"""Told under duress: a place that every town has, and where nobody waits."""

SAYS: Mapping[str, Mapping[Line, str]] = {
    "en": {
        Line.GO_TO: "Go to:",
        Line.MEET_AT: "You meet the others at:",
        Line.LATER: "Somebody will tell you the place by telephone.",
        Line.KEY_GO: "Press 1 if you know the way and go now.",
        Line.KEY_SPEAK: "Press 2 to speak with one of us.",
        Line.KEY_AGAIN: "Press 3 to hear it again.",
        Line.KEY_ON_MY_WAY: "Press 1 if you are well and on your way.",
        Line.KEY_THERE: "Press 4 if you are there.",
        Line.KEY_WELL: "Press 1 if you are well.",
        Line.KEY_MORE: "Press 9 if you need help yourself, 0 if you cannot go on.",
        Line.MINUTES: "When are you there? Press 1 for ten minutes, 2 for twenty, and so on.",
        Line.CONNECT: "Please stay on the line.",
        Line.THANKS: "Thank you. Go safely.",
        Line.NOTED: "Thank you. We know it now.",
        Line.END: "Thank you.",
        Line.WRONG: "Those were not your numbers. Press them once more.",
    },
    "kn": {
        Line.GO_TO: "ಇಲ್ಲಿಗೆ ಹೋಗಿ:",
        Line.MEET_AT: "ಎಲ್ಲರೂ ಸೇರುವ ಜಾಗ:",
        Line.LATER: "ಜಾಗವನ್ನು ಫೋನಿನಲ್ಲಿ ಹೇಳುತ್ತೇವೆ.",
        Line.KEY_GO: "ದಾರಿ ಗೊತ್ತಿದ್ದು ಈಗ ಹೊರಟರೆ 1 ಒತ್ತಿ.",
        Line.KEY_SPEAK: "ನಮ್ಮಲ್ಲೊಬ್ಬರ ಜೊತೆ ಮಾತಾಡಲು 2 ಒತ್ತಿ.",
        Line.KEY_AGAIN: "ಮತ್ತೆ ಕೇಳಲು 3 ಒತ್ತಿ.",
        Line.KEY_ON_MY_WAY: "ಚೆನ್ನಾಗಿದ್ದು ದಾರಿಯಲ್ಲಿದ್ದರೆ 1 ಒತ್ತಿ.",
        Line.KEY_THERE: "ಅಲ್ಲಿಗೆ ತಲುಪಿದ್ದರೆ 4 ಒತ್ತಿ.",
        Line.KEY_WELL: "ಚೆನ್ನಾಗಿದ್ದರೆ 1 ಒತ್ತಿ.",
        Line.KEY_MORE: "ನಿಮಗೇ ಸಹಾಯ ಬೇಕಿದ್ದರೆ 9, ಮುಂದೆ ಹೋಗಲಾಗದಿದ್ದರೆ 0 ಒತ್ತಿ.",
        Line.MINUTES: "ಯಾವಾಗ ತಲುಪುತ್ತೀರಿ? ಹತ್ತು ನಿಮಿಷಕ್ಕೆ 1, ಇಪ್ಪತ್ತಕ್ಕೆ 2, ಹೀಗೆ ಒತ್ತಿ.",
        Line.CONNECT: "ದಯವಿಟ್ಟು ಸಾಲಿನಲ್ಲೇ ಇರಿ.",
        Line.THANKS: "ಧನ್ಯವಾದ. ಜಾಗ್ರತೆಯಿಂದ ಹೋಗಿ.",
        Line.NOTED: "ಧನ್ಯವಾದ. ನಮಗೆ ತಿಳಿಯಿತು.",
        Line.END: "ಧನ್ಯವಾದ.",
        Line.WRONG: "ಅವು ನಿಮ್ಮ ಅಂಕಿಗಳಲ್ಲ. ಮತ್ತೊಮ್ಮೆ ಒತ್ತಿ.",
    },
    "hi": {
        Line.GO_TO: "यहाँ जाइए:",
        Line.MEET_AT: "सब यहाँ मिलेंगी:",
        Line.LATER: "जगह आपको फ़ोन पर बताई जाएगी।",
        Line.KEY_GO: "रास्ता पता हो और अभी निकलें तो 1 दबाएँ।",
        Line.KEY_SPEAK: "हममें से किसी से बात करने के लिए 2 दबाएँ।",
        Line.KEY_AGAIN: "फिर से सुनने के लिए 3 दबाएँ।",
        Line.KEY_ON_MY_WAY: "ठीक हों और रास्ते में हों तो 1 दबाएँ।",
        Line.KEY_THERE: "पहुँच गई हों तो 4 दबाएँ।",
        Line.KEY_WELL: "ठीक हों तो 1 दबाएँ।",
        Line.KEY_MORE: "आपको ख़ुद मदद चाहिए तो 9, आगे न जा सकें तो 0 दबाएँ।",
        Line.MINUTES: "कब पहुँचेंगी? दस मिनट के लिए 1, बीस के लिए 2, ऐसे ही दबाएँ।",
        Line.CONNECT: "कृपया लाइन पर बनी रहें।",
        Line.THANKS: "धन्यवाद। सँभलकर जाइए।",
        Line.NOTED: "धन्यवाद। हमें पता चल गया।",
        Line.END: "धन्यवाद।",
        Line.WRONG: "ये आपके अंक नहीं थे। फिर से दबाएँ।",
    },
    "mr": {
        Line.GO_TO: "इथे जा:",
        Line.MEET_AT: "सगळ्या इथे भेटतील:",
        Line.LATER: "जागा तुम्हाला फोनवर सांगितली जाईल.",
        Line.KEY_GO: "रस्ता माहीत असेल आणि आत्ता निघत असाल तर 1 दाबा.",
        Line.KEY_SPEAK: "आमच्यापैकी कोणाशी बोलायचे असेल तर 2 दाबा.",
        Line.KEY_AGAIN: "पुन्हा ऐकण्यासाठी 3 दाबा.",
        Line.KEY_ON_MY_WAY: "बऱ्या असाल आणि वाटेत असाल तर 1 दाबा.",
        Line.KEY_THERE: "पोहोचला असाल तर 4 दाबा.",
        Line.KEY_WELL: "बऱ्या असाल तर 1 दाबा.",
        Line.KEY_MORE: "तुम्हालाच मदत हवी असेल तर 9, पुढे जाता येत नसेल तर 0 दाबा.",
        Line.MINUTES: "कधी पोहोचाल? दहा मिनिटांसाठी 1, वीससाठी 2, असे दाबा.",
        Line.CONNECT: "कृपया फोन चालू ठेवा.",
        Line.THANKS: "धन्यवाद. सांभाळून जा.",
        Line.NOTED: "धन्यवाद. आम्हाला कळले.",
        Line.END: "धन्यवाद.",
        Line.WRONG: "ते तुमचे आकडे नव्हते. पुन्हा दाबा.",
    },
    "ta": {
        Line.GO_TO: "இங்கே போங்கள்:",
        Line.MEET_AT: "எல்லோரும் சந்திக்கும் இடம்:",
        Line.LATER: "இடம் உங்களுக்கு தொலைபேசியில் சொல்லப்படும்.",
        Line.KEY_GO: "வழி தெரிந்து இப்போது கிளம்பினால் 1 அழுத்துங்கள்.",
        Line.KEY_SPEAK: "எங்களில் ஒருவரிடம் பேச 2 அழுத்துங்கள்.",
        Line.KEY_AGAIN: "மீண்டும் கேட்க 3 அழுத்துங்கள்.",
        Line.KEY_ON_MY_WAY: "நலமாக வழியில் இருந்தால் 1 அழுத்துங்கள்.",
        Line.KEY_THERE: "அங்கே சேர்ந்துவிட்டால் 4 அழுத்துங்கள்.",
        Line.KEY_WELL: "நலமாக இருந்தால் 1 அழுத்துங்கள்.",
        Line.KEY_MORE: "உங்களுக்கே உதவி வேண்டுமானால் 9, தொடர முடியாவிட்டால் 0 அழுத்துங்கள்.",
        Line.MINUTES: "எப்போது சேருவீர்கள்? பத்து நிமிடத்துக்கு 1, இருபதுக்கு 2, இப்படி அழுத்துங்கள்.",
        Line.CONNECT: "தயவுசெய்து இணைப்பில் இருங்கள்.",
        Line.THANKS: "நன்றி. பத்திரமாக போங்கள்.",
        Line.NOTED: "நன்றி. எங்களுக்கு தெரிந்தது.",
        Line.END: "நன்றி.",
        Line.WRONG: "அவை உங்கள் எண்கள் அல்ல. மீண்டும் அழுத்துங்கள்.",
    },
    "te": {
        Line.GO_TO: "ఇక్కడికి వెళ్ళండి:",
        Line.MEET_AT: "అందరూ కలిసే చోటు:",
        Line.LATER: "చోటు మీకు ఫోన్‌లో చెబుతాం.",
        Line.KEY_GO: "దారి తెలిసి ఇప్పుడే బయలుదేరితే 1 నొక్కండి.",
        Line.KEY_SPEAK: "మాలో ఒకరితో మాట్లాడటానికి 2 నొక్కండి.",
        Line.KEY_AGAIN: "మళ్ళీ వినడానికి 3 నొక్కండి.",
        Line.KEY_ON_MY_WAY: "బాగుండి దారిలో ఉంటే 1 నొక్కండి.",
        Line.KEY_THERE: "అక్కడికి చేరుకుంటే 4 నొక్కండి.",
        Line.KEY_WELL: "బాగుంటే 1 నొక్కండి.",
        Line.KEY_MORE: "మీకే సాయం కావాలంటే 9, ముందుకు వెళ్ళలేకపోతే 0 నొక్కండి.",
        Line.MINUTES: "ఎప్పుడు చేరుకుంటారు? పది నిమిషాలకు 1, ఇరవైకి 2, ఇలా నొక్కండి.",
        Line.CONNECT: "దయచేసి లైన్‌లో ఉండండి.",
        Line.THANKS: "ధన్యవాదాలు. జాగ్రత్తగా వెళ్ళండి.",
        Line.NOTED: "ధన్యవాదాలు. మాకు తెలిసింది.",
        Line.END: "ధన్యవాదాలు.",
        Line.WRONG: "అవి మీ అంకెలు కావు. మళ్ళీ నొక్కండి.",
    },
    "ur": {
        Line.GO_TO: "یہاں جائیں:",
        Line.MEET_AT: "سب یہاں ملیں گی:",
        Line.LATER: "جگہ آپ کو فون پر بتائی جائے گی۔",
        Line.KEY_GO: "راستہ معلوم ہو اور ابھی نکلیں تو 1 دبائیں۔",
        Line.KEY_SPEAK: "ہم میں سے کسی سے بات کرنے کے لیے 2 دبائیں۔",
        Line.KEY_AGAIN: "پھر سے سننے کے لیے 3 دبائیں۔",
        Line.KEY_ON_MY_WAY: "ٹھیک ہوں اور راستے میں ہوں تو 1 دبائیں۔",
        Line.KEY_THERE: "پہنچ گئی ہوں تو 4 دبائیں۔",
        Line.KEY_WELL: "ٹھیک ہوں تو 1 دبائیں۔",
        Line.KEY_MORE: "آپ کو خود مدد چاہیے تو 9، آگے نہ جا سکیں تو 0 دبائیں۔",
        Line.MINUTES: "کب پہنچیں گی؟ دس منٹ کے لیے 1، بیس کے لیے 2، اسی طرح دبائیں۔",
        Line.CONNECT: "براہ کرم لائن پر رہیں۔",
        Line.THANKS: "شکریہ۔ سنبھل کر جائیں۔",
        Line.NOTED: "شکریہ۔ ہمیں معلوم ہو گیا۔",
        Line.END: "شکریہ۔",
        Line.WRONG: "وہ آپ کے ہندسے نہیں تھے۔ پھر سے دبائیں۔",
    },
}
