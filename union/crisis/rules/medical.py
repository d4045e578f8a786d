"""Until when which care helps, as dated data with its source; and when its keeper is reminded.

The hours are public guidelines, no advice: what is right for her she decides with a doctor. The
reminders come at the same hours whatever the care is, so that a timer does not tell which.

Compared with public copies on 22 November 2026: WHO on prophylaxis after exposure to HIV (who.int,
ISBN 978-92-4-009513-7: ideally within 24 hours, no later than 72); WHO on emergency contraception
(fact sheets of 2012, 2016 and 9 November 2021: levonorgestrel, ulipristal or a copper IUD within
five days, the sooner the better); BNSS section 184(1) (law.emunshi.ai: sent to a doctor within 24
hours of the police hearing of it, only with her consent). No copy was found of India's own (NACO:
first dose best within two hours; Ministry of Health 2014: levonorgestrel best within 72 hours, what
can be found up to 96), so those hours are as written from memory; a doctor must read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Care(StrEnum):
    """What is kept in mind; words of one length, for even encrypted a length tells."""

    AGAINST_HIV = "hiv"
    CONTRACEPTION = "ecp"
    EXAMINATION = "exm"


class CareEnd(StrEnum):
    """How a clock stopped: she had it, she does not want it, or its hours are over."""

    DONE = "done"
    DECLINED = "declined"
    RAN_OUT = "ran_out"


class HandedOn(StrEnum):
    """What came of asking somebody to carry a clock on; ``over``: it need not be, any more."""

    YES = "yes"
    NO = "no"
    ANOTHER = "another"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Guideline:
    """From a day on: best within so many hours, of use up to so many, and where that stands."""

    care: Care
    since_on: date
    best_hours: int
    hours: int
    source: str


GUIDELINES = (
    Guideline(
        Care.AGAINST_HIV,
        date(2014, 3, 1),
        2,
        72,
        "United Nations, HIV post-exposure prophylaxis: guidance for use of PEP kits, March 2014;"
        " World Health Organization, guidelines on post-exposure prophylaxis for HIV,"
        " December 2014 supplement",
    ),
    Guideline(
        Care.AGAINST_HIV,
        date(2024, 7, 22),
        2,
        72,
        "World Health Organization, guidelines for HIV post-exposure prophylaxis, July 2024: as"
        " soon as possible, ideally within 24 hours, no later than 72; best within 2 hours as"
        " India's National AIDS Control Organisation advises (not compared)",
    ),
    Guideline(
        Care.CONTRACEPTION,
        date(2012, 7, 1),
        72,
        120,
        "World Health Organization, fact sheet on emergency contraception, July 2012 and"
        " 9 November 2021: within five days, the sooner the better; ulipristal and a copper IUD"
        " keep their strength to the fifth day, levonorgestrel is best within three",
    ),
    Guideline(
        Care.EXAMINATION,
        date(2014, 3, 19),
        24,
        96,
        "Ministry of Health and Family Welfare, India: Guidelines and protocols, medico-legal"
        " care for survivors of sexual violence, 2014",
    ),
    Guideline(
        Care.EXAMINATION,
        date(2024, 7, 1),
        24,
        96,
        "Bharatiya Nagarik Suraksha Sanhita 2023, section 184: sent to a doctor within 24 hours of"
        " the police hearing of it, only with her consent; up to 96 hours as the Ministry of Health"
        " and Family Welfare, India, 2014 (not compared)",
    ),
)
"""What is public knowledge; a newer guideline is a row of its own, from its day on."""

REMIND_AT = (1, 2, 6, 12, 24, 36, 48, 60, 66, 70, 84, 90, 94, 108, 114, 118)
"""Hours since it happened at which the keeper is reminded, as far as the care's hours go."""

NEARLY_OVER = timedelta(hours=12)
"""So long before the end those in charge are told too that somebody's clock runs out."""


def guideline_on(care: Care, day: date) -> Guideline:
    """What held for this care on a day; the first one for any day before it."""
    known = [one for one in GUIDELINES if one.care is care]
    held = [one for one in known if one.since_on <= day]
    return max(held or known[:1], key=lambda one: one.since_on)


def next_look(told_hours: int, hours: int) -> int:
    """The hour after which the keeper is reminded next; the last is the end itself."""
    return next((hour for hour in REMIND_AT if told_hours < hour < hours), hours)


def passed(since_at: datetime, now: datetime, hours: int) -> int:
    """The latest of these hours that has gone by; 0 before the first."""
    gone = (now - since_at) / timedelta(hours=1)
    return max((hour for hour in (*REMIND_AT, hours) if hour <= min(gone, hours)), default=0)
