"""A locked office whose keepers are all gone is brought back by two trustees' papers, no less.

What is attacked as SQL is sent as the application's own login would, and as the tables' owner.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from nacl.public import PrivateKey

from tests.builders.locking import hand_of, make_keeper
from tests.builders.members import PASSPHRASE, make_circles
from tests.laws.locked_office import AT, DENIED, TEST, Scene, make_scene
from union.cli.keys import keys
from union.cli.recovering import REHEARSED
from union.infra.office_locks import OfficeUnlock
from union.infra.pair_boxes import PairBoxWrongError, close
from union.infra.recovery import export_boxes, newest_set
from union.infra.recovery_papers import (
    Boxes,
    figures_of,
    read_paper,
    rehearse,
    wrap_lock_for_target,
    write_paper,
)
from union.infra.sealing import LEGAL_NAMES, OpenCircle, PassphraseWrongError
from union.kernel.actor import Role
from union.kernel.ids import new_command_key
from union.office.locking.errors import NotALockKeeperError, NothingToPutInError
from union.office.locking.recovering import (
    let_in_to_office,
    make_set_of_papers,
    print_recovery_paper,
    put_circles_in,
    target_of,
)
from union.office.locking.services import bring_back

CHOOSE = "/me/opening-words"
WORDS = "three boats behind the mill"


@pytest.fixture
def scene(committing) -> Scene:
    return make_scene(committing)


@pytest.fixture
def papers(scene) -> list[PrivateKey]:
    return with_papers(scene)


def with_papers(scene) -> list[PrivateKey]:
    """Two trustees' papers, a set of them, and what the holder put into it."""
    with scene.unit.begin(TEST) as work:
        trustees = [make_keeper(work, Role.TRUSTEE, words=False) for _ in range(2)]
    printed = []
    for one in trustees:
        with scene.unit.begin(hand_of(one, Role.TRUSTEE)) as work:
            printed.append(read_paper(" ".join(print_recovery_paper(work))))
    with scene.unit.begin(hand_of(trustees[0], Role.TRUSTEE)) as work:
        made = make_set_of_papers(work)
    with scene.unit.begin(hand_of(scene.holder)) as work:
        put_circles_in(work, PASSPHRASE, figures_of(made.public_key))
    return printed


def newcomer(scene, *, words: bool = True) -> int:
    """Somebody in office who was none of those that could bring it back."""
    with scene.unit.begin(TEST) as work:
        return make_keeper(work, Role.OPERATOR, words=words)


def export(scene, target: int | None = None) -> Boxes:
    with scene.unit.begin(TEST) as work:
        found = target_of(work, target) if target is not None else None
        return Boxes.of(json.loads(json.dumps(export_boxes(work, found).said())))


def let_in(scene, person_id: int, lock_id: int, box: bytes) -> bool:
    with scene.unit.begin(TEST) as work:
        return let_in_to_office(work, person_id, lock_id, box)


def ceremony(verb: str, boxes: Boxes, papers: list[PrivateKey], out: Path):
    """What is done off the net, with both papers typed: the file lies beside ``out``."""
    file = out.with_suffix(".boxes")
    file.write_text(json.dumps(boxes.said()))
    typed = "".join(" ".join(write_paper(bytes(one))) + "\n" for one in papers)
    told, outs = ("y\n", [str(out)]) if verb == "recover" else ("", [])
    return CliRunner().invoke(keys, [verb, str(file), *outs], input=told + typed)


def test_two_papers_bring_back_an_office_whose_keepers_are_gone(scene, papers, tmp_path):
    before, lock, hers = scene.lying(), scene.lock(), newcomer(scene)
    with pytest.raises(NotALockKeeperError):
        scene.hand(hers)
    out = tmp_path / "wrapped"
    said = ceremony("recover", export(scene, hers), papers, out)
    assert said.exit_code == 0, said.output
    lock_id, box = json.loads(out.read_text())["lock"]
    assert lock_id == lock.id
    assert let_in(scene, hers, lock_id, bytes.fromhex(box))
    assert not let_in(scene, hers, lock_id, bytes.fromhex(box))
    with pytest.raises(PassphraseWrongError):
        scene.hand(hers, "not her words at all")
    hand = scene.hand(hers)
    assert hand.is_second
    assert scene.hand(hers).is_second, "after a kill she gives it once more"
    bring_back(scene.unit, hand_of(hers), hand)
    assert scene.lying() == before
    assert not scene.is_locked()
    with scene.unit.begin(hand_of(scene.holder)) as work:
        OpenCircle(work, LEGAL_NAMES, PASSPHRASE)
    assert not let_in(scene, hers, lock_id, b"of a lock that is open by now")


def test_where_nobody_left_has_words_she_chooses_hers_while_it_is_locked(pages, sign_in):
    scene = make_scene(pages)
    papers = with_papers(scene)
    scene.lock()
    hers = newcomer(scene, words=False)
    with pytest.raises(NothingToPutInError):
        export(scene, hers)
    browser = sign_in(Role.OPERATOR, person_id=hers)
    chosen = {"passphrase": WORDS, "passphrase_again": WORDS}
    assert f'href="{CHOOSE}"' in browser.get("/").text
    assert browser.post(CHOOSE, data=chosen).status_code == 302
    others = {**chosen, "passphrase_before": WORDS}
    assert browser.post(f"{CHOOSE}/other", data=others).status_code == 503
    wrapped = wrap_lock_for_target(export(scene, hers), *papers)
    assert let_in(scene, hers, *wrapped)
    hand = {"command_key": new_command_key(), "passphrase": WORDS}
    assert browser.post("/office/back", data=hand).status_code == 302
    assert not scene.is_locked()


def test_a_forged_wrap_keeps_nothing_else_shut_and_is_named(scene, papers, tmp_path):
    scene.lock()
    hers, shut = newcomer(scene), "forged\x1b[2J"
    for forged in (
        f"INSERT INTO circle (name, public_key, made_at) VALUES (:name, sha256('x'), {AT})",
        f"INSERT INTO recovery_wrap SELECT id, :name, 'x', {AT}, made_by FROM recovery_set",
    ):
        assert scene.tried(forged, name=shut) is None
    boxes, out = export(scene, hers), tmp_path / "wrapped"
    assert shut in boxes.wraps
    said = ceremony("recover", boxes, papers, out)
    assert said.exit_code == 1
    wrapped = json.loads(out.read_text())
    assert wrapped["keys"].keys() == boxes.wraps.keys() - {shut}
    assert let_in(scene, hers, wrapped["lock"][0], bytes.fromhex(wrapped["lock"][1]))
    bring_back(scene.unit, hand_of(hers), scene.hand(hers))
    assert not scene.is_locked()
    tried = ceremony("rehearse", boxes, papers, out)
    assert tried.exit_code == 1
    assert REHEARSED not in tried.output
    for one in (said, tried):
        assert "forged" in one.output
        assert "\x1b" not in one.output


def test_where_nothing_was_covered_two_papers_bring_it_back_too(committing):
    with committing.begin(TEST) as work:
        keepers = [make_keeper(work), make_keeper(work, words=False)]
        scene = Scene(committing, keepers, make_circles(work))
    papers = with_papers(scene)
    lock, hers = scene.lock(), newcomer(scene)
    assert lock.public_key is None
    wrapped = wrap_lock_for_target(export(scene, hers), *papers)
    assert wrapped is not None
    assert let_in(scene, hers, *wrapped)
    bring_back(committing, hand_of(hers), scene.hand(hers))
    assert not scene.is_locked()


def test_a_false_box_in_her_name_keeps_no_keeper_out(scene, papers):
    scene.lock()
    with scene.unit.begin(TEST) as work:
        own = target_of(work, scene.keepers[0])[1]
    for forged in (b"nothing", close(bytes(64), own)):
        laid = scene.tried(
            "INSERT INTO office_lock_let_in (lock_id, person_id, box, made_at)"
            f" SELECT id, :who, :box, {AT} FROM office_lock",
            who=scene.keepers[0],
            box=forged,
        )
        assert laid is None
    scene.back(*scene.keepers[:2])
    assert not scene.is_locked()


def test_a_false_box_opens_nothing_for_a_stranger(scene, papers):
    scene.lock()
    hers = newcomer(scene)
    with scene.unit.begin(TEST) as work:
        own = target_of(work, hers)[1]
    with scene.unit.begin(TEST) as work:
        boxed = export_boxes(work).lock
    for forged in (close(bytes(64), own), boxed.wrapped):
        assert let_in(scene, hers, boxed.lock_id, forged)
    with pytest.raises(NotALockKeeperError):
        scene.hand(hers)


def test_the_database_asks_for_what_lay_in_the_box(scene, papers):
    lock = scene.lock()
    by_papers = f"INSERT INTO office_unlock (lock_id, made_at, proof) VALUES (:lock, {AT}, :proof)"
    for proof in (b"", bytes(32), b"guessed"):
        assert scene.tried(by_papers, lock=lock.id, proof=proof) == "office_unlock_by_papers"
    assert scene.tried(by_papers, lock=lock.id, proof=None) is not None
    named = (
        "INSERT INTO office_unlock (lock_id, first_person_id, second_person_id, made_at, proof)"
        f" VALUES (:lock, :one, :one, {AT}, :proof)"
    )
    assert scene.tried(named, lock=lock.id, one=scene.keepers[0], proof=b"x") is not None
    other = "INSERT INTO office_lock_recovery VALUES (:lock, 1, '', sha256('x'))"
    assert scene.tried(other, lock=lock.id) == "office_lock_with"
    with scene.unit.reading(TEST) as work:
        assert work.session.get(OfficeUnlock, lock.id) is None


@pytest.mark.parametrize("table", ["office_lock_recovery", "office_lock_let_in"])
def test_what_was_laid_down_stays(scene, papers, fresh_database, table):
    lock, hers = scene.lock(), newcomer(scene)
    assert let_in(scene, hers, lock.id, b"x")
    for attack in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET lock_id = lock_id",
        f"TRUNCATE {table} CASCADE",
    ):
        assert scene.tried(attack) == DENIED
        owner = psycopg.connect(fresh_database.owner_url, autocommit=True)
        with owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(attack)


def test_a_rehearsal_tries_a_standing_lock_as_well(scene, papers):
    assert export(scene).lock is None
    scene.lock()
    boxes = export(scene)
    assert rehearse(boxes, *papers)
    false = replace(boxes.lock, wrapped=close(bytes(64), boxes.public_key))
    with pytest.raises(PairBoxWrongError):
        rehearse(replace(boxes, lock=false), *papers)
    with pytest.raises(PairBoxWrongError):
        rehearse(replace(boxes, lock=replace(boxes.lock, public_key=bytes(32))), *papers)


def test_the_set_of_a_standing_lock_is_neither_exchanged_nor_retired(scene, papers, slate):
    scene.lock()
    with scene.unit.reading(TEST) as work:
        of = newest_set(work).public_key
    later = (
        "INSERT INTO recovery_set (public_key, made_at, made_by, made_in)"
        f" VALUES (sha256('x'), {AT}, :who, 0)"
    )
    assert scene.tried(later, who=scene.keepers[0]) is None
    assert export(scene).public_key == of
    assert boxes_gone(slate) == 0
    scene.back(*scene.keepers[:2])
    assert boxes_gone(slate) == 2


def boxes_gone(slate) -> int:
    """How many go if nothing but a standing lock holds them."""
    with slate.owner.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE recovery_box DISABLE TRIGGER recovery_box_goes")
        gone = connection.exec_driver_sql("DELETE FROM recovery_box").rowcount
        connection.exec_driver_sql("ALTER TABLE recovery_box ENABLE TRIGGER recovery_box_goes")
        return gone


def test_a_first_hand_in_the_lockers_name_stops_nobody(committing):
    """Where nothing was covered a hand is a row, and anybody who writes rows could lay it."""
    with committing.begin(TEST) as work:
        keepers = [make_keeper(work), *(make_keeper(work, words=False) for _ in range(2))]
        scene = Scene(committing, keepers, make_circles(work))
    locker, first, second = keepers
    assert scene.lock(locker).public_key is None
    forged = scene.tried(
        "INSERT INTO office_unlock_part (lock_id, first_person_id, second_person_id, part, made_at)"
        f" SELECT l.id, :locker, k.person_id, '', {AT} FROM office_lock l"
        " JOIN office_lock_keeper k ON k.lock_id = l.id WHERE k.person_id <> :locker",
        locker=locker,
    )
    assert forged is None
    assert not scene.hand(first, "").is_second
    hand = scene.hand(second, "")
    assert hand.is_second
    bring_back(committing, hand_of(second), hand)
    assert not scene.is_locked()
