"""The signed report on paper: verdicts in words, findings and answers, signatures, the chain's end.

The title of the file stays empty, as on every paper of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext

from union.kernel.money import format_amount
from union.office.audit.queries.reports import ReportView
from union.web.formats import dated_instant, day
from union.web.paper import Slip
from union.web.words import audit as words
from union.web.words.ledger import account_words, fund_words

A4_MM = (210, 297)


class Sheet(Slip):
    """A whole sheet: under each name and value a paragraph may follow."""

    def words(self, text: str) -> None:
        """A paragraph from margin to margin."""
        self.set_font(style="", size=9)
        self.multi_cell(self.epw, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)


def report_paper(
    view: ReportView, answer_of: Callable[[str, str, Mapping[str, Any]], str]
) -> bytes:
    """The report as PDF; ``answer_of`` says a step's figures as a sentence."""
    content, sheet = view.content, Sheet(A4_MM)
    sheet.set_auto_page_break(auto=True, margin=16)
    sheet.heading(str(words.KINDS[content["kind"]]), _days(content))
    for step in content["steps"]:
        _, said = words.VERDICTS[step["verdict"]]
        sheet.pair(f"{words.STEPS[step['code']].title}", f"{said}")
        sheet.words(answer_of(step["code"], step["verdict"], step["figures"]))
    sheet.rule()
    for sample in content["samples"]:
        sheet.pair(*drawn_words(sample))
    for finding in content["findings"]:
        _finding(sheet, finding)
    sheet.rule()
    _standing(sheet, content)
    _signatures(sheet, view)
    return sheet.as_bytes()


def _days(content: Mapping[str, Any]) -> str:
    first, last = (date.fromisoformat(content[name]) for name in ("from_on", "to_on"))
    return f"{day(first)} – {day(last)}"


def drawn_words(sample: Mapping[str, Any]) -> tuple[str, str]:
    """What was drawn, and how: the dice, out of how many, and how many were not right."""
    words_of_it: str = gettext(
        "%(size)s of %(population)s drawn with “%(seed)s”; %(wrong)s were not right",
        size=sample["size"],
        population=sample["population"],
        seed=sample["seed"],
        wrong=sample["not_right"],
    )
    return str(words.SAMPLES[sample["what"]]), words_of_it


def _finding(sheet: Sheet, finding: Mapping[str, Any]) -> None:
    sheet.rule()
    amount = finding["amount_minor"]
    sheet.pair(
        gettext("Finding %(number)s", number=finding["number"]),
        f"{words.SEVERITIES[finding['severity']]}"
        + (f" · {format_amount(amount)}" if amount is not None else ""),
    )
    sheet.words(finding["words"])
    for kind, said in finding["answers"]:
        sheet.words(f"{words.ANSWERS[kind][1]}: {said}")


def standing_words(content: Mapping[str, Any]) -> list[tuple[str, str, str, int]]:
    """Every balance the report froze: code, account, fund, and what stood there (debit above 0)."""
    return [
        (code, account_words(code), fund_words(fund), amount)
        for code, fund, amount in content["standing"]
    ]


def _standing(sheet: Sheet, content: Mapping[str, Any]) -> None:
    last = day(date.fromisoformat(content["to_on"]))
    sheet.words(gettext("What stood in the books at the end of %(day)s", day=last))
    sheet.set_font(style="", size=8)
    with sheet.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=(12, 40, 24, 12, 12),
        text_align=("LEFT", "LEFT", "LEFT", "RIGHT", "RIGHT"),
        line_height=4.5,
    ) as table:
        table.row(
            (
                gettext("Code"),
                gettext("Account"),
                gettext("Fund"),
                gettext("Debit"),
                gettext("Credit"),
            )
        )
        for code, account, fund, amount in standing_words(content):
            debit = format_amount(amount) if amount > 0 else ""
            table.row((code, account, fund, debit, "" if debit else format_amount(-amount)))
        sums = [one[-1] for one in standing_words(content)]
        debit = format_amount(sum(one for one in sums if one > 0))
        credit = format_amount(-sum(one for one in sums if one < 0))
        table.row((gettext("Sum"), "", "", debit, credit))
    sheet.ln(3)


def _signatures(sheet: Sheet, view: ReportView) -> None:
    chain = view.content["chain"]
    sheet.words(gettext("Report %(hash)s", hash=view.report.content_hash.hex()))
    if chain is not None:
        sheet.words(
            gettext(
                "The books end in seal %(seal)s: %(hash)s", seal=chain["seal"], hash=chain["hash"]
            )
        )
    for one in view.signatures:
        sheet.pair(
            gettext("Signed by trustee no. %(number)s", number=one.row.person_id),
            dated_instant(one.row.signed_at),
        )
        sheet.words(gettext("with key %(key)s", key=one.key_print))
        sheet.words(one.row.signature.hex())
