"""Offices, erasures, days and holds, readings: what one began and another answers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.erasing import make_cast
from tests.builders.identity import make_account
from tests.builders.locking import make_keeper
from tests.builders.members import PASSPHRASE, make_circles, make_member
from tests.builders.readings import WHY
from union.infra.reading_seals import lay_seal, say_head
from union.infra.readings import Reading, write_down
from union.kernel.actor import Role
from union.office.locking.services import How, lock_office
from union.office.readings.services import keeping

HOLD = {"what": "person", "why": "court_order", "words": "court 4", "until": "2026-12-31"}


def offices(scene: Scene) -> Iterator[Page]:
    """One proposed somebody for an office; another answers."""
    one, other = scene.somebody(Role.MEMBERSHIP_SECRETARY), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        her = make_member(work, called="Asha")
        make_account(work, her.person_id)
    proposed = {"who": her.card_number, "role": "operator", "branch": ""}
    scene.send(one, "/office/people", "people.propose", **proposed)
    yield Page(other, "/office/people", {"answer": "yes"})


def erasing(scene: Scene) -> Iterator[Page]:
    """One asked for somebody's erasure; another agrees or stops it."""
    with scene.work() as work:
        cast = make_cast(work)
    one = scene.somebody(Role.MEMBERSHIP_SECRETARY, person_id=cast.one.person_id)
    two = scene.somebody(Role.MEMBERSHIP_SECRETARY, person_id=cast.two.person_id)
    scene.send(one, "/erasing/", "erasing.ask", card=cast.card, how="office")
    yield Page(two, "/erasing/")


def kept(scene: Scene) -> Iterator[Page]:
    """Other days were asked for, and something is held."""
    one, other = scene.somebody(Role.MEMBERSHIP_SECRETARY), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        card = make_member(work, called="Meena").card_number
    scene.send(one, "/office/kept", "retention.days", kind="message_words", days="31")
    scene.send(one, "/office/holds", "retention.holds", named=card, **HOLD)
    yield Page(other, "/office/kept", {"answer": "yes"})
    yield Page(other, "/office/holds")


def readings(scene: Scene) -> Iterator[Page]:
    """A trustee keeps the list, a member asked about a reading, an inquiry was asked for."""
    one, other = scene.somebody(Role.TRUSTEE), scene.somebody(Role.TRUSTEE)
    scene.monkeypatch.setattr(keeping, "check_own_password", lambda *_: None)
    with scene.work() as work:
        meena, *named = (make_member(work, called=called) for called in ("Meena", "Uma", "Rekha"))
        cards = [her.card_number for her in named]
        reading = Reading("legal_name_opened", "member", meena.person_id, meena.person_id, WHY)
        write_down(work, reading, meena.key_ref)
        lay_seal(work)
        say_head(work, work.clock.today())
    mine = scene.somebody(Role.MEMBER, person_id=meena.person_id)
    links = scene.links(mine, "/papers/who-opened")
    wrong = next(link for link in links if link.endswith("/wrong"))
    scene.send(mine, wrong, "readings.not_right", words="nobody asked me")
    scene.send(one, "/readings/", "readings.take")
    asked = {"about": cards[0], "reader": cards[1], "until": "2026-10-28"}
    scene.send(one, "/readings/inquiries", "readings.inquiries", **asked)
    links = scene.links(other, "/readings/questions")
    question = next(link for link in links if link.startswith("/readings/questions/"))
    yield Page(one, "/readings/")
    yield Page(other, question)
    yield Page(other, "/readings/inquiries", {"answer": "yes"})


def locked(scene: Scene) -> Iterator[Page]:
    """The office is locked, and two bring it back."""
    with scene.work() as work:
        make_circles(work)
        first, second = make_keeper(work), make_keeper(work, Role.TRUSTEE)
        lock_office(work, How.COMMAND, None)
    scene.somebody(Role.TRUSTEE, person_id=second)
    her = scene.somebody(Role.SIGNATORY, person_id=first)
    yield Page(her, "/office/back", {"passphrase": PASSPHRASE})


ROOMS = (
    Room("an office to answer", frozenset({"people.answer"}), offices, suite=True),
    Room("an erasure begun", frozenset({"erasing.agree", "erasing.stop"}), erasing, suite=True),
    Room(
        "days and holds",
        frozenset({"retention.answer", "retention.lift", "retention.renew"}),
        kept,
    ),
    Room(
        "readings in question",
        frozenset(
            {"readings.give_up", "readings.inquiry", "readings.question", "readings.written"}
        ),
        readings,
    ),
    Room("a locked office", frozenset({"locking.back"}), locked, suite=True),
)
