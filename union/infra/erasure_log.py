"""The list of destroyed keys that goes with every backup, so that a restore brings none back.

It holds random references and days, which say nothing about anybody, and is signed. It only ever
grows: what is in the older list is taken over even if the key store does not know it any more.
A key that was handed on says by it of nobody living that she was erased: whoever stole it could.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import DateTime, Engine, Uuid, any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from union.infra.keystore import data_key
from union.infra.machine_keys import write_whole
from union.infra.signing import Signature, fingerprint, is_signed
from union.infra.successions import SigningKeys, Succession, followers
from union.kernel.errors import UnionError

NAME = "sangha-erasures.log"
_FIRST_LINE = "sangha-erasures-1"
_LAST_LINE = "signed"
_HANDED_ON = "handed-on"

_DESTROY = text(
    "UPDATE data_key SET wrapped = NULL, destroyed_at = one.at"
    " FROM unnest(:refs, :days) AS one (ref, at)"
    " WHERE data_key.ref = one.ref AND data_key.destroyed_at IS NULL"
).bindparams(
    bindparam("refs", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(DateTime(timezone=True))),
)

_STANDING = select(data_key.c.ref).where(
    data_key.c.ref == any_(bindparam("refs", type_=ARRAY(Uuid))), data_key.c.wrapped.is_not(None)
)

Erased = Mapping[UUID, datetime]
"""The destroyed keys, and when each was."""

Standing = Callable[[Collection[UUID]], Collection[UUID]]
"""Which of these keys stand here and open something."""


class ErasureLogDamagedError(UnionError):
    """A list of destroyed keys is not as it was written, or was signed by somebody else."""

    code = "erasure_log_damaged"


class ErasureLogOfBeforeError(UnionError):
    """A key that was handed on signed a list naming keys that nothing else says are destroyed."""

    code = "erasure_log_of_before"


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a list says, by which key, and whether that one signs for us still."""

    erased: Erased
    by: bytes
    signs_now: bool

    def is_believed(self, named: Collection[str]) -> bool:
        """Whether all of it counts: by its key, or because a person named that key."""
        return self.signs_now or _figures(fingerprint(self.by)) in map(_figures, named)


def destroyed_in(engine: Engine) -> Erased:
    """What the key store knows to be destroyed."""
    gone = select(data_key.c.ref, data_key.c.destroyed_at).where(data_key.c.wrapped.is_(None))
    with engine.connect() as connection:
        return {row.ref: row.destroyed_at for row in connection.execute(gone)}


def standing_in(engine: Engine, refs: Collection[UUID]) -> Collection[UUID]:
    """Which of these the key store holds and has not destroyed."""
    with engine.connect() as connection:
        return list(connection.scalars(_STANDING, {"refs": list(refs)}))


def destroy_again(engine: Engine, erased: Erased) -> int:
    """Destroy what was destroyed before and stands here; how many those were."""
    if not erased:
        return 0
    told = {"refs": list(erased), "days": list(erased.values())}
    with engine.begin() as connection:
        return connection.execute(_DESTROY, told).rowcount


def write(
    file: Path,
    erased: Erased,
    signing: SigningKeys,
    standing: Standing = list,
    named: Collection[str] = (),
) -> int:
    """Write the list in the place of the one there, taking over what only that one holds.

    ErasureLogOfBeforeError if a key that was handed on signed that one, no fingerprint among
    ``named`` is its, and it names a key that is ``standing`` (where nobody is asked: any).
    """
    before: Erased = {}
    if file.exists():
        listed = _listed(file, signing)
        before = listed.erased
        if not listed.is_believed(named) and (living := standing(before.keys() - erased.keys())):
            raise _of_before(file, listed, len(living))
    whole = {**before, **erased}
    handed_on = [f"{_HANDED_ON} {json.dumps(one.said())}" for one in signing.successions]
    lines = [f"{ref} {at.isoformat()}" for ref, at in sorted(whole.items())]
    said = "".join(f"{line}\n" for line in (_FIRST_LINE, *handed_on, *lines)).encode()
    signature = signing.signer.sign(said).value.hex()
    write_whole(file, said + f"{_LAST_LINE} {signature}\n".encode())
    return len(whole)


def read(file: Path, signing: SigningKeys, named: Collection[str] = ()) -> Erased:
    """The list as our key signed it, or one that ours was handed on to since.

    ErasureLogOfBeforeError if one from before ours did, whose fingerprint is not ``named``;
    ErasureLogDamagedError if none of them did.
    """
    listed = _listed(file, signing)
    if not listed.is_believed(named):
        raise _of_before(file, listed, len(listed.erased))
    return listed.erased


def _listed(file: Path, signing: SigningKeys) -> _Listed:
    said, _, last = file.read_bytes().rstrip(b"\n").rpartition(b"\n")
    word, _, signature = last.decode(errors="replace").partition(" ")
    first, *rest = said.decode(errors="replace").split("\n")
    if word != _LAST_LINE or first != _FIRST_LINE:
        raise ErasureLogDamagedError(file=str(file))
    ours = signing.signer.public_key
    try:
        value = bytes.fromhex(signature)
        handed_on = _handed_on(rest)
    except (ValueError, KeyError, TypeError) as error:
        raise ErasureLogDamagedError(file=str(file)) from error
    now = (ours, *followers(ours, handed_on))
    # A union that came back from long ago handed its key on anew: what signed in between is of
    # before, too, but on the word of the key it had then.
    before = [key for one in signing.public_keys for key in (one, *followers(one, handed_on))]
    for key in (*now, *before):
        if is_signed(said + b"\n", Signature(key, value)):
            parted = (line.split(" ") for line in rest if not line.startswith(_HANDED_ON))
            erased = {UUID(ref): datetime.fromisoformat(at) for ref, at in parted}
            return _Listed(erased, key, signs_now=key in now)
    raise ErasureLogDamagedError(file=str(file))


def _of_before(file: Path, listed: _Listed, count: int) -> ErasureLogOfBeforeError:
    return ErasureLogOfBeforeError(file=str(file), key=fingerprint(listed.by), count=count)


def _figures(said: str) -> str:
    """A fingerprint as it is compared, however it was typed."""
    return "".join(said.split()).lower()


def _handed_on(lines: list[str]) -> list[Succession]:
    """How the key that signed it came to be: a union restored from long ago knows its own only."""
    said = [line.partition(" ")[2] for line in lines if line.startswith(_HANDED_ON)]
    return [Succession.of(json.loads(one)) for one in said]
