"""Opening every closed column as the register says it is closed, to see what was planted where.

Goes by the register alone: its tier, the way to the key, the place it was closed as. The row's own
id is found by trying what stands in the row and in those it points to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from cryptography.exceptions import InvalidTag
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Table, select

from tests.canary.planting import PLANTED
from tests.canary.searching import find_all
from union.infra.db import Base
from union.infra.kept import KEPT, Kept, Tier
from union.infra.keystore import KeyGoneError
from union.infra.rooms import CaseRoom, CaseRoomKey, unwrap
from union.infra.sealing import (
    CASE_KEEPERS,
    CircleKey,
    OwnKey,
    PassphraseWrongError,
    PersonalKey,
    circle_secret,
    open_own_key,
)
from union.infra.work import Work
from union.kernel.actor import Actor

PARTED_BY = (":", ".")
WRITTEN_LATER = {"end": "end"}
"""What is added to a row's id where a second word is closed as the first one was."""

CLOSED = {one.place: one for one in KEPT if one.is_sensitive}
MANY = 500
"""Keys that are opened together."""


@dataclass
class Looked:
    """What was found: columns nobody planted, those that do not open as the register says.

    ``drawn`` is what lies in columns that hold no words.
    """

    empty: list[str] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    drawn: dict[str, list[bytes]] = field(default_factory=dict)


def look(work: Work, opening_words: str) -> Looked:
    """Every closed column of the register, opened with the machine's keys and these words."""
    looked, secrets = Looked(), _secrets(work, opening_words)
    for kept in CLOSED.values():
        contents, count = [], 0
        try:
            for content in _contents(work, kept, secrets):
                count += bool(find_all(content, PLANTED))
                contents.append(content)
        except LookupError as error:
            looked.shut.append(f"{kept.place}: {error}")
            continue
        (looked.planted if count else looked.empty).append(kept.place)
        if not count:
            looked.drawn[kept.place] = contents
    return looked


def _contents(work: Work, kept: Kept, secrets: list[PrivateKey]) -> Iterator[bytes]:
    """What lies in each row of a column, but for what was erased or is closed to these words."""
    table, column = Base.metadata.tables[kept.place.split(".")[0]], kept.place.split(".")[1]
    query = select(table).where(table.c[column].is_not(None), table.c[column] != b"")
    rows = work.session.execute(query).mappings().all()
    name = ""
    for row in rows:
        key_ref = _key(work, table, row, kept.key or "")
        if key_ref is None:
            message = "a row has no key"
            raise LookupError(message)
        try:
            ids = _ids(work, table, row)
            content, name = _opened(work, kept, key_ref, row[column], ids, name)
        except KeyGoneError:
            continue
        if kept.tier is Tier.CLOSED:
            yield content
        elif find_all(content, PLANTED):
            message = "the machine alone reads it"
            raise LookupError(message)
        elif (text := _unsealed(content, secrets)) is not None:
            yield text


def _unsealed(box: bytes, secrets: list[PrivateKey]) -> bytes | None:
    for secret in secrets:
        try:
            return SealedBox(secret).decrypt(box)
        except CryptoError:
            continue
    return None


def _secrets(work: Work, words: str) -> list[PrivateKey]:
    """The secret halves of circles and rooms that these words open, whoever chose them."""
    found: list[PrivateKey] = []
    for person_id in work.session.scalars(select(PersonalKey.person_id)).all():
        hers = replace(work, actor=Actor(person_id, None, frozenset()))
        try:
            own = open_own_key(hers, words)
        except PassphraseWrongError:
            continue
        circles = _circles(hers, own)
        found += [*circles.values(), *_rooms(hers, own, circles.get(CASE_KEEPERS))]
    return list({bytes(one): one for one in found}.values())


def _circles(work: Work, own: OwnKey) -> dict[str, PrivateKey]:
    held = select(CircleKey.circle).where(
        CircleKey.person_id == own.person_id, CircleKey.revoked_at.is_(None)
    )
    return {name: circle_secret(work, name, own) for name in work.session.scalars(held)}


def _rooms(work: Work, own: OwnKey, keepers: PrivateKey | None) -> Iterator[PrivateKey]:
    query = select(CaseRoom, CaseRoomKey).join(CaseRoomKey, CaseRoomKey.room_id == CaseRoom.id)
    for room, key in work.session.execute(query):
        secret = own.secret if key.person_id == own.person_id else None
        secret = keepers if key.circle is not None else secret
        if secret is not None:
            yield unwrap(work, room, key, secret)


def _key(work: Work, table: Table, row: Mapping[str, Any], way: str) -> Any:
    """The key the register leads to from this row."""
    *steps, last = way.split(".")
    for step in steps:
        table, row = _other(work, table, row, step)
    return row[last]


def _other(
    work: Work, table: Table, row: Mapping[str, Any], column: str
) -> tuple[Table, Mapping[str, Any]]:
    """The row another one points to; each is asked for once."""
    (pointer,) = table.columns[column].foreign_keys
    there = pointer.column.table
    rows = work.known.setdefault(f"canary {there.name}", {})
    if row[column] not in rows:
        found = select(there).where(pointer.column == row[column])
        rows[row[column]] = work.session.execute(found).mappings().one()
    return there, rows[row[column]]


def _ids(work: Work, table: Table, row: Mapping[str, Any]) -> dict[str, str]:
    """What the row could have been closed as, each by how it was come by."""
    own = {name: str(value) for name, value in row.items() if isinstance(value, int | str)}
    refs = {"ref": own["ref"]} if "ref" in own else {}
    for column in table.columns:
        if len(column.foreign_keys) == 1 and row[column.name] is not None:
            _there, other = _other(work, table, row, column.name)
            if "ref" in other:
                refs[f"{column.name}.ref"] = other["ref"]
    said = {**own, **WRITTEN_LATER}
    both = {
        f"{one}{sign}{two}": f"{refs[one]}{sign}{said[two]}"
        for one, sign, two in product(refs, PARTED_BY, said)
    }
    return {"": "1", **own, **refs, **both}


def _opened(
    work: Work, kept: Kept, key_ref: Any, blob: bytes, ids: Mapping[str, str], first: str
) -> tuple[bytes, str]:
    for name in sorted(ids, key=lambda name: name != first):
        try:
            return work.vault.decrypt_bytes(key_ref, kept.named, ids[name], blob), name
        except InvalidTag:
            continue
    message = "it opens under no id of its row"
    raise LookupError(message)
