"""What a password or opening words must not be: what many have chosen, and what names her."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from union.identity.rules.secrets import DEMONSTRATION_PASSWORD, SHORTEST, Around, is_plain

COMMON = FREQUENCY_LISTS["passwords"]
ASHA = Around(("Small notebook", "Asha Devi · B-20417"))


def test_every_common_password_that_is_long_enough_is_refused():
    long = [one for one in COMMON if len(one) >= SHORTEST]
    assert len(COMMON) >= 3_000
    assert len(long) > 200
    assert [one for one in long if not is_plain(one)] == []


@pytest.mark.parametrize("ending", ["1234", "@2026", "12345!"])
def test_common_ones_made_longer_as_people_do_are_refused(ending):
    made = [f"{one.capitalize()}{ending}" for one in COMMON[:3_000:10]]
    long = [one for one in made if len(one) >= SHORTEST]
    assert len(long) > 50
    assert [one for one in long if not is_plain(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("manchesterunited", "1q2w3e4r5t6y", "P@ssw0rd!P@ssw0rd!", "Krishna@12345"),
        *("Bengaluru@2026", "karnataka12345", "Sangha Notebook", "treasurer of karnataka"),
        *("ashadevi 1987", "devi asha devi", "smallnotebook1", "B-20417 B-20417"),
        *("!@#$%^&*()_+", "+_)(*&^%$#@!", "qwerty!@#$%^&*()", "!@#$%^&*()1234567890"),
        *("Password!@$%(1", "(!$+P@ssw0rd", "(!<P@ssw0rd$+", "Ganesha(1)!@$%", "iloveyou!@$%+"),
    ],
)
def test_what_is_common_here_and_what_names_her_or_the_union_is_refused(text):
    assert is_plain(text, "asha", ASHA)


@pytest.mark.parametrize(
    "text",
    [
        *("three quiet words", "seven herons cross the tank", "cold river at dawn"),
        *("ಕೆರೆಯ ದಡದಲ್ಲಿ ಏಳು ಕೊಕ್ಕರೆ", "x9#Kq-42-mTru", "@({[<!|$+%b7"),
        *("aT$9(w!q@F+3%z", "m|R<7{k!2$V+p@"),
        "with asha to the river when the mango trees bloom",
    ],
)
def test_words_that_do_not_belong_together_are_taken(text):
    assert not is_plain(text, "asha", ASHA)


def test_a_demonstrations_password_opens_nothing_elsewhere():
    assert is_plain(DEMONSTRATION_PASSWORD)
    assert is_plain(f"{DEMONSTRATION_PASSWORD}!")
    assert not is_plain(DEMONSTRATION_PASSWORD, around=Around(demonstration=True))


def test_only_its_beginning_is_looked_at_so_that_no_text_takes_long(monkeypatch):
    asked = []

    def guess(text, _known):
        asked.append(text)
        return {"guesses": 10**12}

    monkeypatch.setattr("union.identity.rules.secrets.zxcvbn", guess)
    assert not is_plain("abcdz 4@8({[ " * 15 + "q")
    assert not is_plain("@({[<!|$+%b7 and what follows")
    assert [len(one) for one in asked] == [32, 23, 23]
