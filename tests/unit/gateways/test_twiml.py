from __future__ import annotations

import pytest

from union.gateways.port import VoiceScript
from union.gateways.twilio.twiml import REJECT, render, tongue_of

KEYS = "https://union.example/in/twilio/keys/m1-a1/1"


def test_a_call_that_asks_gathers_our_digits_and_says_farewell_if_none_come():
    script = VoiceScript(say=("ನಮಸ್ತೆ.",), gather=2, then=("ಧನ್ಯವಾದ.",), language="kn")
    assert render(script, KEYS) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        f'<Gather action="{KEYS}" finishOnKey="#" input="dtmf" method="POST" numDigits="2"'
        ' timeout="12"><Say language="kn-IN" voice="Google.kn-IN-Standard-A">ನಮಸ್ತೆ.</Say></Gather>'
        '<Say language="kn-IN" voice="Google.kn-IN-Standard-A">ಧನ್ಯವಾದ.</Say></Response>'
    )


def test_a_call_that_asks_nothing_only_says_and_markup_in_it_stays_words():
    said = render(VoiceScript(say=("<Dial>100</Dial>",), then=("Bye.",)), KEYS)
    assert "<Gather" not in said
    assert "<Dial>" not in said
    assert "&lt;Dial&gt;" in said


@pytest.mark.parametrize(
    ("sentence", "language", "tongue"),
    [
        ("Namaste.", "kn", "en"),
        ("ಸ್ಥಳ: Devanahalli bus stand", "en", "kn"),
        ("नमस्ते।", "kn", "hi"),
        ("नमस्कार.", "mr", "mr"),
        ("வணக்கம்", "kn", "ta"),
        ("నమస్తే", "kn", "te"),
        ("سلام", "hi", "ur"),
        ("4 7", "kn", "en"),
    ],
)
def test_each_sentence_is_read_in_the_language_its_letters_are_of(sentence, language, tongue):
    assert tongue_of(sentence, language) == tongue


def test_a_line_that_is_not_picked_up_says_nothing():
    assert '<Reject reason="busy"' in REJECT
