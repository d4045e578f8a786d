"""Mail by SMTP: one short letter of harmless words, encrypted on its way or not sent at all.

It must never know a person or keep an address, and never speaks to a server in the clear but on
this machine.
"""

from __future__ import annotations

from union.gateways.mail.smtp import MailServer, SmtpMail, read_mail_server

__all__ = ["MailServer", "SmtpMail", "read_mail_server"]
