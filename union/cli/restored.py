"""What is asked of a restored union before it may take the living one's place, and how it wakes.

Owns the proofs and what is put to rest; must never look at the living databases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from union.cli.check import (
    find_false_certificates,
    find_false_heads,
    find_false_reading_heads,
    find_invariants,
    find_violations,
)
from union.cli.running import built_house, settings_of
from union.crisis.models import Page
from union.crisis.rules.kinds import PageState
from union.identity.models import SignInSession
from union.identity.services.sessions import Ended, end_all_of
from union.infra import audit
from union.infra.backup_log import RestoreDone
from union.infra.db import owner_engine
from union.infra.embedded import StartError
from union.infra.embedded.beside import refs_in
from union.infra.embedded.bringing import Bringing
from union.infra.key_ends import entries_erased
from union.infra.keystore import data_key
from union.infra.machine_keys import KeyRing, MachineKeyMissingError
from union.infra.settings import Settings
from union.kernel.actor import Actor
from union.ledger.queries.seals import broken_seals
from union.messages.services.held import give_up_gone, hold_waiting

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from union.infra.work import Work

ACTOR = Actor.system("restore")
BATCH = 5_000

LOST = (
    "{count} people, cases or papers of this backup have no key among these keys, which are older: "
    "nothing of theirs could be read again. Give keys that were backed up with it or later. "
    "Nothing was changed."
)
UNREADABLE = "{count} keys do not open with the secrets packed with them. Nothing was changed."
BROKEN = "The restored union breaks laws of its own: {names}. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Woken:
    """What was put to rest."""

    messages: int
    sessions: int


def settings_beside(bringing: Bringing) -> Settings:
    """Settings of the restored union while it stands beside the living one; it reaches nobody."""
    # By its own secrets: the living ones may be missing, or those of a demonstration.
    settings = settings_of(replace(bringing.endpoints, secrets_file=bringing.staged_secrets))
    return replace(
        settings,
        database_url=bringing.main.url(settings.database_url),
        owner_url=bringing.main.url(settings.owner_url),
        keystore_url=bringing.keys.url(settings.keystore_url),
        simulator_url=None,
        cards=None,
        ways=None,
    )


def prove(bringing: Bringing, say: Callable[[str], None]) -> None:
    """Every subject has its key, every key opens, every law holds; StartError otherwise."""
    settings = settings_beside(bringing)
    keys = owner_engine(settings.keystore_url)
    try:
        say("Looking whether every key is there")
        lost = sum(_missing(keys, refs) for refs in refs_in(settings.owner_url))
        if lost:
            raise StartError(LOST.format(count=lost))
        say("Looking whether every key opens")
        unreadable = _unreadable(keys, KeyRing(settings.secrets.machine_keys))
        if unreadable:
            raise StartError(UNREADABLE.format(count=unreadable))
    finally:
        keys.dispose()
    say("Asking every law, and every seal of the books")
    with built_house(settings) as house, house.unit.reading(ACTOR) as work:
        broken = {
            **find_violations(work, find_invariants()),
            **find_false_heads(work),
            **find_false_reading_heads(work),
            **find_false_certificates(work),
        }
        seals = [str(one.seal_id) for one in broken_seals(work.session)]
    if seals:
        broken["ledger.seals"] = seals
    if broken:
        raise StartError(BROKEN.format(names=", ".join(sorted(broken))))


def take_away_again(bringing: Bringing) -> int:
    """What was taken away of whom is erased is taken away of the restored union; how many people.

    Their keys are destroyed again by now; this is what lies open, or under other keys.
    """
    engine = owner_engine(settings_beside(bringing).owner_url)
    try:
        with Session(engine) as session, session.begin():
            again = entries_erased(session, bringing.erased())
            now = bringing.manifests()[0].main.as_of
            forget = text("SELECT erasure_forget(:who, :now)")
            for person_id in again:
                session.execute(forget, {"who": person_id, "now": now})
    finally:
        engine.dispose()
    return len(again)


def put_to_rest(bringing: Bringing, keys_destroyed: int) -> Woken:
    """End every session and hold what was due to go; timers and open incidents go on.

    A second time it does the same with what has become due since.
    """
    main, _ = bringing.manifests()
    with built_house(settings_beside(bringing)) as house, house.unit.begin(ACTOR) as work:
        woken = Woken(hold_messages(work), _end_sessions(work))
        before = work.session.scalar(select(RestoreDone).where(RestoreDone.ref == main.id))
        if before is not None:
            messages, sessions = before.messages_held, before.sessions_ended
            return Woken(messages + woken.messages, sessions + woken.sessions)
        done = RestoreDone(
            ref=main.id,
            backed_up_at=main.main.as_of,
            restored_at=work.clock.now(),
            keys_destroyed=keys_destroyed,
            messages_held=woken.messages,
            sessions_ended=woken.sessions,
        )
        work.session.add(done)
        work.session.flush()
        audit.log(work, "restored", object_type="restore", object_id=done.id)
    return woken


def hold_messages(work: Work) -> int:
    """Hold what was due to go; how many. A page that had gone and is unanswered is not heard."""
    held = sum(hold_waiting(work).values())
    asked = select(Page.message_id).where(
        Page.state == PageState.ASKED, Page.duress_at.is_(None), Page.message_id.is_not(None)
    )
    give_up_gone(work, [one for one in work.session.scalars(asked) if one is not None])
    return held


def _end_sessions(work: Work) -> int:
    still_open = select(SignInSession.account_id).where(SignInSession.ended_at.is_(None)).distinct()
    accounts = work.session.scalars(still_open).all()
    return sum(end_all_of(work, account_id, Ended.LOCKED) for account_id in accounts)


def _missing(keys: Engine, refs: list[object]) -> int:
    with keys.connect() as connection:
        there = connection.scalars(select(data_key.c.ref).where(data_key.c.ref.in_(refs))).all()
    return len(set(refs) - set(there))


def _unreadable(keys: Engine, ring: KeyRing) -> int:
    standing = select(data_key.c.ref, data_key.c.machine_key_version, data_key.c.wrapped).where(
        data_key.c.wrapped.is_not(None)
    )
    wrong = 0
    with keys.connect() as connection:
        rows = connection.execution_options(yield_per=BATCH).execute(standing)
        for row in rows:
            try:
                ring.unwrap(row.ref, row.machine_key_version, row.wrapped)
            except (InvalidTag, MachineKeyMissingError):
                wrong += 1
    return wrong
