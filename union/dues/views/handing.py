"""The second hand on cash handed in, and differences until they are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, url_for

from union.dues.forms import KeyForm
from union.dues.forms.rounds import HOW_OVER, HOW_SHORT, DifferenceForm, SignOtherForm
from union.dues.policy import may_see_round
from union.dues.queries.handing import (
    OPEN_HANDS,
    HandOverView,
    difference_by_ref,
    hand_over_by_ref,
    hand_overs_of,
)
from union.dues.queries.handing import differences as every_difference
from union.dues.queries.rounds import collector_rounds
from union.dues.services import (
    How,
    SettleDifference,
    SignHandOver,
    settle_difference,
    settle_signature,
    sign_hand_over,
)
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, UnionError
from union.kernel.money import as_typed
from union.members.queries import all_entries_of
from union.web.current import current_actor, perform, reading
from union.web.forms import choices_of
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give hands and differences their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/cash/handed/<ref>", "sign_cash", sign_cash, methods=both)
    blueprint.add_url_rule("/cash/handed/<ref>/other", "sign_other", sign_other, methods=["POST"])
    blueprint.add_url_rule(
        "/cash/handed/<ref>/settled", "settle_signature", settle, methods=["POST"]
    )
    blueprint.add_url_rule("/cash/differences", "differences", differences)
    blueprint.add_url_rule("/cash/differences/<ref>", "difference", difference, methods=both)


def sign_cash(ref: str) -> ResponseReturnValue:
    """Look at what was counted, and sign it."""
    form = KeyForm()
    _seen(reading(), ref)
    if form.validate_on_submit():
        try:
            perform(form, "sign_hand_over", lambda work: _sign(work, SignHandOver(ref)))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.sign_cash", ref=ref))
    return _shown(ref, form, SignOtherForm())


def sign_other(ref: str) -> ResponseReturnValue:
    """It was another sum: say which."""
    form = SignOtherForm()
    _seen(reading(), ref)
    if form.validate_on_submit():
        asked = SignHandOver(ref, form.said.minor)
        try:
            perform(form, "sign_hand_over", lambda work: _sign(work, asked))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.sign_cash", ref=ref))
    return _shown(ref, KeyForm(), form)


def settle(ref: str) -> ResponseReturnValue:
    """A third person has dealt with what two said differently."""
    form = KeyForm()
    _seen(reading(), ref)
    if form.validate_on_submit():
        perform(form, "settle_signature", lambda work: {"id": settle_signature(work, ref).id})
    return redirect(url_for("dues.sign_cash", ref=ref))


def differences() -> ResponseReturnValue:
    """Every difference with what is left of it, and every hand-over that waits for a hand."""
    work = reading()
    views = every_difference(work.session)
    hands = [one for one in hand_overs_of(work.session) if one.state in OPEN_HANDS]
    ids = {one.collector.id for one in views} | {one.collector.id for one in hands}
    labels = {one.collector.id: one.label for one in collector_rounds(work, ids)}
    return page("dues/differences.html", differences=views, hands=hands, labels=labels)


def difference(ref: str) -> ResponseReturnValue:
    """Settle what was short or too much."""
    work = reading()
    one = difference_by_ref(work.session, ref)
    form = DifferenceForm(amount=as_typed(one.free_minor))
    form.how.choices = choices_of(HOW_SHORT if one.difference.amount_minor < 0 else HOW_OVER)
    if form.validate_on_submit():
        asked = SettleDifference(ref, How(form.how.data), form.amount.minor)
        try:
            made = perform(form, "settle_difference", lambda work: settle_difference(work, asked))
        except UnionError as error:
            form.say(error)
        else:
            if "voucher" in made:
                return redirect(url_for("ledger.voucher", ref=made["voucher"]))
            return redirect(url_for("dues.differences"))
        one = difference_by_ref(work.session, ref)
    label = collector_rounds(work, [one.collector.id])[0].label
    own = is_present(work, one.collector.person_id)
    return page("dues/difference.html", one=one, form=form, label=label, own=own)


def _seen(work: Work, ref: str) -> HandOverView:
    one = hand_over_by_ref(work.session, ref)
    if not may_see_round(current_actor(), all_entries_of(work.session, one.collector.person_id)):
        raise NotAllowedError
    return one


def _sign(work: Work, asked: SignHandOver) -> dict[str, int]:
    return {"signature": sign_hand_over(work, asked).id}


def _shown(ref: str, form: KeyForm, other: SignOtherForm) -> str:
    work = reading()
    one = _seen(work, ref)
    label = collector_rounds(work, [one.collector.id])[0].label
    return page(
        "dues/hand_over.html",
        one=one,
        label=label,
        form=form,
        other=other,
        settle_form=KeyForm(),
        herself=is_present(work, one.collector.person_id),
        counted_it=is_present(work, one.hand_over.received_by),
    )
