"""M6: nobody takes her own dues or decides about them, by whichever of her entries."""

from __future__ import annotations

import pytest

from tests.builders.dues import make_payment
from tests.laws.dues_hands import NOW, as_one, joined_round, refused
from union.dues.errors import OwnFavourError, OwnPaymentError, SameHandError
from union.dues.models import Collector
from union.dues.rules.standing import Proposal
from union.dues.services import (
    GiveCreditBack,
    NewWaiver,
    TakeBack,
    decide_standing,
    give_credit_back,
    leave_said,
    propose_pays_as,
    propose_waiver,
    take_back,
    write_round_receipt,
)
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month


@pytest.fixture
def round_(own_books):
    return joined_round(own_books)


@pytest.mark.parametrize("who", ["rani", "rani2"])
def test_nobody_takes_her_own_dues_or_decides_in_her_own_favour(own_books, round_, who):
    me = round_[who]
    paid = (
        "INSERT INTO dues_payment (ref, person_id, amount_minor, credit_minor, method, source,"
        " happened_on, received_at, received_by) VALUES ('zzzzzzzzzzzz',"
        f" {round_['rani']}, 100, 100, '{{}}', {{}}, '2026-10-16', {NOW}, {me})"
    )
    refused(own_books, "dues_paid_to_another", paid.format("cash", "NULL"))
    refused(own_books, "dues_paid_to_another", paid.format("cash", "'said_paid:9'"))
    refused(own_books, "dues_paid_to_another", paid.format("upi", "NULL"))
    law = "dues_decided_by_another"
    about = f"(person_id, made_at, made_by, {{}}) VALUES ({round_['rani']}, {NOW}, {me}, {{}})"
    waived = "'zzzzzzzzzzzz', '2026-10-01', 'illness'"
    for table, columns, values in (
        ("dues_waiver", "ref, from_month, reason", waived),
        ("dues_pays_as", "category, from_month", "'reduced', '2026-10-01'"),
        ("dues_refund", "ref, amount_minor", "'zzzzzzzzzzzz', 100"),
    ):
        refused(own_books, law, f"INSERT INTO {table} {about.format(columns, values)}")
    taken_back = (
        "INSERT INTO dues_reversal (ref, payment_id, reason, happened_on, made_at, made_by) VALUES"
        f" ('zzzzzzzzzzzz', {round_['payment']}, 'twice', '2026-10-16', {NOW}, {me})"
    )
    refused(own_books, law, taken_back)
    rani, october = round_["rani"], Month(2026, 10)
    for error, act in (
        (OwnPaymentError, lambda work: make_payment(work, rani, 100)),
        (OwnFavourError, lambda work: propose_pays_as(work, rani, "reduced", october)),
        (
            OwnFavourError,
            lambda work: propose_waiver(work, NewWaiver(rani, october, None, "illness")),
        ),
        (OwnFavourError, lambda work: give_credit_back(work, GiveCreditBack(rani, 100))),
        (OwnFavourError, lambda work: take_back(work, TakeBack(round_["payment"], "twice"))),
        (NotAllowedError, lambda work: decide_standing(work, rani, Proposal.SUSPEND)),
        (SameHandError, lambda work: leave_said(work, round_["said_ref"])),
    ):
        as_one(own_books, me, error, act)
    standing = (
        "INSERT INTO dues_standing_event (ref, person_id, what, on_day, rule_id, made_at, made_by)"
        f" SELECT 'zzzzzzzzzzzz', {rani}, 'suspended', '2026-10-16', max(id), {NOW}, {me}"
        " FROM dues_rule"
    )
    refused(own_books, "dues_standing_decided_by_another", standing)
    answered = f"UPDATE receipt_sample_item SET answer = 'agrees', asked_at = {NOW}, asked_by = "
    refused(own_books, "dues_sample_asked_by_another", f"{answered}{me}")
    refused(own_books, "dues_sample_asked_by_another", f"{answered}{round_['uma2']}")
    said = f"UPDATE said_paid SET outcome = 'unclear', settled_at = {NOW}, settled_by = "
    refused(own_books, "dues_said_paid_settled_by_another", f"{said}{me}")
    refused(own_books, "dues_said_paid_settled_by_another", f"{said}{round_['uma2']}")


def test_a_collector_writes_no_receipt_for_herself(own_books, round_):
    with own_books.work() as work:
        card = work.session.get_one(Collector, round_["collector"]).card_number
    as_one(
        own_books,
        round_["uma"],
        Exception,
        lambda work: write_round_receipt(work, card, 2000, 2),
    )
    with own_books.attack() as cursor:
        cursor.execute("SELECT count(*) FROM dues_payment WHERE person_id = %s", [round_["uma"]])
        assert cursor.fetchone() == (0,)
