"""What trustees found and signed stays: attacked with hand-written SQL as application and owner."""

from __future__ import annotations

import pytest

from tests.builders.audit import PASSWORD, make_trustee
from tests.builders.ledger import make_approved_voucher
from tests.laws.money import forbidden, refused
from union.ledger.services import pay_voucher
from union.office.audit.services import (
    draw_sample,
    look_at_paper,
    open_audit,
    sign_report,
    write_finding,
)
from union.office.audit.services.findings import NewFinding
from union.office.audit.services.looking import NewSample

KEPT = ("audit", "audit_sample", "audit_finding", "audit_report", "audit_signature")


@pytest.fixture
def signed(own_books):
    """Books with one audit of one voucher, one finding and one signature."""
    with own_books.work() as work:
        voucher = make_approved_voucher(work)
        work.actor = own_books.treasurer
        pay_voucher(work, voucher.ref)
        work.actor = make_trustee(work)
        audit = open_audit(work, "surprise", work.clock.today(), work.clock.today())
        write_finding(work, audit.ref, NewFinding("No. 3 is torn out", "serious"))
        sample = draw_sample(work, audit.ref, NewSample("vouchers", 1))
        look_at_paper(work, sample.ref, 1, "wrong")
        sign_report(work, audit.ref, PASSWORD)
    return own_books


def test_nothing_trustees_wrote_is_changed_or_taken_away(signed):
    for table in KEPT:
        for statement in (f"UPDATE {table} SET audit_id = audit_id", f"DELETE FROM {table}"):
            asked = statement.replace("audit_id", "id") if table == "audit" else statement
            with forbidden(), signed.attack() as cursor:
                cursor.execute(asked)
            with refused(f"{table}_append_only"), signed.attack(owner=True) as cursor:
                cursor.execute(asked)


def test_after_the_signature_nothing_is_added_and_no_verdict_turned(signed):
    for statement in (
        (
            "INSERT INTO audit_finding (ref, audit_id, number, severity, body, made_at, made_by)"
            " SELECT 'late', audit_id, 2, 'minor', body, made_at, made_by FROM audit_finding"
        ),
        (
            "INSERT INTO audit_sample (ref, audit_id, what, seed, population, population_hash,"
            " drawn_at, drawn_by) SELECT 'late', audit_id, what, seed, population, population_hash,"
            " drawn_at, drawn_by FROM audit_sample"
        ),
        "UPDATE audit_sample_item SET verdict = 'right'",
    ):
        with refused("audit_signed_stays_as_it_is"), signed.attack() as cursor:
            cursor.execute(statement)


def test_a_signature_stands_under_the_report_that_is_there(signed):
    with refused("audit_signs_what_is_written"), signed.attack() as cursor:
        cursor.execute(
            "INSERT INTO audit_signature SELECT audit_id, opened_by + 1, sha256('other'),"
            " public_key, signature, signed_at FROM audit_signature s"
            " JOIN audit a ON a.id = s.audit_id"
        )


def test_what_was_drawn_is_what_was_drawn(signed):
    for column, value in (("object_id", "1"), ("amount_minor", "5"), ("position", "9")):
        with forbidden(), signed.attack() as cursor:
            cursor.execute(f"UPDATE audit_sample_item SET {column} = {value}")
