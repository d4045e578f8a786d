"""Retention: nothing goes too young, held or open, whatever clock and days are handed in."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from tests.builders.retention import HER, PLANTS, Garden
from union.infra.holds import LegalHold
from union.infra.people import new_people
from union.infra.retention import Asked, RetentionKey, RetentionKind
from union.kernel.actor import Actor
from union.office.retention.collected import KEPT, RULES

TEST = Actor.system("test")
HANDS = {one.rule.kind: one for one in KEPT if one.hand is not None}
DELETES = (
    "audit_entry",
    "reading",
    "delivery_receipt",
    "claim_hearing",
    "sign_in_session",
    "enrolment_slip",
    "command",
    "attempt",
    "retention_day",
    "retention_run",
    "retention_wish",
    "retention_key",
    "legal_hold",
)
FUNCTIONS = (
    "age_out_sign_in_session",
    "age_out_enrolment_slip",
    "age_out_command",
    "age_out_delivery_receipt",
    "age_out_attempt",
    "age_out_audit_entry",
    "age_out_reading",
    "age_out_health_words",
)
DAY = timedelta(days=1)


@pytest.fixture
def garden(fresh_database, committing, clock):
    with committing.begin(TEST) as work:
        her = new_people(work, 3)
    with psycopg.connect(
        fresh_database.superuser_url, autocommit=True, options="-c session_replication_role=replica"
    ) as connection:
        connection.execute("UPDATE person SET id = %s WHERE id = %s", (HER, her[0].id))
    return Garden(fresh_database, clock.now())


def as_application(database):
    return psycopg.connect(database.url, options="-c role=sangha_app", autocommit=True)


def age(committing, kind: str, days: int | None = None) -> int:
    with committing.begin(TEST) as work:
        kept_for = RULES[kind].days if days is None else days
        return HANDS[kind].hand(work, Asked(work.clock.now(), kept_for))


def hold(committing, **fields) -> LegalHold:
    with committing.begin(TEST) as work:
        people = work.session.scalars(select(LegalHold.placed_by)).all()
        now = work.clock.now()
        key_ref = work.vault.new_key()
        told = {
            "ref": f"h{len(people)}",
            "subject_type": "person",
            "subject_id": HER,
            "why": "court_order",
            "key_ref": key_ref,
            "words": b"",
            "placed_by": HER,
            "placed_at": now,
            "until_at": now + timedelta(days=365),
        }
        one = LegalHold(**{**told, **fields})
        work.session.add(one)
        work.session.flush()
        return one


def test_every_kind_with_a_hand_is_tried_here_and_its_bounds_are_the_databases(committing):
    assert HANDS.keys() == PLANTS.keys()
    with committing.begin(TEST) as work:
        kinds = work.session.scalars(select(RetentionKind)).all()
    held = {one.kind: (one.least_days, one.most_days) for one in kinds}
    assert held == {kind: (RULES[kind].least, RULES[kind].most) for kind in HANDS}
    for rule in RULES.values():
        assert rule.least <= rule.days <= rule.most, rule.kind


@pytest.mark.parametrize("kind", sorted(PLANTS))
def test_what_is_old_goes_and_what_is_young_or_held_stays(garden, committing, kind):
    garden.live()
    rule = RULES[kind]
    old = garden.plant(kind, 11, timedelta(days=rule.days + 9))
    young = garden.plant(kind, 12, timedelta(days=rule.days - 1))
    if kind == "tries":
        garden.plant(kind, 13, timedelta(0))
    if kind not in {"nuisance", "set_aside", "facts_told", "timers_done", "tries"}:
        subject = 11 if kind.startswith("gone_") else HER
        one = hold(committing, subject_id=subject)
        assert age(committing, kind) == 0
        assert garden.stands(kind, 11, old), "it is held"
        with garden.connect() as connection:
            ended = "ended_at = placed_at, ended_how = 'lifted', ended_by = placed_by"
            connection.execute(f"UPDATE legal_hold SET {ended} WHERE id = %s", (one.id,))
    assert age(committing, kind) >= 1
    assert not garden.stands(kind, 11, old)
    assert garden.stands(kind, 12, young)
    assert age(committing, kind) == 0, "a second time changes nothing"


@pytest.mark.parametrize("kind", sorted(PLANTS))
def test_fewer_days_than_the_least_let_nothing_go_sooner(garden, committing, kind):
    garden.live()
    young = garden.plant(kind, 11, timedelta(days=RULES[kind].least - 1))
    if kind == "tries":
        garden.plant(kind, 12, timedelta(0))
    for days in (0, -40_000):
        assert age(committing, kind, days) == 0
    assert garden.stands(kind, 11, young)


@pytest.mark.parametrize("kind", sorted(PLANTS))
def test_a_clock_that_leaps_a_hundred_years_empties_nothing(garden, committing, clock, kind):
    garden.live()
    kept = garden.plant(kind, 11, DAY)
    clock.advance(timedelta(days=36_525))
    for _ in range(6):
        clock.advance(DAY)
        garden.live(days=1, until=clock.today())
        assert age(committing, kind) == 0
        assert garden.stands(kind, 11, kept)


def test_a_new_union_lets_nothing_go_in_its_first_week(garden, committing):
    garden.live(days=6)
    kept = garden.plant("commands", 11, timedelta(days=1000))
    assert age(committing, "commands") == 0
    assert garden.stands("commands", 11, kept)


@pytest.mark.parametrize("table", DELETES)
def test_the_application_deletes_nothing_of_it_itself(garden, fresh_database, table):
    with as_application(fresh_database) as connection:
        connection.execute("SELECT set_config('union.ages_out', %s, false)", (table,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["audit_entry", "reading", "delivery_receipt", "claim_hearing"])
def test_nor_does_the_owner_outside_the_one_function(garden, fresh_database, table):
    kind = {
        "audit_entry": "acts",
        "reading": "readings",
        "delivery_receipt": "receipts",
        "claim_hearing": "health_words",
    }[table]
    garden.plant(kind, 11, timedelta(days=5000))
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as connection:
        for attack in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(attack)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_the_application_may_call_knows_the_least_age(garden, fresh_database, function):
    garden.live()
    with as_application(fresh_database) as connection:
        for at in ("2126-11-01Z", "infinity", None):
            row = connection.execute(f"SELECT {function}(%s, 0, 1000)", (at,)).fetchone()
            assert row == (0,)


ORDERS = (
    "INSERT INTO retention_key VALUES (gen_random_uuid(), 'cases', '2020-01-01Z')",
    "UPDATE retention_kind SET least_days = 0",
    "INSERT INTO retention_kind VALUES ('x', 0, 0)",
    "UPDATE retention_day SET day = '2126-01-01'",
    "UPDATE retention_wish SET days = 1",
    "UPDATE legal_hold SET subject_id = 1",
)


@pytest.mark.parametrize("attack", ORDERS)
def test_keys_bounds_and_days_are_the_databases(garden, fresh_database, attack):
    with (
        as_application(fresh_database) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attack)


def test_a_key_that_is_held_meanwhile_is_not_destroyed(garden, committing):
    garden.live()
    key = garden.plant("cases", 11, timedelta(days=4000))
    assert age(committing, "cases") == 1
    hold(committing, subject_type="case", subject_id=11)
    destroyed = "UPDATE retention_key SET destroyed_at = '2027-01-01Z' WHERE key_ref = %s"
    with (
        as_application(garden.database) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="retention_key_held"),
    ):
        connection.execute(destroyed, (key,))
    with committing.begin(TEST) as work:
        assert work.session.get_one(RetentionKey, key).destroyed_at is None


OPEN = {
    "incident_words": "UPDATE incident SET state = 'seeking', closed_at = NULL,"
    " closed_by_person_id = NULL, closed_how = NULL, outcome = NULL, as_she_wished = NULL",
    "taken_lists": "UPDATE taken SET standing = 'taken'",
    "cases": "UPDATE legal_case SET state = 'open', closed_at = NULL, closed_by_person_id = NULL,"
    " outcome = NULL, next_step = 'talk', next_on = '2026-12-01'",
    "health_words": "UPDATE claim SET state = 'appealed', appealed_at = asked_at",
    "sheet_lines": "UPDATE collection_line SET verdict = 'refused', reason = 'x'",
    "message_words": "UPDATE message SET state = 'waiting'",
    "facts_told": "UPDATE outbox_delivery SET done_at = NULL",
    "timers_done": "UPDATE timer SET done_at = NULL",
    "gone_keys": "UPDATE member SET status = 'active', status_on = NULL",
    "gone_identity": "UPDATE member SET status = 'active', status_on = NULL",
}


@pytest.mark.parametrize("kind", sorted(OPEN))
def test_what_is_still_open_never_goes(garden, committing, kind):
    garden.live()
    key = garden.plant(kind, 11, timedelta(days=9000))
    with garden.connect() as connection:
        connection.execute(OPEN[kind])
    assert age(committing, kind) == 0
    assert garden.stands(kind, 11, key)


@pytest.mark.parametrize("kind", ["narrations", "sheet_lines"])
def test_words_of_money_wait_for_the_trustees(garden, committing, kind):
    garden.live()
    key = garden.plant(kind, 11, timedelta(days=9000), audited=False)
    assert age(committing, kind) == 0
    assert garden.stands(kind, 11, key)


WISHES = {
    "shorter than the least": "INSERT INTO retention_wish (ref, kind, days, proposed_by,"
    " proposed_at) VALUES ('x', 'readings', 1826, 90001, '2026-11-01Z')",
    "longer than the most": "INSERT INTO retention_wish (ref, kind, days, proposed_by,"
    " proposed_at) VALUES ('x', 'readings', 40000, 90001, '2026-11-01Z')",
    "answered at once": "INSERT INTO retention_wish (ref, kind, days, proposed_by, proposed_at,"
    " answered_by, answered_at, agreed)"
    " VALUES ('x', 'commands', 60, 90001, '2026-11-01Z', 90001, '2026-11-01Z', true)",
}


@pytest.mark.parametrize("attack", WISHES.values(), ids=WISHES.keys())
def test_days_are_changed_within_bounds_and_by_two(garden, fresh_database, attack):
    with as_application(fresh_database) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(attack)


def test_and_not_by_one_person_twice(garden, fresh_database):
    with as_application(fresh_database) as connection:
        connection.execute(WISHES["longer than the most"].replace("40000", "2000"))
        agree = "UPDATE retention_wish SET answered_by = 90001, agreed = true,"
        with pytest.raises(psycopg.errors.CheckViolation, match="retention_wish_by_two"):
            connection.execute(f"{agree} answered_at = '2026-11-02Z'")


LIFTS = {
    "by one at once": "ended_how = 'lifted', ended_at = '2026-12-01Z', ended_by = 90001",
    "by two in one breath": "lift_by = 90001, lift_at = '2026-12-01Z', ended_how = 'lifted',"
    " ended_at = '2026-12-01Z', ended_by = 1",
    "before its time": "ended_how = 'ran_out', ended_at = '2026-12-01Z'",
    "by a clock alone": "ended_how = 'ran_out', ended_at = '2126-12-01Z'",
    "made shorter": "until_at = placed_at + interval '1 hour'",
    "longer by nobody": "until_at = until_at + interval '1 hour'",
    "for years": "until_at = placed_at + interval '9999 hours', renewed_by = 90001,"
    " renewed_at = placed_at",
}


@pytest.mark.parametrize("change", LIFTS.values(), ids=LIFTS.keys())
def test_a_hold_ends_by_two_or_by_its_time(garden, committing, fresh_database, change):
    garden.live()
    hold(committing)
    with as_application(fresh_database) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(f"UPDATE legal_hold SET {change}")


def test_whoever_asked_first_does_not_end_it_and_is_not_exchanged(garden, committing):
    hold(committing)
    with as_application(garden.database) as connection:
        connection.execute("UPDATE legal_hold SET lift_by = 90001, lift_at = '2026-12-01Z'")
        ended = "ended_how = 'lifted', ended_at = '2026-12-02Z'"
        for change in (f"{ended}, ended_by = 90001", "lift_by = 2"):
            with pytest.raises(psycopg.errors.CheckViolation, match="lifted_by_two"):
                connection.execute(f"UPDATE legal_hold SET {change}")
        other = connection.execute("SELECT max(id) FROM person WHERE id < 90001").fetchone()
        connection.execute(f"UPDATE legal_hold SET {ended}, ended_by = %s", other)
        with pytest.raises(psycopg.errors.CheckViolation, match="ended_stays"):
            connection.execute("UPDATE legal_hold SET ended_at = NULL, ended_how = NULL")
