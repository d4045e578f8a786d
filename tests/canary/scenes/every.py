"""Every scene, and the closed columns in which none could leave a word.

Each scene does what the product's people would do and hands in words of its own; none writes a
row or a cipher itself. They play on a union that is empty, and on one that lives.
"""

from __future__ import annotations

from tests.canary.scenes import bank, cases, dues, money, night, office, people, words
from tests.canary.scenes.stage import Scene, Stage
from union.infra.work import UnitOfWork

SCENES: tuple[Scene, ...] = (
    people.her_entry,
    people.her_book,
    people.her_telephones,
    words.said_and_sent,
    dues.what_she_owes,
    dues.a_round,
    money.books,
    money.a_float,
    bank.a_statement,
    bank.where_money_goes,
    night.a_call,
    night.a_child,
    night.a_raid,
    night.the_team,
    cases.a_case,
    cases.a_complaint,
    cases.a_claim,
    office.an_audit,
    office.what_was_opened,
    office.a_hold,
)
"""In an order in which they can be played."""

DRAWN_BY_LOT = {"totp.secret", "push_key.private", "round_device.private_key"}
"""Secrets the program makes: nobody writes a word there, so each is looked for as it is."""

CANNOT_HOLD_A_WORD = {
    **dict.fromkeys(DRAWN_BY_LOT, "the program draws it by lot"),
    "member.born": "a day, a month or a year: nothing else is read from a book or a form",
    "taken.minor": "one of three answers, all of one length",
    "medical_clock.what": "one of the cares we know",
    "debrief_person.how": "one of four letters",
}
"""Closed columns in which nobody can write a word, and why; they are closed none the less."""


def play(unit: UnitOfWork) -> None:
    """All scenes, one after the other."""
    stage = Stage(unit)
    for scene in SCENES:
        scene(stage)
