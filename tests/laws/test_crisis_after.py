"""What follows an end, attacked as the application: consent, who was with her, what goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import HERS, as_person, live_page, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Incident, Page
from union.crisis.rules.debrief import LessonTag
from union.crisis.rules.kinds import AsSheWished, ClosedBy, Outcome
from union.crisis.rules.medical import Care, CareEnd
from union.crisis.services.debrief import NewLesson, Told, write_debrief, write_lesson
from union.crisis.services.medical import NewClock, begin_clock, end_clock
from union.identity.queries import people_with_role
from union.infra.db import owner_engine
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")
CLOCK = """
INSERT INTO medical_clock (ref, incident_id, what, since_at, she_wants, kept_by_person_id,
  told_hours, made_at)
VALUES ('forged', :incident, 'x', :now, :wants, :keeper, 0, :now)
"""


FORCED = """
UPDATE page SET duress_at = asked_at, seems = 'arrived', state = 'asked', arrived_at = NULL
WHERE person_id = :person
"""
GIVEN_TO = "UPDATE medical_clock SET kept_by_person_id = :p"
HANDOVER = """
INSERT INTO medical_handover (ref, clock_id, from_person_id, to_person_id, she_agrees, named_at,
  asked_at, answered_at, answer, answered_by_person_id)
SELECT 'forged', id, :sender, :next, :agreed, made_at, made_at, CASE WHEN :yes THEN made_at END,
  CASE WHEN :yes THEN 'yes' END, CASE WHEN :yes THEN CAST(:said_yes AS bigint) END
FROM medical_clock
"""


@pytest.fixture
def there(committing):
    """An incident, somebody who is there, and one who was only asked."""
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        make_in_charge(work, Role.COORDINATOR)
        incident_id = report(work).incident_id
        pages = work.session.query(Page).order_by(Page.id).all()
        here, elsewhere = pages[0].person_id, pages[1].person_id
    with as_person(committing, here) as work:
        page = live_page(work, here)
        services.answer_here(work, page.id, HERS, "app")
    with as_person(committing, here) as work:
        services.arrive(work, live_page(work, here).id)
    return incident_id, here, elsewhere


def forge(unit, there, *, wants=True, keeper=None, timer=True):
    incident_id, here, _ = there
    with unit.begin(NIGHT) as work:
        now = work.clock.now()
        values = {"incident": incident_id, "now": now, "wants": wants, "keeper": keeper or here}
        work.session.execute(text(CLOCK), values)
        if timer:
            work.session.execute(
                text(
                    "INSERT INTO timer (kind, subject_type, subject_id, due_at, attempts, made_at)"
                    " SELECT 'crisis_medical', 'medical_clock', id, :now, 0, :now"
                    " FROM medical_clock"
                ),
                {"now": now},
            )


def run(unit, sql: str, **values) -> None:
    with unit.begin(NIGHT) as work:
        work.session.execute(text(sql), values)


def hand_over(unit, there, *, said_yes, agreed=True, follows=True, sender=None):
    """Forge that the other one was asked, and said yes or was said yes for; the clock follows."""
    with unit.begin(NIGHT) as work:
        values = {
            "sender": sender or there[1],
            "next": there[2] if sender is None else there[1],
            "agreed": agreed,
            "yes": said_yes is not None,
            "said_yes": said_yes,
        }
        work.session.execute(text(HANDOVER), values)
        if said_yes is not None and follows:
            work.session.execute(text(GIVEN_TO), {"p": there[2]})


def kept(unit, there):
    _, here, _ = there
    with as_person(unit, here) as work:
        new = NewClock(Care.AGAINST_HIV, work.clock.now() - timedelta(hours=1), she_wants=True)
        return begin_clock(work, live_page(work, here).id, new).id


def ended(unit, there):
    incident_id, here, _ = there
    with as_person(unit, here) as work:
        how = services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, here)
        services.close_incident(work, incident_id, how)


def test_without_her_yes_no_clock_can_be_written(committing, there):
    with pytest.raises(IntegrityError, match="medical_clock_she_wants_check"):
        forge(committing, there, wants=False)


def test_whoever_was_not_with_her_or_was_forced_keeps_none(committing, there):
    with pytest.raises(IntegrityError, match="was not with her"):
        forge(committing, there, keeper=there[2])
    run(committing, FORCED, person=there[2])
    with pytest.raises(IntegrityError, match="was not with her"):
        forge(committing, there, keeper=there[2])


def test_who_was_with_her_is_asked_where_the_pages_are_after_a_join(committing, there):
    incident_id, here, elsewhere = there
    with as_person(committing, here) as work:
        kept = report(work, place="Malpe harbour", district="Udupi").incident_id
        services.merge_incidents(work, incident_id, kept)
    with pytest.raises(IntegrityError, match="was not with her"):
        forge(committing, there, keeper=elsewhere)
    forge(committing, there, keeper=here)


def test_a_clock_is_not_handed_to_somebody_who_was_not_there(committing, there):
    kept(committing, there)
    with pytest.raises(IntegrityError, match="only to who said yes"):
        run(committing, GIVEN_TO, p=there[2])
    with pytest.raises(IntegrityError, match="was not with her"):
        hand_over(committing, there, said_yes=there[2], agreed=False)


def test_a_clock_goes_along_a_yes_of_her_own_and_along_every_yes(committing, there):
    kept(committing, there)
    with pytest.raises(IntegrityError, match="medical_handover_her_own_word_check"):
        hand_over(committing, there, said_yes=there[1])
    with pytest.raises(IntegrityError, match="does not carry it"):
        hand_over(committing, there, said_yes=there[2], follows=False)
    hand_over(committing, there, said_yes=there[2])
    back = GIVEN_TO + " WHERE kept_by_person_id <> :p"
    with pytest.raises(IntegrityError, match="only to who said yes"):
        run(committing, back, p=there[1])
    for change in ("answer = 'no'", "to_person_id = from_person_id", "she_agrees = false"):
        with pytest.raises(IntegrityError, match="stays as it was written"):
            run(committing, f"UPDATE medical_handover SET {change}")
    with pytest.raises(DBAPIError, match="permission denied"):
        run(committing, "DELETE FROM medical_handover")


def test_a_clock_that_stopped_asks_nobody(committing, there):
    clock_id = kept(committing, there)
    with pytest.raises(IntegrityError, match="asks somebody in vain"):
        hand_over(committing, there, said_yes=None, sender=there[2])
    hand_over(committing, there, said_yes=None)
    with pytest.raises(IntegrityError, match="asks somebody in vain"):
        run(
            committing,
            "UPDATE medical_clock SET ended_at = made_at, ended_how = 'ran_out', what = NULL",
        )
    with as_person(committing, there[1]) as work:
        end_clock(work, clock_id, CareEnd.DONE)
        answers = work.session.execute(text("SELECT answer FROM medical_handover")).all()
        assert answers == [("over",)]


def test_while_it_runs_something_is_due(committing, there):
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        forge(committing, there, timer=False)
    kept(committing, there)
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        run(
            committing,
            "UPDATE timer SET done_at = made_at WHERE subject_type = 'medical_clock'",
        )
    with pytest.raises(DBAPIError):
        run(committing, "DELETE FROM timer WHERE subject_type = 'medical_clock'")


def test_stopped_it_is_forgotten_and_stays_stopped(committing, there):
    clock_id = kept(committing, there)
    with pytest.raises(IntegrityError, match="medical_clock_forgets_check"):
        run(
            committing,
            "UPDATE medical_clock SET ended_at = made_at, ended_how = 'done',"
            " ended_by_person_id = kept_by_person_id",
        )
    with pytest.raises(IntegrityError, match="medical_clock_ended_by_check"):
        run(
            committing,
            "UPDATE medical_clock SET ended_at = made_at, ended_how = 'declined', what = NULL",
        )
    with as_person(committing, there[1]) as work:
        end_clock(work, clock_id, CareEnd.DONE)
    for change in ("ended_at = NULL, ended_how = NULL, what = 'x'", "told_hours = 99"):
        with pytest.raises(IntegrityError, match="stays as it was written"):
            run(committing, f"UPDATE medical_clock SET {change}")
    with pytest.raises(DBAPIError, match="permission denied"):
        run(committing, "DELETE FROM medical_clock")


def test_hour_and_care_are_not_changed_while_it_runs(committing, there):
    kept(committing, there)
    for change in ("since_at = since_at - interval '1 day'", "what = 'y'", "told_hours = -1"):
        with pytest.raises(IntegrityError):
            run(committing, f"UPDATE medical_clock SET {change}")


def test_what_it_is_for_is_read_nowhere_in_the_database(committing, there):
    """C5, P5: not in the clock, the timer, the timeline or the message."""
    kept(committing, there)
    with committing.reading(NIGHT) as work:
        tables = ("medical_clock", "timer", "incident_event", "message", "outbox")
        for table in tables:
            rows = work.session.execute(text(f"SELECT t::text FROM {table} t"))
            assert not any("hiv" in row[0].casefold() for row in rows), table


def test_only_what_has_ended_is_looked_back_on(committing, there):
    forged = (
        "INSERT INTO debrief (ref, incident_id, went_well, at, by_person_id)"
        " SELECT 'forged', id, 'x', opened_at, :person FROM incident"
    )
    with pytest.raises(IntegrityError, match="has not ended"):
        run(committing, forged, person=there[1])
    ended(committing, there)
    with pytest.raises(IntegrityError, match="debrief_says_something_check"):
        run(committing, forged.replace("'x'", "NULL"), person=there[1])


def test_only_who_went_or_coordinates_looks_back(committing, there):
    """Somebody else of us, a coordinator of another year, and one who was forced say nothing."""
    ended(committing, there)
    forged = (
        "INSERT INTO debrief (ref, incident_id, went_well, at, by_person_id)"
        " SELECT 'f' || :person, id, 'x', opened_at, :person FROM incident"
    )
    lesson = (
        "INSERT INTO lesson (ref, incident_id, tag, words, owner_person_id, due_on, made_at,"
        " made_by_person_id) SELECT 'f', id, 'desk', 'x', :person, '2027-01-01', opened_at,"
        " :person FROM incident"
    )
    _, here, elsewhere = there
    with committing.reading(NIGHT) as work:
        (coordinator,) = people_with_role(work, Role.COORDINATOR)
    for sql in (forged, lesson):
        with pytest.raises(IntegrityError, match="neither went nor coordinates"):
            run(committing, sql, person=elsewhere)
    run(committing, forged, person=coordinator)
    told = "INSERT INTO debrief_person SELECT id, :person, 'x' FROM debrief"
    with pytest.raises(IntegrityError, match="neither went nor coordinates"):
        run(committing, told, person=elsewhere)
    run(committing, told, person=here)
    run(committing, "UPDATE role_grant SET ended_at = made_at")
    with pytest.raises(IntegrityError, match="neither went nor coordinates"):
        run(committing, forged.replace("'f'", "'g'"), person=coordinator)
    run(committing, FORCED, person=here)
    with pytest.raises(IntegrityError, match="neither went nor coordinates"):
        run(committing, forged, person=here)


def test_what_was_said_is_never_changed_and_a_lesson_waits_for_somebody(committing, there):
    incident_id, here, _ = there
    ended(committing, there)
    with as_person(committing, here) as work:
        write_debrief(work, incident_id, Told("well"))
        lesson = NewLesson("Bring water", LessonTag.SAFETY, here, work.clock.today())
        write_lesson(work, incident_id, lesson)
    for sql in ("UPDATE debrief SET at = at", "DELETE FROM debrief", "DELETE FROM lesson"):
        with pytest.raises(DBAPIError, match="permission denied"):
            run(committing, sql)
    with pytest.raises(IntegrityError, match="stays as it was written"):
        run(committing, "UPDATE lesson SET words = 'y'")
    with pytest.raises(IntegrityError, match="nothing will look at it"):
        run(committing, "UPDATE timer SET done_at = made_at WHERE subject_type = 'lesson'")
    with pytest.raises(IntegrityError, match="neither went nor coordinates"):
        run(committing, "UPDATE lesson SET done_at = made_at")


def test_check_finds_a_clock_nothing_looks_at(committing, there, fresh_database):
    """Where an owner put the laws aside, ``union check`` says so."""
    asked = INVARIANTS["crisis.medical_clock_without_timer"]
    kept(committing, there)
    with committing.reading(NIGHT) as work:
        assert work.session.execute(text(asked)).all() == []
        assert work.session.execute(text(INVARIANTS["crisis.lesson_without_timer"])).all() == []
    owner = owner_engine(fresh_database.owner_url)
    with owner.begin() as connection:
        connection.execute(text("DROP TRIGGER timer_after_kept ON timer"))
        connection.execute(text("DELETE FROM timer WHERE subject_type = 'medical_clock'"))
    owner.dispose()
    with committing.reading(NIGHT) as work:
        assert len(work.session.execute(text(asked)).all()) == 1


def test_a_rest_hides_nobody_from_the_engine(committing):
    """C7: everybody rests, and everybody suitable is still asked."""
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        people = {make_responder(work, bidar) for _ in range(2)}
    run(committing, "UPDATE team_profile SET resting_until = '2027-01-01'")
    with committing.begin(NIGHT) as work:
        incident = work.session.get_one(Incident, report(work).incident_id)
        found = {one.person_id for one in work.session.query(Page).all()}
        assert people <= found
        assert incident.state == "seeking"
