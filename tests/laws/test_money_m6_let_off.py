"""Dues let off attacked by hand: cash taken, no receipt written, the months given up instead."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from tests.builders.dues import make_payer, make_payment
from tests.laws.money import forbidden, refused
from union.dues.errors import (
    OwnFavourError,
    ProposalEndedError,
    ProposalWaitsError,
    SameHandError,
    TookHerCashError,
)
from union.dues.invariants import INVARIANTS
from union.dues.models import DuesProposal, Waiver
from union.dues.queries.proposals import proposals_open, proposals_to_answer
from union.dues.services import (
    NewWaiver,
    agree_proposal,
    collector_for_person,
    import_collections,
    propose_pays_as,
    propose_waiver,
    refuse_proposal,
)
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month

NOW = "'2026-10-16T00:00:00Z'"
OCTOBER = Month(2026, 10)
TWO = "dues_m6_let_off_by_two"


def officer(person_id, role=Role.TREASURER):
    return Actor(person_id, 1, frozenset({Grant(role)}))


@pytest.fixture
def people(own_books):
    """Rani paid the treasurer cash once; a secretary and a stranger; each has a joined entry."""
    names = ("rani", "treasurer", "secretary", "another")
    with own_books.work() as work:
        found = {name: make_payer(work).person_id for name in names}
        twins = {f"{name}2": make_payer(work).person_id for name in names}
        uma = make_payer(work).person_id
    with own_books.attack(owner=True) as cursor:
        for name, twin in twins.items():
            cursor.execute(
                "UPDATE member SET merged_into = %s WHERE person_id = %s", [found[name[:-1]], twin]
            )
    with own_books.work(officer(found["treasurer"])) as work:
        make_payment(work, twins["rani2"], 2000)
        make_payment(work, found["rani"], 2000, collector_person_id=uma, receipt_no=1)
    return {**found, **twins, "uma": uma}


def propose(own_books, who, about, reason="illness"):
    with own_books.work(officer(who)) as work:
        return propose_waiver(work, NewWaiver(about, OCTOBER, None, reason, "fever")).ref


def end(ref, how, who):
    return (
        f"UPDATE dues_proposal SET ended_at = {NOW}, ended_how = '{how}', ended_by = {who}"
        f" WHERE ref = '{ref}'"
    )


def waiver(who, about, proposal="NULL", columns="", values=""):
    return (
        f"INSERT INTO dues_waiver (ref, person_id, from_month, reason, made_at, made_by,"
        f" proposal_id{columns}) VALUES ('zzzzzzzzzzzz', {about}, '2026-10-01', 'illness', {NOW},"
        f" {who}, {proposal}{values})"
    )


def test_nobody_is_let_off_on_one_hands_word(own_books, people):
    pays_as = (
        "INSERT INTO dues_pays_as (person_id, category, from_month, made_at, made_by) VALUES"
        f" ({people['rani']}, 'reduced', '2026-10-01', {NOW}, {{}})"
    )
    for who in (people["treasurer"], people["another"], "NULL"):
        for statement in (waiver(who, people["rani"]), pays_as.format(who)):
            with refused(TWO), own_books.attack() as cursor:
                cursor.execute(statement)
    ref = propose(own_books, people["treasurer"], people["rani"])
    open_one = f"(SELECT id FROM dues_proposal WHERE ref = '{ref}')"
    with refused(TWO), own_books.attack() as cursor:
        cursor.execute(waiver(people["another"], people["rani"], open_one))


def test_who_proposed_it_or_is_let_off_does_not_agree(own_books, people):
    ref = propose(own_books, people["another"], people["rani"])
    for who, error in (
        ("another", SameHandError),
        ("another2", SameHandError),
        ("rani", OwnFavourError),
        ("rani2", OwnFavourError),
    ):
        with refused(TWO), own_books.attack() as cursor:
            cursor.execute(end(ref, "agreed", people[who]))
        with pytest.raises(error), own_books.work(officer(people[who])) as work:
            agree_proposal(work, ref)
    about = (
        "INSERT INTO dues_proposal (ref, person_id, kind, from_month, reason, made_at, made_by)"
        f" VALUES ('zzzzzzzzzzzz', {people['rani']}, 'let_off', '2026-10-01', 'illness', {NOW},"
        f" {people['rani2']})"
    )
    with refused("dues_decided_by_another"), own_books.attack() as cursor:
        cursor.execute(about)
    with pytest.raises(OwnFavourError), own_books.work(officer(people["rani2"])) as work:
        propose_pays_as(work, people["rani"], "reduced", OCTOBER)
    with pytest.raises(NotAllowedError), own_books.work() as work:
        propose_pays_as(work, people["rani"], "reduced", OCTOBER)


@pytest.mark.parametrize("taker", ["treasurer", "treasurer2", "uma"])
def test_who_took_cash_of_hers_does_not_agree(own_books, people, taker):
    """At the desk, under an entry joined with hers, or as the collector of her round."""
    ref = propose(own_books, people["another"], people["rani"])
    with refused("dues_m6_let_off_by_who_takes_no_cash"), own_books.attack() as cursor:
        cursor.execute(end(ref, "agreed", people[taker]))
    with pytest.raises(TookHerCashError), own_books.work(officer(people[taker])) as work:
        agree_proposal(work, ref)
    with own_books.work(officer(people[taker])) as work:
        (shown,) = proposals_open(work)
        assert (shown.took_cash, shown.hers, shown.note) == (True, False, "fever")


def test_who_agrees_does_not_choose_the_moment_the_year_ends(own_books, people):
    ref = propose(own_books, people["another"], people["rani"])
    later = end(ref, "agreed", people["treasurer"]).replace("2026", "3026")
    with refused("dues_m6_let_off_by_who_takes_no_cash"), own_books.attack() as cursor:
        cursor.execute(later)


def test_who_wrote_a_receipt_that_is_not_booked_yet_does_not_agree(own_books, people):
    """Her sheet says that Shanta paid; the amount cannot be read, so the line waits."""
    with own_books.work() as work:
        shanta = make_payer(work, card_number="KA/00031").person_id
        uma = collector_for_person(work, people["uma"]).card_number
        sheet = f"collector,receipt,date,member,amount,note\n{uma},7,10-10-2026,KA/00031,2O,\n"
        assert import_collections(work, sheet.encode()).refused == 1
    ref = propose(own_books, people["another"], shanta)
    with refused("dues_m6_let_off_by_who_takes_no_cash"), own_books.attack() as cursor:
        cursor.execute(end(ref, "agreed", people["uma"]))
    with pytest.raises(TookHerCashError), own_books.work(officer(people["uma"])) as work:
        agree_proposal(work, ref)
    with own_books.work(officer(people["secretary"])) as work:
        agree_proposal(work, ref)


def test_what_was_agreed_holds_as_it_was_proposed_and_once(own_books, people):
    ref = propose(own_books, people["treasurer"], people["rani"])
    agreed = f"(SELECT id FROM dues_proposal WHERE ref = '{ref}')"
    with own_books.attack() as cursor:
        cursor.execute(end(ref, "agreed", people["secretary"]))
    for other in (
        waiver(people["another"], people["rani"], agreed),
        waiver(people["secretary"], people["rani2"], agreed),
        waiver(people["secretary"], people["rani"], agreed, ", until_month", ", '2026-12-01'"),
        waiver(people["secretary"], people["rani"], agreed),  # without the note that was agreed
    ):
        with refused(TWO), own_books.attack() as cursor:
            cursor.execute(other)
    whole = waiver(people["secretary"], people["rani"], agreed, ", note", ", (SELECT note FROM"
                   f" dues_proposal WHERE ref = '{ref}')")  # fmt: skip
    with own_books.attack() as cursor:
        cursor.execute(whole)
    with refused("dues_waiver_proposal_id_key"), own_books.attack() as cursor:
        cursor.execute(whole.replace("zzzzzzzzzzzz", "zzzzzzzzzzzy"))


def test_one_of_a_kind_waits_for_a_member_at_a_time(own_books, people):
    propose(own_books, people["treasurer"], people["rani"])
    with pytest.raises(ProposalWaitsError):
        propose(own_books, people["another"], people["rani"])
    with refused("dues_proposal_open_key"), own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO dues_proposal (ref, person_id, kind, from_month, reason, made_at, made_by)"
            f" VALUES ('zzzzzzzzzzzz', {people['rani']}, 'let_off', '2026-01-01', 'illness', {NOW},"
            f" {people['another']})"
        )
    with own_books.work(officer(people["another"])) as work:
        propose_pays_as(work, people["rani"], "reduced", OCTOBER)


def test_what_was_proposed_is_kept(own_books, people):
    ref = propose(own_books, people["treasurer"], people["rani"])
    for statement in (
        "UPDATE dues_proposal SET from_month = '2026-01-01'",
        "DELETE FROM dues_proposal",
        "TRUNCATE dues_proposal CASCADE",
    ):
        with forbidden(), own_books.attack() as cursor:
            cursor.execute(statement)
    with own_books.work(officer(people["secretary"], Role.SIGNATORY)) as work:
        assert proposals_to_answer(work.session, people["secretary"]) == 1
        assert proposals_to_answer(work.session, people["treasurer2"]) == 0
        refuse_proposal(work, ref)
        assert proposals_to_answer(work.session, people["secretary"]) == 0
    with refused("dues_proposal_is_kept"), own_books.attack() as cursor:
        cursor.execute(end(ref, "agreed", people["secretary"]))
    with pytest.raises(ProposalEndedError), own_books.work(officer(people["secretary"])) as work:
        agree_proposal(work, ref)


def test_two_who_agree_at_once_let_her_off_once(own_books, people):
    ref = propose(own_books, people["treasurer"], people["rani"])
    came, ready = [], threading.Barrier(2)

    def agree(who):
        try:
            with own_books.work(officer(people[who])) as work:
                ready.wait(timeout=60)
                agree_proposal(work, ref)
            came.append("done")
        except ProposalEndedError:
            came.append("refused")

    hands = [threading.Thread(target=agree, args=(who,)) for who in ("secretary", "another")]
    for one in hands:
        one.start()
    for one in hands:
        one.join(timeout=120)
    assert sorted(came) == ["done", "refused"]
    with own_books.work() as work:
        assert work.session.query(Waiver).count() == work.session.query(DuesProposal).count() == 1
        assert work.session.execute(text(INVARIANTS["let_off_by_two"])).all() == []


def test_check_tells_one_who_was_let_off_by_nobody(own_books, people):
    ref = propose(own_books, people["treasurer"], people["rani"])
    with own_books.work(officer(people["secretary"])) as work:
        agree_proposal(work, ref)
    with own_books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE dues_waiver DISABLE TRIGGER USER")
        cursor.execute(waiver(people["treasurer"], people["another"]) + " RETURNING id")
        planted = cursor.fetchone()
        cursor.execute(INVARIANTS["let_off_by_two"])
        assert cursor.fetchall() == [planted]
        cursor.connection.rollback()
