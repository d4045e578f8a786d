"""M5: a difference decided about one member and a run over her branch post it once between them."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from tests.builders.dues import make_payer
from union.dues.models import Adjustment
from union.dues.queries.corrections import branches_charged
from union.dues.services import charge_month, set_rate, set_right, start_differences
from union.dues.services.corrections import post_branch
from union.kernel.periods import Month

AUGUST, OCTOBER = Month(2026, 8), Month(2026, 10)


def test_a_run_waits_for_what_is_decided_about_one_of_the_branch(own_books):
    with own_books.work() as work:
        set_rate(work, "", 2000, Month(2026, 1))
        rani = make_payer(work, fee_minor=None).person_id
        charge_month(work, AUGUST)
        charge_month(work, OCTOBER)
        ((branch_id, _name),) = branches_charged(work.session)
    with own_books.work() as work:
        set_rate(work, "", 2500, AUGUST)
        run_id = start_differences(work).id
    found = []

    def run() -> None:
        with own_books.work() as work:
            found.append(post_branch(work, run_id, branch_id).more_minor)

    with own_books.work() as work:
        assert set_right(work, [rani]).more_minor == 1000
        other = threading.Thread(target=run)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(120)
    assert found == [0]
    with own_books.work() as work:
        assert work.session.scalar(select(func.sum(Adjustment.amount_minor))) == 1000
