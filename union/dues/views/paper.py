"""A receipt on paper: neutral words, the same figures as on the page."""

from __future__ import annotations

from flask_babel import gettext

from union.dues.queries.passbook import ReceiptView
from union.kernel.money import format_amount
from union.web.formats import day, month
from union.web.paper import Slip, letters_put_back


def print_receipt(view: ReceiptView) -> bytes:
    """The receipt as a PDF slip: number, sum, card, day and months; nothing names the union."""
    slip = Slip()
    with letters_put_back(slip):
        _draw(slip, view)
        return slip.as_bytes()


def _draw(slip: Slip, view: ReceiptView) -> None:
    payment = view.payment
    slip.heading(gettext("Receipt"), gettext("No. %(number)s", number=view.number))
    slip.large(format_amount(payment.amount_minor))
    slip.pair(gettext("Card"), view.member.card)
    if view.member.called:
        slip.pair(gettext("Called"), view.member.called)
    slip.pair(gettext("Given on"), day(payment.happened_on))
    if view.months:
        slip.pair(gettext("For"), ", ".join(month(one) for one in view.months))
    if payment.credit_minor:
        slip.pair(gettext("Kept for later"), format_amount(payment.credit_minor))
    if view.taken_back_on:
        slip.pair(gettext("Taken back on"), day(view.taken_back_on))
    slip.rule()
    slip.foot(gettext("Thank you. Keep this slip; show it if anybody asks whether you have paid."))
