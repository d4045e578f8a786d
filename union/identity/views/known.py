"""By what a browser is known where somebody signed in on it: it names nobody and opens nothing.

It is worth one thing: its tries are counted apart, so that no stranger's tries shut it out (the
device cookie of OWASP's cheat sheet on authentication).
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from flask import request

from union.identity.rules import read_sign_in_name
from union.identity.rules.tries import ADDRESS, KNOWN, STRANGER
from union.identity.services.tries import Bucket, bucket_of
from union.kernel.ids import REF_LENGTH, new_ref
from union.web.current import kit
from union.web.limits import visitor

if TYPE_CHECKING:
    from werkzeug import Response

LASTS_SECONDS = 180 * 24 * 3600
AT_MOST = 8
"""So many people may share one browser of an office."""

_MARK_LETTERS = 32


def known_here() -> bool:
    """Whether the name that was typed signed in on this browser before."""
    return _mark_of(_typed()) is not None


def buckets_of(name: str) -> tuple[Bucket, ...]:
    """Where a try for this name, from this browser, is counted."""
    vault = kit().unit.vault
    name = read_sign_in_name(name)
    mark = _mark_of(name)
    if mark is not None:
        return (bucket_of(vault, "browser", f"{name}:{mark}", KNOWN),)
    return (
        bucket_of(vault, "name", name, STRANGER),
        bucket_of(vault, "network", visitor(), ADDRESS),
    )


def bucket_of_proof(name: str | None) -> Bucket:
    """Where an officer's further proofs are counted: a browser known for her name apart."""
    name = read_sign_in_name(name or "")
    return bucket_of(kit().unit.vault, "prove_office", f"{name}:{_mark_of(name) or ''}", KNOWN)


def know_again(answer: Response, name: str) -> None:
    """Let this browser be known where it signs in as this name."""
    name = read_sign_in_name(name)
    held = _mark_of(name)
    others = [mark for mark in _marks() if mark and mark != held]
    kept = [held or _new_mark(name), *others][:AT_MOST]
    answer.set_cookie(
        _cookie(),
        ".".join(kept),
        max_age=LASTS_SECONDS,
        secure=kit().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def _typed() -> str:
    return read_sign_in_name(request.form.get("sign_in_name", ""))


def _mark_of(name: str) -> str | None:
    """The mark of this browser that was made for this name, with its proof."""
    for mark in _marks():
        made = _proof(name, mark[:REF_LENGTH])
        if compare_digest(made.encode(), mark[REF_LENGTH:].encode()):
            return mark
    return None


def _new_mark(name: str) -> str:
    mark = new_ref()
    return mark + _proof(name, mark)


def _marks() -> list[str]:
    return request.cookies.get(_cookie(), "").split(".")[:AT_MOST]


def _proof(name: str, mark: str) -> str:
    return kit().unit.vault.fingerprint("known_browser", f"{name}:{mark}").hex()[:_MARK_LETTERS]


def _cookie() -> str:
    return "__Host-b" if kit().settings.secure_cookies else "b"
