"""The list of those taken: typed, typed again, corrected, linked, timed, and read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch, make_member
from tests.builders.raids import (
    ELEVEN,
    by,
    everybody,
    go,
    make_raid,
    medicines,
    timers,
    type_list,
)
from tests.builders.readings import WHY, written_down
from union.crisis.errors import StateError, TakenHourError, TakenSameError
from union.crisis.models import Landmark, TakenEvent
from union.crisis.queries.taken import meeting_point_of, still_held, tallies
from union.crisis.rules.taken import Change, MedicineEnd, Source, Standing
from union.crisis.services.joining import merge_incidents
from union.crisis.services.meeting import choose_point, keep_point
from union.crisis.services.taken import (
    Move,
    Typed,
    keep_sheet,
    link,
    move,
    rename,
    say_hour,
    say_journey,
    unfinished_sheet,
    unlink,
)
from union.crisis.services.taken_clock import TAKEN_TIMER
from union.crisis.services.taken_mark import mark_minor, open_mark
from union.crisis.services.taken_medicine import MEDICINE_TIMER, end_medicine, need_medicine
from union.crisis.services.taken_reading import read_one, read_taken
from union.infra import sealing
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.geo import home_cell
from union.kernel.ids import new_command_key
from union.office.readings.queries.openings import openings_of

SAID = Source.TEAM


@pytest.fixture
def desk(work):
    """The work of an operator at the desk."""
    return by(work, make_in_charge(work, Role.OPERATOR))


@pytest.fixture
def raid(desk):
    make_responder(desk, make_branch(desk))
    return make_raid(desk)


@pytest.fixture
def listed(desk, raid):
    type_list(desk, raid.id, ELEVEN)
    return everybody(desk)


def codes(work, taken) -> list[str]:
    rows = select(TakenEvent.code).where(TakenEvent.taken_id == taken.id).order_by(TakenEvent.id)
    return [code.value for code in work.session.scalars(rows)]


def names(work, raid) -> list[str]:
    return [one.name for one in read_taken(work, raid.id)]


def test_eleven_lines_are_eleven_women_each_with_hours_and_her_own_key(desk, raid, listed):
    assert [one.number for one in listed] == list(range(1, 12))
    assert len({one.key_ref for one in listed} | {raid.key_ref}) == 12
    assert len(timers(desk, TAKEN_TIMER)) == 11
    assert len(timers(desk, MEDICINE_TIMER)) == 3
    assert names(desk, raid)[:3] == ["Lakshmi", "Meena", "woman in green, about 30"]
    assert all(one.assumed and one.taken_at == raid.opened_at for one in listed)


def test_the_same_list_sent_twice_is_once(desk, raid, listed):
    other = by(desk, make_in_charge(desk, Role.OPERATOR))
    plan = type_list(other, raid.id, ELEVEN)
    assert (plan.new, len(plan.already)) == ((), 11)
    assert len(everybody(desk)) == 11
    assert len(medicines(desk)) == 3


def test_it_is_kept_as_she_types_and_waits_for_her(desk, raid):
    key = new_command_key()
    for text in ("Lak", "Lakshmi\nMee", "Lakshmi\nMeena\nZa"):
        type_list(desk, raid.id, text, key, whole=False)
    assert names(desk, raid) == ["Lakshmi", "Meena"]
    assert unfinished_sheet(desk, raid.id) == Typed(key, "Lakshmi\nMeena\nZa")
    type_list(desk, raid.id, "Lakshmi\nMeena\nZarina", key)
    assert names(desk, raid) == ["Lakshmi", "Meena", "Zarina"]
    assert unfinished_sheet(desk, raid.id) is None


def test_a_line_put_right_renames_and_a_line_rubbed_out_takes_nobody_off(desk, raid):
    key = new_command_key()
    type_list(desk, raid.id, "Laksmi\nMeena\n", key, whole=False)
    type_list(desk, raid.id, "Lakshmi, insulin 2am\n", key, whole=False)
    assert names(desk, raid) == ["Lakshmi", "Meena"]
    assert codes(desk, everybody(desk)[0]) == ["listed", "name", "medicine"]


def test_two_who_type_at_once_lose_nothing(desk, raid):
    other = by(desk, make_in_charge(desk, Role.OPERATOR))
    mine, hers = new_command_key(), new_command_key()
    type_list(desk, raid.id, "Lakshmi\nMeena\n", mine, whole=False)
    type_list(other, raid.id, "Zarina\nMeena\n", hers, whole=False)
    type_list(desk, raid.id, "Lakshmi\nMeena\nKavya", mine)
    type_list(other, raid.id, "Zarina\nMeena\nAsha", hers)
    assert names(desk, raid) == ["Lakshmi", "Meena", "Zarina", "Kavya", "Asha"]
    with pytest.raises(NotAllowedError):
        keep_sheet(other, raid.id, Typed(mine, "Nobody\n"))


def test_a_name_found_out_later_keeps_the_first_words(desk, raid, listed):
    green = listed[2]
    rename(desk, green.id, "Padma", Source.HERSELF)
    person, story = read_one(desk, green)
    assert person.name == "Padma"
    assert [(one.code, one.words) for one in story][-1] == (Change.NAME, "woman in green, about 30")
    type_list(desk, raid.id, ELEVEN)
    assert len(everybody(desk)) == 11, "her line is known although her name is another now"


def test_a_member_is_linked_once_sees_who_read_and_is_unlinked(desk, raid, listed):
    member = make_member(desk)
    link(desk, listed[0].id, member.card_number, SAID)
    with pytest.raises(TakenSameError):
        link(desk, listed[1].id, member.card_number, SAID)
    with pytest.raises(NotFoundError):
        link(desk, listed[1].id, "KA/99999", SAID)
    assert member.card_number in read_taken(desk, raid.id)[0].member
    assert read_taken(desk, raid.id, members=False)[0].member == ""
    assert [one.what for one in openings_of(desk, member.person_id)] == ["opened_taken_name"] * 2
    unlink(desk, listed[0].id, SAID)
    assert read_taken(desk, raid.id)[0].member == ""
    assert codes(desk, listed[0])[-2:] == ["linked", "unlinked"]


def test_every_name_that_is_read_is_written_down(desk, raid, listed):
    read_taken(desk, raid.id)
    rows = [one.object_id for one in written_down(desk, "opened_taken_name")]
    assert sorted(rows) == [one.id for one in listed]


def test_a_magistrate_stops_the_hours_and_a_mistake_starts_them_again(desk, listed):
    her = listed[0]
    go(desk, her, Standing.PRODUCED, source=Source.LAWYER)
    assert len(timers(desk, TAKEN_TIMER)) == 10
    go(desk, her, Standing.AT_STATION)
    assert len(timers(desk, TAKEN_TIMER)) == 10, "sent back by the magistrate"
    move(desk, her.id, Move(Standing.AT_STATION, SAID, mistaken=True))
    assert len(timers(desk, TAKEN_TIMER)) == 11
    go(desk, her, Standing.PROTECTIVE_HOME)
    assert len(timers(desk, TAKEN_TIMER)) == 11, "no magistrate has seen her"
    go(desk, her, Standing.RELEASED)
    assert len(timers(desk, TAKEN_TIMER)) == 10


def test_the_hour_she_was_taken_moves_her_hours(desk, raid, listed):
    at = desk.clock.now() - timedelta(hours=5)
    say_hour(desk, listed[0].id, at, Source.HERSELF)
    say_journey(desk, listed[0].id, 90, Source.LAWYER)
    her = read_taken(desk, raid.id)[0]
    assert (her.due_by, her.latest_by) == (
        at + timedelta(hours=24),
        at + timedelta(hours=25, minutes=30),
    )
    due = [one.due_at for one in timers(desk, TAKEN_TIMER) if one.subject_id == listed[0].id]
    assert due == [at + timedelta(hours=12)]
    with pytest.raises(TakenHourError):
        say_hour(desk, listed[0].id, desk.clock.now() + timedelta(minutes=1), SAID)
    with pytest.raises(TakenHourError):
        go(desk, listed[0], Standing.RELEASED, happened_at=at - timedelta(days=31))


def test_medicine_is_given_once_and_by_somebody(desk, listed):
    first, *_rest = medicines(desk)
    end_medicine(desk, first.id, MedicineEnd.GIVEN, Source.POLICE)
    assert len(timers(desk, MEDICINE_TIMER)) == 2
    with pytest.raises(StateError):
        end_medicine(desk, first.id, MedicineEnd.NOT_NEEDED, SAID)
    assert codes(desk, listed[1])[-1] == "given"


def test_whoever_is_free_needs_no_medicine_from_us(desk, listed):
    need_medicine(desk, listed[0].id, "inhaler", desk.clock.now(), SAID)
    go(desk, listed[0], Standing.RELEASED)
    assert len(timers(desk, MEDICINE_TIMER)) == 3
    assert codes(desk, listed[0])[-1] == "not_needed"


def test_a_mark_of_her_age_is_sealed_and_having_one_says_nothing(desk, raid):
    holder = make_in_charge(desk, Role.COORDINATOR)
    sealing.make_personal_key(desk, holder, "a long passphrase")
    sealing.make_circle(desk, sealing.MINORS, [holder])
    type_list(desk, raid.id, "Lakshmi\nMeena")
    child, other = everybody(desk)
    mark_minor(desk, child.id, "yes", SAID)
    assert len(child.minor) == len(other.minor)
    opened = by(desk, holder)
    assert open_mark(opened, child.id, "a long passphrase", WHY) == "yes"
    assert open_mark(opened, other.id, "a long passphrase", WHY) == ""
    with pytest.raises(sealing.NotEntitledError):
        open_mark(desk, child.id, "a long passphrase", WHY)
    assert len(written_down(desk, "opened_taken_mark")) == 2


def test_nobody_can_be_marked_while_nobody_could_open_it(desk, listed):
    with pytest.raises(sealing.CircleMissingError):
        mark_minor(desk, listed[0].id, "yes", SAID)


def test_those_of_a_joined_incident_are_counted_and_listed_with_it(desk, raid, listed):
    make_branch(desk, "Kalaburagi", 17.33, 76.83)
    other = make_raid(desk, place="lodge road", district="Kalaburagi", people=2)
    type_list(desk, other.id, "Bhagya")
    merge_incidents(desk, other.id, raid.id)
    assert tallies(desk.session, [raid.id])[raid.id] == {Standing.TAKEN: 12}
    assert still_held(desk.session, raid.id) == 12
    type_list(desk, other.id, "Renuka")
    assert everybody(desk)[-1].incident_id == raid.id, "what comes later belongs to the kept one"


def test_the_nearest_kept_point_is_told_until_the_desk_chooses(desk, raid):
    assert meeting_point_of(desk.session, raid) is None
    near, far = (
        Landmark(branch_id=raid.branch_id, name=name, also_written=[], cell=cell)
        for name, cell in (("Clock tower", raid.cell), ("Fort gate", home_cell(18.4, 77.1)))
    )
    desk.session.add_all([near, far])
    desk.session.flush()
    raid.cell_exact = True
    keep_point(desk, far.id, on=True)
    assert meeting_point_of(desk.session, raid) is None, "too far to be sent there unasked"
    keep_point(desk, near.id, on=True)
    assert meeting_point_of(desk.session, raid) == "Clock tower"
    choose_point(desk, raid.id, far.id)
    assert meeting_point_of(desk.session, raid) == "Fort gate"
    keep_point(desk, near.id, on=False)
    with pytest.raises(NotFoundError):
        choose_point(desk, raid.id, near.id)
