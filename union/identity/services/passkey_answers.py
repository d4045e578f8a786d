"""What a browser answers with a passkey, read and checked; alone knows the library that does it.

Invariant: nobody is let in without her finger, face or screen lock (user verification), by an
answer to another question, from another address or for another domain. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from union.identity.rules.passkeys import QUESTION_LASTS, Place

_WAIT_MS = int(QUESTION_LASTS.total_seconds() * 1000)
_LONGEST_KEY = 1024

_NOT_ATTESTED = {AttestationFormat.NONE, AttestationFormat.PACKED}
"""We ask who made the telephone of nobody. Browsers then send nothing, or a passkey's signature
of itself; other statements would only lead into code that reads certificates of strangers."""

_UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""What the library raises at an answer that is no answer; it names only the first kind itself."""

_NOBODYS_KEY = bytes.fromhex(
    "a5010203262001215820"
    "7ce0191fe26b36d79d38a60e966434416da917c963beef32020844908460863f"
    "225820"
    "33dee7e345156aeb99c0c294d48ffabc8af625852bee6cccc254ccd4707ea4c7"
)
"""What an unknown passkey is tried against, so that it costs the work that a known one does.

A P-256 key whose other half was never kept.
"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that a telephone has just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """What a passkey told besides its signature."""

    sign_count: int
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A readable answer: which passkey it says it is, and the account's name inside it if told."""

    credential: AuthenticationCredential

    @property
    def credential_id(self) -> bytes:
        """What the telephone calls the passkey."""
        return self.credential.raw_id

    def is_of(self, handle: bytes, *, must_say: bool) -> bool:
        """Whether the passkey names this account; ``must_say``: nobody else has said whose it is.

        Asked for by its own name, an older one need not say the account's.
        """
        told = self.credential.response.user_handle
        return not must_say if told is None else compare_digest(told, handle)


def options_to_add(
    place: Place, challenge: bytes, handle: bytes, label: str, known: Sequence[bytes]
) -> dict[str, Any]:
    """What a browser needs to make one: kept on the telephone, locked, and no maker's name asked.

    The telephone lists it by domain and ``label``, never by a card's number or a name of hers.
    """
    return options_to_json_dict(
        generate_registration_options(
            rp_id=place.domain,
            rp_name=place.shown_name,
            user_id=handle,
            user_name=label,
            user_display_name=label,
            challenge=challenge,
            timeout=_WAIT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_named(known),
        )
    )


def options_to_answer(place: Place, challenge: bytes, known: Sequence[bytes]) -> dict[str, Any]:
    """What a browser needs to answer; without ``known`` any passkey of this domain may."""
    return options_to_json_dict(
        generate_authentication_options(
            rp_id=place.domain,
            challenge=challenge,
            timeout=_WAIT_MS,
            allow_credentials=_named(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read_new(place: Place, challenge: bytes, text: str) -> NewKey | None:
    """The passkey that was made, if it was made for this question, here, and under her lock."""
    try:
        credential = parse_registration_credential_json(text)
        if (
            parse_attestation_object(credential.response.attestation_object).fmt
            not in _NOT_ATTESTED
        ):
            return None
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
        framed = parse_client_data_json(credential.response.client_data_json).cross_origin
    except _UNREADABLE:
        return None
    if framed or len(made.credential_public_key) > _LONGEST_KEY:
        return None
    return NewKey(
        made.credential_id,
        made.credential_public_key,
        made.sign_count,
        made.credential_backed_up,
    )


def read_given(text: str) -> Given | None:
    """An answer as far as it can be read without knowing whose it is."""
    try:
        return Given(parse_authentication_credential_json(text))
    except _UNREADABLE:
        return None


def signed_by(
    place: Place, challenge: bytes, given: Given, public_key: bytes | None
) -> Signed | None:
    """What the passkey told, if it signed this question, here, and under her lock.

    No key is tried too, at the same price, and signs nothing. A count that fell is told and not
    refused: whether that matters is not the library's to say.
    """
    try:
        verified = verify_authentication_response(
            credential=given.credential,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=public_key or _NOBODYS_KEY,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        framed = parse_client_data_json(given.credential.response.client_data_json).cross_origin
    except _UNREADABLE:
        return None
    if framed or public_key is None:
        return None
    return Signed(verified.new_sign_count, verified.credential_backed_up)


def _named(known: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one) for one in known]
