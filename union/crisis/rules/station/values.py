"""What a sheet of legal lines is made of; plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LANGUAGES = ("kn", "hi", "en")

Said = Mapping[str, str]
"""Words by language."""


class Part(StrEnum):
    """Where on the sheet a line stands."""

    ASK = "ask"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class LegalSource:
    """Where a line stands in the law, and from when on; not ``compared`` means ask a lawyer."""

    act: str
    section: str
    since_on: date
    compared: bool = True

    @property
    def short(self) -> str:
        """As the sheet names it; a star where nobody of us has read the text itself."""
        return f"{self.act} {self.section}{'' if self.compared else '*'}"


@dataclass(frozen=True, slots=True)
class LegalLine:
    """One thing to ask for, or to write down."""

    part: Part
    words: Said
    sources: tuple[LegalSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version: used from a day on, its lines compared with their sources on another."""

    version: str
    used_from: date
    checked_on: date
    title: Said
    entry: Said
    parts: Mapping[Part, Said]
    lines: tuple[LegalLine, ...]
    foot: Said

    def of(self, part: Part) -> tuple[LegalLine, ...]:
        """The lines of one part, in order."""
        return tuple(line for line in self.lines if line.part is part)

    @property
    def dates(self) -> tuple[tuple[str, date], ...]:
        """Each Act named, and since when it is in force."""
        return tuple({one.act: one.since_on for line in self.lines for one in line.sources}.items())
