"""A collector's own day: a receipt written with signal, and what she holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for
from sqlalchemy import select

from union.dues.errors import LineRefusedError
from union.dues.forms.rounds import WriteReceiptForm
from union.dues.models import Collector, Receipt
from union.dues.queries.books import next_receipt
from union.dues.queries.collectors import collector_of
from union.dues.queries.handing import hand_overs_of
from union.dues.queries.holds import next_on_paper
from union.dues.queries.phones import devices_of, waiting_of
from union.dues.queries.rounds import round_count
from union.dues.rules.verdicts import Reason
from union.dues.services import write_round_receipt
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.web.current import current_actor, perform, reading
from union.web.render import page
from union.web.words.dues import REASONS, WORDS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString


def add_to(blueprint: Blueprint) -> None:
    """Give the day its address."""
    blueprint.add_url_rule("/round", "write_receipt", write_receipt, methods=["GET", "POST"])


def write_receipt() -> ResponseReturnValue:
    """Write a receipt of her book, with signal and without a script."""
    form = WriteReceiptForm(receipt_no=_following(reading()))
    if form.validate_on_submit():
        try:
            made = perform(form, "write_round_receipt", lambda work: _write(work, form))
        except LineRefusedError as error:
            form.say(error)
            form.form_errors[-1] = _told_her(str(error.facts["reason"]))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.receipt", ref=made["receipt"]))
    return page("dues/round.html", form=form, **_about(reading()))


def _told_her(reason: str) -> LazyString:
    """Why a receipt is refused, said to the collector who writes it."""
    return WORDS["own_payment"] if reason == Reason.OWN_RECEIPT else REASONS[reason][0]


def _mine(work: Work) -> Collector | None:
    return collector_of(work.session, current_actor().person_id)


def _following(work: Work) -> int | None:
    mine = _mine(work)
    return None if mine is None else next_on_paper(work.session, mine.id)


def _about(work: Work) -> dict[str, Any]:
    mine = _mine(work)
    if mine is None:
        return {
            "following": None,
            "white": False,
            "held_minor": 0,
            "waiting": [],
            "hands": [],
            "phones": [],
            "reasons": REASONS,
        }
    hands = [one for one in hand_overs_of(work.session, mine.id) if one.state == "waiting"]
    return {
        "following": next_on_paper(work.session, mine.id),
        "white": next_receipt(work.session, mine.id) is not None,
        "held_minor": round_count(work.session, mine.id).held_minor,
        "waiting": waiting_of(work.session, mine.id),
        "hands": hands,
        "phones": [one for one in devices_of(work.session, mine.id) if not one.device.revoked_at],
        "reasons": REASONS,
        "collector": mine,
    }


def _write(work: Work, form: WriteReceiptForm) -> dict[str, Any]:
    payment_id = write_round_receipt(
        work, str(form.card.data), form.amount.minor, form.receipt_no.data or 0
    )
    ref = work.session.scalar(select(Receipt.ref).where(Receipt.payment_id == payment_id))
    return {"receipt": ref}
