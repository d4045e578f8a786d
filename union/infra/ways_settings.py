"""How words leave and enter: the providers of this deployment, their order, keys and numbers.

Read from the environment once; secrets also from files, never logged. Refuses what would send a
secret over an open line, and any real provider in a demonstration: pretended people have numbers.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from union.infra.card_settings import SettingUnfitError, secret_value

KANNEL_FORM = (
    "X-Kannel-Username={user}&X-Kannel-Password={secret}&X-Kannel-From={sender}&X-Kannel-To={to}"
    "&X-Kannel-Coding={coding}&X-Kannel-Account={key}&X-Kannel-DLR-Mask=31"
    "&X-Kannel-DLR-Url={receipt}"
)
KANNEL_TAKEN = r"^(0: |3: )"
IN_NAMES: Mapping[str, str] = {"from": "from", "to": "to", "text": "text", "id": "id"}
TWILIO, GAMMU = "twilio", "gammu"
_NAME = re.compile(r"[a-z][a-z0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class HttpSmsSettings:
    """One gateway that takes texts by a form over HTTP, as Kannel does.

    ``form`` is the form itself, with what stands in {braces} filled in: names that begin with X-
    travel as headers, and a text that none of them takes is the body. ``taken`` is the pattern of
    an answer that means yes, ``id_pattern`` finds the provider's id in it. ``names`` are those
    under which it posts a text to us. Without ``webhook_secret`` nothing is let in from it; with
    ``sources`` only from those addresses besides.
    """

    name: str
    url: str
    user: str = ""
    secret: str = field(default="", repr=False)
    sender: str = ""
    form: str = field(default=KANNEL_FORM, repr=False)
    taken: str = KANNEL_TAKEN
    id_pattern: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: IN_NAMES)
    callback: str = ""
    webhook_secret: str | None = field(default=None, repr=False)
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """One account at Twilio; calls to one of ``missed_numbers`` are not picked up and cost nothing.

    Nor are those to ``yes_numbers`` and ``there_numbers``: whoever is asked says by them that she
    comes, or that she is there, and is rung back for her digits. To ``going_numbers`` one of ours
    lets it ring who was called on her own phone and goes. ``sms_from`` is a number or a messaging
    service (MG…).
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sms_from: str = ""
    voice_from: str = ""
    missed_numbers: Sequence[str] = ()
    yes_numbers: Sequence[str] = ()
    there_numbers: Sequence[str] = ()
    going_numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class GammuSettings:
    """The folder in which gammu-smsd keeps inbox, outbox, sent and error."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Registration:
    """What carriers of one country registered: the sender's number there, and each text's.

    ``texts`` are keyed by "template.language".
    """

    entity: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WaysSettings:
    """The providers in their order. ``registrations`` are keyed by country, as "IN"."""

    sms: Sequence[str] = ()
    voice: Sequence[str] = ()
    http: Mapping[str, HttpSmsSettings] = field(default_factory=dict)
    twilio: TwilioSettings | None = None
    gammu: GammuSettings | None = None
    registrations: Mapping[str, Registration] = field(default_factory=dict)


def ways_settings(environ: Mapping[str, str], *, demonstration: bool) -> WaysSettings | None:
    """The providers named in SMS_PROVIDERS and VOICE_PROVIDERS; None if there are none.

    SettingUnfitError names the setting that is missing, unsafe, or there in a demonstration.
    """
    sms, voice = (_listed(environ, name) for name in ("SMS_PROVIDERS", "VOICE_PROVIDERS"))
    if not sms and not voice:
        return None
    if demonstration:
        raise SettingUnfitError(setting="SMS_PROVIDERS" if sms else "VOICE_PROVIDERS")
    if set(voice) - {TWILIO}:
        raise SettingUnfitError(setting="VOICE_PROVIDERS")
    return WaysSettings(
        sms=sms,
        voice=voice,
        http={name: _http(environ, name) for name in sms if name not in (TWILIO, GAMMU)},
        twilio=_twilio(environ) if TWILIO in (*sms, *voice) else None,
        gammu=GammuSettings(Path(_needed(environ, "GAMMU_FOLDER"))) if GAMMU in sms else None,
        registrations=_registrations(environ),
    )


def _listed(environ: Mapping[str, str], setting: str) -> tuple[str, ...]:
    names = [one.strip() for one in environ.get(setting, "").split(",") if one.strip()]
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise SettingUnfitError(setting=setting)
    return tuple(names)


def _needed(environ: Mapping[str, str], setting: str) -> str:
    value = environ.get(setting)
    if not value:
        raise SettingUnfitError(setting=setting)
    return value


def _http(environ: Mapping[str, str], name: str) -> HttpSmsSettings:
    prefix = f"SMS_{name.upper()}_"
    url = _needed(environ, f"{prefix}URL")
    form = environ.get(f"{prefix}FORM") or KANNEL_FORM
    if not _is_safe(url):
        raise SettingUnfitError(setting=f"{prefix}URL")
    return HttpSmsSettings(
        name=name,
        url=url,
        user=environ.get(f"{prefix}USER", ""),
        secret=secret_value(environ, f"{prefix}SECRET") or "",
        sender=environ.get(f"{prefix}SENDER", ""),
        form="&".join(filter(None, [form, environ.get(f"{prefix}MORE")])),
        taken=_pattern(environ, f"{prefix}TAKEN") or KANNEL_TAKEN,
        id_pattern=_pattern(environ, f"{prefix}ID"),
        names={**IN_NAMES, **_pairs(environ, f"{prefix}NAMES")},
        callback=environ.get(f"{prefix}CALLBACK") or environ.get("PUBLIC_URL", ""),
        webhook_secret=secret_value(environ, f"{prefix}WEBHOOK_SECRET"),
        sources=_sources(environ, f"{prefix}SOURCES"),
    )


def _twilio(environ: Mapping[str, str]) -> TwilioSettings:
    token = secret_value(environ, "TWILIO_AUTH_TOKEN")
    if token is None:
        raise SettingUnfitError(setting="TWILIO_AUTH_TOKEN")
    return TwilioSettings(
        account_sid=_needed(environ, "TWILIO_ACCOUNT_SID"),
        auth_token=token,
        sms_from=environ.get("TWILIO_SMS_FROM", ""),
        voice_from=environ.get("TWILIO_VOICE_FROM", ""),
        missed_numbers=_numbers(environ, "TWILIO_MISSED_NUMBERS"),
        yes_numbers=_numbers(environ, "TWILIO_YES_NUMBERS"),
        there_numbers=_numbers(environ, "TWILIO_THERE_NUMBERS"),
        going_numbers=_numbers(environ, "TWILIO_GOING_NUMBERS"),
    )


def _numbers(environ: Mapping[str, str], setting: str) -> list[str]:
    return [one.strip() for one in environ.get(setting, "").split(",") if one.strip()]


def _is_safe(url: str) -> bool:
    """Whether a secret may go there: over TLS, or to an address that no open net carries."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http":
        return False
    try:
        return ipaddress.ip_address(parts.hostname or "").is_private
    except ValueError:
        return parts.hostname == "localhost"


def _pattern(environ: Mapping[str, str], setting: str) -> str | None:
    text = environ.get(setting) or None
    try:
        re.compile(text or "")
    except re.error as error:
        raise SettingUnfitError(setting=setting) from error
    return text


def _pairs(environ: Mapping[str, str], setting: str) -> dict[str, str]:
    pairs = [one.partition("=") for one in environ.get(setting, "").split(",") if one]
    if not all(name in IN_NAMES and theirs for name, _, theirs in pairs):
        raise SettingUnfitError(setting=setting)
    return {name: theirs for name, _, theirs in pairs}


def _sources(environ: Mapping[str, str], setting: str) -> tuple[str, ...]:
    listed = [one.strip() for one in environ.get(setting, "").split(",") if one.strip()]
    try:
        return tuple(str(ipaddress.ip_network(one)) for one in listed)
    except ValueError as error:
        raise SettingUnfitError(setting=setting) from error


def _registrations(environ: Mapping[str, str]) -> dict[str, Registration]:
    named = environ.get("SMS_REGISTERED")
    if not named:
        return {}
    try:
        held = json.loads(Path(named).read_text(encoding="utf-8"))
        return {
            country: Registration(str(one["entity"]), {**one["texts"]})
            for country, one in held.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingUnfitError(setting="SMS_REGISTERED") from error
