"""Papers of trustees, a set of them, and what holders of circles put into it.

Invariant: a paper's secret is shown once, to the trustee whose it is, and kept nowhere; a set is of
two people's papers at the least; a circle goes into a set only by somebody who holds the circle,
and who was told the set's figures by a trustee: the machine alone can slip nothing in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nacl.public import PrivateKey
from sqlalchemy import select

from union.identity.queries import people_with_role
from union.infra import audit
from union.infra.lock_recovery import let_in_to_lock
from union.infra.people import whose
from union.infra.recovery import (
    NoRecoverySetError,
    RecoveryPaper,
    RecoverySet,
    RecoveryTrouble,
    last_rehearsed,
    make_set,
    newest_set,
    not_wrapped,
    recovery_troubles,
    wrap_for_set,
)
from union.infra.recovery_papers import figures_of, write_paper
from union.infra.sealing import CircleKey, PersonalKey, circle_secret, open_own_key
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.office.locking.errors import (
    FiguresDifferError,
    NothingToPutInError,
    TooFewPapersError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from union.infra.work import Work

PAPERS = 2
"""So many people's papers a set needs."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How it stands, for whoever looks: ``figures`` of the set, ``own_figures`` of her own key."""

    the_set: RecoverySet | None
    figures: str
    papers: tuple[int, ...]
    is_trustee: bool
    has_paper: bool
    hers: tuple[str, ...]
    own_figures: str
    rehearsed_at: datetime | None
    troubles: tuple[RecoveryTrouble, ...]


def recovery(work: Work) -> Recovery:
    """How recovery by two trustees stands."""
    of = newest_set(work)
    ready = _ready(work)
    own = work.session.get(PersonalKey, work.actor.person_id)
    bare = set(not_wrapped(work, of)) if of is not None else set()
    return Recovery(
        of,
        figures_of(of.public_key) if of is not None else "",
        tuple(one.person_id for one in ready),
        is_trustee=work.actor.has(Role.TRUSTEE),
        has_paper=any(one.person_id == work.actor.person_id for one in ready),
        hers=tuple(circle for circle in _circles_of(work) if circle in bare),
        own_figures=figures_of(own.public_key) if own is not None else "",
        rehearsed_at=last_rehearsed(work, of) if of is not None else None,
        troubles=tuple(recovery_troubles(work)),
    )


def print_recovery_paper(work: Work) -> list[str]:
    """The present trustee's own paper, in groups of letters; the newest of hers counts."""
    if not work.actor.has(Role.TRUSTEE) or work.actor.person_id is None:
        raise NotAllowedError
    secret = PrivateKey.generate()
    paper = RecoveryPaper(
        person_id=work.actor.person_id,
        public_key=bytes(secret.public_key),
        made_at=work.clock.now(),
    )
    work.session.add(paper)
    work.session.flush()
    audit.log(work, "recovery_paper", object_type="recovery_paper", object_id=paper.id)
    return write_paper(bytes(secret))


def make_set_of_papers(work: Work) -> RecoverySet:
    """A set of the trustees' newest papers; TooFewPapersError.

    What lay in the set before is put in anew by those who hold the circles.
    """
    if not work.actor.has(Role.TRUSTEE) or work.actor.person_id is None:
        raise NotAllowedError
    ready = _ready(work)
    if len(ready) < PAPERS:
        raise TooFewPapersError
    papers = {one.id: one.public_key for one in ready}
    made = make_set(work, papers, work.actor.person_id)
    audit.log(work, "recovery_set", object_type="recovery_set", object_id=made.id)
    return made


def put_circles_in(work: Work, words: str, figures: str) -> list[str]:
    """Wrap what the present person holds for the newest set; the circles.

    NoRecoverySetError; FiguresDifferError unless the figures are the set's own;
    NothingToPutInError; PassphraseWrongError.
    """
    of = newest_set(work)
    if of is None:
        raise NoRecoverySetError
    if "".join(figures.split()).casefold() != figures_of(of.public_key).replace(" ", ""):
        raise FiguresDifferError
    bare = set(not_wrapped(work, of))
    circles = [circle for circle in _circles_of(work) if circle in bare]
    if not circles or work.actor.person_id is None:
        raise NothingToPutInError
    own = open_own_key(work, words)
    for circle in circles:
        wrap_for_set(work, of, circle, circle_secret(work, circle, own), work.actor.person_id)
        audit.log(work, f"recovery_of_{circle}", object_type="recovery_set", object_id=of.id)
    return circles


def let_in_recovered(work: Work, person_id: int, keys: Mapping[str, bytes]) -> list[str]:
    """Give somebody the keys that two papers wrapped for her; those she lacked.

    Nobody here can tell what is in them: a wrap that is false opens nothing.
    """
    given = []
    for circle, wrapped in keys.items():
        if work.session.get(CircleKey, (circle, person_id)) is not None:
            continue
        work.session.add(
            CircleKey(
                circle=circle,
                person_id=person_id,
                wrapped_secret=wrapped,
                made_at=work.clock.now(),
            )
        )
        work.session.flush()
        audit.log(
            work,
            f"recovered_{circle}",
            object_type="person",
            object_id=person_id,
            subject_person_id=person_id,
        )
        given.append(circle)
    return given


def let_in_to_office(work: Work, person_id: int, lock_id: int, box: bytes) -> bool:
    """Keep what two papers wrapped of the standing lock: she brings the office back by her words.

    False where that lock is open by now, or she has it already.
    """
    if not let_in_to_lock(work, person_id, lock_id, box):
        return False
    audit.log(
        work,
        "lock_opened_for_her",
        object_type="office_lock",
        object_id=lock_id,
        subject_person_id=person_id,
    )
    return True


def target_of(work: Work, person_id: int) -> tuple[int, bytes]:
    """Somebody who is to be let in, and her public half; NothingToPutInError without words."""
    own = work.session.get(PersonalKey, person_id)
    if own is None:
        raise NothingToPutInError
    return person_id, own.public_key


def _ready(work: Work) -> list[RecoveryPaper]:
    """The newest paper of each trustee there is now, one for each woman."""
    trustees = people_with_role(work, Role.TRUSTEE)
    people = whose(work.session, trustees)
    papers = work.session.scalars(
        select(RecoveryPaper)
        .where(RecoveryPaper.person_id.in_(trustees))
        .order_by(RecoveryPaper.id)
    )
    newest = {people[one.person_id]: one for one in papers}
    return sorted(newest.values(), key=lambda one: one.id)


def _circles_of(work: Work) -> list[str]:
    held = select(CircleKey.circle).where(
        CircleKey.person_id == work.actor.person_id, CircleKey.revoked_at.is_(None)
    )
    return list(work.session.scalars(held.order_by(CircleKey.circle)))
