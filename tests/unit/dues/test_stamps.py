from __future__ import annotations

from dataclasses import replace

from union.dues.rules.charges import WaivedPeriod
from union.dues.rules.stamps import Card, MonthSum, Stamp, StampState, year_of_stamps
from union.kernel.periods import Month

CARD = Card(
    charged={
        Month(2026, 8): MonthSum(2000, 2000),
        Month(2026, 9): MonthSum(2000, 500),
        Month(2026, 10): MonthSum(2000, 0),
    },
    waived=(WaivedPeriod(Month(2026, 7), Month(2026, 7)),),
    first=Month(2026, 3),
    paid_upto=Month(2026, 5),
    covered_to=Month(2026, 6),
    credit_minor=0,
    fee_minor=2000,
    present=Month(2026, 10),
)


def states(card: Card) -> str:
    letters = {
        StampState.PAID: "p",
        StampState.PAID_AHEAD: "a",
        StampState.PART: "h",
        StampState.DUE: "d",
        StampState.WAIVED: "w",
        StampState.AHEAD: ".",
        StampState.NONE: "-",
    }
    return "".join(letters[one.state] for one in year_of_stamps(card, 2026))


def test_a_year_shows_each_month_as_it_is():
    assert states(CARD) == "--ppp-wphd.."
    assert year_of_stamps(CARD, 2026)[8] == Stamp(Month(2026, 9), StampState.PART, 1500)


def test_credit_stamps_the_months_it_covers_wholly():
    assert states(replace(CARD, credit_minor=3999)) == "--ppp-wphda."
    assert states(replace(CARD, credit_minor=4000)) == "--ppp-wphdaa"
    assert states(replace(CARD, credit_minor=4000, fee_minor=0)) == "--ppp-wphd.."


def test_what_the_old_book_has_for_months_to_come_is_paid_ahead():
    paid = replace(CARD, charged={}, paid_upto=Month(2026, 12), covered_to=Month(2026, 12))
    assert states(paid) == "--ppppwpppaa"
