"""A text handed to an HTTP gateway: one request, one answer, no second try and no redirect.

Number and words travel in the body or the headers, never in the address, so that no log on the
way has them; an error of the library is never passed on, for it may quote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from union.gateways.fanout import MOST_AT_ONCE
from union.gateways.once import Once
from union.gateways.port import GatewayRefusedError, GatewayUnreachableError, Receipt
from union.infra.ways_settings import HttpSmsSettings

TIMEOUT_S = (2.0, 2.5)
"""To connect, and to answer: together less than the five seconds a call may take."""

MOST_READ = 4096
HEADER = "X-"
_REGISTRATION = re.compile(r"\{(entity|template)\}")
GSM, UNICODE = "0", "2"
_GSM_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""What one part of 160 letters can carry (3GPP TS 23.038); anything else needs Unicode."""

Registered = Callable[[str, str], Mapping[str, str]]
"""(number, text) → what must be said of the text's registration; GatewayRefusedError if none."""


def unregistered(_to_e164: str, _text: str) -> Mapping[str, str]:
    """Where no country asks for registered texts."""
    return {}


@dataclass(frozen=True, slots=True)
class Posted:
    """What is posted: a form, or a text by itself with everything else in the headers."""

    headers: Mapping[str, str] = field(repr=False)
    body: list[tuple[str, str]] | bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpSms:
    """One gateway. The key goes along, and comes back in the address of the receipt."""

    settings: HttpSmsSettings
    session: requests.Session
    registered: Registered = unregistered
    _once: Once = field(default_factory=Once)

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """Hand over one text; GatewayRefusedError or GatewayUnreachableError otherwise."""
        posted = self._posted(key, to_e164, text)
        return self._once.hand_over(key, lambda: self._post(key, posted))

    def _posted(self, key: str, to_e164: str, text: str) -> Posted:
        filled = {
            "user": self.settings.user,
            "secret": self.settings.secret,
            "sender": self.settings.sender,
            "to": to_e164,
            "to_digits": to_e164.removeprefix("+"),
            "text": text,
            "key": key,
            "coding": GSM if _GSM_LETTERS.issuperset(text) else UNICODE,
            "receipt": self._receipt_address(key),
            "entity": "",
            "template": "",
            **self.registered(to_e164, text),
        }
        named = [
            (name, value)
            for name, value in parse_qsl(self.settings.form, keep_blank_values=True)
            if filled["template"] or not _REGISTRATION.search(value)
        ]
        pairs = [(name, value.format_map(filled)) for name, value in named]
        headers = {name: value for name, value in pairs if value and name.startswith(HEADER)}
        form = [(name, value) for name, value in pairs if value and not name.startswith(HEADER)]
        if any("{text}" in value for _name, value in named):
            return Posted(headers, form)
        return Posted({"Content-Type": "text/plain; charset=UTF-8", **headers}, text.encode())

    def _receipt_address(self, key: str) -> str:
        """Where the gateway tells what became of it; the secret travels as a password does."""
        secret = self.settings.webhook_secret
        if secret is None or not self.settings.callback:
            return ""
        parts = urlsplit(self.settings.callback)
        host = f"{parts.scheme}://sangha:{quote(secret, safe='')}@{parts.netloc}{parts.path}"
        return f"{host}/in/sms/{self.settings.name}/receipt?key={key}&status=%d"

    def _post(self, key: str, posted: Posted) -> Receipt:
        try:
            with self.session.post(
                self.settings.url,
                data=posted.body,
                headers=posted.headers,
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            ) as answer:
                said = answer.raw.read(MOST_READ, decode_content=True).decode(errors="replace")
                status = answer.status_code
        except (requests.RequestException, OSError):
            raise GatewayUnreachableError from None
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            raise GatewayUnreachableError
        if status >= HTTPStatus.MULTIPLE_CHOICES or not re.search(self.settings.taken, said):
            raise GatewayRefusedError
        return Receipt(self.settings.name, self._id_in(said) or key)

    def _id_in(self, said: str) -> str | None:
        found = re.search(self.settings.id_pattern, said) if self.settings.id_pattern else None
        return None if found is None else (found.group(1) if found.groups() else found.group())[:80]


def http_sms(settings: HttpSmsSettings, registered: Registered = unregistered) -> HttpSms:
    """The gateway by these settings, with room for as many calls as one round makes."""
    session = requests.Session()
    # Neither a proxy nor a password of whoever started the process.
    session.trust_env = False
    adapter = HTTPAdapter(pool_maxsize=MOST_AT_ONCE, max_retries=0)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return HttpSms(settings, session, registered)
