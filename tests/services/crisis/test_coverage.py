"""The database's picture of the days ahead, hour by hour, against brute force in plain Python."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders.crisis import make_responder
from tests.builders.members import make_branch
from union.crisis.models import RotaAway, RotaOff, RotaPattern, RotaShift
from union.crisis.queries.coverage import cover, spoken
from union.crisis.queries.rota import serving_at, shifts_between
from union.crisis.queries.training import held
from union.crisis.rules.choosing import on_shift
from union.crisis.rules.coverage import HOUR
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.rules.rota import DUTY_OF, Duty, Hours, Origin, Weekly, hours_between
from union.kernel.ids import new_ref

PLACES = (("Bidar", 17.91, 77.52), ("Hassan", 13.0, 76.1), ("Kodagu", 12.42, 75.73))
ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York")


@pytest.fixture(params=[1, 2, 3])
def chance(request):
    return random.Random(request.param)


def some_teams(work, chance) -> list[int]:
    people = []
    for _ in range(9):
        branch = make_branch(work, *chance.choice(PLACES))
        begun = date(2026, 10, chance.randint(1, 24))
        people.append(
            make_responder(
                work,
                branch,
                chance.choice(list(TeamRole)),
                shift=chance.choice(list(Shift)),
                starts_on=begun,
                ends_on=begun + timedelta(days=chance.randint(0, 400)),
                languages=chance.choice([("Kannada",), ("Urdu",), ("Kannada", "Urdu")]),
            )
        )
    return people


def some_rota(work, chance, people) -> None:
    branches = [make_branch(work, *place).id for place in PLACES]
    now = work.clock.now()
    made = {"made_at": now, "made_by_person_id": None}
    for _ in range(14):
        serves = {
            "person_id": chance.choice(people),
            "duty": chance.choice([Duty.RESPONDER, Duty.PARALEGAL, Duty.COUNSELLOR]),
            "branch_id": chance.choice(branches),
        }
        starts_at = now + timedelta(minutes=chance.randint(-600, 20000))
        if chance.random() < 0.4:
            length = timedelta(minutes=chance.randint(1, 900))
            work.session.add(
                RotaShift(
                    ref=new_ref(),
                    starts_at=starts_at,
                    ends_at=starts_at + length,
                    origin=Origin.WRITTEN,
                    ended_at=now if chance.random() < 0.3 else None,
                    **serves,
                    **made,
                )
            )
            continue
        pattern = RotaPattern(
            ref=new_ref(),
            weekday=chance.randint(1, 7),
            from_time=time(chance.randint(0, 23), chance.choice([0, 30])),
            until_time=time(chance.randint(0, 23)),
            zone=chance.choice(ZONES),
            since_on=date(2026, 10, chance.randint(10, 20)),
            until_on=chance.choice([None, date(2026, 10, 26)]),
            **serves,
            **made,
        )
        work.session.add(pattern)
        work.session.flush()
        for day in (date(2026, 10, 16) + timedelta(days=n) for n in range(14)):
            if day.isoweekday() == pattern.weekday and chance.random() < 0.4:
                work.session.add(RotaOff(pattern_id=pattern.id, on_day=day, **made))
    for _ in range(5):
        from_at = now + timedelta(minutes=chance.randint(-900, 20000))
        work.session.add(
            RotaAway(
                ref=new_ref(),
                person_id=chance.choice(people),
                from_at=from_at,
                until_at=from_at + timedelta(minutes=chance.randint(1, 4000)),
                ended_at=now if chance.random() < 0.2 else None,
                **made,
            )
        )
    work.session.flush()


def every_shift(work, since, before):
    """The rota as plain Python reads the tables."""
    offs = {(one.pattern_id, one.on_day) for one in work.session.query(RotaOff)}
    for one in work.session.query(RotaPattern):
        weekly = Weekly(
            one.weekday, one.from_time, one.until_time, one.zone, one.since_on, one.until_on
        )
        for day, hours in hours_between(weekly, since, before):
            if (one.id, day) not in offs:
                yield one.person_id, one.duty, one.branch_id, hours
    for one in work.session.query(RotaShift):
        hours = Hours(one.starts_at, one.ends_at)
        if one.ended_at is None and hours.touches(Hours(since, before)):
            yield one.person_id, one.duty, one.branch_id, hours


def brute_force(work, hours, language=None):
    """Who could be woken in each hour, by district and duty, and who of them promised it."""
    certificates = held(work)
    shifts = list(every_shift(work, hours[0], hours[-1] + HOUR))
    aways = [
        (one.person_id, Hours(one.from_at, one.until_at))
        for one in work.session.query(RotaAway)
        if one.ended_at is None
    ]
    awake, promised = {}, {}
    for number, at in enumerate(hours):
        local, hour = at.astimezone(work.clock.zone), Hours(at, at + HOUR)
        gone = {person for person, away in aways if away.touches(hour)}
        for one in certificates:
            speaks = language is None or language in one.languages
            if not one.holds_on(local.date()) or one.person_id in gone or not speaks:
                continue
            duty = DUTY_OF[one.role]
            if on_shift(one.shift, local):
                awake.setdefault((one.branch_id, duty, number), set()).add(one.person_id)
            for person, down_for, branch, span in shifts:
                if person == one.person_id and down_for is duty and span.holds(hour):
                    awake.setdefault((branch, duty, number), set()).add(person)
                    promised.setdefault((branch, duty, number), set()).add(person)
    return awake, promised


@pytest.mark.parametrize("language", [None, "urdu"])
def test_the_cover_is_what_brute_force_says(work, chance, language):
    some_rota(work, chance, some_teams(work, chance))
    found = cover(work, language=language)
    awake, promised = brute_force(work, found.hours, language)
    assert awake, "a picture of nothing proves nothing"
    for branch in found.districts:
        for duty in (Duty.RESPONDER, Duty.PARALEGAL, Duty.COUNSELLOR):
            for number in range(len(found.hours)):
                key = (branch, duty, number)
                assert found.of(branch, duty)[number] == len(awake.get(key, ()))
                assert found.promised_of(branch, duty)[number] == len(promised.get(key, ()))
    for duty in (Duty.RESPONDER, Duty.PARALEGAL, Duty.COUNSELLOR):
        for number in range(len(found.hours)):
            everybody = {
                person
                for (_, one, hour), people in awake.items()
                if one is duty and hour == number
                for person in people
            }
            assert found.of(None, duty)[number] == len(everybody)


def test_shifts_of_any_stretch_are_what_brute_force_says(work, chance):
    some_rota(work, chance, some_teams(work, chance))
    since = work.clock.now() + timedelta(hours=chance.randint(0, 200))
    before = since + timedelta(minutes=chance.randint(1, 9000))
    found = shifts_between(work, since, before)
    assert sorted(
        (s.person_id, s.duty, s.branch_id, s.hours.starts_at, s.hours.ends_at) for s in found
    ) == sorted(
        (person, duty, branch, hours.starts_at, hours.ends_at)
        for person, duty, branch, hours in every_shift(work, since, before)
    )
    now = Hours(since, since + timedelta(microseconds=1))
    serving = serving_at(work, since)
    assert {(who, *duty) for who, duties in serving.duties.items() for duty in duties} == {
        (person, duty, branch)
        for person, duty, branch, hours in every_shift(work, since, since + HOUR)
        if hours.touches(now)
    }


def test_the_database_reads_a_clock_as_we_do(work):
    person = make_responder(work)
    branch = make_branch(work)
    patterns = []
    for weekday in (6, 7, 1):
        for clock in (time(1), time(1, 30), time(2), time(2, 30), time(3)):
            for zone in ZONES:
                pattern = RotaPattern(
                    ref=new_ref(),
                    person_id=person,
                    duty=Duty.RESPONDER,
                    branch_id=branch.id,
                    weekday=weekday,
                    from_time=clock,
                    until_time=time(2, 45),
                    zone=zone,
                    since_on=date(2026, 1, 1),
                    made_at=work.clock.now(),
                )
                work.session.add(pattern)
                patterns.append(pattern)
    work.session.flush()
    for month in (3, 10, 11):
        since = datetime(2026, month, 1, tzinfo=ZoneInfo("UTC"))
        before = since + timedelta(days=31)
        found = {(s.ref, s.on_day): s.hours for s in shifts_between(work, since, before)}
        mine = {
            (one.ref, day): hours
            for one in patterns
            for day, hours in hours_between(
                Weekly(one.weekday, one.from_time, one.until_time, one.zone, one.since_on),
                since,
                before,
            )
        }
        assert found == mine


def test_languages_are_those_of_who_holds_a_paper(work):
    bidar = make_branch(work)
    make_responder(work, bidar, languages=("Urdu", "Kannada"))
    make_responder(work, bidar, languages=("Kannada",))
    make_responder(work, bidar, languages=("Tamil",), ends_on=date(2026, 1, 2))
    assert spoken(work) == ["kannada", "urdu"]
