"""The list of a raid in the browser: typed, kept, moved, read; the team's page; the sheet."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, live_page, make_in_charge
from tests.builders.raids import ELEVEN, everybody, medicines
from tests.builders.readings import written_down
from tests.web.crisis.night import NIGHT, begin, key
from union.crisis import services
from union.crisis.models import Landmark, Page, Taken
from union.crisis.rules.kinds import Kind
from union.crisis.rules.station import LANGUAGES, SHEETS, Part
from union.crisis.rules.taken import Standing
from union.crisis.views.counter_paper import print_counter_sheet
from union.kernel.actor import Role
from union.members.models import Branch


@pytest.fixture
def raid(pages, team, operator):
    """A raid's reference and the desk's browser."""
    return begin(pages, kind=Kind.ARREST_OR_RAID, people=11)[0]


def rows(pages) -> list[Taken]:
    with pages.reading(NIGHT) as work:
        return everybody(work)


def send(browser, ref, text, **fields):
    data = {"command_key": key(), "sheet": key(), "names": text, **fields}
    return browser.post(f"/incidents/{ref}/list", data=data, follow_redirects=True)


def kept(browser, ref, sheet, text):
    data = {"command_key": key(), "sheet": sheet, "names": text}
    return browser.post(f"/incidents/{ref}/list/keep", data=data)


def test_a_list_is_typed_kept_and_sent_twice(pages, operator, raid):
    sheet = key()
    assert kept(operator, raid, sheet, "Lakshmi\nMee").status_code == 204
    shown = operator.get(f"/incidents/{raid}/list").text
    assert "1. Lakshmi" in shown
    assert sheet in shown, "what is not sent yet waits for her, under the same key"
    assert send(operator, raid, ELEVEN, sheet=sheet).status_code == 200
    shown = send(operator, raid, ELEVEN).text
    assert "11 people" in shown
    assert "On the list already: Lakshmi; Meena" in shown
    assert len(rows(pages)) == 11


def test_ticked_ones_are_moved_and_all_who_are_held(pages, operator, raid):
    send(operator, raid, "Lakshmi\nMeena\nZarina")
    first = rows(pages)[0]
    move = {"source": "police", "where": "Town station"}
    address = f"/incidents/{raid}/list/move"
    operator.post(address, data={"command_key": key(), "who": [first.ref], "standing": "released",
                                 **move})  # fmt: skip
    operator.post(address, data={"command_key": key(), "every": "1", "standing": "at_station",
                                 **move})  # fmt: skip
    assert [one.standing for one in rows(pages)] == [
        Standing.RELEASED,
        Standing.AT_STATION,
        Standing.AT_STATION,
    ]
    shown = operator.get(f"/incidents/{raid}/list").text
    assert "2 at the station, 1 let go" in shown
    assert "Town station" in shown
    nobody = operator.post(address, data={"command_key": key(), "standing": "released", **move})
    assert "Tick first of whom you heard this" in nobody.text
    assert 'value="Town station"' in nobody.text, "what was written stays"


def test_one_of_them_has_a_page_for_all_that_is_known(pages, operator, raid):
    send(operator, raid, "woman in green")
    one = f"/incidents/{raid}/list/{rows(pages)[0].ref}"
    for act, fields in {
        "name": {"name": "Padma", "source": "herself"},
        "hour": {"at": "23:10", "source": "herself"},
        "journey": {"minutes": "90", "source": "lawyer"},
        "medicine": {"what": "inhaler", "at": "02:00", "source": "family"},
    }.items():
        data = {"command_key": key(), **fields}
        assert operator.post(f"{one}/{act}", data=data).status_code == 302, act
    shown = operator.get(one).text
    for words in ("1. Padma", "woman in green", "inhaler"):
        assert words in shown
    assert rows(pages)[0].journey_minutes == 90
    refused = operator.post(f"{one}/card", data={"command_key": key(), "card": "no such",
                                                 "source": "team"})  # fmt: skip
    assert 'value="no such"' in refused.text
    unknown = {"command_key": key(), "card": "KA/99999", "source": "team"}
    assert "Nobody has this card number." in operator.post(f"{one}/card", data=unknown).text
    mark = {"command_key": key(), "said": "yes", "source": "team"}
    assert "Nobody holds a key" in operator.post(f"{one}/mark", data=mark).text
    other = operator.get(f"/incidents/{'0' * 12}/list/{rows(pages)[0].ref}")
    assert other.status_code == 404


def test_every_page_that_names_them_writes_it_down(pages, operator, raid):
    send(operator, raid, "Lakshmi\nMeena")
    operator.get(f"/incidents/{raid}/list")
    with pages.reading(NIGHT) as work:
        read = written_down(work, "opened_taken_name")
    assert len(read) == 4, "two names, after the list was sent and once more"


def test_the_board_tells_how_many_are_where_and_no_name(operator, raid):
    send(operator, raid, "Lakshmi, station\nMeena, station\nZarina")
    board = operator.get("/board").text
    assert "1 taken, not known where, 2 at the station" in re.sub(r"\s+", " ", board)
    assert "Lakshmi" not in board


@pytest.fixture
def there(pages, operator, raid, sign_in):
    """Two on the list; one of the team has said yes and is there; her browser and her page."""
    send(operator, raid, "Lakshmi, insulin 2am\nMeena")
    with pages.begin(NIGHT) as work:
        her = work.session.scalars(select(Page.person_id).order_by(Page.id)).first()
        services.answer_link(work, live_page(work, her).id, HERS)
        page_ref = live_page(work, her).ref
    return sign_in(Role.RESPONDER, person_id=her), f"/mine/{page_ref}/list", her


def arrives(pages, her) -> None:
    with pages.begin(NIGHT) as work:
        services.briefed(work, live_page(work, her).id)
        services.arrive(work, live_page(work, her).id)


def test_the_team_sees_what_she_needs_once_she_knows_where(pages, there, operator):
    browser, address, her = there
    arrives(pages, her)
    shown = browser.get(address).text
    assert "1. Lakshmi" in shown
    assert "insulin" in shown
    assert "/list/" not in shown.replace(address, ""), "no way to the desk's page of her"
    assert operator.get(address).status_code in (403, 404)
    with pages.reading(NIGHT) as work:
        medicine = medicines(work)[0].ref
    data = {"command_key": key(), "medicine": medicine, "how": "given"}
    assert browser.post(address.replace("/list", "/given"), data=data).status_code == 302
    with pages.reading(NIGHT) as work:
        assert medicines(work)[0].ended_how == "given"
    who = [one.ref for one in rows(pages)]
    move = {"command_key": key(), "who": who, "standing": "name_given", "source": "team"}
    assert browser.post(address, data=move).status_code == 302
    assert {one.standing for one in rows(pages)} == {Standing.NAME_GIVEN}


def test_another_of_the_team_sees_nothing(pages, there, sign_in, team):
    browser, address, her = there
    arrives(pages, her)
    other = sign_in(Role.RESPONDER, person_id=next(one for one in team if one != her))
    assert other.get(address).status_code == 404
    assert browser.get(address).status_code == 200


def test_meeting_points_are_kept_and_told(pages, operator, raid, there, sign_in):
    with pages.begin(NIGHT) as work:
        person_id = make_in_charge(work, Role.COORDINATOR)
        branch = work.session.scalars(select(Branch)).first().ref
    coordinator = sign_in(Role.COORDINATOR, person_id=person_id)
    address = f"/meeting-points/{branch}"
    new = {"command_key": key(), "name": "Clock tower", "also": "Tower, Ghanta ghar"}
    assert coordinator.post(f"{address}/new", data=new).status_code == 302
    with pages.reading(NIGHT) as work:
        spot = work.session.scalars(select(Landmark)).one()
        assert (spot.is_meeting_point, spot.also_written) == (True, ["Tower", "Ghanta ghar"])
    assert "Clock tower" in coordinator.get(address).text
    chosen = {"command_key": key(), "point": str(spot.id)}
    assert operator.post(f"/incidents/{raid}/meeting", data=chosen).status_code == 302
    browser, _address, her = there
    arrives(pages, her)
    assert "Clock tower" in browser.get("/mine").text
    gone = {"command_key": key(), "spot": str(spot.id), "on": "no"}
    assert coordinator.post(address, data=gone).status_code == 302
    refused = operator.post(f"/incidents/{raid}/meeting", data={**chosen, "command_key": key()})
    assert refused.status_code == 200, "no longer kept, so nobody is sent there anew"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counter_sheet_is_large_neutral_and_whole_on_one_page(client, language):
    sheet = SHEETS[-1]
    shown = client.get(f"/counter/{language}?version={sheet.version}")
    assert shown.status_code == 200
    for line in sheet.lines:
        assert line.words[language] in shown.text.replace("&#39;", "'").replace("&amp;", "&")
    assert "<title>Notebook</title>" in shown.text
    for word in ("union", "sex work", "Sangha"):
        assert word not in re.sub(r"<[^>]+>", " ", shown.text.split("<main")[1].split("</main")[0])
    paper = client.get(f"/counter/{language}.pdf?version={sheet.version}").data
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") == 1
    assert b"/Title" not in paper
    assert b"/Author" not in paper


def test_a_medicine_written_wrongly_is_put_right_on_her_page(pages, operator, raid):
    send(operator, raid, "Meena, insulin 2am\nZarina, ART 6am")
    hers, others = (one.ref for one in rows(pages))
    with pages.reading(NIGHT) as work:
        mine, theirs = (one.ref for one in medicines(work))
    address = f"/incidents/{raid}/list/{hers}"
    assert "Something is written wrongly" in operator.get(address).text
    right = {"medicine": mine, "what": "insulin, the long one", "at": "03:30", "source": "lawyer"}
    wrong = operator.post(f"{address}/right", data={"command_key": key(), **right, "what": ""})
    assert "Write what it is." in wrong.text
    stranger = {"command_key": key(), **right, "medicine": theirs}
    operator.post(f"{address}/right", data=stranger)
    with pages.reading(NIGHT) as work:
        assert [one.ended_at for one in medicines(work)] == [None, None], "it is not hers"
    assert (
        operator.post(f"{address}/right", data={"command_key": key(), **right}).status_code == 302
    )
    shown = re.sub(r"\s+", " ", operator.get(address).text)
    assert "insulin, the long one, " in shown
    assert "What she needs was written wrongly before: insulin, 02:00" in shown
    late = operator.post(f"{address}/right", data={"command_key": key(), **right})
    assert late.status_code == 200, "put right already, said on the page"
    assert "ART" in operator.get(f"/incidents/{raid}/list/{others}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_still_ends_above_the_edge_of_its_page(language):
    """The newest one is printed above; what does not fit is refused."""
    assert print_counter_sheet(SHEETS[0], language).startswith(b"%PDF")


def test_an_older_version_stays_and_an_unknown_one_is_nothing(client):
    assert client.get("/counter/en?version=2026-11-22").status_code == 200
    assert client.get("/counter/en?version=1999-01-01").status_code == 404
    assert client.get("/counter/xx").status_code == 404
    assert all(line.sources for line in SHEETS[-1].of(Part.ASK)), "each line says where it stands"
