"""A claim goes only where a hearing, a decision, a voucher or a payment carries it (WE3, WE4).

Attacked by hand-written SQL with the application's own login.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.builders.ledger import acting_as, make_mistake
from tests.builders.welfare import (
    make_claim,
    make_committee,
    make_granted_claim,
    make_scheme,
)
from tests.laws.money import Books, forbidden, refused
from union.infra.people import new_person
from union.kernel.actor import Actor
from union.ledger.models import Voucher
from union.ledger.services import approve_voucher, pay_voucher
from union.welfare.invariants import INVARIANTS
from union.welfare.models import Claim
from union.welfare.services import hear_claimant

DECIDE = """INSERT INTO claim_decision (claim_id, claimant_person_id, decided_by_person_id,
    decided_at, outcome, days, amount_minor, paid_from_on, scheme_version_id, proposed,
    proposed_days, reasons, inputs, departure)
  SELECT id, person_id, %(by)s, '2026-10-16T00:00Z', %(outcome)s, %(days)s, %(amount)s, from_on,
    scheme_version_id, 'refuse', 0, '{}', '{}', %(why)s FROM claim WHERE id = %(claim)s"""
HEAR = """INSERT INTO claim_hearing (ref, claim_id, claimant_person_id, heard_by_person_id,
    heard_at, note)
  SELECT 'attack', id, person_id, %(by)s, '2026-10-16T00:00Z', '' FROM claim
  WHERE id = %(claim)s"""
WAY, BACKED = "welfare_claim_way", "welfare_claim_backed"


@dataclass(frozen=True)
class Scene:
    asked: Claim
    heard: Claim
    granted: Claim
    judge: Actor
    other: int

    def decision(self, claim: Claim, by: int, outcome: str, days: int = 0, why: str = "hardship"):
        return {
            "claim": claim.id,
            "by": by,
            "outcome": outcome,
            "days": days,
            "amount": days * 15000,
            "why": why,
        }


@pytest.fixture(scope="module")
def scene(books: Books) -> Iterator[Scene]:
    with books.work() as work:
        make_scheme(work)
        judge = make_committee(work)
        asked, heard = make_claim(work), make_claim(work)
        granted = make_granted_claim(work, judge)
        other = new_person(work).id
        with acting_as(work, judge):
            hear_claimant(work, heard.ref, "she spoke")
    yield Scene(asked, heard, granted, judge, other)
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def test_nobody_is_refused_unheard(books, scene):
    attempt = scene.decision(scene.asked, scene.other, "refuse")
    with refused("welfare_heard_before_refusal"), books.attack() as cursor:
        cursor.execute(DECIDE, attempt)


def test_nobody_hears_or_judges_herself(books, scene):
    herself = scene.heard.person_id
    with refused("claim_decision_not_claimant_check"), books.attack() as cursor:
        cursor.execute(DECIDE, scene.decision(scene.heard, herself, "grant", 10))
    with refused("claim_hearing_not_claimant_check"), books.attack() as cursor:
        cursor.execute(HEAR, {"claim": scene.heard.id, "by": herself})


def test_the_claimant_of_a_decision_is_the_claims(books, scene):
    with refused("claim_decision_claimant_fkey"), books.attack() as cursor:
        cursor.execute(
            DECIDE.replace("SELECT id, person_id", f"SELECT id, {scene.other}"),
            scene.decision(scene.heard, scene.heard.person_id, "refuse"),
        )


def test_the_same_hands_do_not_decide_twice(books, scene):
    with refused("claim_decision_other_hands_key"), books.attack() as cursor:
        cursor.execute(DECIDE, scene.decision(scene.granted, scene.judge.person_id, "grant", 10))


def test_leaving_the_rule_needs_a_reason(books, scene):
    attempt = scene.decision(scene.heard, scene.other, "grant", 10)
    with refused("claim_decision_departure_check"), books.attack() as cursor:
        cursor.execute(DECIDE, {**attempt, "why": None})


def test_a_grant_is_of_days_and_money(books, scene):
    attempt = scene.decision(scene.heard, scene.other, "grant", 10)
    for change in ({"days": 0}, {"amount": 0}, {"outcome": "refuse"}):
        with refused("claim_decision_grant_check"), books.attack() as cursor:
            cursor.execute(DECIDE, {**attempt, **change})


@pytest.mark.parametrize("state", ["heard", "granted", "refused", "appealed", "voucher", "paid"])
def test_no_state_is_jumped_to(books, scene, state):
    dress = {
        "voucher": ", voucher_id = (SELECT min(voucher_id) FROM claim)",
        "paid": ", voucher_id = (SELECT min(voucher_id) FROM claim), paid_at = '2026-10-16T00:00Z'",
        "appealed": ", appealed_at = '2026-10-16T00:00Z'",
    }.get(state, "")
    law = BACKED if state in {"heard", "granted"} else WAY
    with refused(law), books.attack() as cursor:
        cursor.execute(
            f"UPDATE claim SET state = '{state}'{dress} WHERE id = %s", (scene.asked.id,)
        )


def test_a_claim_is_not_born_decided(books, scene):
    with refused(WAY), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO claim (ref, person_id, key_ref, scheme_id, scheme_version_id, from_on,"
            " until_on, evidence, state, asked_at) SELECT 'born', %s, key_ref, scheme_id,"
            " scheme_version_id, from_on, until_on, evidence, 'granted', asked_at FROM claim"
            " LIMIT 1",
            (scene.other,),
        )


def test_paid_means_money_left(books, scene):
    with refused(BACKED), books.attack() as cursor:
        cursor.execute(
            "UPDATE claim SET state = 'paid', paid_at = '2026-10-16T00:00Z' WHERE id = %s",
            (scene.granted.id,),
        )


def test_one_paid_once_more_is_not_open_again_by_the_payment_before(own_books):
    with own_books.work() as work:
        make_scheme(work)
        claim = make_granted_claim(work, make_committee(work))
        voucher = work.session.get_one(Voucher, claim.voucher_id)
        for hand in (own_books.treasurer, own_books.signatory):
            with acting_as(work, hand):
                approve_voucher(work, voucher.ref, voucher.content_hash)

    def pay():
        with own_books.work(own_books.treasurer) as work:
            paid = pay_voucher(work, voucher.ref)
        with own_books.attack() as cursor:
            cursor.execute("UPDATE claim SET state = 'paid', paid_at = '2026-10-16T00:00Z'")
        return paid

    opened = "UPDATE claim SET state = 'voucher', paid_at = NULL"
    with own_books.work() as work:
        make_mistake(work, work.session.merge(pay()))
    with own_books.attack() as cursor:
        cursor.execute(opened)
    pay()
    with refused(BACKED), own_books.attack() as cursor:
        cursor.execute(opened)


def test_a_standing_voucher_is_not_dropped_nor_changed(books, scene):
    with refused(BACKED), books.attack() as cursor:
        cursor.execute(
            "UPDATE claim SET state = 'granted', voucher_id = NULL WHERE id = %s",
            (scene.granted.id,),
        )
    with books.work() as work:
        other = work.session.execute(
            text(
                "INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,"
                " payee_person_id, amount_minor, source_kind, source_id, prepared_at,"
                " content_hash) SELECT 'othervoucher', fund_code, money_account_code,"
                " spend_account_code, payee_person_id, amount_minor * 2, 'attack', 1,"
                " prepared_at, content_hash FROM voucher WHERE id = :id RETURNING id"
            ),
            {"id": scene.granted.voucher_id},
        ).scalar_one()
    with refused(WAY), books.attack() as cursor:
        cursor.execute("UPDATE claim SET voucher_id = %s WHERE id = %s", (other, scene.granted.id))


@pytest.mark.parametrize(
    "change",
    ["until_on = until_on + 30", "person_id = 1", "evidence = 'doctor', from_on = '2026-09-01'"],
)
def test_what_was_asked_for_stays_as_asked(books, scene, change):
    with refused("welfare_claim_kept"), books.attack() as cursor:
        cursor.execute(f"UPDATE claim SET {change} WHERE id = %s", (scene.asked.id,))


def test_no_day_stands_in_two_claims(books, scene):
    with refused("claim_days_once_excl"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO claim (ref, person_id, key_ref, scheme_id, scheme_version_id, from_on,"
            " until_on, evidence, state, asked_at) SELECT 'again', person_id, key_ref, scheme_id,"
            " scheme_version_id, until_on, until_on, evidence, 'asked', asked_at FROM claim"
            " WHERE id = %s",
            (scene.asked.id,),
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scheme_version SET daily_amount_minor = 1",
        "UPDATE claim_decision SET amount_minor = 1",
        "DELETE FROM claim_decision",
        "UPDATE claim_hearing SET heard_by_person_id = 1",
        "DELETE FROM claim_hearing",
        "DELETE FROM claim",
        "TRUNCATE claim CASCADE",
    ],
)
def test_nothing_decided_is_rewritten(books, scene, statement):
    with forbidden(), books.attack() as cursor:
        cursor.execute(statement)
