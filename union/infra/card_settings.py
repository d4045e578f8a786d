"""The keys of the card payments' provider: from the environment or from files, never logged.

Refuses keys that do not fit the deployment: pretended money in a real union, or real money in a
demonstration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from union.infra.secret_files import read_secret_file
from union.kernel.errors import UnionError

STRIPE_PAGES = ("https://checkout.stripe.com",)
"""Where the provider's page to pay on lives: the one place a form of ours may lead to."""

_TEST = "_test_"


class SettingUnfitError(UnionError):
    """A setting is readable but must not be used in this deployment."""

    code = "setting_unfit"


@dataclass(frozen=True, slots=True)
class CardSettings:
    """How we speak to Stripe. Without ``webhook_secret`` no notice is believed.

    ``api_base`` and ``page_origins`` are those of a stand-in and exist in a demonstration only.
    """

    secret_key: str = field(repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    api_base: str | None = None
    page_origins: Sequence[str] = ()


def card_settings(environ: Mapping[str, str], *, demonstration: bool) -> CardSettings | None:
    """The keys, or None without STRIPE_SECRET_KEY: then nobody can pay by card.

    Each may lie in a file named by the same setting with _FILE, readable by its owner only.
    SettingUnfitError for a test key or another address outside a demonstration, or a real key in
    one.
    """
    key = secret_value(environ, "STRIPE_SECRET_KEY")
    if key is None:
        return None
    api_base = environ.get("STRIPE_API_BASE") or None
    if demonstration != (_TEST in key):
        raise SettingUnfitError(setting="STRIPE_SECRET_KEY")
    if api_base is not None and not demonstration:
        raise SettingUnfitError(setting="STRIPE_API_BASE")
    secret = secret_value(environ, "STRIPE_WEBHOOK_SECRET")
    return CardSettings(key, secret, api_base, () if api_base is None else (_origin(api_base),))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def secret_value(environ: Mapping[str, str], name: str) -> str | None:
    """A secret from the environment, or from the file named by the same setting with _FILE.

    SettingUnfitError if others may read the file, or nobody can.
    """
    named = environ.get(f"{name}_FILE")
    if not named:
        return environ.get(name) or None
    try:
        return read_secret_file(Path(named)).strip() or None
    except OSError as error:
        raise SettingUnfitError(setting=f"{name}_FILE") from error
