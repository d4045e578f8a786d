"""Mass assignment, over the forms that wait for a state the whole scene is never in.

Each room's story brings its forms on stage; each is then sent both ways from one state, as
`test_every_form` does. Every run tries the rooms where most is to be lost, ``make prove`` all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from wtforms import Form

from tests.attacks.awaited import ROOMS
from tests.attacks.awaited.scene import Page, Room, Scene
from tests.attacks.filling import filled
from tests.attacks.stage import Stage
from tests.attacks.test_every_form import LED, Tried
from tests.attacks.test_mass_assignment import every_form, fields_of
from tests.attacks.unshown import NOT_SHOWN
from tests.attacks.watching import Sender

EACH = [
    pytest.param(room, id=room.name, marks=() if room.suite else pytest.mark.prove)
    for room in ROOMS
]


DONE = "done"

READ_BESIDE: Mapping[tuple[str, str], str] = {
    ("crisis.team_move", "who"): "one box beside each of them, outside the form",
}
"""Names that a page looks for though no form of its own offers them, and where they stand."""


@pytest.fixture
def scene(app, pages, clock, connection, monkeypatch) -> Scene:
    return Scene(Stage.bare(app, connection), pages, clock, monkeypatch)


@pytest.fixture
def tried(scene, owner) -> Tried:
    """Also the names of every form's fields, whatever the union's pages show."""
    tried = Tried(scene.stage, Sender(scene.stage, owner))
    for kind in every_form(Form):
        tried.names |= fields_of(kind)
    return tried


@pytest.mark.parametrize("room", EACH)
def test_what_a_form_does_not_offer_changes_nothing_once_its_hour_has_come(scene, tried, room):
    answers: dict[str, set[object]] = defaultdict(set)
    for page in room.story(scene):
        for endpoint, answer in sent_both_ways(scene, tried, room, page):
            answers[endpoint].add(answer)
    assert tried.differ == {}
    assert tried.unoffered <= set(READ_BESIDE)
    done = {one for one, came in answers.items() if DONE in came}
    assert done == room.takes, {one: answers[one] for one in room.takes - done}
    assert len(tried.names) > 800


def sent_both_ways(
    scene: Scene, tried: Tried, room: Room, page: Page
) -> Iterator[tuple[str, object]]:
    """The room's addresses that a form of this page goes to, and what came of it."""
    found = [sent for sent in scene.forms(page) if sent.endpoint in room.takes]
    for sent in found:
        tried.offered[sent.endpoint] |= sent.names
    for sent in found:
        offered = {name: value for name, value in page.says.items() if name in sent.names}
        plain = tried.both_ways(sent, {**filled(sent.form), **offered})
        went = LED | {200, 204} if sent.endpoint in room.anew else LED
        is_done = plain.status in went and bool(plain.written)
        yield sent.endpoint, DONE if is_done else plain.status


def test_each_address_is_on_one_stage_or_waits_for_none():
    takes = [one for room in ROOMS for one in room.takes]
    assert len(takes) == len(set(takes))
    assert not set(takes) & NOT_SHOWN
