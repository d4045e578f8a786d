"""Somebody with something of everything that is kept of her, and her erasure up to any step."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from tests.builders.members import make_member
from tests.builders.messages import make_inbound
from union.dues.models import CollectionLine, CollectionSheet
from union.dues.queries.rounds import ORIGINAL as LINE
from union.infra.key_ends import Erasure
from union.infra.timers import Timer
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.kernel.clock import ManualClock
from union.kernel.ids import new_ref
from union.members.models import ColumnMapping, ImportBatch, ImportRow, Member
from union.members.queries.imports import ORIGINAL as ROW
from union.members.rules.books import Columns
from union.messages.services import store_inbound
from union.office.erasing.rules import WAIT, Asked
from union.office.erasing.services import asking
from union.office.erasing.services.carrying import carry_out as do_step

PHONE = "5876512345"
COLUMNS = Columns({"called": "Name"}).as_dict()
WORDS = "Qz7 she said this of herself"
TEST = Actor.system("test")


@dataclass
class Cast:
    """Her, as everything knows her, and two officers."""

    her: int
    card: str
    one: Actor
    two: Actor


def make_officer(work: Work, role: Role = Role.MEMBERSHIP_SECRETARY) -> Actor:
    """Somebody who may agree."""
    member = make_member(work, called="Officer")
    account = make_account(work, member.person_id)
    give_role(work, account.id, Grant(role))
    return Actor(member.person_id, account.id, frozenset({Grant(role)}))


def make_cast(work: Work) -> Cast:
    """Her with a number, an account, a row of a register, a line of a sheet, words from outside."""
    her = make_member(work, phone=PHONE, called="Qz7-Rani", remarks=WORDS)
    make_account(work, her.person_id)
    make_row(work, her)
    make_line(work, her)
    store_inbound(work, make_inbound(work.clock.now(), from_number=f"+91{PHONE}", body=WORDS))
    assert her.card_number is not None
    return Cast(her.person_id, her.card_number, make_officer(work), make_officer(work))


def make_row(work: Work, her: Member) -> ImportRow:
    """A row of a register that became her entry, under its file's key."""
    now, key_ref, ref = work.clock.now(), work.vault.new_key(), new_ref()
    mapping = ColumnMapping(ref=new_ref(), name=ref, columns=COLUMNS, made_at=now)
    work.session.add(mapping)
    work.session.flush()
    sums = {"rows": 1, "taken": 1, "doubtful": 0, "duplicates": 0, "refused": 0}
    batch = ImportBatch(
        ref=ref,
        key_ref=key_ref,
        fingerprint=ref.encode(),
        mapping_id=mapping.id,
        heading=["Name"],
        columns=COLUMNS,
        register_month="2026-01",
        imported_at=now,
        **sums,
    )
    work.session.add(batch)
    work.session.flush()
    row = ImportRow(
        batch_id=batch.id,
        line=1,
        fingerprint=b"12345678",
        verdict="taken",
        findings=[],
        original=work.vault.encrypt(key_ref, ROW, f"{ref}:1", json.dumps([WORDS])),
        name_mark=b"1",
        change="added",
        person_id=her.person_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def make_line(work: Work, her: Member) -> CollectionLine:
    """A line of a collector's sheet about her, under the sheet's key."""
    key_ref, ref = work.vault.new_key(), new_ref()
    sheet = CollectionSheet(
        ref=new_ref(), key_ref=key_ref, fingerprint=b"s", rows=1, imported_at=work.clock.now()
    )
    work.session.add(sheet)
    work.session.flush()
    line = CollectionLine(
        ref=ref,
        sheet_id=sheet.id,
        row_no=1,
        verdict="refused",
        reason="receipt_taken",
        person_id=her.person_id,
        note="",
        original=work.vault.encrypt(key_ref, LINE, ref, WORDS),
    )
    work.session.add(line)
    work.session.flush()
    return line


def ask_and_agree(unit: UnitOfWork, cast: Cast) -> str:
    """Asked at the office by one, agreed by the other; the order's reference."""
    with unit.begin(cast.one) as work:
        ref = asking.ask_for_her(work, cast.card, Asked.OFFICE).ref
    with unit.begin(cast.two) as work:
        asking.agree(work, ref)
    return ref


def wait_and_carry_out(unit: UnitOfWork, clock: ManualClock, wait: timedelta = WAIT) -> None:
    """Her days go by, and the timers do what they do."""
    clock.advance(wait)
    carry_out(unit)


def carry_out(unit: UnitOfWork, steps: int = 20) -> None:
    """Do what is due of erasures, a step at a time, until nothing is."""
    for _ in range(steps):
        with unit.begin(TEST) as work:
            due = select(Timer).where(
                Timer.kind == asking.ERASE,
                Timer.done_at.is_(None),
                Timer.due_at <= work.clock.now(),
            )
            timer = work.session.scalar(due.limit(1))
            if timer is None:
                return
            do_step(work, timer)


def order_now(work: Work, ref: str) -> Erasure:
    """The order as it stands."""
    return work.session.scalars(select(Erasure).where(Erasure.ref == ref)).one()
