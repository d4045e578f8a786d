"""How notices and letters leave: from the environment or from files, never logged.

Without a mail server nothing goes by mail; notices of the app need no setting, for their key is
the union's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from union.infra.card_settings import secret_value

NO_CONTACT = "mailto:postmaster@localhost"


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Who we are to the push services, which we call besides the known ones, and the mail server.

    `contact` is https: or mailto: (RFC 8292); `services` are origins; `mail_server` is a URL that
    may hold a password, `mail_from` the sender's address.
    """

    contact: str = NO_CONTACT
    services: tuple[str, ...] = ()
    mail_server: str | None = field(default=None, repr=False)
    mail_from: str = ""


def notice_settings(environ: Mapping[str, str], public_url: str) -> NoticeSettings:
    """Read PUSH_CONTACT, PUSH_SERVICES, SMTP_URL (or SMTP_URL_FILE) and MAIL_FROM."""
    own = public_url if public_url.startswith("https://") else NO_CONTACT
    return NoticeSettings(
        contact=environ.get("PUSH_CONTACT") or own,
        services=tuple(environ.get("PUSH_SERVICES", "").split()),
        mail_server=secret_value(environ, "SMTP_URL"),
        mail_from=environ.get("MAIL_FROM", ""),
    )
