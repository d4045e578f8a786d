"""Every write is safe to repeat: a command is done once and its result kept for the repeats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, Instant
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from union.infra.work import Work


class Command(Base):
    """One intention: who, what, a keyed hash of what was asked, and what came of it.

    The hash of one made before revision 0046 is empty: it might have been made of a password.
    """

    __tablename__ = "command"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[Instant]


class CommandReusedError(UnionError):
    """The same key came with another request: two different things were asked under one name."""

    code = "command_reused"


def once(
    work: Work,
    key: str,
    name: str,
    request: Mapping[str, object],
    do: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Do a command unless it was done, and return its result either way.

    ``do`` returns plain ids and references only: the result is kept as JSON. Two at once wait
    for each other on the key. A key that comes back with another request, name or person
    raises CommandReusedError; an error in ``do`` leaves nothing behind, so it may be repeated.
    """
    content = json.dumps([name, request], sort_keys=True, default=str)
    request_hash = work.vault.fingerprint("command", content)
    made = work.session.scalar(
        insert(Command)
        .values(
            key=key,
            name=name,
            person_id=work.actor.person_id,
            request_hash=request_hash,
            result={},
            made_at=work.clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Command.key)
    )
    if made is None:
        earlier = work.session.get_one(Command, key)
        asked = earlier.request_hash or request_hash
        asked_for = (name, asked, work.actor.person_id)
        if asked_for != (earlier.name, request_hash, earlier.person_id):
            raise CommandReusedError
        return earlier.result
    result = dict(do())
    work.session.flush()
    work.session.execute(update(Command).where(Command.key == key).values(result=result))
    return result
