"""What texts tell, in the scripts in which members write them."""

from __future__ import annotations

import pytest

from union.crisis.rules.kinds import Kind
from union.crisis.rules.understood import Understood, language_of, understand


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("police took 6 girls from the lodge please come", Kind.ARREST_OR_RAID, "english"),
        ("ಪೊಲೀಸರು ದಾಳಿ ಮಾಡಿದ್ದಾರೆ, ಬೇಗ ಬನ್ನಿ", Kind.ARREST_OR_RAID, "kannada"),
        ("पुलिस हमारी लड़कियों को पकड़ कर ले गई", Kind.ARREST_OR_RAID, "hindi"),
        ("पोलिसांनी धाड टाकली आहे", Kind.ARREST_OR_RAID, "marathi"),
        ("పోలీసులు అరెస్ట్ చేశారు", Kind.ARREST_OR_RAID, "telugu"),
        ("போலீஸ் கைது செய்தது", Kind.ARREST_OR_RAID, "tamil"),
        ("پولیس نے چھاپہ مارا", Kind.ARREST_OR_RAID, "urdu"),
        ("polis bandiddare, namma hudugi na hididu banni bega", Kind.ARREST_OR_RAID, "kannada"),
        ("ಗಂಡ ಹೊಡೆಯುತ್ತಿದ್ದಾನೆ", Kind.PARTNER_VIOLENCE, "kannada"),
        ("mera pati maar raha hai bachao", Kind.PARTNER_VIOLENCE, "hindi"),
        ("a man with a knife", Kind.CLIENT_VIOLENCE, None),
        ("గూండాలు కొట్టారు", Kind.GOONDA_EXTORTION, "telugu"),
        ("அவர் அடித்தார்", Kind.CLIENT_VIOLENCE, "tamil"),
        ("I want to die", Kind.THREAT_TO_OWN_LIFE, None),
        ("मैं मरना चाहती हूँ", Kind.THREAT_TO_OWN_LIFE, "hindi"),
        ("ನಾನು ಸಾಯಬೇಕು", Kind.THREAT_TO_OWN_LIFE, "kannada"),
        ("خودکشی", Kind.THREAT_TO_OWN_LIFE, "urdu"),
        ("she is bleeding", Kind.MEDICAL_EMERGENCY, "english"),
        ("landlord has thrown out all of us", Kind.EVICTION, "english"),
        ("he has a video of me", Kind.OUTING_OR_BLACKMAIL, "english"),
        ("the police is at the gate", Kind.POLICE_HARASSMENT, "english"),
        ("please ring me", Kind.UNKNOWN, "english"),
        ("", Kind.UNKNOWN, None),
    ],
)
def test_what_is_happening_and_in_which_language(text, kind, language):
    told = understand(text)
    assert (told.kind, told.language) == (kind, language)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("police took 6 girls", 6),
        ("೧೨ ಜನ ಇದ್ದೇವೆ", 12),
        ("५ लोग", 5),
        ("8 మంది", 8),
        ("3 பேர்", 3),
        ("call me at 10:30", None),
        ("room 12 lodge", None),
        ("my number 5810000001 people", None),
        ("0 people", None),
    ],
)
def test_a_number_counts_people_only_where_it_says_so(text, people):
    assert understand(text).people == people


def test_the_gravest_counts():
    assert understand("husband beat me, I want to die").kind is Kind.THREAT_TO_OWN_LIFE


def test_nothing_is_made_of_nothing():
    assert understand("   ") == Understood()
    assert language_of("ok") is None
