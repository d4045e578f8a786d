from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.dues.rules.handovers import HandOverReason, RoundCount, judge_handovers
from union.dues.rules.reading import (
    HandOversUnreadableError,
    SheetLine,
    SheetUnreadableError,
    read_card,
    read_day,
    read_handovers,
    read_sheet,
)
from union.dues.rules.sheets import judge_sheet, read_note, suggest_amount
from union.dues.rules.verdicts import (
    KnownFacts,
    KnownMember,
    Note,
    Reason,
    Taken,
    Verdict,
)

HEADING = "collector,receipt,date,member,amount,note\n"
TODAY = date(2026, 11, 2)
MEMBERS = {
    "KA/00001": KnownMember(1, active=True),
    "KA/00002": KnownMember(2, active=True),
    "KA/00080": KnownMember(80, active=False),
}


def judge(*lines: str, taken=None):
    sheet = read_sheet((HEADING + "\n".join(lines)).encode())
    return judge_sheet(sheet, KnownFacts(MEMBERS, taken or {}, TODAY))


def reasons(*lines: str, taken=None):
    return [one.reason for one in judge(*lines, taken=taken).lines]


def test_a_plain_line_is_booked():
    (line,) = judge("KA/00718,2001,01-10-2026,ka-1,₹20/-,").lines
    assert line.verdict is Verdict.BOOKED
    assert (line.person_id, line.amount_minor, line.happened_on) == (1, 2000, date(2026, 10, 1))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("KA/00718,2001,01-10-2026,KA/00001,-20,", Reason.AMOUNT_NEGATIVE),
        ("KA/00718,2001,01-10-2026,KA/00001,2O,", Reason.AMOUNT_UNREADABLE),
        ("KA/00718,2001,01-10-2026,KA/00001,,", Reason.AMOUNT_UNREADABLE),
        ("KA/00718,2001,01-10-2026,KA/00001,0,", Reason.AMOUNT_ZERO),
        ("KA/00718,2001,01-10-2026,KA/00001,99999999999999999999,", Reason.AMOUNT_TOO_LARGE),
        ("KA/00718,2001,31-02-2026,KA/00001,20,", Reason.DATE_IMPOSSIBLE),
        ("KA/00718,2001,soon,KA/00001,20,", Reason.DATE_IMPOSSIBLE),
        ("KA/00718,2001,01-12-2026,KA/00001,20,", Reason.DATE_AHEAD),
        ("KA/00718,2001,01-10-2016,KA/00001,20,", Reason.DATE_LONG_AGO),
        ("KA/00718,2001,01-10-2026,KA/99999,20,", Reason.CARD_UNKNOWN),
        ("KA/00718,2001,01-10-2026,Rani,20,", Reason.CARD_UNKNOWN),
        ("KA/00718,2001,01-10-2026,KA/00080,20,", Reason.MEMBER_GONE),
        ("KA/00718,two,01-10-2026,KA/00001,20,", Reason.RECEIPT_UNREADABLE),
        (",2001,01-10-2026,KA/00001,20,", Reason.COLLECTOR_UNREADABLE),
        ("the tall one,2001,01-10-2026,KA/00001,20,", Reason.COLLECTOR_UNREADABLE),
        ("KA/00718,2001", Reason.AMOUNT_UNREADABLE),
    ],
)
def test_each_bad_line_has_its_reason(line, reason):
    assert reasons(line) == [reason]


def test_a_line_written_twice_is_booked_once():
    line = "KA/00718,2040,17-10-2026,KA/00001,20,"
    assert reasons(line, line, line) == [None, Reason.ENTERED_TWICE, Reason.ENTERED_TWICE]


def test_one_receipt_for_two_people_books_neither_and_points_to_the_gap():
    judged = judge(
        "KA/00718,3010,04-10-2026,KA/00001,20,",
        "KA/00718,3010,05-10-2026,KA/00002,120,",
        "KA/00718,3012,05-10-2026,KA/00002,20,",
    )
    assert [one.reason for one in judged.lines] == [Reason.RECEIPT_SHARED] * 2 + [None]
    assert [one.hint_no for one in judged.lines] == [3011, 3011, None]
    assert [gap.receipt_no for gap in judged.missing] == [3011]


def test_the_same_number_in_two_collectors_books_is_two_receipts():
    lines = (
        "KA/00718,7,04-10-2026,KA/00001,20,",
        "KA/00795,7,04-10-2026,KA/00002,20,",
    )
    assert reasons(*lines) == [None, None]


def test_what_was_booked_before_is_there_already_and_else_refused():
    taken = {("KA/00718", 7): Taken(1, 2000, date(2026, 10, 4))}
    (same,) = judge("KA/00718,7,04-10-2026,KA/00001,20,", taken=taken).lines
    assert same.verdict is Verdict.ALREADY
    assert reasons("KA/00718,7,04-10-2026,KA/00002,20,", taken=taken) == [Reason.RECEIPT_TAKEN]
    assert reasons("KA/00718,7,04-10-2026,KA/00001,40,", taken=taken) == [Reason.RECEIPT_TAKEN]


def test_a_number_booked_before_is_no_gap():
    taken = {("KA/00718", 8): Taken(1, 2000, date(2026, 10, 4))}
    lines = ("KA/00718,7,04-10-2026,KA/00001,20,", "KA/00718,9,04-10-2026,KA/00001,20,")
    assert len(judge(*lines).missing) == 1
    assert judge(*lines, taken=taken).missing == ()


@pytest.mark.parametrize(
    ("text", "minor"),
    [("2O", 2000), ("-20", 2000), ("l0", 1000), ("twenty", None), ("", None), ("0", None)],
)
def test_what_a_slip_of_the_pen_probably_means(text, minor):
    assert suggest_amount(text) == minor


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", Note.NONE),
        ("for daughter also", Note.FOR_ANOTHER_TOO),
        ("part", Note.PART),
        ("arrears", Note.ARREARS),
        ("sick", Note.OTHER),
    ],
)
def test_what_a_remark_means(text, note):
    assert read_note(text) is note


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01-10-2026", date(2026, 10, 1)),
        ("1/10/26", date(2026, 10, 1)),
        ("1.10.2026", date(2026, 10, 1)),
        ("2026-10-01", date(2026, 10, 1)),
        ("೦೧-೧೦-೨೦೨೬", date(2026, 10, 1)),
        ("31-02-2026", None),
        ("10-13-2026", None),
        ("", None),
    ],
)
def test_days_as_they_are_written(text, day):
    assert read_day(text) == day


def test_cards_in_any_spelling():
    assert {read_card(one) for one in ("KA/00245", "ka-245", "KA 0245", "245")} == {"KA/00245"}


def test_a_sheet_with_other_separators_and_an_empty_line_is_read():
    content = HEADING.replace(",", ";") + "KA/00718;1;01-10-2026;KA/00001;20;\n;;;;;\n"
    assert [line.row_no for line in read_sheet(content.encode("utf-8-sig"))] == [2]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b\n1,2\n", b"\x00\xff\xfe"])
def test_what_is_no_sheet_is_said_so(content):
    with pytest.raises(SheetUnreadableError):
        read_sheet(content)
    with pytest.raises(HandOversUnreadableError):
        read_handovers(content)


CELLS = st.text(max_size=12) | st.sampled_from(
    ["KA/00001", "KA/00718", "20", "2O", "-20", "2001", "01-10-2026", "31-02-2026", "", "٣"]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=20))
def test_whatever_is_written_each_line_has_one_verdict_and_is_booked_whole_or_not(rows):
    lines = [SheetLine(number, *cells) for number, cells in enumerate(rows, start=2)]
    judged = judge_sheet(lines, KnownFacts(MEMBERS, {}, TODAY)).lines
    assert [one.line for one in judged] == lines
    for one in judged:
        assert (one.verdict is Verdict.REFUSED) == (one.reason is not None)
        if one.verdict is Verdict.BOOKED:
            assert one.person_id in {1, 2}
            assert one.amount_minor > 0
            assert one.happened_on <= TODAY
            assert one.collector
            assert one.receipt_no is not None
    receipts = [(one.collector, one.receipt_no) for one in judged if one.verdict is Verdict.BOOKED]
    assert len(receipts) == len(set(receipts))


@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_holds_it_is_read_or_said_to_be_none(content):
    for start in (b"", HEADING.encode()):
        with contextlib.suppress(SheetUnreadableError):
            read_sheet(start + content)


def hand_overs(*lines: str, before=frozenset()):
    content = "collector,date,counted,received_by\n" + "\n".join(lines)
    return judge_handovers(read_handovers(content.encode()), {"KA/00718"}, before, TODAY)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("KA/00718,2026-10-16,1850,treasurer", None),
        ("KA/00999,2026-10-16,1850,treasurer", HandOverReason.COLLECTOR_UNKNOWN),
        ("KA/00718,2026-10-16,18S0,treasurer", HandOverReason.COUNTED_UNREADABLE),
        ("KA/00718,2026-10-16,-5,treasurer", HandOverReason.COUNTED_UNREADABLE),
        ("KA/00718,2026-02-31,5,treasurer", HandOverReason.DATE_IMPOSSIBLE),
        ("KA/00718,2027-02-01,5,treasurer", HandOverReason.DATE_AHEAD),
    ],
)
def test_each_hand_over_has_its_verdict(line, reason):
    assert hand_overs(line)[0].reason is reason


def test_a_hand_over_twice_in_a_list_is_refused_and_one_from_before_is_there():
    line = "KA/00718,2026-10-16,1850,treasurer"
    assert hand_overs(line, line)[1].reason is HandOverReason.ENTERED_TWICE
    before = frozenset({("KA/00718", date(2026, 10, 16), 185000)})
    assert hand_overs(line, before=before)[0].verdict is Verdict.ALREADY


def test_a_round_says_what_is_certain_and_what_is_likely():
    count = RoundCount(
        booked_minor=627000,
        handed_minor=642000,
        waiting_minor=17000,
        waiting_lines=4,
        missing=1,
        usual_minor=2000,
    )
    assert count.in_hand_minor == -15000
    assert count.likely_difference_minor == -4000
    assert not count.certain
