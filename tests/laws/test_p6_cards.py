"""P6: a card is opened by two hands, ends for good, and what is hers opens a day after it.

Each attack is tried by the application's login and, where the law is a trigger, by the owner.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.number_cards import OTHER, PIN, WORD, officer, opened_card, printed_card
from union.identity.errors import OpeningRefusedError
from union.identity.models import Account
from union.identity.models.cards import NumberCard
from union.identity.rules.tries import KNOWN
from union.identity.services.cards import NewSecrets, open_new_card, open_with_card, print_card
from union.identity.services.devices import end_devices, keep_device
from union.identity.services.sessions import Kind, begin_session
from union.identity.services.tries import Left, bucket_of, spend
from union.identity.services.voices import vouch
from union.kernel.actor import Actor, Proof
from union.members.services.pairs import merge_members

SYSTEM = Actor.system("test")
NOW = "'2026-10-16T00:00:00Z'"


@contextmanager
def refused_by(law: str):
    with pytest.raises(psycopg.Error) as refusal:
        yield
    assert refusal.value.diag.constraint_name == law or law in str(refusal.value)


@pytest.fixture
def attack(slate):
    """A function: one statement, by the application's login or by the owner, committed."""

    def tried(statement: str, *values, owner: bool = False) -> None:
        engine = slate.owner if owner else slate.engine
        raw = engine.raw_connection()
        try:
            with raw.cursor() as cursor:
                cursor.execute(statement, values)
            raw.commit()
        finally:
            raw.rollback()
            raw.close()

    return tried


@pytest.fixture
def her(committing) -> int:
    with committing.begin(SYSTEM) as work:
        return make_member(work).person_id


def waiting(committing, her: int) -> tuple[int, str, str]:
    """A card that waits: its id, its digits and its word."""
    with committing.begin(SYSTEM) as work:
        digits, start = printed_card(work, her)
        return work.session.scalars(select(NumberCard.id)).one(), digits, start


BEGIN = f"UPDATE number_card SET begun_at = {NOW}, hers_from = timestamptz {NOW} + interval '1 day'"


@pytest.mark.parametrize("owner", [False, True])
def test_no_card_is_opened_without_the_word_of_a_second_hand(committing, her, attack, owner):
    with committing.begin(SYSTEM) as work, acting_as(work, officer(work)):
        print_card(work, her)
    with refused_by("number_card_begun_by_two"):
        attack(BEGIN, owner=owner)


@pytest.mark.parametrize("owner", [False, True])
def test_the_word_is_another_hands_than_the_print_and_neither_is_hers(
    committing, her, attack, owner
):
    give = """INSERT INTO card_start (card_id, word_index, given_at, given_by, ends_at)
              SELECT id, digits_index, printed_at, %s, printed_at + interval '10 minutes'
                FROM number_card"""
    with committing.begin(SYSTEM) as work:
        printer = officer(work)
        with acting_as(work, printer):
            print_card(work, her)
    for hand in (printer.person_id, her):
        with refused_by("card_start_two_hands"):
            attack(give, hand, owner=owner)
    own = """INSERT INTO number_card (ref, account_id, digits_index, printed_at, printed_by)
             SELECT 'zzzzzzzzzzzz', account_id, sha256('x'), printed_at, %s FROM number_card"""
    with refused_by("number_card_not_by_herself"):
        attack(own, her, owner=owner)


def test_two_entries_that_were_joined_are_one_hand(committing, her, attack):
    with committing.begin(SYSTEM) as work:
        one, two = make_member(work).person_id, make_member(work).person_id
        with acting_as(work, Actor(one, None, frozenset())):
            print_card(work, her)
        merge_members(work, one, two)
    with refused_by("card_start_two_hands"):
        attack(
            """INSERT INTO card_start (card_id, word_index, given_at, given_by, ends_at)
               SELECT id, digits_index, printed_at, %s, printed_at + interval '10 minutes'
                 FROM number_card""",
            two,
        )


@pytest.mark.parametrize("owner", [False, True])
@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("number_card_begun_once", "hers_from = begun_at + interval '2 days'"),
        ("number_card_begun_once", "begun_at = NULL, hers_from = NULL"),
        ("number_card_a_day_check", "hers_from = begun_at + interval '1 hour'"),
    ],
)
def test_the_day_is_neither_shortened_nor_begun_anew(committing, her, attack, law, change, owner):
    with committing.begin(SYSTEM) as work:
        opened_card(work, her)
    with pytest.raises(psycopg.Error) as refusal:
        attack(f"UPDATE number_card SET {change}", owner=owner)
    assert refusal.value.diag.constraint_name in (law, "number_card_begun_once")


@pytest.mark.parametrize("owner", [False, True])
def test_a_card_that_ended_stays_ended_and_is_nobody_elses(committing, her, attack, owner):
    with committing.begin(SYSTEM) as work:
        opened_card(work, her)
        opened_card(work, her, pin=OTHER)
    with refused_by("number_card_ended_for_good"):
        attack(
            "UPDATE number_card SET ended_at = NULL, ended_how = NULL WHERE ended_at IS NOT NULL",
            owner=owner,
        )
    with refused_by("number_card_stays" if owner else "permission denied"):
        attack(
            "UPDATE number_card SET digits_index = sha256('mine') WHERE ended_at IS NULL",
            owner=owner,
        )
    for table in ("number_card", "card_start"):
        with refused_by(f"{table}_append_only" if owner else "permission denied"):
            attack(f"DELETE FROM {table}", owner=owner)


@pytest.mark.parametrize("owner", [False, True])
def test_a_word_is_used_once_and_a_telephone_that_ended_stays_ended(committing, her, attack, owner):
    with committing.begin(SYSTEM) as work:
        card = opened_card(work, her)
        keep_device(work, card.account_id)
        end_devices(work, card.account_id)
    with refused_by("card_start_used_once"):
        attack("UPDATE card_start SET used_at = NULL", owner=owner)
    with refused_by("own_device_ended_for_good"):
        attack("UPDATE own_device SET ended_at = NULL", owner=owner)


MORE = """
INSERT INTO sign_in_session (token_hash, ref, account_id, kind, proofs, proved_at, made_at,
  last_seen_at, ends_at, duress, browser)
SELECT sha256('t'), 'zzzzzzzzzzzz', account_id, 'member', %s, begun_at,
  begun_at + %s * interval '1 hour', begun_at + interval '3 days',
  begun_at + %s * interval '1 hour' + interval '2 hours', false, 'other'
  FROM number_card WHERE account_id = %s
"""


@pytest.mark.parametrize("proofs", [["number_pin", "word"], ["passkey", "pin"]])
@pytest.mark.parametrize("owner", [False, True])
def test_no_sign_in_of_the_first_day_proves_more_than_her_pin(
    committing, her, attack, proofs, owner
):
    with committing.begin(SYSTEM) as work:
        card = opened_card(work, her)
    with refused_by("sign_in_session_after_a_day"):
        attack(MORE, proofs, 23, 23, card.account_id, owner=owner)
    attack(MORE, proofs, 25, 25, card.account_id, owner=owner)


@pytest.mark.parametrize("owner", [False, True])
def test_a_voice_opens_a_day_after_another_vouched_for_it_and_no_longer_than_a_day(
    committing, her, attack, clock, owner
):
    with committing.begin(SYSTEM) as work:
        card = opened_card(work, her)
    proofs = ["pin", "voice"]
    with refused_by("sign_in_session_by_voice"):
        attack(MORE, proofs, 30, 30, card.account_id, owner=owner)
    clock.advance(timedelta(hours=1))
    vouching = """INSERT INTO voice_grant (account_id, given_by, given_at, from_at, ends_at)
                  SELECT account_id, %s, begun_at, begun_at + %s * interval '1 hour',
                    begun_at + %s * interval '1 hour' FROM number_card"""
    with committing.begin(SYSTEM) as work:
        another = officer(work).person_id
    for law, values in (
        ("voice_grant_not_by_herself", (her, 24, 48)),
        ("voice_grant_a_day_check", (another, 20, 40)),
        ("voice_grant_ends_check", (another, 24, 60)),
    ):
        with refused_by(law):
            attack(vouching, *values, owner=owner)
    with committing.begin(SYSTEM) as work, acting_as(work, officer(work)):
        vouch(work, her)
    with refused_by("sign_in_session_by_voice"):
        attack(MORE, proofs, 24, 24, card.account_id, owner=owner)
    with refused_by("voice_grant_stays" if owner else "permission denied"):
        attack("UPDATE voice_grant SET from_at = given_at", owner=owner)
    attack(MORE, proofs, 26, 26, card.account_id, owner=owner)
    attack("UPDATE voice_grant SET ended_at = given_at")
    with refused_by("voice_grant_stays"):
        attack("UPDATE voice_grant SET ended_at = NULL", owner=owner)


def test_what_a_copy_of_the_database_holds_fits_nobody_else(committing, attack):
    with committing.begin(SYSTEM) as work:
        one, two = make_member(work).person_id, make_member(work).person_id
        mine, hers = opened_card(work, one), opened_card(work, two, pin=OTHER)
    attack(
        "UPDATE pin SET pin_hash = (SELECT pin_hash FROM pin WHERE account_id = %s)"
        " WHERE account_id = %s",
        mine.account_id,
        hers.account_id,
    )
    with committing.begin(SYSTEM) as work, pytest.raises(OpeningRefusedError):
        open_with_card(work, hers.digits, PIN)


def test_one_word_raced_opens_one_card(committing, her):
    _, digits, start = waiting(committing, her)

    def opens(pin: str) -> bool:
        try:
            with committing.begin(SYSTEM) as work:
                open_new_card(work, NewSecrets(digits, start, pin, WORD))
        except OpeningRefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(opens, (PIN, OTHER, "904172", "284610"))) == 1


def test_tries_raced_are_spent_each(committing, clock):
    bucket = bucket_of(committing.vault, "device", "one", KNOWN)
    with ThreadPoolExecutor(6) as threads:
        left = list(threads.map(lambda _: spend(committing, bucket), range(14)))
    assert sum(isinstance(one, Left) for one in left) == KNOWN.free


def test_an_account_that_closed_opens_by_nothing(committing, her, attack):
    with committing.begin(SYSTEM) as work:
        card = opened_card(work, her)
        work.session.get_one(Account, card.account_id).closed_at = work.clock.now()
    with committing.begin(SYSTEM) as work, pytest.raises(OpeningRefusedError):
        open_with_card(work, card.digits, PIN)


def test_her_sign_ins_end_with_the_commit_that_opens_another_card(committing, her, clock):
    with committing.begin(SYSTEM) as work:
        card = opened_card(work, her)
        account = work.session.get_one(Account, card.account_id)
        begin_session(work, account, {Proof.NUMBER_PIN}, Kind.MEMBER)
    clock.advance(timedelta(hours=1))
    with committing.begin(SYSTEM) as work:
        opened_card(work, her)
    with committing.reading(SYSTEM) as work:
        open_ones = "SELECT count(*) FROM sign_in_session WHERE ended_at IS NULL"
        assert work.session.connection().exec_driver_sql(open_ones).scalar() == 0
