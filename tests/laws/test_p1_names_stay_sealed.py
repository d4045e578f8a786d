"""P1, P5: what a register brings in stands nowhere in the open, and a minor's row nowhere."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import inspect, select, text

from tests.builders.members import PASSPHRASE, make_circles, make_districts
from tests.builders.readings import WHY, written_down
from union.infra.keystore import KeyGoneError
from union.infra.people import Person
from union.kernel.actor import Actor
from union.members.models import ImportBatch, ImportRow, Member, SetAside
from union.members.queries import member_by_card, members_active_on, persons_with_phone
from union.members.queries.pages import find_members
from union.members.queries.reach import LEGAL_NAME
from union.members.services.intake import ORIGINAL
from union.members.services.legal_names import open_legal_name
from union.members.services.set_aside import open_set_aside
from union.office.services.register_import import import_register

SYSTEM = Actor.system("test")
HEADING = "Sl,ID card no,Called,Name in register,Mobile,District,Place,Born,Nominee,Remarks\n"
HERS = "1,KA/00001,Qqcalled,Qqlegal,5845012345,Bidar,Qqplace,04-06-1982,Qqnominee,Qqremark\n"
LITTLE = "2,KA/00002,Zzcalled,Zzlegal,5845054321,Bidar,Zzplace,09-03-2012,Zznominee,Zzremark\n"
TWIN = "1a,KA/00003,Qqcalled,Qqlegal M,5845012345,Bidar,Qqplace,04-06-1982,,\n"
BOOK = (HEADING + HERS + LITTLE + TWIN).encode()

CANARIES = ("Qqcalled", "Qqlegal", "Qqplace", "Qqnominee", "Qqremark", "5845012345", "1982-06-04")
MINOR = ("Zzcalled", "Zzlegal", "Zzplace", "Zznominee", "Zzremark", "5845054321", "KA/00002")


@pytest.fixture
def brought_in(committing):
    with committing.begin(SYSTEM) as work:
        officer = make_circles(work)
        make_districts(work)
        outcome = import_register(work, BOOK)
    return committing, officer, outcome


def everything(work):
    """Every row of every table as text, binary cells both as hexadecimal and as letters."""
    tables = set(inspect(work.session.connection()).get_table_names()) - {"alembic_version"}
    for table in tables:
        for (row,) in work.session.execute(text(f'SELECT t::text FROM "{table}" t')):
            yield table, row
            for piece in row.split("\\x")[1:]:
                digits = "".join(c for c in piece.split(",")[0] if c in "0123456789abcdef")
                yield table, bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1")


def found_in(work, words):
    return {(table, word) for table, row in everything(work) for word in words if word in row}


def test_the_sums_count_her_and_no_line_shows_her(brought_in):
    _unit, _officer, outcome = brought_in
    assert outcome.as_dict()["rows"] == 3
    assert outcome.as_dict()["refused"] == 1
    assert [row.line for row in outcome.lines] == [2, 4]


def test_no_table_holds_a_word_of_it_in_the_open(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.reading(SYSTEM) as work:
        assert found_in(work, CANARIES) == set()
        assert found_in(work, MINOR) == set()


def test_the_machine_opens_no_legal_name(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.reading(SYSTEM) as work:
        member = member_by_card(work.session, "KA/1")
        opened = work.vault.decrypt_bytes(member.key_ref, LEGAL_NAME, member.ref, member.legal_name)
        assert b"Qqlegal" not in opened
        batch = work.session.scalars(select(ImportBatch)).one()
        rows = work.session.scalars(select(ImportRow)).all()
        assert len(rows) == 2
        for row in rows:
            where = f"{batch.ref}:{row.line}"
            kept = work.vault.decrypt(batch.key_ref, ORIGINAL, where, row.original)
            assert "Qqcalled" in kept
            assert "Qqlegal" not in kept


def test_the_machine_opens_no_row_of_a_minor(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.reading(SYSTEM) as work:
        kept = work.session.scalars(select(SetAside)).one()
        box = work.vault.decrypt_bytes(kept.key_ref, "set_aside.sealed", kept.ref, kept.sealed)
        assert not any(word.encode() in box for word in MINOR)


def test_a_minor_is_in_no_list_count_or_search(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.reading(SYSTEM) as work:
        assert member_by_card(work.session, "KA/00002") is None
        assert persons_with_phone(work, "+915845054321") == []
        assert find_members(work, "Zzcalled", None) == []
        assert find_members(work, "5845054321", None) == []
        cards = {m.card_number for m in members_active_on(work.session, work.clock.today())}
        assert cards == {"KA/00001"}
        assert len(work.session.scalars(select(Member)).all()) == 1
        assert {row.line for row in work.session.scalars(select(ImportRow))} == {2, 4}


def test_the_same_card_in_another_book_is_kept_apart_too(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.begin(SYSTEM) as work:
        second = import_register(work, b"Name;Card;Dist.\nZzlegal bai;KA-0002;Bidar\n", "second")
        assert second.as_dict()["refused"] == 1
        assert second.lines == []
        assert len(work.session.scalars(select(SetAside)).all()) == 2
        assert found_in(work, MINOR) == set()


def test_one_officer_opens_both_and_it_is_written_down(brought_in):
    unit, officer, _outcome = brought_in
    with unit.begin(Actor(officer, None, frozenset())) as work:
        (row,) = open_set_aside(work, PASSPHRASE, WHY)
        assert (row.line, row.cells["called"]) == (3, "Zzcalled")
        her = member_by_card(work.session, "KA/1")
        assert open_legal_name(work, her.person_id, PASSPHRASE, WHY) == "Qqlegal"
    with unit.reading(SYSTEM) as work:
        read = [one.what for one in written_down(work)]
    assert read == ["set_aside_opened", "legal_name_opened"]


def test_destroying_her_key_erases_her(brought_in):
    unit, _officer, _outcome = brought_in
    with unit.begin(SYSTEM) as work:
        her = member_by_card(work.session, "KA/1")
        work.vault.destroy_key(work.session.get_one(Person, her.person_id).key_ref)
    with unit.reading(SYSTEM) as work:
        her = member_by_card(work.session, "KA/1")
        with pytest.raises(KeyGoneError):
            work.vault.decrypt(her.key_ref, "member.called", her.ref, her.called)


def test_nothing_of_it_is_in_what_a_command_prints(brought_in):
    _unit, _officer, outcome = brought_in
    printed = json.dumps(
        [outcome.as_dict(), [[f.packed() for f in row.findings] for row in outcome.lines]]
    )
    for word in (*CANARIES, *MINOR):
        assert word not in printed
