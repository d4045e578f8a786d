"""CAMT.053, the statement of ISO 20022, of any version and with any prefix.

Document types and entities are refused before anything of them is expanded. An entry that holds
several transactions becomes several lines if they add up to it, and stays one if they do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError  # nosec B405 # an error's name; defusedxml reads

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from union.gateways.bank_files.plain import (
    MOST_LINES,
    CurrencyError,
    FileKind,
    FileTooLargeError,
    FileUnreadableError,
    PlainLine,
    PlainStatement,
    RowProblem,
    SeveralStatementsError,
    XmlRefusedError,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405 # a type's name; defusedxml reads

OURS = "INR"
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_MINOR = 100


def read_camt(content: bytes) -> PlainStatement:
    """Read a statement; what stands in it as not yet booked is left out.

    FileUnreadableError, XmlRefusedError, CurrencyError or SeveralStatementsError.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise XmlRefusedError from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileUnreadableError from error
    statements = [one for one in root.iter() if _name(one) == "Stmt"]
    if len(statements) != 1:
        raise SeveralStatementsError if statements else FileUnreadableError
    return _statement(statements[0])


def _statement(statement: Element) -> PlainStatement:
    currency = _text(statement, "Acct", "Ccy")
    amounts = [one for one in statement.iter() if _name(one) == "Amt" and one.get("Ccy")]
    if {currency or OURS, *(one.get("Ccy") for one in amounts[:1])} != {OURS}:
        raise CurrencyError
    lines: list[PlainLine] = []
    problems: list[RowProblem] = []
    for row_no, entry in enumerate(_all(statement, "Ntry"), start=1):
        if row_no > MOST_LINES:
            raise FileTooLargeError
        if _status(entry) != "BOOK":
            continue
        made = list(_lines(row_no, entry))
        lines += made
        if not made:
            problems.append(RowProblem(row_no, "amount" if _day(entry, "BookgDt") else "date"))
    return PlainStatement(
        kind=FileKind.CAMT,
        account_number=_text(statement, "Acct", "Id", "Othr", "Id")
        or _text(statement, "Acct", "Id", "IBAN"),
        period_from=_period(statement, "FrDtTm", _OPENING, lines[:1]),
        period_to=_period(statement, "ToDtTm", _CLOSING, lines[-1:]),
        opening_minor=_balance(statement, _OPENING),
        closing_minor=_balance(statement, _CLOSING),
        lines=tuple(lines),
        problems=tuple(problems),
    )


def _lines(row_no: int, entry: Element) -> Iterator[PlainLine]:
    amount, booked = _signed(entry), _day(entry, "BookgDt") or _day(entry, "ValDt")
    if amount is None or booked is None:
        return
    details = [one for part in _all(entry, "NtryDtls") for one in _all(part, "TxDtls")]
    parts = [_signed_part(entry, one) for one in details]
    known = [part for part in parts if part is not None]
    split = len(details) > 1 and len(known) == len(details) and sum(known) == amount
    groups = [[one] for one in details] if split else [details]
    sums = known if split else [amount]
    for group, part in zip(groups, sums, strict=True):
        yield PlainLine(
            row_no=row_no,
            booked_on=booked,
            value_on=_day(entry, "ValDt"),
            amount_minor=part,
            narration=_narration(entry, group),
            reference=_reference(entry, group),
            counterparty=_counterparty(group, part),
        )


def _signed_part(entry: Element, detail: Element) -> int | None:
    own = _child(detail, "Amt")
    if own is None:
        return None
    sign = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd") or ""
    return _minor(own, sign)


def _signed(entry: Element) -> int | None:
    amount = _child(entry, "Amt")
    return None if amount is None else _minor(amount, _text(entry, "CdtDbtInd") or "")


def _minor(amount: Element, sign: str) -> int | None:
    if amount.get("Ccy", OURS) != OURS or sign not in _SIGNS:
        return None
    try:
        paise = Decimal((amount.text or "").strip()) * _MINOR
    except InvalidOperation:
        return None
    if not paise.is_finite() or paise != paise.to_integral_value() or paise < 0:
        return None
    return int(paise) * _SIGNS[sign]


def _narration(entry: Element, details: list[Element]) -> str:
    said = [
        text
        for one in details
        for info in _all(one, "RmtInf")
        for text in (
            *(part.text for part in _all(info, "Ustrd")),
            *(_text(part, "CdtrRefInf", "Ref") for part in _all(info, "Strd")),
        )
    ]
    said += [_text(one, "AddtlTxInf") for one in details] + [_text(entry, "AddtlNtryInf")]
    return " ".join(dict.fromkeys(text.strip() for text in said if text and text.strip()))


def _reference(entry: Element, details: list[Element]) -> str | None:
    of_details = [_text(one, "Refs", "AcctSvcrRef") or _end_to_end(one) for one in details]
    if len(details) == 1 and of_details[0]:
        return of_details[0]
    return _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")


def _end_to_end(detail: Element) -> str | None:
    said = _text(detail, "Refs", "EndToEndId")
    return None if said == "NOTPROVIDED" else said


def _counterparty(details: list[Element], amount_minor: int) -> str | None:
    role = "Dbtr" if amount_minor > 0 else "Cdtr"
    for one in details:
        name = _text(one, "RltdPties", role, "Nm") or _text(one, "RltdPties", role, "Pty", "Nm")
        account = _text(one, "RltdPties", f"{role}Acct", "Id", "Othr", "Id")
        if name or account:
            return " ".join(part for part in (name, account) if part)
    return None


def _balance(statement: Element, codes: tuple[str, ...]) -> int | None:
    balance = _balance_part(statement, codes)
    return None if balance is None else _signed(balance)


def _balance_part(statement: Element, codes: tuple[str, ...]) -> Element | None:
    held = {_text(one, "Tp", "CdOrPrtry", "Cd"): one for one in _all(statement, "Bal")}
    return next((held[code] for code in codes if code in held), None)


def _period(
    statement: Element, edge: str, codes: tuple[str, ...], at_the_edge: list[PlainLine]
) -> date | None:
    said = _iso(_text(statement, "FrToDt", edge))
    if said is not None:
        return said
    balance = _balance_part(statement, codes)
    on = None if balance is None else _day(balance, "Dt")
    return on or next((line.booked_on for line in at_the_edge), None)


def _status(entry: Element) -> str:
    return _text(entry, "Sts", "Cd") or _text(entry, "Sts") or "BOOK"


def _day(parent: Element, name: str) -> date | None:
    return _iso(_text(parent, name, "Dt")) or _iso(_text(parent, name, "DtTm"))


def _iso(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _text(parent: Element, *path: str) -> str | None:
    found: Element | None = parent
    for name in path:
        found = None if found is None else _child(found, name)
    text = None if found is None else (found.text or "").strip()
    return text or None


def _child(parent: Element, name: str) -> Element | None:
    return next(iter(_all(parent, name)), None)


def _all(parent: Element, name: str) -> list[Element]:
    return [one for one in parent if _name(one) == name]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
