"""One sentence in each language by which whoever picks up chooses hers; data only."""

from __future__ import annotations

from collections.abc import Mapping

TONGUES: Mapping[str, str] = {
    "kn": "ನಮಸ್ತೆ. ಕನ್ನಡಕ್ಕೆ 1 ಒತ್ತಿ, ಅಥವಾ ಸಾಲಿನಲ್ಲೇ ಇರಿ.",
    "hi": "नमस्ते। हिन्दी के लिए 2 दबाएँ, या लाइन पर बनी रहें।",
    "en": "Namaste. For English press 3, or stay on the line.",
    "te": "నమస్తే. తెలుగు కోసం 4 నొక్కండి, లేదా లైన్‌లో ఉండండి.",
    "ta": "வணக்கம். தமிழுக்கு 5 அழுத்துங்கள், அல்லது இணைப்பில் இருங்கள்.",
    "ur": "آداب۔ اردو کے لیے 6 دبائیں، یا لائن پر رہیں۔",
    "mr": "नमस्कार. मराठीसाठी 7 दाबा, किंवा फोन चालू ठेवा.",
}
"""In the order in which they are said; each names its own key."""
