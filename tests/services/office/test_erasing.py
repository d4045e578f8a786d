"""Asked by her or at the office, told by every way she has, stopped by a no; refused while open."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.erasing import PHONE, make_cast, make_officer, order_now
from tests.builders.identity import give_role, make_account
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.welfare import make_claim, make_committee, make_scheme
from union.infra.key_ends import hindrances
from union.infra.timers import Timer
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.models import Member
from union.members.services.stop_erasing import stop_erasures
from union.messages.models import Message
from union.office.erasing.errors import (
    ErasureAskedAlreadyError,
    ErasureByTwoError,
    ErasureOverError,
    InCaseError,
    InOfficeError,
)
from union.office.erasing.queries import order_of, order_view, orders
from union.office.erasing.rules import WAIT, Asked
from union.office.erasing.services import asking


def acting(work, actor: Actor):
    work.actor = actor
    return work


@pytest.fixture
def cast(work):
    return make_cast(work)


def as_her(cast) -> Actor:
    return Actor(cast.her, None, frozenset({Grant(Role.MEMBER)}))


def told(work, cast) -> str:
    ref = asking.ask_for_her(acting(work, cast.one), cast.card, Asked.OFFICE).ref
    asking.agree(acting(work, cast.two), ref)
    return ref


def test_she_is_told_by_every_way_and_has_three_days(work, cast):
    ref = told(work, cast)
    sent = work.session.scalars(select(Message).where(Message.template == "papers_end")).all()
    assert {tuple(one.channels) for one in sent if one.person_id is None} == {("sms",), ("voice",)}
    assert len([one for one in sent if one.person_id == cast.her]) == 2
    timer = work.session.scalars(select(Timer).where(Timer.kind == asking.ERASE)).one()
    assert timer.due_at == work.clock.now() + WAIT == order_now(work, ref).not_before


def test_she_asks_on_her_page_and_two_officers_agree(work, cast):
    order = asking.ask_for_herself(acting(work, as_her(cast)))
    asking.agree(acting(work, cast.one), order.ref)
    assert order.told_at is None
    with pytest.raises(ErasureByTwoError):
        asking.agree(work, order.ref)
    asking.agree(acting(work, cast.two), order.ref)
    assert order.told_at == work.clock.now()
    with pytest.raises(ErasureOverError):
        asking.agree(work, order.ref)


def test_forced_it_looks_asked_and_nothing_is_written(work, cast):
    forced = Actor(cast.her, None, frozenset({Grant(Role.MEMBER)}), duress=True)
    assert asking.ask_for_herself(acting(work, forced)) is None
    assert order_of(work, cast.her) is None


def test_a_no_from_her_telephone_stops_it(work, cast):
    order = asking.ask_for_herself(acting(work, as_her(cast)))
    assert not stop_erasures(work, f"+91{PHONE}")
    asking.agree(acting(work, cast.one), order.ref)
    asking.agree(acting(work, cast.two), order.ref)
    assert not stop_erasures(work, "+915876500000")
    assert stop_erasures(work, f"+91{PHONE}")
    work.session.refresh(order)
    assert (order.stopped_how, order.is_open) == ("answer", False)
    open_timer = select(Timer).where(Timer.kind == asking.ERASE, Timer.done_at.is_(None))
    assert work.session.scalars(open_timer).all() == []
    assert not stop_erasures(work, f"+91{PHONE}")


def test_she_says_no_on_her_page_and_may_ask_again(work, cast):
    told(work, cast)
    asking.stop_mine(acting(work, as_her(cast)))
    with pytest.raises(ErasureOverError):
        asking.stop_mine(work)
    assert asking.ask_for_herself(work) is not None
    with pytest.raises(ErasureAskedAlreadyError):
        asking.ask_for_herself(work)


def test_who_keeps_no_register_asks_for_nobody(work, cast):
    trustee = make_officer(work, Role.TRUSTEE)
    for do in (
        lambda: asking.ask_for_her(work, cast.card, Asked.COURT),
        lambda: asking.agree(work, "no"),
        lambda: asking.stop(work, "no"),
    ):
        acting(work, trustee)
        with pytest.raises(NotAllowedError):
            do()
    acting(work, cast.one)
    own = work.session.get_one(Member, cast.one.person_id).card_number
    with pytest.raises(ErasureByTwoError):
        asking.ask_for_her(work, own, Asked.OFFICE)
    with pytest.raises(NotFoundError):
        asking.ask_for_her(work, "KA/99999", Asked.OFFICE)


def test_whoever_holds_an_office_ends_that_first(work):
    officer = make_officer(work, Role.DUTY_OFFICER)
    with pytest.raises(InOfficeError):
        asking.ask_for_herself(acting(work, officer))


def test_nothing_of_hers_may_be_open(work, cast):
    paralegal = make_paralegal(work)
    make_case(work, paralegal, cast.her)
    assert hindrances(work.session, cast.her) == ["case"]
    make_scheme(work)
    make_committee(work)
    make_claim(work, work.session.get_one(Member, cast.her))
    assert hindrances(work.session, cast.her) == ["case", "claim"]
    with pytest.raises(InCaseError):
        asking.ask_for_herself(acting(work, as_her(cast)))


def test_officers_see_what_waits_and_nobody_her_own(work, cast):
    ref = asking.ask_for_her(acting(work, cast.one), cast.card, Asked.COURT).ref
    (mine,) = orders(work)
    assert (mine.who, mine.state, mine.may_agree) == (f"Qz7-Rani · {cast.card}", "first", False)
    acting(work, cast.two)
    assert order_view(work, ref).may_agree
    account = make_account(work, cast.her)
    give_role(work, account.id, Grant(Role.DUTY_OFFICER))
    assert order_view(work, ref).waits_for == ("office",)
    acting(work, as_her(cast))
    assert orders(work) == []
    with pytest.raises(NotFoundError):
        order_view(work, ref)


def test_what_came_from_a_shared_telephone_may_be_somebody_elses(work, cast):
    keys = "SELECT count(*) FROM erasure_keys(:who)"
    alone = work.session.connection().exec_driver_sql(keys.replace(":who", str(cast.her))).scalar()
    make_member(work, phone=PHONE)
    shared = work.session.connection().exec_driver_sql(keys.replace(":who", str(cast.her))).scalar()
    assert shared == alone - 1
