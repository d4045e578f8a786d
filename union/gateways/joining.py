"""What a telephone of ours hears before it is put on the line with somebody, and the key it needs.

Without the key it is as if nobody had picked up: a machine that answers for her presses none. The
words say nothing of whom she will speak with; whoever holds her telephone hears them.
"""

from __future__ import annotations

from union.gateways.port import VoiceScript

KEY = "1"

WORDS = (
    "ಸಾಲಿಗೆ ಸೇರಲು 1 ಒತ್ತಿ.",
    "लाइन पर जुड़ने के लिए 1 दबाएँ।",
    "Press 1 to be connected.",
)

WITHIN_S = 10
"""How long the key is waited for after the words; then the next of us is asked."""

SCRIPT = VoiceScript(say=WORDS, gather=len(KEY), language="kn")
