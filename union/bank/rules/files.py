"""The file of payments that a bank takes in: neutral words only, and nothing a sheet would run.

No fund, no voucher, no case stands in it, the order says nothing, and every remark is the same
but for a code that means something to us alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from union.bank.rules.payees import PayeeDetails
from union.kernel.cells import plain_cell

HEADING = (
    "Serial no",
    "Payee name",
    "Account number",
    "IFSC",
    "UPI ID",
    "Amount",
    "Mode",
    "Remarks",
    "Reference",
)
REMARK = "Payment"
_MINOR = 100


@dataclass(frozen=True, slots=True)
class OutLine:
    """One payment: to whom, how much (paise), under which code."""

    details: PayeeDetails
    amount_minor: int
    code: str


def payment_file(lines: Iterable[OutLine]) -> bytes:
    """A CSV in the order given, as banks' bulk upload takes it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADING)
    for number, line in enumerate(lines, start=1):
        to = line.details
        writer.writerow(
            (
                number,
                plain_cell(to.name),
                plain_cell(to.number),
                plain_cell(to.ifsc),
                plain_cell(to.address),
                f"{line.amount_minor // _MINOR}.{line.amount_minor % _MINOR:02d}",
                "NEFT" if to.number else "UPI",
                f"{REMARK} {line.code}",
                plain_cell(line.code),
            )
        )
    return out.getvalue().encode()
