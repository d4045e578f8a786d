"""Whether the time that a door takes to refuse tells who has a name, a number, or what was wrong.

Real hashes, real pages, a database of its own. Every case is asked in turns, in another order each
round, and one case stands in twice under two names: what those two differ by is chance, and no
other two may differ by much more. Compared, never measured against a number of seconds.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient

from bench.table import keep
from tests.builders.members import make_member
from tests.builders.number_cards import PIN, opened_card, printed_card
from tests.builders.signing import PASSWORD, Telephone
from union.cli.running import prepare
from union.factory import HOUSE, close_app, create_app
from union.identity.models import Account
from union.identity.rules.cards import new_card_digits
from union.identity.rules.codes import code_of, step_of
from union.identity.services import create_account
from union.identity.services.codes import begin_totp, confirm_totp
from union.infra.embedded import parts
from union.infra.embedded.scratch import scratch_place
from union.infra.people import new_person
from union.infra.settings import Settings
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.web.limits import limiter

ROUNDS, WARM = 60, 4
MOST = 3.0
"""So many times what one case differs from itself."""

LEAST = 0.01
"""Two halves of one case may happen to agree to the microsecond: nobody is held to that."""

WRONG_PASSWORD, WRONG_PIN, WRONG_CODE = "another three words", "905173", "000000"
BENCH = Actor.system("bench")

Case = Callable[[], Mapping[str, str]]
"""What is typed in one case, made anew each time."""


def officer(work: Work, name: str) -> Telephone:
    """Somebody with a password and a telephone that makes codes."""
    account = create_account(work, new_person(work).id, name, PASSWORD)
    secret = begin_totp(work, account)
    confirm_totp(work, account, code_of(secret, step_of(work.clock.now()) - 1))
    return Telephone(account, name, PASSWORD, secret)


def at_the_officers_door(work: Work, clock: ManualClock) -> dict[str, Case]:
    """Every way to be refused there that must look the same."""
    her, shut = officer(work, "treasurer"), officer(work, "shut")
    shut.account.closed_at = clock.now()
    unset = Account(person_id=new_person(work).id, sign_in_name="unset", made_at=clock.now())
    work.session.add(unset)

    def typed(name: str, password: str, code: str) -> dict[str, str]:
        return {"sign_in_name": name, "password": password, "code": code}

    return {
        "nobody": lambda: typed("nobody", PASSWORD, WRONG_CODE),
        "nobody, once more": lambda: typed("noboby", PASSWORD, WRONG_CODE),
        "a wrong password": lambda: typed("treasurer", WRONG_PASSWORD, her.code(clock)),
        "a wrong code": lambda: typed("treasurer", PASSWORD, WRONG_CODE),
        "a line of a sheet": lambda: typed("treasurer", PASSWORD, "3 K7QF-9M2X-4T"),
        "all right, and shut": lambda: shut.form(clock),
        "no password yet": lambda: typed("unset", PASSWORD, WRONG_CODE),
    }


def at_the_members_door(work: Work, clock: ManualClock) -> dict[str, Case]:
    """Every way to be refused there that must look the same."""
    hers, gone = (opened_card(work, make_member(work).person_id) for _ in range(2))
    work.session.get_one(Account, gone.account_id).closed_at = clock.now()
    waits, _word = printed_card(work, make_member(work).person_id)
    strangers = (new_card_digits(), new_card_digits())

    def typed(number: str, pin: str) -> dict[str, str]:
        return {"number": number, "pin": pin}

    return {
        "nobody": lambda: typed(strangers[0], PIN),
        "nobody, once more": lambda: typed(strangers[1], PIN),
        "a wrong PIN": lambda: typed(hers.digits, WRONG_PIN),
        "all right, and shut": lambda: typed(gone.digits, PIN),
        "a card that waits": lambda: typed(waits, PIN),
    }


@contextlib.contextmanager
def an_application(clock: ManualClock) -> Iterator[Flask]:
    """The pages over an empty union, with nobody counting how often one address asks."""
    with (
        scratch_place("bench-sign-in-") as place,
        parts({"SANGHA_DATA": str(place.data)}) as endpoints,
    ):
        prepare(endpoints)
        settings = replace(Settings.from_environment(endpoints.environment()), demonstration=False)
        app = create_app(settings, clock)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        limiter.enabled = False
        try:
            yield app
        finally:
            close_app(app)


def ask(client: FlaskClient, address: str, typed: Mapping[str, str]) -> float:
    """How long one refusal took; ValueError if it was none."""
    begun = time.perf_counter_ns()
    answer = client.post(address, data=typed)
    took = time.perf_counter_ns() - begun
    if answer.status_code != HTTPStatus.OK:
        message = f"{address} answered {answer.status_code}"
        raise ValueError(message)
    return took


def measure(
    client: FlaskClient, clock: ManualClock, address: str, cases: Mapping[str, Case]
) -> dict[str, list[float]]:
    """What each case took, in the same rounds; between two of them all tries are forgotten."""
    took: dict[str, list[float]] = defaultdict(list)
    order = list(cases)
    for number in range(ROUNDS + WARM):
        clock.advance(timedelta(hours=2))
        random.Random(number).shuffle(order)
        for name in order:
            one = ask(client, address, cases[name]())
            if number >= WARM:
                took[name].append(one)
    return took


def compare(door: str, took: Mapping[str, list[float]]) -> bool:
    """Print and keep what came of one door; whether no case is told from another."""
    middle = {name: statistics.median(all_of) for name, all_of in took.items()}
    alike = [abs(_apart(all_of[::2], all_of[1::2])) for all_of in took.values()]
    alike.append(abs(middle["nobody"] / middle["nobody, once more"] - 1))
    chance = max(*alike, LEAST)
    furthest, pair = max(
        (abs(middle[one] / middle[other] - 1), (one, other))
        for one, other in itertools.permutations(middle, 2)
    )
    for name, median in middle.items():
        print(f"{door:10} {name:22} {median / middle['nobody']:6.3f} x nobody")
    times = furthest / chance
    print(f"{door}: furthest {pair}: {furthest:.1%}; one case and itself: {chance:.1%}")
    met = times <= MOST
    keep(f"{door}' door: who is told from whom", f"{times:.1f} x chance", "<= 3 x", met=met)
    return met


def _apart(one: list[float], other: list[float]) -> float:
    return statistics.median(one) / statistics.median(other) - 1


def main() -> int:
    """0 if neither door tells."""
    clock = ManualClock(datetime(2026, 10, 15, 18, 30, tzinfo=UTC))
    with an_application(clock) as app:
        with app.app_context(), app.extensions[HOUSE].unit.begin(BENCH) as work:
            officers, members = at_the_officers_door(work, clock), at_the_members_door(work, clock)
        met = [
            compare(door, measure(app.test_client(), clock, address, cases))
            for door, address, cases in (
                ("officers", "/sign-in", officers),
                ("members", "/open", members),
            )
        ]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
