"""Whatever is merged, nobody can be guessed behind a line, and every sum still adds up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from union.office.open_books.rules import FEWEST, HELP, OutLine, Shown, merge_funds, merge_small

RENT = OutLine("5110", 100_000)
LINES = st.lists(
    st.builds(
        OutLine,
        st.sampled_from([*sorted(HELP), "5110", "5120"]),
        st.integers(1, 10**7),
        st.frozensets(st.integers(1, 30), min_size=1, max_size=12),
    ),
    max_size=6,
    unique_by=lambda line: line.code,
)


def helped(code, people, amount=1000):
    return OutLine(code, amount * people, frozenset((code, n) for n in range(people)))


def test_five_may_stand_alone():
    assert merge_small([helped("5010", 5), RENT]).shown is Shown.EACH


def test_four_join_the_next_smallest_line_of_help():
    shown = merge_small([helped("5010", 4), helped("5020", 9), helped("5030", 20), RENT])
    assert shown.shown is Shown.HELP_TOGETHER
    assert {line.code for line in shown.lines} == {"help", "5030", "5110"}


def test_the_same_few_people_behind_two_lines_are_counted_once():
    few = frozenset(range(4))
    shown = merge_small([OutLine("5010", 400, few), OutLine("5030", 300, few), RENT])
    assert (shown.shown, [line.code for line in shown.lines]) == (Shown.ALL_TOGETHER, ["all"])


def test_four_alone_join_the_other_spending_and_without_any_are_hidden():
    assert merge_small([helped("5010", 4), RENT]).shown is Shown.ALL_TOGETHER
    hidden = merge_small([helped("5010", 4)])
    assert (hidden.shown, hidden.lines, hidden.amount_minor) == (Shown.HIDDEN, (), None)


@given(LINES)
def test_no_line_of_help_has_fewer_than_five_behind_it(lines):
    shown = merge_small(lines)
    assert all(line.people >= FEWEST for line in shown.lines if line.code in {*HELP, "help"})
    if shown.amount_minor is not None:
        assert shown.amount_minor == sum(line.amount_minor for line in lines)


@given(LINES)
def test_what_joined_cannot_be_told_apart_by_taking_a_shown_line_away(lines):
    shown = merge_small(lines)
    alone = {line.code for line in shown.lines}
    small = {line.code for line in lines if line.code in HELP and line.people < FEWEST}
    assert not alone & small
    if shown.shown is Shown.ALL_TOGETHER:
        assert len(shown.lines) == 1


def test_funds_are_merged_as_far_as_the_lines_are():
    held = {"general": 5, "welfare": 7, "legal": 1}
    bound = frozenset({"welfare", "legal"})
    assert merge_funds(held, Shown.EACH, bound) == held
    assert merge_funds(held, Shown.HELP_TOGETHER, bound) == {"general": 5, "help": 8}
    assert merge_funds(held, Shown.ALL_TOGETHER, bound) == {"all": 13}
    assert merge_funds(held, Shown.HIDDEN, bound) == {}
