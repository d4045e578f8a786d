"""Rota and coverage in the browser, each as its people use it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from psycopg.errors import DeadlockDetected
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from tests.builders.crisis import make_responder
from tests.builders.members import make_branch
from tests.web.crisis.night import NIGHT, every, key, member_ref
from union.crisis.models import (
    Certificate,
    RotaAway,
    RotaHole,
    RotaOffer,
    RotaPattern,
    RotaShift,
    RotaSwap,
)
from union.crisis.models.rota import RotaFeed
from union.crisis.queries.rota import shifts_between
from union.crisis.rules.kinds import Shift
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services import rota
from union.crisis.services.holes import look_over
from union.infra.commands import once
from union.kernel.actor import Role
from union.members.models import Member

MINE = "/rota/of/me"


def serves_of(browser, page="weekly") -> str:
    shown = browser.get(f"{MINE}/{page}").text
    return re.search(r'<option (?:selected )?value="(responder\.\w+)"', shown)[1]


def write_week(browser, **fields):
    data = {
        "command_key": key(),
        "serves": serves_of(browser),
        "weekdays": ["5", "6"],
        "from_time": "20:00",
        "until_time": "07:00",
        "zone": "Asia/Kolkata",
        "since_on": "2026-10-16",
        **fields,
    }
    return browser.post(f"{MINE}/weekly", data=data)


def shift_key(pages, person_id) -> str:
    with pages.reading(NIGHT) as work:
        now = work.clock.now()
        return shifts_between(work, now, now + timedelta(days=14), [person_id])[0].key


def test_she_writes_weekly_hours_down_and_sees_them(pages, three, sign_in):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    assert "You are down for no hours" in her.get(MINE).text
    assert write_week(her).status_code == 302
    shown = her.get(MINE).text
    assert "Friday 20:00 to 07:00" in shown
    assert [(one.weekday, one.zone) for one in every(pages, RotaPattern)] == [
        (5, "Asia/Kolkata"),
        (6, "Asia/Kolkata"),
    ]


def test_what_she_typed_is_kept_when_hours_do_not_fit(pages, three, sign_in):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    answer = write_week(her, until_on="2026-01-01")
    assert answer.status_code == 200
    assert "do not fit" in answer.text
    assert 'value="20:00"' in answer.text
    assert every(pages, RotaPattern) == []


def test_the_same_hours_twice_are_refused(pages, three, sign_in):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    write_week(her)
    assert "down for something" in write_week(her, from_time="22:00").text
    assert len(every(pages, RotaPattern)) == 2


def test_going_away_that_leaves_hours_with_nobody_says_so_first(pages, three, sign_in):
    away = {"command_key": key(), "first": "2026-10-20", "last": "2026-10-22"}
    for person in three[:2]:
        them = sign_in(Role.RESPONDER, person_id=person)
        assert them.post(f"{MINE}/away", data=away | {"command_key": key()}).status_code == 302
    last = sign_in(Role.RESPONDER, person_id=three[2])
    refused = last.post(f"{MINE}/away", data=away)
    assert "Nobody could be woken then" in refused.text
    assert len(every(pages, RotaAway)) == 2
    sure = {**away, "command_key": key(), "sure": "y"}
    assert last.post(f"{MINE}/away", data=sure).status_code == 302
    holes = every(pages, RotaHole)
    assert {one.on_day for one in holes} >= {date(2026, 10, 20), date(2026, 10, 22)}
    assert all(one.told_at is not None for one in holes)
    shown = last.get(MINE).text
    back = re.search(r'action="(/rota/of/me/back/\w+)"', shown)[1]
    last.post(back, data={"command_key": key(), "act": "end"})
    assert every(pages, RotaAway)[2].ended_at is not None


def test_she_asks_another_and_the_other_takes_it(pages, three, sign_in):
    her, other = (sign_in(Role.RESPONDER, person_id=one) for one in three[:2])
    write_week(her)
    here = f"{MINE}/hours/{shift_key(pages, three[0])}"
    shown = her.get(here).text
    assert "Whom do you ask?" in shown
    ref = member_ref(pages, three[1])
    asked = her.post(here, data={"command_key": key(), "act": "swap", "to": ref})
    assert asked.status_code == 302
    assert "Asked of others" in her.get(MINE).text
    swap = every(pages, RotaSwap)[0]
    assert "1 question waits for you" in other.get(MINE).text
    stranger = sign_in(Role.RESPONDER, person_id=three[2])
    path = f"{MINE}/swap/{swap.ref}"
    answer = {"command_key": key(), "act": "take"}
    assert stranger.post(path, data=answer).status_code == 404
    assert other.post(path, data=answer).status_code == 302
    assert other.post(path, data=answer).status_code in (302, 404)
    assert [one.person_id for one in every(pages, RotaShift)] == [three[1]]
    assert "taken" in her.get(MINE).text


def test_a_coordinator_decides_a_swap(pages, three, sign_in, coordinator):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    write_week(her)
    here = f"{MINE}/hours/{shift_key(pages, three[0])}"
    her.post(here, data={"command_key": key(), "act": "swap", "to": ""})
    swap = every(pages, RotaSwap)[0]
    assert "Asked to swap" in coordinator.get("/rota").text
    coordinator.post(f"/rota/swaps/{swap.ref}/no", data={"command_key": key(), "act": "cannot"})
    assert "nobody took it" in her.get(MINE).text


def test_nobody_opens_another_ones_hours_but_a_coordinator(pages, three, sign_in, coordinator):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    ref = member_ref(pages, three[1])
    for path in ("", "/weekly", "/away", "/wish"):
        assert her.get(f"/rota/of/{ref}{path}").status_code == 404
        assert coordinator.get(f"/rota/of/{ref}{path}").status_code == 200
    data = {"command_key": key(), "first": "2026-10-20", "last": "2026-10-20"}
    assert her.post(f"/rota/of/{ref}/away", data=data).status_code == 404
    assert every(pages, RotaAway) == []


def test_the_coverage_names_districts_with_hours_nobody_has(pages, three, coordinator):
    with pages.begin(NIGHT) as work:
        hassan = make_branch(work, "Hassan", 13.0, 76.1)
        make_responder(work, hassan, shift=Shift.DAY, languages=("Tulu",))
    shown = coordinator.get("/rota/coverage").text
    assert "1 district of 2 has hours with nobody" in shown
    assert "nobody 20 to 7" in shown
    inside = re.search(r'href="(/rota/coverage/\w+\?[^"]*)"', shown)[1].replace("&amp;", "&")
    assert "Hassan has hours with nobody on 14 of 14 days" in coordinator.get(inside).text
    tulu = coordinator.get("/rota/coverage?language=tulu").text
    assert "2 districts of 2 have hours with nobody" in tulu
    law = coordinator.get("/rota/coverage?duty=paralegal").text
    assert "2 districts of 2" in law


def offered(pages, monkeypatch) -> str:
    """Bidar sleeps at night; the offer's link to one who lives there."""
    with monkeypatch.context() as known, pages.begin(NIGHT) as work:
        known.setattr("union.crisis.services.holes.new_token", iter("abcdefgh").__next__)
        make_responder(work, make_branch(work), shift=Shift.DAY)
        look_over(work)
    return "/s/r/a"


def test_an_offer_is_taken_by_one_press_and_a_look_changes_nothing(pages, client, monkeypatch):
    link = offered(pages, monkeypatch)
    seen = client.get(link).text
    assert "Can you take" in seen
    assert "Bidar" not in seen
    assert every(pages, RotaShift) == []
    taken = client.post(link, data={"command_key": key(), "act": "take"})
    assert "You are down for it" in taken.text
    shift = every(pages, RotaShift)[0]
    assert shift.origin == "offer"
    assert "Nothing more is needed" in client.get(link).text
    offer = every(pages, RotaOffer)[0]
    assert (offer.shift_id, offer.answered_at is not None) == (shift.id, True)


def test_a_link_of_nobody_says_nothing(client):
    assert "Nothing more is needed" in client.get("/s/r/unknown").text
    assert client.post("/s/r/unknown", data={"command_key": key()}).status_code == 200


def test_she_wishes_and_it_is_kept(pages, three, sign_in):
    her = sign_in(Role.RESPONDER, person_id=three[0])
    wish = {"command_key": key(), "zone": "Asia/Dubai", "at_night": "y"}
    assert her.post(f"{MINE}/wish", data=wish).status_code == 302
    shown = her.get(f"{MINE}/weekly").text
    assert re.search(r'<option selected value="Asia/Dubai">', shown)


def test_the_calendar_of_her_hours_says_nothing_and_can_be_ended(pages, sign_in, client, three):
    with pages.begin(NIGHT) as work:
        branch = work.session.scalars(select(Certificate.branch_id)).first()
        now = work.clock.now()
        for person in three[:2]:
            hours = Hours(now + timedelta(hours=3), now + timedelta(hours=9))
            rota.add_shift(work, person, Duty.RESPONDER, branch, hours)
    browser = sign_in(Role.RESPONDER, person_id=three[0])
    assert "/rota/mine/calendar" in browser.get("/rota/mine").text
    data = {"command_key": key(), "act": "take"}
    path = re.search(r"/s/c/[\w-]+\.ics", browser.post("/rota/mine/calendar", data=data).text)[0]
    again = browser.post("/rota/mine/calendar", data=data).text
    assert "/s/c/" not in again, "shown once, also where the same press comes twice"
    assert "/s/c/" not in browser.get("/rota/mine/calendar").text
    answer = client.get(path)
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("BEGIN:VEVENT") == 1, "her own hours, and nobody else's"
    for word in ("Bidar", "responder", "Sangha", "union", "crisis", "Notebook"):
        assert word.casefold() not in answer.text.casefold()
    token = path.removeprefix("/s/c/").removesuffix(".ics")
    with pages.reading(NIGHT) as work:
        feed = work.session.scalars(select(RotaFeed)).one()
        assert feed.token_hash == work.vault.fingerprint("token", token)
        kept = work.session.execute(text("SELECT c::text FROM command c")).all()
        assert not any(token in row[0] for row in kept)
    assert client.get(path.replace(token, token[:-1])).status_code == 404
    browser.post("/rota/mine/calendar", data={"command_key": key(), "act": "end"})
    assert client.get(path).status_code == 404
    browser.post("/rota/mine/calendar", data={"command_key": key(), "act": "take"})
    browser.post("/rota/mine/calendar", data={"command_key": key(), "act": "take"})
    assert [one.ended_at is None for one in every(pages, RotaFeed)] == [False, False, True]


def test_after_a_deadlock_the_address_shown_is_the_one_that_opens(
    pages, sign_in, client, three, monkeypatch
):
    tries = []

    def lost_the_first_time(*args):
        tries.append(once(*args))
        if len(tries) == 1:
            raise OperationalError("COMMIT", None, DeadlockDetected())
        return tries[-1]

    monkeypatch.setattr("union.web.current.once", lost_the_first_time)
    browser = sign_in(Role.RESPONDER, person_id=three[0])
    data = {"command_key": key(), "act": "take"}
    path = re.search(r"/s/c/[\w-]+\.ics", browser.post("/rota/mine/calendar", data=data).text)[0]
    assert len(tries) == 2
    assert client.get(path).status_code == 200


def test_whoever_is_no_more_with_us_has_no_calendar(pages, sign_in, client, three):
    browser = sign_in(Role.RESPONDER, person_id=three[0])
    data = {"command_key": key(), "act": "take"}
    path = re.search(r"/s/c/[\w-]+\.ics", browser.post("/rota/mine/calendar", data=data).text)[0]
    assert client.get(path).status_code == 200
    with pages.begin(NIGHT) as work:
        member = work.session.scalars(select(Member).where(Member.person_id == three[0])).one()
        member.status, member.status_on = "left", work.clock.today()
    assert client.get(path).status_code == 404
