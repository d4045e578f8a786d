"""The secret address of somebody's calendar. Invariant: one at a time, its fingerprint alone kept.

Whoever has the address reads her hours and nothing else; ended, it opens nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.models.rota import RotaFeed
from union.crisis.queries.rota_feed import feed_of
from union.crisis.services.holes import one_at_a_time
from union.crisis.services.timeline import a_person
from union.kernel.ids import new_ref, new_token

if TYPE_CHECKING:
    from union.infra.work import Work


def make_feed(work: Work) -> str:
    """A new address for her own hours; the former ends. What it is is said this once."""
    by = a_person(work)
    end_feed(work)
    token = new_token()
    work.session.add(
        RotaFeed(
            ref=new_ref(),
            person_id=by,
            token_hash=work.vault.fingerprint("token", token),
            made_at=work.clock.now(),
        )
    )
    work.session.flush()
    return token


def end_feed(work: Work) -> None:
    """Her address opens nothing any more."""
    end_feed_of(work, a_person(work))


def end_feed_of(work: Work, person_id: int) -> None:
    """Somebody's address opens nothing any more; called where her last office with hours ends."""
    one_at_a_time(work)
    former = feed_of(work, person_id)
    if former is not None:
        former.ended_at = work.clock.now()
        work.session.flush()
