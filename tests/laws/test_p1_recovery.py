"""Two trustees with their papers let a new person in; one, an old set, a stolen machine do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from nacl.public import PrivateKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.locking import hand_of, make_keeper
from tests.builders.members import PASSPHRASE, make_member
from tests.laws.recovery_scene import AT, TEST, Scene, scene_of
from union.infra.pair_boxes import PairBoxWrongError, box_for_pairs, peel
from union.infra.recovery import (
    RecoveryBox,
    RecoveryTrouble,
    RecoveryWrap,
    export_boxes,
    recovery_troubles,
    retire_older,
    write_rehearsal,
)
from union.infra.recovery_papers import (
    OnePaperTwiceError,
    PaperNotOfThisSetError,
    figures_of,
    rehearse,
    wrap_for_target,
)
from union.infra.sealing import LEGAL_NAMES, MINORS, OpenCircle
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.office.locking.errors import FiguresDifferError, TooFewPapersError
from union.office.locking.recovering import (
    let_in_recovered,
    make_set_of_papers,
    print_recovery_paper,
    put_circles_in,
)


@pytest.fixture
def scene(committing) -> Scene:
    return scene_of(committing)


def test_two_papers_let_a_new_person_in(scene):
    newcomer = scene.newcomer()
    for order in (scene.papers, scene.papers[::-1]):
        wrapped = wrap_for_target(scene.export(newcomer), *order)
        assert wrapped.keys() == {LEGAL_NAMES, MINORS}
    with scene.unit.begin(TEST) as work:
        assert let_in_recovered(work, newcomer, wrapped) == [LEGAL_NAMES, MINORS]
        assert let_in_recovered(work, newcomer, wrapped) == []
    with scene.unit.begin(hand_of(newcomer)) as work:
        OpenCircle(work, LEGAL_NAMES, "another set of opening words")


def test_one_paper_opens_nothing_whatever_stands_beside_it(scene):
    boxes = scene.export(scene.newcomer())
    mine = scene.papers[0]
    with pytest.raises(OnePaperTwiceError):
        wrap_for_target(boxes, mine, mine)
    for guess in (PrivateKey.generate(), PrivateKey(bytes(32))):
        with pytest.raises(PaperNotOfThisSetError):
            wrap_for_target(boxes, mine, guess)
    # The database says whose box is whose; exchanged, they open to nothing.
    exchanged = {pair: boxes.boxes[pair[::-1]] for pair in boxes.boxes}
    for order in (scene.papers, scene.papers[::-1]):
        with pytest.raises(PairBoxWrongError):
            wrap_for_target(replace(boxes, boxes=exchanged), *order)
    # A box of her own making for herself twice, in a file she wrote, is not the set's secret.
    own = next(number for number, key in boxes.papers.items() if key == bytes(mine.public_key))
    forged = box_for_pairs(
        bytes(PrivateKey.generate()), {own: bytes(mine.public_key), 0: bytes(mine.public_key)}
    )
    with pytest.raises((OnePaperTwiceError, PaperNotOfThisSetError, PairBoxWrongError)):
        wrap_for_target(replace(boxes, boxes=forged), mine, mine)


def test_all_that_lies_here_and_one_paper_opens_no_box(scene, machine_secrets):
    """The database, the secrets file and one of the papers: every box, tried with every key."""
    boxes, mine = scene.export(scene.newcomer()), scene.papers[0]
    held = [machine_secrets.index_key, machine_secrets.signing_key]
    held += [key for _version, key in machine_secrets.machine_keys.held]
    keys_here = [mine, *map(PrivateKey, held)]
    inner = [peel(box, mine) for box in boxes.boxes.values() if opens(box, mine)]
    assert len(inner) == 1
    wrapped = [box for _key, box in boxes.wraps.values()]
    for box in (*inner, boxes.canary, *wrapped):
        assert not any(opens(box, key) for key in keys_here)
    assert all(len(box) > PrivateKey.SIZE for box in inner)


def opens(box: bytes, secret: PrivateKey) -> bool:
    try:
        peel(box, secret)
    except PairBoxWrongError:
        return False
    return True


def test_a_wrap_that_stands_under_another_circle_is_not_handed_on(scene):
    boxes = scene.export(scene.newcomer())
    names, minors = boxes.wraps[LEGAL_NAMES], boxes.wraps[MINORS]
    swapped = {LEGAL_NAMES: (names[0], minors[1]), MINORS: (minors[0], names[1])}
    assert wrap_for_target(replace(boxes, wraps=swapped), *scene.papers) == {}
    one_false = {LEGAL_NAMES: swapped[LEGAL_NAMES], MINORS: minors}
    assert wrap_for_target(replace(boxes, wraps=one_false), *scene.papers).keys() == {MINORS}
    with pytest.raises(PairBoxWrongError):
        rehearse(replace(boxes, wraps=swapped), *scene.papers)


def retire(slate) -> int:
    with slate.owner.begin() as connection:
        return retire_older(connection)


def test_papers_of_an_old_set_open_nothing_once_a_new_one_holds_all_of_it(scene, slate, clock):
    old = scene.papers
    new = [scene.another_paper(scene.trustees[0]), scene.papers[1]]
    with scene.unit.begin(hand_of(scene.trustees[0], Role.TRUSTEE)) as work:
        made = make_set_of_papers(work)
    with scene.unit.reading(TEST) as work:
        assert work.session.scalar(select(func.count()).select_from(RecoveryBox)) == 4
        assert RecoveryTrouble.NOT_WRAPPED in recovery_troubles(work)
    clock.advance(timedelta(days=1))
    with scene.unit.begin(TEST) as work:
        write_rehearsal(work, rehearse(export_boxes(work), *new))
    clock.advance(timedelta(days=1))
    assert retire(slate) == 0
    with scene.unit.begin(hand_of(scene.holder)) as work:
        put_circles_in(work, PASSPHRASE, figures_of(made.public_key))
    assert retire(slate) == 0
    with scene.unit.begin(TEST) as work:
        write_rehearsal(work, rehearse(export_boxes(work), *new))
    assert retire(slate) == 2
    with scene.unit.reading(TEST) as work:
        assert set(work.session.scalars(select(RecoveryBox.set_id))) == {made.id}
    boxes = scene.export(scene.newcomer())
    with pytest.raises(PaperNotOfThisSetError):
        wrap_for_target(boxes, *old)
    with pytest.raises(PaperNotOfThisSetError):
        wrap_for_target(boxes, old[0], new[0])
    assert wrap_for_target(boxes, *new).keys() == {LEGAL_NAMES, MINORS}


def test_a_set_needs_two_people_and_a_trustee(committing):
    with committing.begin(TEST) as work:
        kept, other = make_member(work), make_member(work)
        twins = [make_keeper(work, Role.TRUSTEE, one.person_id) for one in (kept, other)]
        other.merged_into = kept.person_id
    for one in twins:
        with committing.begin(hand_of(one, Role.TRUSTEE)) as work:
            print_recovery_paper(work)
    with (
        pytest.raises(TooFewPapersError),
        committing.begin(hand_of(twins[0], Role.TRUSTEE)) as work,
    ):
        make_set_of_papers(work)
    with pytest.raises(NotAllowedError), committing.begin(hand_of(twins[0])) as work:
        print_recovery_paper(work)
    with committing.begin(TEST) as work:
        work.session.execute(
            text(
                "INSERT INTO recovery_set (public_key, made_at, made_by, made_in)"
                f" VALUES (sha256('x'), {AT}, :who, 0)"
            ),
            {"who": twins[0]},
        )
        boxes = text(
            "INSERT INTO recovery_box SELECT s.id, a.id, b.id, '' FROM recovery_set s,"
            " recovery_paper a, recovery_paper b WHERE a.id < b.id"
        )
        with pytest.raises(DBAPIError) as refused, work.session.begin_nested():
            work.session.execute(boxes)
    assert refused.value.orig.diag.constraint_name == "recovery_box_by_two"


def test_a_set_that_nobody_told_her_of_is_given_nothing(scene):
    """Whoever writes a set of his own into the database has no figures a trustee would tell."""
    false = PrivateKey.generate()
    with scene.unit.begin(TEST) as work:
        work.session.execute(
            text(
                "INSERT INTO recovery_set (public_key, made_at, made_by, made_in)"
                f" VALUES (:key, {AT}, :who, 0)"
            ),
            {"key": bytes(false.public_key), "who": scene.trustees[0]},
        )
    known = figures_of(scene_key(scene))
    with pytest.raises(FiguresDifferError), scene.unit.begin(hand_of(scene.holder)) as work:
        put_circles_in(work, PASSPHRASE, known)
    with scene.unit.reading(TEST) as work:
        newest = select(func.max(RecoveryWrap.set_id))
        assert work.session.scalar(newest) == 1


def scene_key(scene) -> bytes:
    with scene.unit.reading(TEST) as work:
        return work.session.scalar(text("SELECT public_key FROM recovery_set ORDER BY id LIMIT 1"))
