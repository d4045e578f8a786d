"""Where somebody's money is sent: a bank account with its IFSC, or a UPI address."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from union.bank.errors import (
    AddressUnreadableError,
    PayeeAddressUnreadableError,
    PayeeIfscUnreadableError,
    PayeeNameUnreadableError,
    PayeeNumberUnreadableError,
    PayeeWaysError,
)
from union.kernel.money import western_digits

LONGEST_NAME = 40
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_NUMBER = re.compile(r"\d{9,18}")
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-_]{1,60}@[A-Za-z][A-Za-z0-9]{2,18}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .&'-]{1,39}")


@dataclass(frozen=True, slots=True)
class PayeeDetails:
    """A name as the bank has it, and an account with IFSC, or a UPI address."""

    name: str
    number: str = ""
    ifsc: str = ""
    address: str = ""

    @property
    def where(self) -> str:
        """What makes two payees one: the account or the address."""
        return f"{self.ifsc} {self.number}" if self.number else self.address

    @property
    def shown(self) -> str:
        """The last figures only, as lists write it."""
        return f"…{self.number[-4:]}, {self.ifsc}" if self.number else self.address

    def closed(self) -> str:
        """What is encrypted of it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def opened(cls, text: str) -> PayeeDetails:
        """The opposite of ``closed``."""
        return cls(**json.loads(text))


def read_payee(name: str, number: str, ifsc: str, address: str) -> PayeeDetails:
    """Read what was typed: one account with its IFSC, or one UPI address.

    Each field that cannot be read has an error of its own (PayeeUnreadableError of all kinds).
    Account numbers of Indian banks have nine to eighteen figures; the IFSC is the RBI's: four
    letters of the bank, a nought, six signs of the branch.
    """
    bare_name = " ".join(name.split())
    if _NAME.fullmatch(bare_name) is None:
        raise PayeeNameUnreadableError
    digits = re.sub(r"[\s-]", "", western_digits(number))
    code = re.sub(r"\s", "", ifsc).upper()
    if address.strip():
        if digits or code:
            raise PayeeWaysError
        return PayeeDetails(bare_name, address=_payee_address(address))
    if _NUMBER.fullmatch(digits) is None:
        raise PayeeNumberUnreadableError
    if _IFSC.fullmatch(code) is None:
        raise PayeeIfscUnreadableError
    return PayeeDetails(bare_name, number=digits, ifsc=code)


def _payee_address(text: str) -> str:
    try:
        return read_address(text)
    except AddressUnreadableError:
        raise PayeeAddressUnreadableError from None


def read_address(text: str) -> str:
    """A UPI address, in small letters; AddressUnreadableError."""
    if _ADDRESS.fullmatch(text.strip()) is None:
        raise AddressUnreadableError
    return text.strip().lower()


def read_payee_name(text: str) -> str:
    """The neutral name beside our own address; AddressUnreadableError if it cannot stand there."""
    bare = " ".join(text.split())
    if _NAME.fullmatch(bare) is None:
        raise AddressUnreadableError
    return bare
