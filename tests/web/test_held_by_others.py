"""Who waited too long for what others hold is told so, and sends what she wrote once more."""

from __future__ import annotations

import pytest
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import OperationalError

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def fails(app, monkeypatch):
    """A function: what the database said in, and a page fails so."""

    def fail(said: Exception) -> None:
        def view() -> None:
            raise OperationalError("select", {}, said)

        monkeypatch.setitem(app.view_functions, "home.language", view)

    return fail


def test_a_step_that_others_hold_is_not_taken_and_what_was_written_is_kept(client, fails):
    fails(LockNotAvailable("canceling statement due to lock timeout"))
    answer = client.post("/language", data={"words": "a long story"}, headers=OURS)
    assert answer.status_code == 409
    # Steps before it may have been taken, each by itself: the office comes back in many.
    assert "just now, so this step was not taken." in answer.text
    assert "a long story" in answer.text
    assert "lock timeout" not in answer.text


def test_any_other_failure_of_the_database_stays_a_fault(client, fails):
    fails(QueryCanceled("canceling statement due to statement timeout"))
    with pytest.raises(OperationalError):
        client.post("/language", data={"words": "a long story"}, headers=OURS)


@pytest.fixture
def breaks(app, monkeypatch):
    """Pages fail as they do where nobody tests: with an answer."""
    monkeypatch.setitem(app.config, "TESTING", False)

    def view() -> None:
        raise RuntimeError("in the middle of it")

    monkeypatch.setitem(app.view_functions, "home.language", view)
    monkeypatch.setitem(app.view_functions, "identity.sign_in", view)


def test_a_fault_says_that_earlier_steps_stay_and_keeps_what_was_written(client, breaks):
    """A page may have taken steps before it failed, each by itself: it never says it did not."""
    answer = client.post("/language", data={"words": "a long story"}, headers=OURS)
    assert answer.status_code == 500
    assert "What was written before that stays." in answer.text
    assert "It is safe to send this once more" in answer.text
    assert "a long story" in answer.text
    assert "othing was changed" not in answer.text
    assert "in the middle of it" not in answer.text


def test_a_page_that_fails_to_open_offers_nothing_to_send(client, breaks):
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "Something broke on our side. Try once more." in answer.text
    assert "to send" not in answer.text
    assert "othing was changed" not in answer.text
