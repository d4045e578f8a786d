"""P6: a new card is told to every number that was hers, and one no from there ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.messages import make_inbound
from tests.builders.number_cards import OTHER, PIN, officer, opened_card
from union.crisis.services import route_inbound
from union.identity.errors import NoCardInUseError, OpeningRefusedError, OwnCardError
from union.identity.models import Account, SignInSession
from union.identity.models.cards import NumberCard
from union.identity.queries.cards import cards_of_person, voice_of
from union.identity.services.cards import open_with_card
from union.identity.services.sessions import Kind, begin_session
from union.identity.services.voices import vouch
from union.infra.outbox import Outbox
from union.kernel.actor import Actor, Proof
from union.kernel.phone import read_phone
from union.members.queries import contact_points
from union.members.services import change_phone, give_up_phone, mark_died
from union.members.services.new_cards import numbers_to_tell
from union.members.services.pairs import merge_members
from union.members.services.stopping import STOPPABLE
from union.messages.models import Message
from union.messages.services import store_inbound
from union.messages.services.old_number import tell_of_card

OLD, NEW, STRANGE = "+915830166131", "+915830166132", "+915830166139"


@pytest.fixture
def her(work) -> int:
    return make_member(work, phone=OLD.removeprefix("+91")).person_id


def lost(work, her: int):
    """Her telephone is gone: two officers saw her, and she opened another card; told of."""
    card = opened_card(work, her, pin=OTHER)
    fact = work.session.scalars(
        select(Outbox).where(Outbox.fact == "card_begun").order_by(Outbox.id.desc())
    ).first()
    tell_of_card(work, fact.ids)
    return card


def writes(work, words: str, number: str) -> None:
    inbound = make_inbound(work.clock.now(), body=words, from_number=number)
    route_inbound(work, {"inbound_id": store_inbound(work, inbound).inbound_id})


def texts(work) -> int:
    told = select(Message).where(Message.template == "changed_card")
    return len(work.session.scalars(told).all())


def test_every_number_of_hers_is_told_also_one_given_up_just_before(work, her):
    change_phone(work, her, read_phone(NEW), first=True)
    old = next(one for one in contact_points(work, her) if one.e164 == OLD)
    give_up_phone(work, her, old.id)
    lost(work, her)
    assert texts(work) == 2


def test_a_no_from_a_told_number_ends_the_card_and_all_it_opened(work, her):
    first = opened_card(work, her)
    card = lost(work, her)
    account = work.session.get_one(Account, card.account_id)
    begin_session(work, account, {Proof.NUMBER_PIN}, Kind.MEMBER)
    writes(work, "no", OLD)
    work.session.expire_all()
    for digits, pin in ((card.digits, OTHER), (first.digits, PIN)):
        with pytest.raises(OpeningRefusedError):
            open_with_card(work, digits, pin)
    assert all(one.ended_at for one in work.session.scalars(select(SignInSession)))
    stopped = work.session.scalars(select(NumberCard).order_by(NumberCard.id.desc())).first()
    assert stopped.ended_how == "stopped"
    assert cards_of_person(work.session, her).in_use is None


@pytest.mark.parametrize("number", [STRANGE, NEW])
def test_nobody_else_ends_it(work, her, number):
    card = lost(work, her)
    change_phone(work, her, read_phone(NEW), first=False)
    writes(work, "no", number)
    assert open_with_card(work, card.digits, OTHER).account_id == card.account_id


def test_after_the_days_it_stays(work, her, clock):
    card = lost(work, her)
    clock.advance(STOPPABLE + timedelta(minutes=1))
    writes(work, "no", OLD)
    assert open_with_card(work, card.digits, OTHER).account_id == card.account_id


def test_what_she_does_not_deny_stays(work, her):
    card = lost(work, her)
    writes(work, "yes", OLD)
    assert open_with_card(work, card.digits, OTHER).account_id == card.account_id


def test_nothing_is_told_to_the_dead(work, her):
    card = lost(work, her)
    assert numbers_to_tell(work, card.account_id)
    mark_died(work, her, work.clock.today())
    assert numbers_to_tell(work, card.account_id) == []


def test_what_was_begun_under_either_of_her_entries_ends(work, her):
    other = make_member(work, phone=OLD.removeprefix("+91")).person_id
    cards = [lost(work, one) for one in (her, other)]
    merge_members(work, her, other)
    writes(work, "no", OLD)
    for card in cards:
        with pytest.raises(OpeningRefusedError):
            open_with_card(work, card.digits, OTHER)


def test_two_women_of_one_telephone_are_each_asked_of_their_own(work, her):
    other = make_member(work, phone=OLD.removeprefix("+91")).person_id
    hers, others = lost(work, her), lost(work, other)
    writes(work, "no", OLD)
    for card in (hers, others):
        with pytest.raises(OpeningRefusedError):
            open_with_card(work, card.digits, OTHER)


def test_a_voice_vouched_for_is_told_and_a_no_ends_it_and_what_it_opened(work, her, clock):
    card = opened_card(work, her)
    clock.advance(timedelta(days=30))
    with acting_as(work, officer(work)):
        vouch(work, her)
    fact = work.session.scalars(select(Outbox).where(Outbox.fact == "voice_vouched")).one()
    tell_of_card(work, fact.ids)
    assert texts(work) == 1
    clock.advance(timedelta(days=1, minutes=1))
    account = work.session.get_one(Account, card.account_id)
    begin_session(work, account, {Proof.PIN, Proof.VOICE}, Kind.MEMBER)
    writes(work, "no", OLD)
    work.session.expire_all()
    assert voice_of(work, card.account_id) is None
    assert all(one.ended_at for one in work.session.scalars(select(SignInSession)))
    assert open_with_card(work, card.digits, PIN), "the card is old: it stays"


def test_nobody_vouches_for_herself_nor_for_whoever_has_no_pin(work, her):
    with acting_as(work, officer(work)), pytest.raises(NoCardInUseError):
        vouch(work, her)
    opened_card(work, her)
    with acting_as(work, Actor(her, None, frozenset())), pytest.raises(OwnCardError):
        vouch(work, her)
    with acting_as(work, officer(work)):
        first = vouch(work, her)
    with acting_as(work, officer(work)):
        assert vouch(work, her).id == first.id, "a second word makes the day no shorter"
