"""What a union chooses of its looks is harmless, and a proxy is counted or nothing starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from union.infra.card_settings import SettingUnfitError
from union.infra.wire_settings import ACCENTS, ICONS, WireSettings, wire_settings

STATIC = Path(__file__).parents[3] / "static"


def test_without_a_choice_it_is_a_notebook():
    assert wire_settings({}) == WireSettings()
    assert wire_settings({"LEAVE_TO": "calendar"}).leave_to is None


def test_every_picture_and_colour_one_can_choose_is_there():
    styles = (STATIC / "book.css").read_text()
    for icon in ICONS:
        assert (STATIC / wire_settings({"SHOWN_ICON": icon}).icon_file).is_file()
    for accent in ACCENTS[1:]:
        assert f'data-accent="{accent}"' in styles
    assert wire_settings({"SHOWN_COLOUR": "plum"}).accent == "plum"


@pytest.mark.parametrize("name", ["ನೋಟ್ 7", "दैनिक", "Diary", "நாட்குறிப்பு"])
def test_a_name_may_be_of_any_script(name):
    assert wire_settings({"SHOWN_NAME": name}).shown_name == name


@pytest.mark.parametrize(
    "wrong",
    [
        {"SHOWN_NAME": ""},
        {"SHOWN_NAME": " Diary"},
        {"SHOWN_NAME": "A name that is far too long"},
        {"SHOWN_NAME": "Diary\r\nBcc"},
        {"SHOWN_NAME": "<b>"},
        {"SHOWN_NAME": "Diary\u202e"},
        {"SHOWN_NAME": "Diary@x"},
        {"SHOWN_ICON": "../icon"},
        {"SHOWN_COLOUR": "red"},
        {"LEAVE_TO": "http://weather.example"},
        {"LEAVE_TO": "javascript:alert(1)"},
        {"LEAVE_TO": "https:// weather.example"},
        {"LEAVE_TO": 'https://weather.example/"'},
        {"LEAVE_TO": "https:///x/y/z"},
        {"TRUSTED_PROXIES": "many"},
        {"TRUSTED_PROXIES": "-1"},
        {"TRUSTED_PROXIES": "5"},
        {"PUBLIC_URL": "https://book.example"},
    ],
)
def test_what_would_give_her_away_or_lock_her_out_is_refused(wrong):
    with pytest.raises(SettingUnfitError) as refused:
        wire_settings(wrong)
    assert refused.value.facts["setting"] in {*wrong, "TRUSTED_PROXIES"}


def test_behind_a_proxy_its_number_is_said():
    public = {"PUBLIC_URL": "https://book.example"}
    assert wire_settings({**public, "TRUSTED_PROXIES": "1"}).trusted_proxies == 1
    assert wire_settings({**public, "TRUSTED_PROXIES": "0"}).trusted_proxies == 0
