"""P3, door by door: what cannot be written down is not opened, and what was opened stays written.

Each door to a sealed field, a case or a list of names is opened as a browser does it, with the log
refused, with the page failing afterwards, and once more for a page that might have been kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from tests.builders.crisis import make_in_charge
from tests.builders.ledger import acting_as, make_books, make_receipt, make_voucher
from tests.builders.legal import NOTE, WORDS, choose_words, make_case, make_paralegal
from tests.builders.members import PASSPHRASE, make_branch, make_circles, make_member
from tests.builders.papers import png
from tests.builders.raids import by, everybody, make_raid, type_list
from tests.builders.readings import SAID_WHY, written_down
from tests.builders.welfare import HEALTH_WORDS, make_claim, make_committee, make_scheme
from tests.builders.welfare import PASSPHRASE as JUDGES_WORDS
from union.crisis.rules.kinds import ContactChannel
from union.crisis.rules.taken import Source
from union.crisis.services import Report, receive_contact
from union.crisis.services.taken_mark import mark_minor
from union.infra import readings
from union.infra.people import Person
from union.infra.sealing import MINORS, SealedField, make_circle, make_personal_key, seal
from union.infra.vault import Vault
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key, new_ref
from union.ledger.models import Paper
from union.ledger.services.papers import close_papers, lay_papers
from union.members.models import ImportBatch, SetAside
from union.members.services.intake import SEALED
from union.welfare.services import hear_claimant

TEST = Actor.system("test")

BATCH = {
    "fingerprint": b"f",
    "heading": [],
    "columns": {},
    "register_month": "2026-10",
    "rows": 1,
    "taken": 0,
    "doubtful": 0,
    "duplicates": 0,
    "refused": 1,
}


class LostError(Exception):
    """The log could not be written, or the page could not be drawn."""


@dataclass
class Door:
    """Who opens it and how; what is shown behind it, where it lies, and what is written down."""

    browser: FlaskClient
    address: str
    shows: str
    place: str
    written: list[str]
    form: dict[str, str] | None = None
    drawn_by: str = "union.web.render.render_template"

    def open(self):
        if self.form is None:
            return self.browser.get(self.address)
        key = {"command_key": new_command_key(), "open-command_key": new_command_key()}
        return self.browser.post(self.address, data=key | self.form)


def case(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        paralegal, member = make_paralegal(work), make_member(work)
        ref = make_case(work, paralegal, member.person_id).ref
    hers = sign_in(Role.PARALEGAL, person_id=paralegal.person_id)
    return Door(hers, f"/papers/{ref}", NOTE, "case_event.", ["opened_case"])


def sealed_case(pages, sign_in) -> Door:
    """Its words are sealed to her, and her words were said some minutes ago."""
    with pages.begin(TEST) as work:
        paralegal, member = make_paralegal(work), make_member(work)
        choose_words(work, paralegal)
        ref = make_case(work, paralegal, member.person_id).ref
    hers = sign_in(Role.PARALEGAL, person_id=paralegal.person_id)
    hers.post("/opened/", data={"opened-passphrase": WORDS})
    return Door(hers, f"/papers/{ref}", NOTE, "case_event.", ["opened_case"])


def claim(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        make_scheme(work)
        judge, made = make_committee(work), make_claim(work)
        with acting_as(work, judge):
            hear_claimant(work, made.ref, "what she said aloud")
    hers = sign_in(Role.WELFARE_COMMITTEE, person_id=judge.person_id)
    form = {"open-passphrase": JUDGES_WORDS, "open-reason": "claim"}
    written = ["opened_health_words", "opened_hearing_note"]
    return Door(hers, f"/claims/{made.ref}/open", HEALTH_WORDS, "claim", written, form)


def legal_name(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        officer = make_circles(work)
        ref = make_member(work, legal_name="Zqlegal Devi").ref
    hers = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=officer)
    form = {"passphrase": PASSPHRASE, **SAID_WHY}
    written = ["legal_name_opened"]
    return Door(hers, f"/members/{ref}/legal-name", "Zqlegal", "member.legal", written, form)


def kept_apart(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        officer, ref, key_ref = make_circles(work), new_ref(), work.vault.new_key()
        batch = ImportBatch(**BATCH, ref=ref, key_ref=key_ref, imported_at=work.clock.now())
        work.session.add(batch)
        work.session.flush()
        content = json.dumps({"line": 3, "cells": {"called": "Zqlittle"}})
        row = {"ref": ref, "key_ref": key_ref, "batch_id": batch.id, "fingerprint": b"f"}
        sealed = seal(work, SealedField(MINORS, key_ref, SEALED, ref), content)
        work.session.execute(
            insert(SetAside).values(**row, sealed=sealed, made_at=work.clock.now())
        )
    hers = sign_in(Role.SAFEGUARDING_OFFICER, person_id=officer)
    form = {"passphrase": PASSPHRASE, **SAID_WHY}
    return Door(hers, "/books-in/apart", "Zqlittle", SEALED, ["set_aside_opened"], form)


def a_child(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        officer = make_circles(work)
        make_branch(work)
        told = {
            "number": "+915550100047",
            "place": "Zqlane",
            "may_be_minor": True,
            "district": "Bidar",
        }
        ref = receive_contact(work, Report(channel=ContactChannel.MISSED_CALL, **told)).ref
    hers = sign_in(Role.SAFEGUARDING_OFFICER, person_id=officer)
    form = {"passphrase": PASSPHRASE, **SAID_WHY}
    written = ["minor_number_opened", "minor_opened"]
    return Door(hers, f"/kept-apart/{ref}", "Zqlane", "sealed_telling", written, form)


def _raid(pages) -> tuple[int, str, str]:
    """Who is at the desk and holds the key to marks, the raid, and one who was taken."""
    with pages.begin(TEST) as work:
        make_branch(work)
        raid, desk = make_raid(work), make_in_charge(work, Role.OPERATOR)
        make_personal_key(work, desk, PASSPHRASE)
        make_circle(work, MINORS, [desk])
        hers = by(work, desk)
        type_list(hers, raid.id, "Zqlakshmi")
        (taken,) = everybody(work)
        mark_minor(hers, taken.id, "yes", Source.HERSELF)
        return desk, raid.ref, taken.ref


def names_of_taken(pages, sign_in) -> Door:
    desk, ref, _ = _raid(pages)
    hers = sign_in(Role.OPERATOR, person_id=desk)
    return Door(hers, f"/incidents/{ref}/list", "Zqlakshmi", "taken.", ["opened_taken_name"])


def one_taken(pages, sign_in) -> Door:
    desk, ref, taken = _raid(pages)
    hers = sign_in(Role.OPERATOR, person_id=desk)
    address = f"/incidents/{ref}/list/{taken}"
    return Door(hers, address, "Zqlakshmi", "taken.", ["opened_taken_name"])


def mark(pages, sign_in) -> Door:
    """The page under it names her, too: that is a reading of its own."""
    desk, ref, taken = _raid(pages)
    hers = sign_in(Role.OPERATOR, person_id=desk)
    address = f"/incidents/{ref}/list/{taken}/open"
    form = {"password": PASSPHRASE, **SAID_WHY}
    written = ["opened_taken_mark", "opened_taken_name"]
    return Door(hers, address, "under eighteen. Nobody", "taken.minor", written, form)


def paper(pages, sign_in) -> Door:
    with pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 900_000, fund="welfare")
        member = make_member(work)
        key_ref = work.session.get_one(Person, member.person_id).key_ref
        voucher = make_voucher(work, member.person_id)
        lay_papers(work, "voucher", voucher.id, close_papers(work, key_ref, [BytesIO(png())]))
        ref = work.session.scalars(select(Paper.ref)).one()
    hers = sign_in(Role.TREASURER)
    content = "union.ledger.views.spending._content"
    written = ["paper_opened"]
    return Door(hers, f"/books/papers/{ref}", "PNG", "paper_piece", written, drawn_by=content)


DOORS: tuple[Callable[..., Door], ...] = (
    *(case, sealed_case, claim, legal_name, kept_apart, a_child),
    *(names_of_taken, one_taken, mark, paper),
)


@pytest.fixture(params=DOORS, ids=lambda door: door.__name__)
def door(request, pages, sign_in) -> Door:
    return request.param(pages, sign_in)


def written(pages) -> list[str]:
    with pages.reading(TEST) as work:
        return sorted(one.what for one in written_down(work))


def test_what_is_shown_is_written_down_with_its_reason_and_kept_nowhere(door, pages):
    answer = door.open()
    assert door.shows.encode() in answer.data
    assert answer.headers["Cache-Control"] == "no-store"
    assert written(pages) == door.written
    assert door.shows.encode() in door.open().data
    assert written(pages) == sorted(door.written * 2), "a page seen again is another reading"
    with pages.reading(TEST) as work:
        assert all(one.reason and one.office_codes for one in written_down(work))


def test_what_cannot_be_written_down_is_not_opened(door, pages, monkeypatch):
    opened: list[str] = []
    for name in ("decrypt_bytes", "decrypt"):
        real = getattr(Vault, name)

        def watched(self, key_ref, place, row, blob, real=real):
            opened.append(place)
            return real(self, key_ref, place, row, blob)

        monkeypatch.setattr(Vault, name, watched)

    def lost(*_, **__):
        raise LostError

    monkeypatch.setattr(readings, "_add", lost)
    with pytest.raises(LostError):
        door.open()
    assert [place for place in opened if place.startswith(door.place)] == []
    assert written(pages) == []


def test_a_page_that_breaks_afterwards_leaves_the_reading_standing(door, pages, monkeypatch):
    def broken(*_, **__):
        raise LostError

    monkeypatch.setattr(door.drawn_by, broken)
    with pytest.raises(LostError):
        door.open()
    assert written(pages) == door.written


def test_without_a_reason_nothing_is_opened(door, pages):
    if door.form is None:
        assert written(pages) == [], "its reason is what she is there for"
        return
    for said in ("", "because", "other", "before_reasons", "on_the_spot"):
        door.form |= {name: said for name in door.form if name.endswith("reason")}
        assert door.shows not in door.open().text
    assert set(written(pages)) <= {"opened_taken_name"}, "the page under the seal names her"
