"""The operational tier: fields encrypted under their subject's data key, and blind indexes.

Workers must be able to read these at night, so the machine holds what opens them: this
protects a dump, a backup, a stolen disk and a curious reader of the database; it does not
protect a live server that was taken. What must stay closed even then is sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from union.infra import erasure_log
from union.infra.keystore import KeyGoneError
from union.infra.machine_keys import NONCE_BYTES
from union.infra.successions import SigningKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from union.infra.keystore import KeyStore
    from union.infra.signing import Signer
    from union.infra.successions import OurKey

FORMAT = b"\x01"
BLIND_INDEX_BYTES = 8

BLIND_INDEXES = {
    "phone": "finding a member or an incident's contact by telephone number",
    "outside_number": "telling that two contacts came from one telephone",
    "digits": "comparing a responder's own two digits",
    "token": "finding a one-time link or a session by its secret",  # nosec B105 # a purpose in words
    "import": "knowing a file or a row that was read before",
    "kept_apart": "knowing, in another book, a card whose row is sealed for one officer",
    "name_mark": "telling, by one byte, that a legal name was written otherwise before",
    "place": "telling that two contacts name the same place",
    "bank_line": "knowing a bank line that came before",
    "bank_payer": "telling that two bank lines came from one UPI address or account",
    "bank_account": "telling that a bank file is of our own account",
    "bank_payee": "telling that one bank account stands behind several payees",
}
"""Every blind index there is, and why it exists. None is unique; each has a key of its own."""


class Vault:
    """Encrypts and opens fields; one per unit of work, for it remembers the keys it opened."""

    def __init__(
        self,
        keystore: KeyStore,
        index_key: bytes,
        signing_key: bytes = b"",
        signing: Callable[[], SigningKeys] | None = None,
    ) -> None:
        """``index_key`` and ``signing_key`` (32 bytes each) are kept apart from the machine's.

        ``signing`` says the key to sign with as it is now, where it may be handed on meanwhile.
        """
        self._keystore = keystore
        self._index_key = index_key
        self.signing = signing or partial(SigningKeys, signing_key)
        self._keys: dict[UUID, bytes] = {}

    def fresh(self) -> Vault:
        """The same vault remembering no key: a destroyed key is gone with the next unit of work."""
        return Vault(self._keystore, self._index_key, signing=self.signing)

    def new_key(self) -> UUID:
        """A data key for a new subject."""
        return self.new_keys(1)[0]

    def new_keys(self, count: int) -> list[UUID]:
        """So many data keys, made together and remembered: what is made is used at once."""
        made = self._keystore.make(count)
        self._keys.update(made)
        return list(made)

    def destroy_key(self, key_ref: UUID) -> None:
        """Make everything under this key unreadable for good."""
        self._keystore.destroy(key_ref)
        self._keys.pop(key_ref, None)

    def destroyed(self, key_refs: Collection[UUID]) -> Mapping[UUID, datetime]:
        """Which of these the key store says are destroyed, and when each was."""
        return self._keystore.destroyed(key_refs)

    def list_destroyed(self, named: Collection[str] = ()) -> int:
        """Write the signed list of destroyed keys wherever it is kept; in how many places.

        Lists by keys of before with one of these fingerprints are taken over whole.
        """
        store = self._keystore
        if store.lists:
            erased, signing = store.destroyed(), self.signing()
            for folder in store.lists:
                file = folder / erasure_log.NAME
                erasure_log.write(file, erased, signing, store.standing, named)
        return len(store.lists)

    def preload(self, key_refs: Collection[UUID]) -> None:
        """Open many keys in one query, before a list is read."""
        missing = set(key_refs) - self._keys.keys()
        if missing:
            self._keys.update(self._keystore.open(missing))

    def encrypt(self, key_ref: UUID, place: str, row: str | int, text: str) -> bytes:
        """Encrypt ``text`` for one field: ``place`` is "table.column", ``row`` the row's own id.

        AES-256-GCM with place, row and key as associated data: a value moved to another row,
        column or subject does not open.
        """
        return self.encrypt_bytes(key_ref, place, row, text.encode())

    def decrypt(self, key_ref: UUID, place: str, row: str | int, blob: bytes) -> str:
        """Open a field; KeyGoneError if its subject was erased, InvalidTag if tampered with."""
        return self.decrypt_bytes(key_ref, place, row, blob).decode()

    def opened(self, key_ref: UUID, place: str, row: str | int, blob: bytes | None) -> str | None:
        """As ``decrypt``; None for nothing, and for what lay under a key that was destroyed."""
        if blob is None:
            return None
        try:
            return self.decrypt(key_ref, place, row, blob)
        except KeyGoneError:
            return None

    def opens(self, key_ref: UUID) -> bool:
        """Whether what lies under this key opens: it was not destroyed."""
        self.preload([key_ref])
        return key_ref in self._keys

    def encrypt_bytes(self, key_ref: UUID, place: str, row: str | int, content: bytes) -> bytes:
        """As ``encrypt``, for bytes."""
        nonce = os.urandom(NONCE_BYTES)
        about = self._about(key_ref, place, row)
        return FORMAT + nonce + AESGCM(self._key(key_ref)).encrypt(nonce, content, about)

    def decrypt_bytes(self, key_ref: UUID, place: str, row: str | int, blob: bytes) -> bytes:
        """As ``decrypt``, for bytes."""
        nonce, sealed = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
        return AESGCM(self._key(key_ref)).decrypt(nonce, sealed, self._about(key_ref, place, row))

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Eight bytes by which equal values can be found; a purpose not listed raises KeyError."""
        BLIND_INDEXES[purpose]
        return self.fingerprint(purpose, value)[:BLIND_INDEX_BYTES]

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """A keyed hash of 32 bytes (HMAC-SHA-256 under a key derived for the purpose)."""
        key = hmac.digest(self._index_key, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, value.encode(), hashlib.sha256)

    @property
    def can_sign(self) -> bool:
        """Whether this deployment holds a key to sign with."""
        return bool(self.signing().key)

    def signer(self) -> Signer:
        """Who signs in the union's name; SigningKeyMissingError if nobody can."""
        return self.signing().signer

    @property
    def our_keys(self) -> tuple[OurKey, ...]:
        """The keys we sign with and signed with, the oldest first; none if nobody can."""
        return self.signing().line

    def _key(self, key_ref: UUID) -> bytes:
        if key_ref not in self._keys:
            self.preload([key_ref])
        if key_ref not in self._keys:
            raise KeyGoneError
        return self._keys[key_ref]

    @staticmethod
    def _about(key_ref: UUID, place: str, row: str | int) -> bytes:
        return f"{place}|{row}|{key_ref}|1".encode()
