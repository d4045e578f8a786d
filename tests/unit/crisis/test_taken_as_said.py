"""A list typed in Hindi or Kannada is read as one in English is: hours, and where she is."""

from __future__ import annotations

from datetime import time

import pytest

from union.crisis.rules.taken import Standing
from union.crisis.rules.taken_lines import Dose, read_line


@pytest.mark.parametrize(
    ("line", "dose"),
    [
        ("मीना, इंसुलिन रात 8 बजे", Dose("इंसुलिन", time(20))),
        ("ಮೀನಾ, ಇನ್ಸುಲಿನ್ ರಾತ್ರಿ 8", Dose("ಇನ್ಸುಲಿನ್", time(20))),
        ("सीता, दवा सुबह ७:३०", Dose("दवा", time(7, 30))),
        ("ಸೀತಾ, ಮಾತ್ರೆ ಮಧ್ಯಾಹ್ನ 12 ಗಂಟೆಗೆ", Dose("ಮಾತ್ರೆ", time(12))),
        ("गीता, दवा रात 12", Dose("दवा", time(0))),
        ("गीता, दवा रात 2 बजे", Dose("दवा", time(2))),
        ("ಗೀತಾ, ಮಾತ್ರೆ ಸಂಜೆ 6", Dose("ಮಾತ್ರೆ", time(18))),
    ],
)
def test_an_hour_with_its_part_of_the_day(line: str, dose: Dose):
    assert read_line(line).doses == (dose,)


def test_an_hour_no_clock_has_is_left_in_her_words():
    assert read_line("गीता, दवा रात 17").doses == ()


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("रानी, अस्पताल", Standing.HOSPITAL),
        ("ರಾಣಿ, ಆಸ್ಪತ್ರೆಯಲ್ಲಿ", Standing.HOSPITAL),
        ("रानी, थाने में", Standing.AT_STATION),
        ("ರಾಣಿ, ಬಿಟ್ಟರು", Standing.RELEASED),
    ],
)
def test_where_she_is(line: str, standing: Standing):
    assert read_line(line).standing is standing
