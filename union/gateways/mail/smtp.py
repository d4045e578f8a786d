"""One letter, one connection: STARTTLS or TLS from the start, every step under a hard time-out.

SMTP knows no idempotency; the letter's Message-ID is made of the key, so that a mailbox that gets
it twice can show it once. A letter the server has taken counts, whatever goes wrong afterwards.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from union.gateways.port import GatewayRefusedError, GatewayUnreachableError, Receipt
from union.kernel.clock import Clock
from union.kernel.errors import UnionError

PROVIDER = "smtp"
STEP_SECONDS = 4.0
"""For each step of the conversation; the fan-out bounds the whole."""

IMPLICIT_TLS_PORT = 465
SUBMISSION_PORT = 587
FOR_EVER = 500
"""Answers from here on are a no; those below mean later."""

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class MailServerUnfitError(UnionError):
    """The setting names no mail server we would speak to."""

    code: ClassVar[str] = "mail_server_unfit"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in, and from whom they come.

    `safety` is "tls" from the start, "starttls", or "none" on this very machine.
    """

    host: str
    port: int
    safety: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def read_mail_server(address: str, sender: str) -> MailServer:
    """Read `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.

    `smtp+plain://127.0.0.1:25` is for a server on this machine only. MailServerUnfitError for
    anything else, or without a sender's address.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise MailServerUnfitError from error
    kinds = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "none"}
    safety, host = kinds.get(parts.scheme), parts.hostname
    if safety is None or not host or "@" not in parseaddr(sender)[1]:
        raise MailServerUnfitError
    if safety == "none" and host not in THIS_MACHINE:
        raise MailServerUnfitError
    return MailServer(
        host=host,
        port=port or (IMPLICIT_TLS_PORT if safety == "tls" else SUBMISSION_PORT),
        safety=safety,
        sender=sender,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Letters through one server.

    ``subject`` is the neutral name the pages bear too: whoever holds the phone reads it.
    """

    server: MailServer
    clock: Clock
    trusted: ssl.SSLContext | None = None
    subject: str = "Notebook"

    def mail(self, key: str, address: str, text: str) -> Receipt:
        """Hand over, or raise GatewayRefusedError or GatewayUnreachableError."""
        try:
            letter = self._letter(key, address, text)
            with self._spoken_to() as server:
                server.send_message(letter)
        except smtplib.SMTPException as error:
            # Its words quote the address: only whether it was a no for good is kept.
            raise _meaning(error) from None
        except OSError:
            raise GatewayUnreachableError from None
        except ValueError:
            raise GatewayRefusedError from None
        return Receipt(PROVIDER, str(letter["Message-ID"]))

    def _letter(self, key: str, address: str, text: str) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = self.subject
        letter["From"] = self.server.sender
        letter["To"] = address
        letter["Date"] = format_datetime(self.clock.now())
        letter["Message-ID"] = f"<{key}@{parseaddr(self.server.sender)[1].rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter

    @contextlib.contextmanager
    def _spoken_to(self) -> Iterator[smtplib.SMTP]:
        """The server, greeted, encrypted and signed in; left without minding how."""
        at, safe = self.server, self.trusted or ssl.create_default_context()
        server: smtplib.SMTP
        if at.safety == "tls":
            server = smtplib.SMTP_SSL(at.host, at.port, timeout=STEP_SECONDS, context=safe)
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=STEP_SECONDS)
        try:
            if at.safety == "starttls":
                server.starttls(context=safe)
            if at.user is not None:
                server.login(at.user, at.password or "")
            yield server
        finally:
            _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    # The letter is taken or refused by now: a farewell that fails changes neither.
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _meaning(error: smtplib.SMTPException) -> GatewayRefusedError | GatewayUnreachableError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:
        codes = []
    for_good = isinstance(error, smtplib.SMTPNotSupportedError) or any(
        code >= FOR_EVER for code in codes
    )
    return GatewayRefusedError() if for_good else GatewayUnreachableError()
