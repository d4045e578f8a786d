"""What a person decides about a proposed row, and what that does to her arrears."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, text

from tests.builders.dues import make_payment
from tests.builders.members import PASSPHRASE, make_circles, make_districts
from tests.builders.readings import WHY
from union.dues.errors import OpeningUsedError
from union.dues.models import Charge, DuesRun, DuesSlice
from union.identity.services import create_account
from union.infra.work import Work
from union.kernel.actor import Actor
from union.members.models import Duplicate, ImportBatch, ImportRow, Member, Merge
from union.members.queries import member_by_card
from union.members.services import FieldChange, change_member, undo_merge
from union.members.services.imports import ImportBuiltOnError
from union.members.services.legal_names import open_legal_name
from union.members.services.pairs import DecidedError
from union.office.services.register_decisions import (
    decide_duplicate,
    part_again,
    roll_back_import,
)
from union.office.services.register_import import import_register

HEADING = "Sl,ID card no,Called,Name in register,Mobile,District,Born,Joined on,Fee,Paid upto\n"
HERS = "1,KA/80001,Rani,Asha,5845012341,Bidar,04-06-1982,12-07-2019,20,07/2026\n"
TWIN = "1a,KA/80009,Rani,ASHA M,5845012341,Bidar,04-06-1982,12-07-2019,20,07/2026\n"
OTHERS = "".join(
    f"{n},KA/8010{n},,Usha{n},,Bidar,0{n}-06-1970,12-07-2019,20,10/2026\n" for n in range(2, 6)
)
BOOK = (HEADING + HERS + TWIN + OTHERS).encode()


@pytest.fixture
def officer(work):
    make_districts(work)
    return make_circles(work)


@pytest.fixture
def pair(work, officer):
    import_register(work, BOOK)
    return work.session.scalars(select(Duplicate)).one()


def owed(work, card):
    member = work.session.scalar(select(Member).where(Member.card_number == card))
    return work.session.scalar(select(func.count()).where(Charge.person_id == member.person_id))


def settled(work, card):
    member = work.session.scalar(select(Member).where(Member.card_number == card))
    paid = func.coalesce(func.sum(Charge.settled_minor), 0)
    return work.session.scalar(select(paid).where(Charge.person_id == member.person_id))


def test_arrears_begin_after_the_month_she_has_paid(work, pair):
    assert owed(work, "KA/80001") == 2
    assert owed(work, "KA/80102") == 0


def test_the_same_person_is_joined_and_owes_once(work, pair):
    merge_id = decide_duplicate(work, pair.id, same=True)
    her = member_by_card(work.session, "KA/80009")
    assert her.card_number == "KA/80001"
    assert owed(work, "KA/80009") == 0
    undo_merge(work, merge_id)
    assert member_by_card(work.session, "KA/80009").card_number == "KA/80009"


def test_parted_again_the_row_waits_as_it_was(work, pair):
    part_again(work, decide_duplicate(work, pair.id, same=True))
    assert member_by_card(work.session, "KA/80009") is None
    assert (pair.decision, pair.decided_at, pair.decided_by) == (None, None, None)
    row = work.session.get_one(ImportRow, pair.import_row_id)
    assert (row.person_id, row.change) == (None, "none")
    assert len(work.session.scalars(select(Member)).all()) == 5


def test_parted_and_taken_as_herself_she_comes_with_card_arrears_and_name(work, pair, officer):
    her = member_by_card(work.session, "KA/80001").person_id
    merge_id = decide_duplicate(work, pair.id, same=True)
    payment = make_payment(work, her)
    part_again(work, merge_id)
    decide_duplicate(work, pair.id, same=False)
    assert (settled(work, "KA/80001"), settled(work, "KA/80009")) == (payment.amount_minor, 0)
    assert (owed(work, "KA/80001"), owed(work, "KA/80009")) == (2, 2)
    work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    twin = member_by_card(work.session, "KA/80009")
    entitled = Work(
        work.session, work.clock, Actor(officer, None, frozenset()), work.vault, work.routes
    )
    assert open_legal_name(entitled, twin.person_id, PASSPHRASE, WHY) == "ASHA M"


def test_parted_joined_and_parted_once_more(work, pair):
    first = decide_duplicate(work, pair.id, same=True)
    part_again(work, first)
    second = decide_duplicate(work, pair.id, same=True)
    assert part_again(work, first) is None
    assert member_by_card(work.session, "KA/80009").card_number == "KA/80001"
    assert part_again(work, second) == pair.ref


def test_on_whose_entry_something_rests_she_stays_with_a_card_and_arrears(work, officer):
    same_card = TWIN.replace("KA/80009", "KA/80001")
    import_register(work, (HEADING + HERS + same_card + OTHERS).encode())
    pair = work.session.scalars(select(Duplicate)).one()
    merge_id = decide_duplicate(work, pair.id, same=True)
    row = work.session.get_one(ImportRow, pair.import_row_id)
    create_account(work, row.person_id, "usha", "a long pass phrase")
    assert part_again(work, merge_id) is None
    twin = work.session.get_one(Member, row.person_id)
    assert twin.merged_into is None
    assert twin.card_number == "KA/80106"
    assert owed(work, "KA/80106") == 2
    assert pair.decision == "different"


def test_two_people_owe_each_her_own(work, pair):
    assert decide_duplicate(work, pair.id, same=False) is None
    assert owed(work, "KA/80009") == 2
    assert work.session.scalars(select(Merge)).all() == []
    with pytest.raises(DecidedError):
        decide_duplicate(work, pair.id, same=True)


def test_her_sealed_name_comes_along_though_nobody_here_could_read_it(work, pair, officer):
    decide_duplicate(work, pair.id, same=False)
    twin = member_by_card(work.session, "KA/80009")
    entitled = Work(
        work.session, work.clock, Actor(officer, None, frozenset()), work.vault, work.routes
    )
    assert open_legal_name(entitled, twin.person_id, PASSPHRASE, WHY) == "ASHA M"


def test_a_file_somebody_decided_about_stays(work, pair):
    decide_duplicate(work, pair.id, same=False)
    batch = work.session.scalars(select(ImportBatch)).one()
    with pytest.raises(ImportBuiltOnError):
        roll_back_import(work, batch.id)


def pay(work, person_id):
    make_payment(work, person_id)


def charge_a_month(work, person_id):
    opening = work.session.scalars(select(Charge).where(Charge.person_id == person_id)).first()
    slice_ = work.session.get(DuesSlice, opening.slice_id)
    now = work.clock.now()
    run = DuesRun(ref="0" * 12, kind="monthly", month=date(2026, 10, 1), started_at=now)
    work.session.add(run)
    work.session.flush()
    month = DuesSlice(
        run_id=run.id,
        branch_id=slice_.branch_id,
        fund_code=slice_.fund_code,
        charges=1,
        amount_minor=2000,
        credit_used_minor=0,
        posted_at=now,
    )
    work.session.add(month)
    work.session.flush()
    work.session.add(
        Charge(
            person_id=person_id,
            month=date(2026, 10, 1),
            kind="fee",
            amount_minor=2000,
            settled_minor=0,
            fund_code=slice_.fund_code,
            slice_id=month.id,
        )
    )
    work.session.flush()


def let_in(work, person_id):
    create_account(work, person_id, "asha", "a long pass phrase")


def change_by_hand(work, person_id):
    change_member(work, person_id, FieldChange("called", "Sona"))


@pytest.mark.parametrize("build", [pay, charge_a_month, let_in, change_by_hand])
def test_a_file_that_anything_was_built_on_stays(work, pair, build):
    build(work, member_by_card(work.session, "KA/80001").person_id)
    batch = work.session.scalars(select(ImportBatch)).one()
    with pytest.raises((ImportBuiltOnError, OpeningUsedError)):
        roll_back_import(work, batch.id)


def test_looking_is_not_building(work, pair, officer):
    her = member_by_card(work.session, "KA/80001")
    entitled = Work(
        work.session, work.clock, Actor(officer, None, frozenset()), work.vault, work.routes
    )
    open_legal_name(entitled, her.person_id, PASSPHRASE, WHY)
    roll_back_import(work, work.session.scalars(select(ImportBatch)).one().id)
    assert work.session.scalars(select(Member)).all() == []
