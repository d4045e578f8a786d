"""C7 against the rota: empty, against everybody or wrong, it never makes the engine find nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.builders.crisis import as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis.errors import AnsweredError
from union.crisis.models import Certificate, CertificateEvent, Page
from union.crisis.queries.board import board
from union.crisis.queries.rota import shifts_between
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services import rota, swaps, training
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_ref

NIGHT = Actor.system("test")


def asked(work) -> list[tuple[int, str]]:
    rows = work.session.execute(select(Page.person_id, Page.asked_as).order_by(Page.id))
    return [(row.person_id, row.asked_as.value) for row in rows]


def holes(work) -> tuple[str, ...]:
    return board(work).watches[0].holes


def tonight(work, hours=8) -> Hours:
    return Hours(work.clock.now(), work.clock.now() + timedelta(hours=hours))


def all_away(work, people) -> None:
    days = rota.days_away(work, date(2026, 10, 16), date(2026, 10, 30))
    for person in people:
        rota.say_away(work, person, days, sure=True)


def test_with_an_empty_rota_papers_decide(committing):
    with committing.begin(NIGHT) as work:
        awake = make_responder(work, shift=Shift.NIGHT)
        make_responder(work, shift=Shift.DAY)
        report(work)
        assert asked(work) == [(awake, "responder")]


def test_everybody_away_those_in_charge_are_asked_and_the_board_says_so(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        people = [make_responder(work, bidar) for _ in range(3)]
        coordinator = make_in_charge(work, Role.COORDINATOR)
        all_away(work, [*people, coordinator])
        report(work)
        assert asked(work) == [(coordinator, "coordinator")], "away herself, and still the last"
        assert holes(work) == ("nobody_suitable",)


def test_one_coordinator_away_the_other_is_asked(committing):
    with committing.begin(NIGHT) as work:
        make_branch(work)
        first, second = (make_in_charge(work, Role.COORDINATOR) for _ in range(2))
        all_away(work, [first])
        report(work)
        assert asked(work) == [(second, "coordinator")]


def test_a_rota_of_somebody_far_or_uncertified_hides_nobody_near(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        near = make_responder(work, bidar)
        other = make_responder(work, bidar, TeamRole.PARALEGAL)
        hours = tonight(work)
        work.session.execute(
            text(
                "INSERT INTO rota_shift (ref, person_id, duty, branch_id, starts_at, ends_at,"
                " origin, made_at) VALUES (:ref, :her, 'responder', :here, :starts, :ends,"
                " 'written', :starts)"
            ),
            {
                "ref": new_ref(),
                "her": other,
                "here": bidar.id,
                "starts": hours.starts_at,
                "ends": hours.ends_at,
            },
        )
        report(work)
        assert asked(work) == [(near, "responder")]


def test_too_few_on_the_rota_are_filled_up_by_papers(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        people = [make_responder(work, bidar) for _ in range(4)]
        rota.add_shift(work, people[3], Duty.RESPONDER, bidar.id, tonight(work))
        report(work)
        found = asked(work)
        assert found[0] == (people[3], "responder")
        assert {who for who, _ in found} == set(people), "and one who is down comes not alone"


def test_nobody_awake_in_the_whole_state_somebody_is_woken_at_last(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        sleeper = make_responder(work, bidar, shift=Shift.DAY)
        make_responder(work, bidar, shift=Shift.DAY, ends_on=date(2026, 10, 1))
        report(work)
        assert asked(work) == [(sleeper, "responder")]
        page = work.session.scalars(select(Page)).one()
        assert "off_shift" in page.reasons
        assert "nobody_near" in holes(work)


def test_a_lapsed_or_revoked_paper_on_the_rota_is_not_asked(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        lapsing = make_responder(work, bidar, ends_on=date(2026, 10, 16))
        ended = make_responder(work, bidar)
        coordinator = make_in_charge(work, Role.COORDINATOR)
        for her in (lapsing, ended):
            rota.add_shift(work, her, Duty.RESPONDER, bidar.id, tonight(work, 20))
        paper = select(Certificate.id).where(Certificate.person_id == ended)
        ended_paper = work.session.scalars(paper).one()
    with as_person(committing, coordinator) as work:
        training.revoke(work, ended_paper, "she asked for it")
        report(work)
        assert asked(work) == [(lapsing, "responder")]


def test_nobody_writes_her_own_paper(committing):
    with committing.begin(NIGHT) as work:
        her = make_responder(work)
        paper = work.session.scalars(select(Certificate.id)).one()
    with (
        pytest.raises(IntegrityError, match="written down by another"),
        committing.begin(NIGHT) as work,
    ):
        work.session.add(
            CertificateEvent(
                ref=new_ref(),
                certificate_id=paper,
                what="trained",
                at=work.clock.now(),
                by_person_id=her,
            )
        )


CHANGES = (
    "UPDATE certificate_event SET what = 'trained'",
    "DELETE FROM certificate_event",
    "DELETE FROM rota_shift",
    "DELETE FROM rota_away",
    "DELETE FROM rota_pattern",
    "DELETE FROM rota_hole",
    "DELETE FROM drill_page",
    "UPDATE drill_plan SET is_on = false",
    "TRUNCATE rota_off",
    "UPDATE rota_off SET on_day = on_day + 1",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_is_never_rubbed_out(committing, change):
    with pytest.raises(DBAPIError, match="permission denied"), committing.begin(NIGHT) as work:
        work.session.execute(text(change))


def test_a_revoked_paper_stays_revoked(committing):
    with committing.begin(NIGHT) as work:
        make_responder(work)
        coordinator = make_in_charge(work, Role.COORDINATOR)
        paper = work.session.scalars(select(Certificate.id)).first()
    with as_person(committing, coordinator) as work:
        training.revoke(work, paper, "she asked for it")
    with pytest.raises(IntegrityError, match="was revoked"), committing.begin(NIGHT) as work:
        work.session.execute(text("UPDATE certificate SET revoked_at = NULL"))


def test_of_two_who_take_the_same_hours_at_once_one_has_them(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        her, *others = (make_responder(work, bidar) for _ in range(3))
        rota.add_shift(work, her, Duty.RESPONDER, bidar.id, tonight(work))
        shift = shifts_between(work, work.clock.now(), tonight(work).ends_at)[0]
        swap_id = swaps.ask_swap(work, shift).id

    def take(person_id: int) -> bool:
        try:
            with as_person(committing, person_id) as work:
                swaps.take_swap(work, swap_id, person_id)
        except AnsweredError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        took = list(pool.map(take, others))
    assert sorted(took) == [False, True]
    with committing.reading(NIGHT) as work:
        down = shifts_between(work, work.clock.now(), tonight(work).ends_at)
    assert [one.person_id for one in down] == [others[took.index(True)]]
