"""How the pages show themselves and how far a proxy before them is believed.

What the union chooses here is read by whoever picks up the phone: it decides nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from union.infra.card_settings import SettingUnfitError

ICONS = ("book", "cup", "leaf", "clock", "shell", "thread")
"""Small pictures that mean nothing; each is a file of `static/icons`."""

ACCENTS = ("madder", "indigo", "peacock", "leaf", "plum")
LONGEST_NAME = 20
MOST_PROXIES = 4
_CALENDAR = "calendar"
_ADDRESS = re.compile(r"https://[A-Za-z0-9\-._~:/?&=%+,]{4,400}")


@dataclass(frozen=True, slots=True)
class WireSettings:
    """The neutral name, picture and colour, where leaving leads, and how many proxies are ours.

    ``leave_to`` is an address outside, or None for the calendar of our own.
    """

    shown_name: str = "Notebook"
    icon: str = "book"
    accent: str = "madder"
    leave_to: str | None = None
    trusted_proxies: int = 0

    @property
    def icon_file(self) -> str:
        """The picture's name below `static`."""
        return f"icons/{self.icon}.svg"


def wire_settings(environ: Mapping[str, str]) -> WireSettings:
    """Read SHOWN_NAME, SHOWN_ICON, SHOWN_COLOUR, LEAVE_TO and TRUSTED_PROXIES.

    SettingUnfitError for what cannot be; also for an https address without TRUSTED_PROXIES:
    behind a proxy that is not counted all visitors look like one, and one could lock out all.
    """
    if environ.get("PUBLIC_URL", "").startswith("https://") and "TRUSTED_PROXIES" not in environ:
        raise SettingUnfitError(setting="TRUSTED_PROXIES")
    return WireSettings(
        shown_name=_name(environ.get("SHOWN_NAME", "Notebook")),
        icon=_one_of(environ, "SHOWN_ICON", ICONS),
        accent=_one_of(environ, "SHOWN_COLOUR", ACCENTS),
        leave_to=_leave_to(environ.get("LEAVE_TO", _CALENDAR)),
        trusted_proxies=_proxies(environ.get("TRUSTED_PROXIES", "0")),
    )


def _name(written: str) -> str:
    """Letters of any script, figures and single spaces: it stands in titles, letters and files."""
    name = unicodedata.normalize("NFC", written)
    kinds = {unicodedata.category(sign)[0] for sign in name.replace(" ", "")}
    sound = name == " ".join(name.split()) and kinds and kinds <= {"L", "M", "N"}
    if not sound or len(name) > LONGEST_NAME:
        raise SettingUnfitError(setting="SHOWN_NAME")
    return name


def _one_of(environ: Mapping[str, str], setting: str, offered: tuple[str, ...]) -> str:
    chosen = environ.get(setting, offered[0])
    if chosen not in offered:
        raise SettingUnfitError(setting=setting)
    return chosen


def _leave_to(written: str) -> str | None:
    if written == _CALENDAR:
        return None
    if not _ADDRESS.fullmatch(written) or not urlsplit(written).hostname:
        raise SettingUnfitError(setting="LEAVE_TO")
    return written


def _proxies(written: str) -> int:
    if not written.isdecimal() or int(written) > MOST_PROXIES:
        raise SettingUnfitError(setting="TRUSTED_PROXIES")
    return int(written)
