"""What a call says, in Twilio's own markup; it adds no word to the script."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from twilio.twiml.voice_response import Dial, Gather, Hangup, Reject, VoiceResponse

from union.gateways import joining

if TYPE_CHECKING:
    from union.gateways.port import VoiceScript

WAIT_S = 12
"""How long keys are waited for: she may have to find her glasses."""

RINGS_S = 25
"""How long somebody of ours is rung to be put on the line."""

MOST_AT_ONCE = 10
"""How many telephones one call may ring; Twilio takes no more."""

VOICES: Mapping[str, tuple[str, str]] = {
    "en": ("en-IN", "Google.en-IN-Standard-A"),
    "hi": ("hi-IN", "Google.hi-IN-Standard-A"),
    "kn": ("kn-IN", "Google.kn-IN-Standard-A"),
    "mr": ("mr-IN", "Google.mr-IN-Standard-A"),
    "ta": ("ta-IN", "Google.ta-IN-Standard-A"),
    "te": ("te-IN", "Google.te-IN-Standard-A"),
    "ur": ("ur-IN", "Google.ur-IN-Standard-A"),
}
"""Language → what Twilio calls it, and who speaks it there."""

_SCRIPTS: Mapping[str, str] = {
    "KANNADA": "kn",
    "DEVANAGARI": "hi",
    "TAMIL": "ta",
    "TELUGU": "te",
    "ARABIC": "ur",
}


def render(script: VoiceScript, keys_url: str, shown: str = "") -> str:
    """The script as TwiML; what is pressed, and who answered, is posted to `keys_url`.

    `shown` is the number that whoever is put on the line sees: one of ours, never the caller's.
    """
    response = VoiceResponse()
    asked: VoiceResponse | Gather = response
    if script.gather:
        asked = Gather(
            num_digits=script.gather,
            action=keys_url,
            method="POST",
            timeout=WAIT_S,
            finish_on_key="#",
            input="dtmf",
        )
        response.append(asked)
    for sentence in script.say:
        _say(asked, sentence, script.language)
    if script.dial:
        told = {"action": keys_url, "method": "POST"} if script.tell else {}
        line = Dial(timeout=RINGS_S, **told, **({"caller_id": shown} if shown else {}))
        for number in script.dial[:MOST_AT_ONCE]:
            line.number(number, url=join_address(keys_url, "join"), method="POST")
        response.append(line)
    for sentence in script.then:
        _say(response, sentence, script.language)
    return str(response)


def join_address(keys_url: str, step: str) -> str:
    """Where a telephone rung for a call is asked for its key ("join"), and tells it ("joined")."""
    return keys_url.replace("/keys/", f"/{step}/")


def ask_to_join(joined_url: str) -> str:
    """What whoever picks up hears before she is put on the line; without the key it is put down."""
    response = VoiceResponse()
    asked = Gather(
        num_digits=len(joining.KEY),
        action=joined_url,
        method="POST",
        timeout=joining.WITHIN_S,
        input="dtmf",
    )
    for sentence in joining.WORDS:
        _say(asked, sentence, joining.SCRIPT.language)
    response.append(asked)
    response.append(Hangup())
    return str(response)


def _hung_up() -> str:
    response = VoiceResponse()
    response.append(Hangup())
    return str(response)


def _rejected() -> str:
    response = VoiceResponse()
    response.append(Reject(reason="busy"))
    return str(response)


REJECT = _rejected()
"""The line is not picked up: whoever rang pays nothing."""

HANG_UP = _hung_up()
"""Not the key: this telephone is put down, and who waits is not put on the line with it."""

NOTHING = str(VoiceResponse())


def _say(where: VoiceResponse | Gather, sentence: str, language: str) -> None:
    code, voice = VOICES.get(tongue_of(sentence, language), VOICES["en"])
    where.say(sentence, language=code, voice=voice)


def tongue_of(sentence: str, language: str) -> str:
    """The language to read a sentence in: a call may say the same in three of them.

    Letters tell, but for those that several languages share.
    """
    letter = next((one for one in sentence if one.isalpha() and not one.isascii()), None)
    if letter is None:
        return "en"
    script = unicodedata.name(letter, "").partition(" ")[0]
    if script == "DEVANAGARI" and language == "mr":
        return "mr"
    return _SCRIPTS.get(script, "en")
