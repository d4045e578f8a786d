"""Where recovery is tried: two trustees with a paper each, and one who holds the circles."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from nacl.public import PrivateKey

from tests.builders.locking import hand_of, make_keeper
from tests.builders.members import PASSPHRASE, make_circles
from union.infra.people import new_person
from union.infra.recovery import export_boxes
from union.infra.recovery_papers import Boxes, figures_of, read_paper
from union.infra.sealing import make_personal_key
from union.kernel.actor import Actor, Role
from union.office.locking.recovering import (
    make_set_of_papers,
    print_recovery_paper,
    put_circles_in,
    target_of,
)

TEST = Actor.system("test")
AT = "'2026-10-16T00:00:00Z'"


@dataclass(frozen=True)
class Scene:
    """Two trustees, their papers, and one who holds two circles."""

    unit: object
    trustees: list[int]
    papers: list[PrivateKey]
    holder: int

    def make_set(self) -> None:
        with self.unit.begin(hand_of(self.trustees[0], Role.TRUSTEE)) as work:
            made = make_set_of_papers(work)
        with self.unit.begin(hand_of(self.holder)) as work:
            put_circles_in(work, PASSPHRASE, figures_of(made.public_key))

    def another_paper(self, trustee: int) -> PrivateKey:
        with self.unit.begin(hand_of(trustee, Role.TRUSTEE)) as work:
            return read_paper(" ".join(print_recovery_paper(work)))

    def export(self, target: int | None = None) -> Boxes:
        with self.unit.begin(TEST) as work:
            found = target_of(work, target) if target is not None else None
            return Boxes.of(json.loads(json.dumps(export_boxes(work, found).said())))

    def newcomer(self) -> int:
        with self.unit.begin(TEST) as work:
            person = new_person(work).id
            make_personal_key(work, person, "another set of opening words")
            return person


def scene_of(committing) -> Scene:
    """The papers printed, and the circles put into their set."""
    with committing.begin(TEST) as work:
        trustees = [make_keeper(work, Role.TRUSTEE) for _ in range(2)]
        holder = make_circles(work)
    scene = Scene(committing, trustees, [], holder)
    made = replace(scene, papers=[scene.another_paper(one) for one in trustees])
    made.make_set()
    return made
