"""The union's own files, read whole: sums that were counted by eye in the files themselves."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders.members import DATA, make_circles, make_districts
from tests.conftest import START, AnyRoute
from union.infra.db import application_engine
from union.infra.keystore import KeyStore
from union.infra.sealing import CircleMissingError
from union.infra.vault import Vault
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.members.invariants import INVARIANTS
from union.members.models import (
    ContactPoint,
    Duplicate,
    ImportRow,
    Member,
    MemberFee,
    Membership,
    SetAside,
)
from union.members.queries import contact_points, member_by_card, persons_with_phone
from union.members.queries.imports import batch_by_ref
from union.members.rules.findings import Verdict
from union.office.services.register_decisions import roll_back_import
from union.office.services.register_import import (
    NoBranchesError,
    import_register,
    preview_register,
)

REGISTER = (DATA / "register.csv").read_bytes()
SECOND_BOOK = (DATA / "register-second-book.csv").read_bytes()

SUMS = {"rows": 1245, "taken": 939, "doubtful": 245, "duplicates": 14, "refused": 47}
SECOND_SUMS = {"rows": 60, "taken": 23, "doubtful": 37, "duplicates": 0, "refused": 0}

PROPOSED = [15, 101, 183, 371, 377, 486, 563, 835, 887, 952, 1031, 1062, 1136, 1150]
NO_DISTRICT = [24, 26, 477, 564, 901, 1112, 1116, 1225]
TO_COME = [696, 745, 1063, 1166]
KEPT_APART = {449, 608, 648, 649, 759}
TWO_WITH_ONE_CARD = [954, 965, 976, 1105]
SAME_DAY_TWICE = [52, 230, 239, 479, 754, 982, 1239]
DIED = {"KA/00080", "KA/00521", "KA/00607", "KA/00813", "KA/00989", "KA/01036", "KA/01198"}
LEFT = {"KA/00198", "KA/00391", "KA/00534", "KA/00781", "KA/00804", "KA/01114"}


@pytest.fixture
def union(work):
    make_circles(work)
    make_districts(work)
    return work


@pytest.fixture(scope="module")
def book_open(cluster, keystore_engine, machine_secrets):
    """The register taken in once for this module, in a database of its own."""
    clock = ManualClock(START)
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    name = cluster.copy()
    engine = application_engine(cluster.database(name).url)
    with Session(engine, expire_on_commit=False) as session:
        vault = Vault(keystore, machine_secrets.index_key)
        work = Work(session, clock, Actor.system("test"), vault, AnyRoute())
        make_circles(work)
        make_districts(work)
        import_register(work, REGISTER)
        yield work
    engine.dispose()
    cluster.drop(name)


@pytest.fixture
def imported(book_open):
    """The register as it was taken in; what a test does to it is put back."""
    savepoint = book_open.session.begin_nested()
    yield book_open
    savepoint.rollback()
    book_open.session.expunge_all()


def lines_with(outcome, code):
    return [row.line for row in outcome.lines if code in {f.code for f in row.findings}]


def broken(work):
    return {name for name, query in INVARIANTS.items() if work.session.execute(text(query)).all()}


def test_the_sums_add_up_and_every_kind_of_trouble_is_named(union):
    outcome = preview_register(union, REGISTER)
    assert {name: outcome.as_dict()[name] for name in SUMS} == SUMS
    assert sum(outcome.counts.values()) == 1245
    assert lines_with(outcome, "may_be_same") == PROPOSED
    assert lines_with(outcome, "district_unknown") == NO_DISTRICT
    assert lines_with(outcome, "joined_future") == TO_COME
    assert lines_with(outcome, "card_of_another") == TWO_WITH_ONE_CARD
    assert lines_with(outcome, "born_is_joined") == SAME_DAY_TWICE
    found = Counter(f.code for row in outcome.lines for f in row.findings)
    counted = {"page_total": 30, "formula_kept": 6, "fee_in_words": 7, "away": 3, "phone_cut": 16}
    assert {code: found[code] for code in counted} == counted
    assert KEPT_APART.isdisjoint(row.line for row in outcome.lines)
    assert len(outcome.lines) == 1245 - len(KEPT_APART)


def test_a_rehearsal_writes_nothing(union):
    preview_register(union, REGISTER)
    assert union.session.scalar(select(func.count()).select_from(Member)) == 0


def test_the_register_comes_in_whole(imported):
    count = imported.session.scalar
    assert count(select(func.count()).select_from(Member)) == 1184
    assert count(select(func.count()).select_from(SetAside)) == 5
    assert count(select(func.count()).select_from(Duplicate)) == 14
    assert count(select(func.count()).select_from(ImportRow)) == 1240
    assert broken(imported) == set()


def test_dead_and_gone_are_kept_and_receive_nothing(imported):
    for status, cards in (("died", DIED), ("left", LEFT)):
        found = imported.session.scalars(select(Member).where(Member.status == status)).all()
        assert {member.card_number for member in found} == cards
        assert [contact_points(imported, member.person_id) for member in found] == [[]] * len(cards)


def test_a_shared_phone_is_eight_women(imported):
    assert len(persons_with_phone(imported, "+915934072247")) == 8
    her = member_by_card(imported.session, "ka-14")
    (point,) = contact_points(imported, her.person_id)
    assert point.shared


def test_the_same_file_again_changes_nothing(imported):
    before = imported.session.scalar(select(func.count()).select_from(ImportRow))
    again = import_register(imported, REGISTER)
    assert again.unchanged
    assert {name: again.as_dict()[name] for name in SUMS} == SUMS
    assert imported.session.scalar(select(func.count()).select_from(ImportRow)) == before


def test_a_corrected_file_is_an_update(imported):
    corrected = REGISTER.replace(b"??,Mysuru old town", b"Mysuru,Mysuru old town").replace(
        b"KA/00002,Sitara,", b"KA/00002,Sona,"
    )
    outcome = import_register(imported, corrected)
    assert outcome.rows == 1245
    assert (outcome.added, outcome.updated) == (1, 1)
    assert len(lines_with(outcome, "seen_before")) == 1245 - 5 - 2
    assert lines_with(outcome, "field_corrected") == [3]
    assert broken(imported) == set()


def test_the_second_book_comes_in_as_an_update(imported):
    outcome = import_register(imported, SECOND_BOOK, "second book")
    assert {name: outcome.as_dict()[name] for name in SECOND_SUMS} == SECOND_SUMS
    assert (outcome.added, outcome.updated) == (25, 25)
    assert lines_with(outcome, "phone_new") == [11, 33, 39, 46]
    assert lines_with(outcome, "district_changed") == [42]
    assert lines_with(outcome, "district_differs") == [4, 11, 44, 60]
    assert len(lines_with(outcome, "phone_differs")) == 7
    shobha = member_by_card(imported.session, "KA-0245")
    first, *_others = contact_points(imported, shobha.person_id)
    assert first.e164 == "+915690858186"
    assert broken(imported) == set()


def test_a_cut_number_is_filled_from_the_second_book(imported):
    hema = member_by_card(imported.session, "KA/00376")
    assert contact_points(imported, hema.person_id) == []
    import_register(imported, SECOND_BOOK, "second book")
    assert [p.e164 for p in contact_points(imported, hema.person_id)] == ["+915620626780"]


def test_a_whole_file_is_taken_back(imported):
    outcome = import_register(imported, SECOND_BOOK, "second book")
    state = snapshot(imported)
    batch = batch_by_ref(imported.session, outcome.batch_ref)
    roll_back_import(imported, batch.id)
    assert snapshot(imported) != state
    assert imported.session.scalar(select(func.count()).select_from(Member)) == 1184
    again = import_register(imported, SECOND_BOOK, "second book")
    assert not again.unchanged
    assert snapshot(imported) == state
    assert broken(imported) == set()


def test_taking_the_register_back_leaves_nobody(imported):
    batch = imported.session.scalar(select(ImportRow.batch_id).limit(1))
    roll_back_import(imported, batch)
    for table in (Member, ContactPoint, Membership, MemberFee, SetAside, Duplicate, ImportRow):
        assert imported.session.scalar(select(func.count()).select_from(table)) == 0
    assert not import_register(imported, REGISTER).unchanged


def test_without_districts_or_keys_it_is_refused_whole(work):
    with pytest.raises(NoBranchesError):
        import_register(work, REGISTER)
    make_districts(work)
    with pytest.raises(CircleMissingError):
        import_register(work, REGISTER)


def test_progress_is_told(union):
    told = []
    import_register(union, REGISTER, None, lambda step, done, of: told.append((step, done, of)))
    assert {step for step, _done, _of in told} == {"reading", "comparing", "writing", "arrears"}
    assert all(done <= of for _step, done, of in told)


def snapshot(work):
    """Counts and shapes that an import changes, without anything random."""
    session = work.session
    return (
        session.scalar(select(func.count()).select_from(Member)),
        session.scalar(select(func.count()).select_from(ContactPoint)),
        session.scalar(select(func.count()).select_from(Membership)),
        session.scalar(select(func.count()).select_from(MemberFee)),
        session.scalar(select(func.count()).where(Member.joined_on.is_not(None))),
        session.scalar(select(func.count()).where(Member.remarks.is_not(None))),
        sorted(Counter(session.scalars(select(ImportRow.verdict))).items()),
        Verdict.TAKEN,
    )
