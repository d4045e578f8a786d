"""Texts by a form over HTTP, as Kannel and most carriers' gateways take and give them."""

from __future__ import annotations

from union.gateways.http_sms.gateway import HttpSms, http_sms
from union.gateways.http_sms.reading import Told, may_knock, read_receipt, read_text

__all__ = ["HttpSms", "Told", "http_sms", "may_knock", "read_receipt", "read_text"]
