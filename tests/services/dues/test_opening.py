from __future__ import annotations

import pytest

from tests.builders.dues import ask_laws, balance, make_payer, make_payment
from union.dues.errors import OpeningUsedError
from union.dues.queries.accounts import account_of
from union.dues.services import (
    OpeningArrears,
    charge_month,
    open_arrears,
    open_arrears_batch,
    withdraw_openings,
)
from union.kernel.periods import Month
from union.members.queries import branch_of

OCTOBER = Month(2026, 10)


def opening(work, paid_upto, fee_minor=2000):
    rani = make_payer(work, fee_minor=fee_minor)
    branch = branch_of(work.session, rani.person_id)
    return OpeningArrears(rani.person_id, branch.id, fee_minor, paid_upto)


def test_arrears_become_months_and_the_run_goes_on_from_there(work):
    behind, even, ahead, unknown = (
        opening(work, month) for month in (Month(2026, 7), Month(2026, 9), Month(2026, 12), None)
    )
    assert open_arrears_batch(work, [behind, even, ahead, unknown], OCTOBER) == 4
    assert balance(work, "1210") == 4000
    assert balance(work, "2110") == -6000
    assert balance(work, "3010") == 2000
    ask_laws(work)
    assert charge_month(work, Month(2026, 9)).charged == 0
    assert charge_month(work, OCTOBER).charged == 4
    accounts = [account_of(work.session, one.person_id) for one in (behind, even, ahead, unknown)]
    assert [one.owed_minor for one in accounts] == [6000, 2000, 0, 2000]
    assert [one.paid_to for one in accounts[:3]] == [
        Month(2026, 7),
        Month(2026, 9),
        Month(2026, 12),
    ]
    assert [one.known for one in accounts] == [True, True, True, False]
    ask_laws(work)


def test_the_same_register_again_opens_nothing(work):
    rows = [opening(work, Month(2026, 7)), opening(work, None)]
    open_arrears_batch(work, rows, OCTOBER)
    assert open_arrears_batch(work, rows, OCTOBER) == 0
    assert balance(work, "1210") == 4000


def test_one_woman_alone_is_opened_on_the_eve_of_this_month(work):
    rani = opening(work, Month(2026, 8))
    open_arrears(work, rani)
    assert account_of(work.session, rani.person_id).owed_minor == 2000


def test_an_opening_is_taken_back_whole_while_nothing_was_built_on_it(work):
    rows = [opening(work, Month(2026, 7)), opening(work, Month(2026, 12))]
    open_arrears_batch(work, rows, OCTOBER)
    withdraw_openings(work, [row.person_id for row in rows])
    assert [balance(work, code) for code in ("1210", "2110", "3010")] == [0, 0, 0]
    ask_laws(work)


def test_an_opening_somebody_paid_on_stays(work):
    rani = opening(work, Month(2026, 7))
    open_arrears_batch(work, [rani], OCTOBER)
    make_payment(work, rani.person_id)
    with pytest.raises(OpeningUsedError):
        withdraw_openings(work, [rani.person_id])
