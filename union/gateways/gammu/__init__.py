"""A GSM modem on this machine, by the folders of gammu-smsd."""

from __future__ import annotations

from union.gateways.gammu.modem import Found, Modem, modem

__all__ = ["Found", "Modem", "modem"]
