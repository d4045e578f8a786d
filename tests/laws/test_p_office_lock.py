"""The office's lock opens to two people and to nobody else, and destroys nothing.

What is attacked as SQL is sent as the application's own login would, and as the tables' owner.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from sqlalchemy import func, select

from tests.builders.identity import make_signed_in
from tests.builders.locking import hand_of, make_keeper, wraps
from tests.builders.members import PASSPHRASE, make_circles, make_member
from tests.laws.locked_office import AT, TEST, Scene, join_hands, make_scene
from union.identity.models import SignInSession
from union.identity.queries import actor_of_token
from union.infra import office_locks
from union.infra.office_locks import (
    TIMERS,
    OfficeLayer,
    OfficeLock,
    OfficeLockedError,
    layer_batch,
    standing_lock,
)
from union.infra.people import new_person
from union.infra.sealing import (
    HEALTH,
    LEGAL_NAMES,
    OpenCircle,
    PassphraseWrongError,
    make_circle,
    make_personal_key,
    open_own_key,
)
from union.infra.timers import fire_due
from union.kernel.actor import Proof, Role
from union.office.locking.errors import (
    LockerWaitsError,
    LockPaperSpentError,
    NotALockKeeperError,
    OfficeOpenError,
)
from union.office.locking.queries import who_locks_often
from union.office.locking.services import (
    How,
    bring_back,
    lock_by_paper,
    lock_office,
    print_lock_paper,
)


@pytest.fixture
def scene(committing) -> Scene:
    return make_scene(committing)


def opens(scene, circle=LEGAL_NAMES) -> None:
    with scene.unit.begin(hand_of(scene.holder)) as work:
        OpenCircle(work, circle, PASSPHRASE)


def test_nobody_in_office_stays_signed_in_and_members_do(scene):
    with scene.unit.begin(TEST) as work:
        officer = make_signed_in(work, [Role.TREASURER])
        member = make_signed_in(work, [Role.MEMBER], proofs=[Proof.NUMBER_PIN])
    scene.lock()
    with scene.unit.reading(TEST) as work:
        assert actor_of_token(work, officer) is None
        assert actor_of_token(work, member) is not None
        ended = select(SignInSession.ended_how).where(SignInSession.ended_at.is_not(None))
        assert work.session.scalars(ended).all() == ["locked"]


def test_what_lies_there_opens_by_no_words_until_two_bring_it_back(scene):
    before = scene.lying()
    opens(scene)
    lock = scene.lock()
    with pytest.raises(OfficeLockedError):
        opens(scene)
    with scene.unit.reading(hand_of(scene.holder)) as work:
        own = open_own_key(work, PASSPHRASE).secret
        for blob in wraps(work).values():
            with pytest.raises(CryptoError):
                SealedBox(own).decrypt(blob)
    assert before.keys() == scene.lying().keys()
    assert set(before.values()).isdisjoint(scene.lying().values())

    scene.back(scene.keepers[0], scene.keepers[2])
    assert scene.lying() == before
    assert not scene.is_locked()
    opens(scene)
    with pytest.raises(OfficeOpenError):
        scene.hand(scene.keepers[1])
    assert scene.lock().id != lock.id
    scene.back(scene.keepers[1], scene.keepers[0])
    assert scene.lying() == before


def test_ended_keys_are_covered_too_for_their_bytes_are_still_there(scene):
    assert scene.tried(f"UPDATE circle_key SET revoked_at = {AT}") is None
    before = scene.lying()
    scene.lock()
    assert set(before.values()).isdisjoint(scene.lying().values())


def test_a_key_wrapped_while_it_is_locked_is_covered_as_soon_as_a_worker_comes_by(scene):
    scene.lock()
    with scene.unit.begin(TEST) as work:
        person = new_person(work).id
        make_personal_key(work, person, PASSPHRASE)
        make_circle(work, HEALTH, [person])
        new = wraps(work)[f"circle/{HEALTH}:{person}"]
    fire_due(scene.unit, TIMERS)
    with scene.unit.reading(TEST) as work:
        covered = wraps(work)[f"circle/{HEALTH}:{person}"]
    assert len(covered) == len(new) + 48
    scene.back(*scene.keepers[:2])
    with scene.unit.reading(TEST) as work:
        assert wraps(work)[f"circle/{HEALTH}:{person}"] == new


def test_wrong_words_and_strangers_bring_nothing_back(scene):
    scene.lock()
    with pytest.raises(PassphraseWrongError):
        scene.hand(scene.keepers[0], "not her words at all")
    with pytest.raises(NotALockKeeperError):
        scene.hand(scene.holder)
    with scene.unit.begin(TEST) as work:
        late = make_keeper(work, Role.DUTY_OFFICER)
    with pytest.raises(NotALockKeeperError):
        scene.hand(late)


def test_her_own_hand_twice_is_one_hand(scene):
    scene.lock()
    for _ in range(3):
        assert not scene.hand(scene.keepers[0]).is_second
    assert scene.is_locked()


def test_who_locked_is_none_of_the_two_while_there_is_a_third(scene):
    scene.lock(scene.keepers[0])
    with pytest.raises(LockerWaitsError):
        scene.hand(scene.keepers[0])
    first, second = scene.keepers[1:]
    assert not scene.hand(first).is_second
    forged = scene.tried(
        "INSERT INTO office_unlock_part (lock_id, first_person_id, second_person_id, part, made_at)"
        " SELECT l.id, :one, :two, '', :at FROM office_lock l",
        one=scene.keepers[0],
        two=second,
        at="2026-10-16T00:00:00Z",
    )
    assert forged is None
    assert join_hands(scene, scene.keepers[0], second) == "office_unlock_not_the_locker"
    hand = scene.hand(second)
    assert hand.is_second
    bring_back(scene.unit, hand_of(second), hand)
    assert not scene.is_locked()


def test_where_there_are_only_two_who_locked_may_be_one_of_them(committing):
    with committing.begin(TEST) as work:
        keepers = [make_keeper(work), make_keeper(work, Role.TRUSTEE)]
        scene = Scene(committing, keepers, make_circles(work))
    scene.lock(keepers[0])
    scene.back(*keepers)
    assert not scene.is_locked()


def test_one_woman_with_two_entries_is_one_hand(committing):
    with committing.begin(TEST) as work:
        kept, other = make_member(work), make_member(work)
        twins = [
            make_keeper(work, Role.SIGNATORY, kept.person_id),
            make_keeper(work, Role.TRUSTEE, other.person_id),
        ]
        keepers = [*twins, make_keeper(work, Role.DUTY_OFFICER)]
        scene = Scene(committing, keepers, make_circles(work))
    scene.lock()
    with committing.begin(TEST) as work:
        work.session.merge(other).merged_into = kept.person_id
    assert not scene.hand(twins[0]).is_second
    assert not scene.hand(twins[1]).is_second
    assert join_hands(scene, *twins) == "office_unlock_by_two"
    hand = scene.hand(keepers[2])
    assert hand.is_second
    bring_back(committing, hand_of(keepers[2]), hand)
    assert not scene.is_locked()


def test_many_lock_at_once_and_it_is_locked_once(scene):
    before = scene.lying()
    with ThreadPoolExecutor(8) as crew:
        locks = [crew.submit(scene.lock) for _ in range(24)]
    assert len({one.result().id for one in locks}) == 1
    with scene.unit.reading(TEST) as work:
        assert work.session.scalar(select(func.count(OfficeLayer.row_key))) == len(before)
    scene.back(*scene.keepers[1:])
    assert scene.lying() == before


def test_too_few_with_words_and_it_is_the_pages_that_refuse(committing):
    """Nothing refuses a lock; where nobody could take a layer off, none is laid on."""
    with committing.begin(TEST) as work:
        keepers = [make_keeper(work), make_keeper(work, Role.TRUSTEE, words=False)]
        scene = Scene(committing, keepers, make_circles(work))
    before = scene.lying()
    assert scene.lock().public_key is None
    assert scene.lying() == before
    with pytest.raises(OfficeLockedError):
        opens(scene)
    assert not scene.hand(keepers[0], "").is_second
    hand = scene.hand(keepers[1], "")
    bring_back(committing, hand_of(keepers[1]), hand)
    opens(scene)


def test_who_is_alone_is_signed_out_and_not_locked_in(committing):
    with committing.begin(TEST) as work:
        token = make_signed_in(work, [Role.TREASURER])
        assert lock_office(work, How.COMMAND, None) is None
    with committing.reading(TEST) as work:
        assert actor_of_token(work, token) is None
        assert standing_lock(work.session) is None


def test_a_paper_locks_once(scene):
    with scene.unit.begin(hand_of(scene.keepers[0])) as work:
        letters = print_lock_paper(work)
    with scene.unit.begin(TEST) as work:
        lock_by_paper(work, letters.lower().replace("-", " "))
    assert scene.is_locked()
    for wrong in (letters, "", "AAAA"):
        with pytest.raises(LockPaperSpentError), scene.unit.begin(TEST) as work:
            lock_by_paper(work, wrong)


def test_the_third_lock_of_one_person_in_a_day_is_told(scene):
    locker, *others = scene.keepers
    for locked in range(1, 4):
        scene.lock(locker)
        with scene.unit.reading(TEST) as work:
            assert who_locks_often(work) == ({locker: 3} if locked == 3 else {})
        scene.back(*others)


def test_a_lock_that_was_not_covered_whole_is_covered_by_whoever_comes_by(scene, monkeypatch):
    before = scene.lying()
    monkeypatch.setattr(office_locks, "BATCH", 1)
    lock = scene.lock()
    left = set(before.values()) & set(scene.lying().values())
    assert len(left) == len(before) - 1
    with pytest.raises(OfficeLockedError):
        opens(scene)
    for _ in before:
        fire_due(scene.unit, TIMERS)
    assert set(before.values()).isdisjoint(scene.lying().values())
    with scene.unit.begin(TEST) as work:
        assert layer_batch(work, work.session.get_one(OfficeLock, lock.id)) == 0
    scene.back(*scene.keepers[:2])
    assert scene.lying() == before
