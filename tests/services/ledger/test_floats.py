"""Floats: bounded, given by voucher, told with papers, taken by somebody else."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.papers import pdf
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.ledger.errors import (
    FloatLimitError,
    FloatOverspentError,
    OwnFloatError,
    PapersMissingError,
    SettledAlreadyError,
)
from union.ledger.invariants import INVARIANTS
from union.ledger.queries import control_balance
from union.ledger.queries.floats import float_by_ref, floats, floats_unsettled, settlements
from union.ledger.services import (
    NewSettlement,
    answer_settlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    take_back_float,
    tell_spent,
)

PDF = pdf(b"hospital bill")
TODAY = date(2026, 10, 16)


@pytest.fixture
def people(work):
    make_books(work)
    make_receipt(work, 3_000_000, fund="crisis")
    treasurer, signatory = (make_person_as(work, r) for r in (Role.TREASURER, Role.SIGNATORY))
    work.actor = treasurer
    return treasurer, signatory, make_person_as(work, Role.RESPONDER)


def given(work, people, purpose="auto", amount=60_000, limit=80_000):
    treasurer, signatory, holder = people
    set_float(work, holder.person_id, purpose, limit)
    (view,) = (one for one in floats(work, holder.person_id) if one.purpose.code == purpose)
    voucher = give_float(work, view.account.ref, amount, "1110", "for tonight")
    for actor in (treasurer, signatory):
        with acting_as(work, actor):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    pay_voucher(work, voucher.ref)
    return float_by_ref(work, view.account.ref)


def told(work, people, view, amount, **fields):
    with acting_as(work, people[2]):
        new = {"amount_minor": amount, "spent_on": TODAY, "words": "auto to the station"}
        return tell_spent(work, view.account.ref, NewSettlement(**{**new, **fields}))


def taken(work, people, settlement, *, accepted=True):
    """The second signatory reads the words and papers, and takes them."""
    with acting_as(work, people[1]):
        return answer_settlement(work, settlement.ref, accepted=accepted)


def test_from_the_night_to_the_books(work, people):
    view = given(work, people)
    assert (view.held_minor, view.room_minor, view.since) == (60_000, 20_000, TODAY)
    settlement = told(work, people, view, 45_000)
    with pytest.raises(NotAllowedError):
        answer_settlement(work, settlement.ref, accepted=True)
    entry = taken(work, people, settlement)
    assert (entry.kind, entry.source_id) == ("float_spent", settlement.id)
    assert control_balance(work.session, "5030") == 45_000
    take_back_float(work, view.account.ref, 15_000, "1010")
    after = float_by_ref(work, view.account.ref)
    assert (after.held_minor, after.since) == (0, None)
    assert settlements(work)[0].words == ""
    with acting_as(work, people[1]):
        assert settlements(work)[0].words == "auto to the station"
    for name, query in INVARIANTS.items():
        assert work.session.connection().exec_driver_sql(query).all() == [], name


def test_its_age_counts_from_the_oldest_that_nothing_covers(work, people, clock):
    view = given(work, people, amount=30_000)
    taken(work, people, told(work, people, view, 30_000))
    clock.advance(timedelta(days=2))
    view = given(work, people, amount=20_000)
    clock.advance(timedelta(days=4))
    view = float_by_ref(work, view.account.ref)
    assert (view.since, view.days, view.late) == (TODAY + timedelta(days=2), 4, True)
    assert floats_unsettled(work) == (1, 1)


def test_nobody_is_given_more_than_her_limit_or_her_purpose_allows(work, people):
    view = given(work, people)
    with pytest.raises(FloatLimitError):
        give_float(work, view.account.ref, 20_001, "1110", "more")
    give_float(work, view.account.ref, 20_000, "1110", "more")
    with pytest.raises(FloatLimitError):
        give_float(work, view.account.ref, 1, "1110", "promised already")
    with pytest.raises(FloatLimitError):
        set_float(work, people[2].person_id, "auto", 100_001)


def test_nobody_sets_or_settles_her_own(work, people):
    treasurer, signatory, holder = people
    with pytest.raises(OwnFloatError):
        set_float(work, treasurer.person_id, "auto", 100)
    view = given(work, people)
    with pytest.raises(NotAllowedError):
        tell_spent(work, view.account.ref, NewSettlement(100, TODAY, "not mine"))
    settlement = told(work, people, view, 100)
    both = type(holder)(holder.person_id, None, treasurer.grants | signatory.grants)
    with acting_as(work, both), pytest.raises(OwnFloatError):
        answer_settlement(work, settlement.ref, accepted=True)
    with acting_as(work, holder), pytest.raises(NotAllowedError):
        answer_settlement(work, settlement.ref, accepted=True)
    assert taken(work, people, settlement, accepted=False) is None
    with pytest.raises(SettledAlreadyError):
        taken(work, people, settlement)
    assert float_by_ref(work, view.account.ref).held_minor == 60_000


def test_what_is_told_is_hers_and_has_papers_where_papers_are_given(work, people):
    view = given(work, people, purpose="hospital", amount=500_000, limit=500_000)
    with pytest.raises(PapersMissingError):
        told(work, people, view, 400_000)
    told(work, people, view, 400_000, papers=[BytesIO(PDF)])
    with pytest.raises(FloatOverspentError):
        told(work, people, view, 100_001, papers=[BytesIO(PDF)])
    with pytest.raises(FloatOverspentError):
        take_back_float(work, view.account.ref, 100_001, "1010")
