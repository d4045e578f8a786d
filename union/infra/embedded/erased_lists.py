"""What a person is told of a list of destroyed keys that is not believed, and whose is.

Knows no way around a list: it only says which there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from union.infra.embedded.errors import StartError
from union.infra.erasure_log import ErasureLogDamagedError, ErasureLogOfBeforeError
from union.infra.settings import Secrets, SettingUnreadableError
from union.infra.successions import SigningKeys

DAMAGED = (
    "{file} is not as a key of ours signed it. Who was erased may be named only there: bring it"
    " back from another copy (beside the backups, beside the secrets, where ERASURES_TO says), or"
    " move it away, and call this again."
)
OF_BEFORE = (
    "{file} was signed with the key {key}, which was handed on since, and names {count} keys that"
    " nothing else says are destroyed. If nobody else ever had that key, say --former-key"
    ' "{key}"; otherwise move the list away, and call this again.'
)


@contextmanager
def said_plainly() -> Iterator[None]:
    """StartError, with what to do, for a list that is refused."""
    try:
        yield
    except ErasureLogDamagedError as error:
        raise StartError(DAMAGED.format(**error.facts)) from error
    except ErasureLogOfBeforeError as error:
        raise StartError(OF_BEFORE.format(**error.facts)) from error


def believed(restored: Path, living: Path) -> SigningKeys:
    """Whose lists count at a restore: of the restored secrets' key, or of the living file's.

    Where the living one says that the restored key is one of its line, it knows what came after.
    """
    staged = Secrets.from_file(restored).signing
    try:
        here = Secrets.from_file(living).signing
    except (OSError, SettingUnreadableError):
        return staged  # A fresh machine has none, and a broken one keeps nobody from coming back.
    return here if staged.signer.public_key in here.public_keys else staged
