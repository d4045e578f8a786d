"""P6, signing in: tries are spent before they are looked at, also when a hundred come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.signing import make_officer
from union.identity.models import SignInSession, TrySpent
from union.identity.rules.tries import KNOWN, STRANGER
from union.identity.services import sign_in
from union.identity.services.codes import make_recovery_codes
from union.identity.services.signing import Typed
from union.identity.services.tries import Left, Wait, bucket_of, pass_try, spend
from union.kernel.actor import Actor

TEST = Actor.system("test")
AT_ONCE = 6


def at_once(do, count=AT_ONCE):
    """The same thing so many times at the same moment, and what came of each."""
    barrier = Barrier(count)

    def one(_number):
        barrier.wait()
        return do()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture
def strangers(committing):
    return bucket_of(committing.vault, "name", "treasurer", STRANGER)


def count(unit, table):
    with unit.reading(TEST) as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_tries_that_race_are_all_spent_and_none_too_many(committing, strangers):
    for _ in range(STRANGER.free - 2):
        assert spend(committing, strangers) == Left()
    came = at_once(lambda: spend(committing, strangers))
    assert came.count(Left()) == 2
    assert count(committing, TrySpent) == STRANGER.free


def test_knocking_on_at_a_full_bucket_does_not_keep_it_full(committing, strangers, clock):
    for _ in range(STRANGER.free):
        spend(committing, strangers)
    until = spend(committing, strangers).until
    clock.advance(timedelta(minutes=30))
    for _ in range(50):
        assert spend(committing, strangers) == Wait(until)
    clock.advance(timedelta(minutes=30))
    assert spend(committing, strangers) == Left()


def test_strangers_tries_never_shut_out_a_browser_we_know(committing, strangers):
    hers = bucket_of(committing.vault, "browser", "treasurer:mark", KNOWN)
    for _ in range(STRANGER.free):
        spend(committing, strangers)
    assert isinstance(spend(committing, strangers), Wait)
    assert spend(committing, hers) == Left()


def test_a_pass_begins_her_own_count_anew_and_gives_strangers_only_itself_back(
    committing, strangers
):
    hers = bucket_of(committing.vault, "browser", "treasurer:mark", KNOWN)
    for bucket in (hers, strangers):
        for _ in range(bucket.bound.free):
            assert spend(committing, bucket) == Left()
        with committing.begin(TEST) as work:
            pass_try(work, bucket)
    assert spend(committing, strangers) == Left()
    assert isinstance(spend(committing, strangers), Wait)
    for _ in range(KNOWN.free):
        assert spend(committing, hers) == Left()


def test_where_one_of_two_buckets_is_full_nothing_is_spent(committing, strangers):
    other = bucket_of(committing.vault, "network", "somewhere", STRANGER)
    for _ in range(STRANGER.free):
        spend(committing, strangers)
    assert isinstance(spend(committing, other, strangers), Wait)
    assert count(committing, TrySpent) == STRANGER.free


@pytest.mark.parametrize("bucket", [KNOWN, STRANGER])
def test_no_name_stands_in_a_bucket(committing, bucket):
    spend(committing, bucket_of(committing.vault, "name", "treasurer", bucket))
    with committing.reading(TEST) as work:
        (row,) = work.session.execute(text("SELECT to_jsonb(t)::text FROM try_spent t")).all()
    assert "treasurer" not in row[0]


def test_tries_that_count_cannot_be_taken_away(committing, strangers, clock, slate):
    spend(committing, strangers)
    attacks = {
        "DELETE FROM try_spent": "still counted",
        "UPDATE try_spent SET passed = true": "permission denied",
        "TRUNCATE try_spent": "permission denied",
    }
    for attack, said in attacks.items():
        with pytest.raises(DBAPIError, match=said), slate.engine.begin() as connection:
            connection.execute(text(attack))
    clock.advance(timedelta(days=3))
    spend(committing, strangers)
    assert count(committing, TrySpent) == 1, "what is old was cleared away"


@pytest.fixture
def her(committing):
    with committing.begin(TEST) as work:
        her = make_officer(work)
        work.session.expunge_all()
        return her


def _signs_in(unit, typed):
    with unit.begin(Actor.anonymous()) as work:
        return isinstance(sign_in(work, typed), str)


def test_two_who_race_with_one_code_open_one_sign_in(committing, her, clock):
    typed = her.typed(clock)
    assert at_once(lambda: _signs_in(committing, typed)).count(True) == 1
    assert count(committing, SignInSession) == 1
    assert not _signs_in(committing, typed), "nor is it taken later"


def test_two_who_race_with_one_line_of_her_sheet_open_one_sign_in(committing, her):
    with committing.begin(TEST) as work:
        line = make_recovery_codes(work, work.session.merge(her.account))[4]
    typed = Typed(her.name, her.password, line)
    assert at_once(lambda: _signs_in(committing, typed)).count(True) == 1
    assert count(committing, SignInSession) == 1
