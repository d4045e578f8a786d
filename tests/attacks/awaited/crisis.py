"""Calls, incidents and raids that go on, and what is carried on after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.crisis import (
    HERS,
    live_page,
    make_in_charge,
    make_responder,
    report,
)
from tests.builders.ledger import acting_as
from tests.builders.members import PASSPHRASE, make_branch, make_circles
from tests.builders.raids import medicines, type_list
from union.crisis import services
from union.crisis.models import Incident, TeamProfile
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, Kind
from union.crisis.rules.medical import Care
from union.crisis.services.handing_on import Next, name_next
from union.crisis.services.medical import NewClock, begin_clock
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.messages.services import params_of


def _in_charge(scene: Scene, role: Role) -> Actor:
    with scene.work() as work:
        person_id = make_in_charge(work, role)
    return scene.somebody(role, person_id=person_id)


def _team(work: Work) -> list[int]:
    bidar = make_branch(work)
    return [make_responder(work, bidar, point=(17.9, 77.5 + i / 50)) for i in range(4)]


def _incident(work: Work, **fields: object) -> Incident:
    return work.session.get_one(Incident, report(work, **fields).incident_id)


def _rang(work: Work, number: str) -> str:
    told = services.Report(channel=ContactChannel.MISSED_CALL, number=number)
    return services.receive_contact(work, told).ref


def calls(scene: Scene) -> Iterator[Page]:
    """A call that waits, one taken, one that looks like another, and a number let rest."""
    desk = _in_charge(scene, Role.OPERATOR)
    with scene.work() as work:
        _team(work)
        waits, rang = (_rang(work, f"+9154429002{at}") for at in (34, 35))
        report(work)
        alike = report(work, place="Bidar lodge lane").ref
    here = f"/calls/{waits}"
    yield Page(desk, here, {"how": "no_need"}, keeps=f"{here}/keep")
    yield Page(desk, "/calls/new", keeps="/calls/new/keep")
    scene.send(desk, here, "crisis.call_take")
    yield Page(desk, here)
    yield Page(desk, f"/calls/{alike}")
    scene.send(desk, f"/calls/{alike}", "crisis.call_attach")
    yield Page(desk, f"/calls/{alike}")
    scene.send(desk, f"/calls/{rang}", "crisis.call_take")
    scene.send(desk, f"/calls/{rang}", "crisis.call_deal", how="nuisance")
    with scene.work() as work:
        again = _rang(work, "+915442900235")
    yield Page(desk, f"/calls/{again}")
    scene.send(desk, f"/calls/{again}", "crisis.call_rest")
    yield Page(desk, f"/calls/{again}")


def incidents(scene: Scene) -> Iterator[Page]:
    """Two to join, somebody to stay with, somebody whose paper ran out, hours in custody."""
    desk, charge = _in_charge(scene, Role.OPERATOR), _in_charge(scene, Role.COORDINATOR)
    with scene.work() as work:
        _team(work)
        make_responder(work, make_branch(work), ends_on=date(2026, 9, 30))
        first = _incident(work).ref
        _incident(work, place="Bidar bus stand")
        alone = _incident(work, kind=Kind.THREAT_TO_OWN_LIFE, place="Bidar lake side").ref
        held = _incident(work, kind=Kind.POLICE_HARASSMENT, place="Bidar mill side").ref
    yield Page(desk, f"/incidents/{first}")
    yield Page(charge, f"/incidents/{first}")
    yield Page(desk, f"/incidents/{alone}")
    scene.send(desk, f"/incidents/{alone}", "crisis.incident_stay")
    yield Page(desk, f"/incidents/{alone}")
    hours = {"taken_on": "2026-10-15", "taken_time": "10:30", "act": "said"}
    yield Page(desk, f"/incidents/{held}", hours)


def raid(scene: Scene) -> Iterator[Page]:
    """A list of who was taken, as the desk and as one of the team who is there see it."""
    desk, charge = _in_charge(scene, Role.OPERATOR), _in_charge(scene, Role.COORDINATOR)
    with scene.work() as work:
        team = _team(work)
        branch = make_branch(work).ref
        incident = _incident(work, kind=Kind.ARREST_OR_RAID, people=11)
        with acting_as(work, desk):
            type_list(work, incident.id, "Lakshmi, insulin 2am\nMeena")
        assert medicines(work)
        ref, token, page = incident.ref, *_link(work, team)
    scene.send(charge, f"/meeting-points/{branch}", "crisis.spot_new", name="Clock tower", also="")
    listed = f"/incidents/{ref}/list"
    yield Page(desk, listed, keeps=f"{listed}/keep")
    yield Page(BY_NOBODY, f"/s/{token}", {"digits": HERS})
    her = scene.somebody(Role.RESPONDER, person_id=page[0])
    yield Page(her, "/mine", {"digits": HERS, "act": "show"})
    with scene.work() as work:
        mine = live_page(work, page[0])
        services.answer_link(work, mine.id, HERS)
        services.briefed(work, mine.id)
    yield Page(her, "/mine", {"digits": HERS, "act": "there"})
    with scene.work() as work:
        services.arrive(work, mine.id)
    yield Page(her, f"/mine/{page[1]}/list", {"standing": "name_given", "source": "team"})


BY_NOBODY = Actor.anonymous()


def _link(work: Work, team: list[int]) -> tuple[str, tuple[int, str]]:
    """The link somebody of the team was sent, and her and her page."""
    pages = [page for one in team if (page := live_page(work, one)) is not None]
    told = params_of(work, pages[0].message_id)
    return str(told["token"]), (pages[0].person_id, pages[0].ref)


def afterwards(scene: Scene) -> Iterator[Page]:
    """An hour kept in mind and somebody asked to carry it on, and rest."""
    charge = _in_charge(scene, Role.COORDINATOR)
    with scene.work() as work:
        team = _team(work)
        _incident(work)
        goes = _link(work, team)[1][0]
        page_id = live_page(work, goes).id
        with acting_as(work, Actor(goes, None, frozenset())):
            services.answer_here(work, page_id, HERS, AnsweredBy.APP)
            services.arrive(work, page_id)
            new = NewClock(Care("hiv"), work.clock.now() - timedelta(minutes=30), she_wants=True)
            clock = begin_clock(work, page_id, new)
            name_next(work, clock.id, Next(charge.person_id, she_agrees=True, at_once=True))
        profile = work.session.get_one(TeamProfile, goes)
        profile.resting_until = work.clock.now() + timedelta(hours=9)
    her = scene.somebody(Role.RESPONDER, person_id=goes)
    yield Page(her, "/after")
    yield Page(charge, "/after")


def minors(scene: Scene) -> Iterator[Page]:
    """Somebody who may be a child called; what she said is sealed."""
    with scene.work() as work:
        guardian = make_circles(work)
        ref = report(work, may_be_minor=True).ref
    her = scene.somebody(Role.SAFEGUARDING_OFFICER, person_id=guardian)
    why = {"passphrase": PASSPHRASE, "reason": "she_asked"}
    yield Page(her, f"/kept-apart/{ref}", why)


ROOMS = (
    Room(
        "calls that go on",
        frozenset(
            {
                *("crisis.call_take", "crisis.call_deal", "crisis.call_no_answer"),
                *("crisis.call_attach", "crisis.call_split", "crisis.call_ring"),
                *("crisis.call_rest", "crisis.call_hear", "crisis.call_keep"),
                "crisis.intake_keep",
            }
        ),
        calls,
        anew=frozenset({"crisis.call_keep", "crisis.intake_keep"}),
    ),
    Room(
        "incidents that go on",
        frozenset(
            {
                *("crisis.incident_merge", "crisis.incident_lapsed", "crisis.incident_stay"),
                *("crisis.incident_leave", "crisis.incident_custody"),
            }
        ),
        incidents,
    ),
    Room(
        "a raid",
        frozenset(
            {
                *("crisis.taken_keep", "crisis.taken_given", "crisis.taken_meeting"),
                *("crisis.slip", "crisis.my_page_act", "crisis.team_move", "crisis.team_given"),
            }
        ),
        raid,
        anew=frozenset({"crisis.slip", "crisis.taken_keep"}),
    ),
    Room(
        "what is carried on",
        frozenset({"crisis.clock_end", "crisis.clock_carry", "crisis.rest_lift"}),
        afterwards,
    ),
    Room(
        "somebody who may be a child",
        frozenset({"crisis.minor", "crisis.minor_decide"}),
        minors,
        suite=True,
        anew=frozenset({"crisis.minor"}),
    ),
)
