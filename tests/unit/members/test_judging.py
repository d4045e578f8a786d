"""What becomes of a row: one verdict each, nothing assumed, nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.members.rules.books import read_book
from union.members.rules.districts import District
from union.members.rules.findings import Finding, Verdict
from union.members.rules.judging import Knowledge, Match, judge_book
from union.members.rules.likeness import Traits, evidence, may_be_same, name_key
from union.members.rules.reading import Setting, read_rows

TODAY = date(2026, 11, 22)
SETTING = Setting(TODAY, (District("Bidar", ("Beedar",), "Bidar", 17.9, 77.5),))
HEADING = (
    "Sl,ID card no,Called,Name in register,W/T/M,Mobile,District,Place,Born,Joined on,"
    "Fee per month,Paid upto,Speaks,When may we call,Remarks"
)
SOUND = {
    "Sl": "1",
    "ID card no": "KA/00001",
    "Called": "Rani",
    "Name in register": "Asha",
    "W/T/M": "W",
    "Mobile": "5830166131",
    "District": "Bidar",
    "Place": "Bidar bus stand",
    "Born": "04-06-1982",
    "Joined on": "12-07-2019",
    "Fee per month": "20",
    "Paid upto": "10/2026",
    "Speaks": "Kannada",
    "When may we call": "any time",
    "Remarks": "",
}


def judge(*rows, known=None):
    """The rows judged; each is what differs from a sound row, or a raw line."""
    columns = HEADING.split(",")
    lines = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            lines.append(row)
            continue
        cells = {
            **SOUND,
            "Sl": str(number),
            "ID card no": f"KA/{number:05d}",
            "Mobile": f"58301661{number:02d}",
            "Born": f"{number + 3:02d}-06-1982",
            **row,
        }
        lines.append(",".join('"' + cells[column].replace('"', '""') + '"' for column in columns))
    book = read_book("\n".join([HEADING, *lines, ""]).encode())
    return judge_book((reading for _row, reading in read_rows(book, SETTING)), known or Knowledge())


def codes(judged):
    return {finding.code for finding in judged.reading.findings}


def test_a_sound_row_is_taken_without_a_word():
    (one,) = judge({})
    assert (one.verdict, one.match, codes(one)) == (Verdict.TAKEN, Match.NEW, set())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"District": "??"}, "district_unknown"),
        ({"District": ""}, "district_missing"),
        ({"Joined on": "05-01-2027"}, "joined_future"),
        ({"ID card no": "", "Called": "", "Name in register": ""}, "no_name_no_card"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(change, code):
    (one,) = judge(change)
    assert one.verdict is Verdict.REFUSED
    assert code in codes(one)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ID card no": ""}, "card_missing"),
        ({"ID card no": "none"}, "card_unreadable"),
        ({"W/T/M": ""}, "category_missing"),
        ({"W/T/M": "X"}, "category_unknown"),
        ({"Mobile": "5830166"}, "phone_cut"),
        ({"District": "Bidarr"}, "district_guessed"),
        ({"Born": ""}, "born_missing"),
        ({"Born": "31-02-1982"}, "born_unreadable"),
        ({"Born": "12-07-2019", "Joined on": "04-06-1982"}, "born_joined_swapped"),
        ({"Born": "12-07-2019"}, "born_is_joined"),
        ({"Joined on": ""}, "joined_missing"),
        ({"Joined on": "12/25/2019"}, "day_month_turned"),
        ({"Joined on": "04-06-1999"}, "joined_young"),
        ({"Fee per month": "twenty"}, "fee_in_words"),
        ({"Fee per month": "some"}, "fee_unreadable"),
        ({"Paid upto": "not paid since long"}, "paid_upto_unknown"),
        ({"Speaks": "Klingon"}, "language_unknown"),
        ({"When may we call": "when the moon is full"}, "wish_unclear"),
        ({"Remarks": '=HYPERLINK("http://example.invalid/x","pay here")'}, "formula_kept"),
        ({"Remarks": "gone to Pune, will come back"}, "away"),
    ],
)
def test_a_doubt_is_taken_and_named(change, code):
    (one,) = judge(change)
    assert one.verdict is Verdict.DOUBTFUL
    assert code in codes(one)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",,,,,,,,,Page 1 total,₹790,,,,", "page_total"),
        (HEADING, "repeated_header"),
        (",,,,,,,,,,,,,,", "blank_row"),
        ("do,do,do,,,,,,,,,,,,", "ditto_only"),
    ],
)
def test_what_is_nobody_is_counted_and_refused(line, code):
    judged = judge({}, line, {})
    assert [one.verdict for one in judged] == [Verdict.TAKEN, Verdict.REFUSED, Verdict.TAKEN]
    assert codes(judged[1]) == {code}


def test_ditto_marks_take_what_stands_above():
    _first, second = judge({}, {"District": "do", "Place": '"', "Speaks": "-do-"})
    assert second.verdict is Verdict.TAKEN
    assert (second.reading.district, second.reading.place) == ("Bidar", "Bidar bus stand")
    assert second.reading.languages == ("kn",)
    assert codes(second) == {"ditto_read"}


def test_swapped_dates_are_set_right():
    (one,) = judge({"Born": "12-07-2019", "Joined on": "04-06-1982"})
    assert one.reading.born is not None
    assert one.reading.joined is not None
    assert (one.reading.born.on, one.reading.joined.on) == (date(1982, 6, 4), date(2019, 7, 12))


@pytest.mark.parametrize(
    "born", ["09-03-2010", "Mar 2010", "2010", "23-11-2008", "Nov 2008", "2008"]
)
def test_whoever_may_be_under_18_is_kept_apart(born):
    (one,) = judge({"Born": born})
    assert (one.verdict, one.match) == (Verdict.REFUSED, Match.KEPT_APART)


@pytest.mark.parametrize("born", ["22-11-2008", "Oct 2008", "2007"])
def test_whoever_is_18_is_not(born):
    (one,) = judge({"Born": born, "Joined on": ""})
    assert one.match is Match.NEW


def test_a_remark_is_enough_to_keep_a_row_apart():
    (one,) = judge({"Remarks": "minor, with aunt"})
    assert one.match is Match.KEPT_APART


def test_a_second_row_of_somebody_kept_apart_is_kept_apart_too():
    _first, second = judge(
        {"Born": "09-03-2010"}, {"Sl": "1a", "ID card no": "KA/00001", "Born": ""}
    )
    assert second.match is Match.KEPT_APART


def test_a_card_kept_apart_before_is_kept_apart_in_another_book():
    known = Knowledge(kept_apart=frozenset({"KA/00001"}))
    assert judge({"Born": ""}, known=known)[0].match is Match.KEPT_APART
    assert judge({}, known=known)[0].match is Match.NEW


def test_a_row_kept_apart_before_comes_in_once_she_is_grown():
    known = Knowledge(seen_apart=frozenset({2}))
    assert judge({"Born": "09-03-2010"}, known=known)[0].match is Match.KEPT_APART_BEFORE
    assert judge({"Born": ""}, known=known)[0].match is Match.KEPT_APART_BEFORE
    assert judge({"Born": "09-03-2008"}, known=known)[0].match is Match.NEW


def test_a_sub_number_is_proposed_as_the_same_person():
    _first, second = judge(
        {}, {"Sl": "1a", "ID card no": "KA/01575", "Name in register": "ASHA M", "Mobile": ""}
    )
    assert (second.verdict, second.match, second.like_line) == (
        Verdict.DUPLICATE,
        Match.LIKE_ROW,
        2,
    )


def test_eight_women_with_one_phone_stay_eight():
    names = ["Rekha", "Shantha", "Chandni", "Fathima", "Renuka", "Reshma", "Pushpa", "Noor"]
    judged = judge(
        *(
            {"Name in register": name, "Mobile": "5934072247", "Born": f"0{at + 1}-06-1982"}
            for at, name in enumerate(names)
        )
    )
    assert {one.match for one in judged} == {Match.NEW}
    assert {one.verdict for one in judged} == {Verdict.TAKEN}
    assert all(Finding("phone_shared", "phone", hint="8") in one.reading.findings for one in judged)


def test_one_card_for_two_women_is_left_to_the_first():
    _first, second = judge(
        {},
        {
            "ID card no": "KA/00001",
            "Name in register": "Usha",
            "Born": "01-01-1990",
            "Joined on": "01-01-2020",
        },
    )
    assert (second.verdict, second.match, second.reading.card) == (
        Verdict.DOUBTFUL,
        Match.NEW,
        None,
    )
    assert Finding("card_of_another", "card", other_line=2) in second.reading.findings


def test_dead_and_gone_are_kept_as_such():
    dead, gone = judge({"Remarks": "expired 2024, nominee informed"}, {"Remarks": "left 2023"})
    assert [one.reading.standing.status for one in (dead, gone)] == ["died", "left"]
    assert {dead.verdict, gone.verdict} == {Verdict.TAKEN}


def test_a_known_card_is_an_update_and_a_card_of_a_stranger_is_proposed():
    traits = {7: Traits(phones=frozenset({"+915830166101"}), born="1982-06-04")}
    known = Knowledge(cards={"KA/00001": 7}, traits=traits)
    assert judge({}, known=known)[0].match is Match.KNOWN
    other = judge({"Born": "01-01-1990", "Mobile": "", "Joined on": "01-01-2020"}, known=known)[0]
    assert (other.match, other.verdict, other.person_id) == (
        Match.LIKE_MEMBER,
        Verdict.DUPLICATE,
        7,
    )


def test_without_a_card_a_phone_and_her_birth_are_proposed():
    known = Knowledge(
        phones={"+915830166101": (7, 8)},
        traits={
            7: Traits(phones=frozenset({"+915830166101"}), born="1982-06"),
            8: Traits(phones=frozenset({"+915830166101"}), born="1990-01-01"),
        },
    )
    (one,) = judge({"ID card no": ""}, known=known)
    assert (one.match, one.person_id) == (Match.LIKE_MEMBER, 7)


def test_a_row_seen_before_keeps_its_verdict():
    known = Knowledge(seen={2: Verdict.REFUSED})
    (one,) = judge({}, known=known)
    assert (one.match, one.verdict) == (Match.SEEN, Verdict.REFUSED)


@given(
    st.lists(
        st.sampled_from(
            [
                {},
                {"District": "??"},
                {"Born": "09-03-2010"},
                {"ID card no": "KA/00001"},
                {"Mobile": "5934072247"},
                {"Sl": "1a"},
                {"Fee per month": "twenty"},
                ",,,,,,,,,Page 1 total,₹790,,,,",
            ]
        ),
        max_size=12,
    )
)
def test_each_row_has_one_verdict_whatever_stands_in_it(rows):
    judged = judge(*rows)
    assert [one.reading.line for one in judged] == list(range(2, len(rows) + 2))
    cards = [one.reading.card for one in judged if one.match is Match.NEW and one.reading.card]
    assert len(cards) == len(set(cards))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Fathimaamma", "FATHIMA S"), ("Gangamma", "GANGAMMA M"), ("Shobha akka", "Shobhaamma")],
)
def test_names_that_sound_alike(one, other):
    assert name_key(one) == name_key(other)


def test_evidence_is_weighed_never_assumed():
    her = Traits(card="KA/1", phones=frozenset({"+91583"}), name="Asha", born="1982-06-04")
    assert not may_be_same(evidence(her, Traits(phones=her.phones)))
    assert not may_be_same(evidence(her, Traits(name="Asha")))
    assert may_be_same(evidence(her, Traits(phones=her.phones, name="ASHA M")))
    assert not may_be_same(
        evidence(her, Traits(phones=her.phones, name="ASHA M", born="1990-01-01"))
    )
    assert may_be_same(evidence(her, Traits(card="KA/1", name="Asha")))
    assert not may_be_same(evidence(her, Traits(card="KA/1", name="Usha")))
    assert not may_be_same(evidence(Traits(born="1982"), Traits(born="1982")))


def test_findings_are_kept_as_codes_and_positions():
    for finding in (
        Finding("page_total"),
        Finding("phone_cut", "phone"),
        Finding("card_of_another", "card", 934),
        Finding("district_unknown", "district", hint="Mysuru"),
    ):
        assert Finding.unpacked(finding.packed()) == finding
