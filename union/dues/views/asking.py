"""What members say they paid, and receipts a second person asks them about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from sqlalchemy import select

from union.dues.errors import CollectorUnknownError
from union.dues.forms import KeyForm
from union.dues.forms.rounds import ANSWERS, AnswerForm, FoundForm, SaidPaidForm, SampleForm
from union.dues.models import Collector
from union.dues.queries.asking import (
    item_by_ref,
    items_of,
    lines_near,
    open_said,
    receipts_near,
    said_by_ref,
    said_of,
    sample_by_ref,
    sample_of,
    settled_said,
)
from union.dues.queries.asking import samples as every_sample
from union.dues.rules.reading import read_card
from union.dues.services import (
    Answer,
    SayPaid,
    book_said,
    draw_sample,
    find_said,
    leave_said,
    say_paid,
    withdraw_said,
    write_answer,
)
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, UnionError
from union.members.models import Member
from union.members.queries import kept_entry, member_views
from union.web.current import current_actor, perform, reading
from union.web.render import page
from union.web.words.dues import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give questions their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/mine/said", "say_paid", say, methods=both)
    blueprint.add_url_rule("/passbook/<ref>/said", "say_paid_for", say_for, methods=both)
    blueprint.add_url_rule("/said", "said", said)
    blueprint.add_url_rule("/said/<ref>", "settle_said", settle, methods=both)
    blueprint.add_url_rule("/said/<ref>/book", "book_said", book, methods=["POST"])
    blueprint.add_url_rule("/said/<ref>/unclear", "leave_said", leave, methods=["POST"])
    blueprint.add_url_rule("/said/<ref>/back", "withdraw_said", withdraw, methods=["POST"])
    blueprint.add_url_rule("/samples", "samples", samples, methods=both)
    blueprint.add_url_rule("/samples/<ref>", "sample", sample)
    blueprint.add_url_rule("/samples/asked/<ref>", "ask_sample", ask, methods=both)


def say() -> ResponseReturnValue:
    """She says she paid something that is not in her book."""
    work, person_id = reading(), current_actor().person_id
    member = None if person_id is None else kept_entry(work.session, person_id)
    if member is None:
        return page("dues/no_passbook.html")
    return _say(work, member, url_for("dues.say_paid"), own=True)


def say_for(ref: str) -> ResponseReturnValue:
    """The secretary writes down what she says."""
    work = reading()
    return _say(work, member_of(work, ref), url_for("dues.say_paid_for", ref=ref), own=False)


def said() -> ResponseReturnValue:
    """Everything members say they paid that is not booked."""
    work = reading()
    return page("dues/said.html", open_ones=open_said(work), settled=settled_said(work))


def settle(ref: str) -> ResponseReturnValue:
    """Look for it; if it stands under a receipt of hers, say which."""
    work, form = reading(), FoundForm()
    one = said_by_ref(work, ref)
    if form.validate_on_submit():
        receipt = str(form.receipt.data)
        try:
            perform(form, "find_said", lambda work: {"said": find_said(work, ref, receipt).id})
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.said"))
        one = said_by_ref(work, ref)
    return page(
        "dues/settle_said.html",
        one=one,
        form=form,
        key_form=KeyForm(),
        receipts=receipts_near(work, one.said),
        waiting=lines_near(work.session, one.said),
        reasons=REASONS,
    )


def book(ref: str) -> ResponseReturnValue:
    """Believe her and book it."""
    form = KeyForm()
    if form.validate_on_submit():
        perform(form, "book_said", lambda work: {"said": book_said(work, ref).id})
    return redirect(url_for("dues.said"))


def leave(ref: str) -> ResponseReturnValue:
    """Nobody can tell any more."""
    form = KeyForm()
    if form.validate_on_submit():
        perform(form, "leave_said", lambda work: {"said": leave_said(work, ref).id})
    return redirect(url_for("dues.said"))


def withdraw(ref: str) -> ResponseReturnValue:
    """It was found: who said it takes it back."""
    form, one = KeyForm(), said_by_ref(reading(), ref)
    me = current_actor().person_id
    if me not in {one.said.said_by, one.said.person_id}:
        raise NotAllowedError
    if form.validate_on_submit():
        perform(form, "withdraw_said", lambda work: {"said": withdraw_said(work, ref).id})
    return redirect(url_for("dues.say_paid" if current_actor().has(Role.MEMBER) else "dues.said"))


def samples() -> ResponseReturnValue:
    """Draw receipts to ask about, and see what came of earlier draws."""
    work = reading()
    today = work.clock.today()
    form = SampleForm(from_on=today.replace(day=1), until_on=today)
    if form.validate_on_submit():
        try:
            made = perform(form, "draw_sample", lambda work: _draw(work, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.sample", ref=made["sample"]))
    return page("dues/samples.html", form=form, samples=every_sample(work.session))


def sample(ref: str) -> ResponseReturnValue:
    """One draw: whom to ask, and what each said."""
    work = reading()
    one = sample_by_ref(work.session, ref)
    items = items_of(work, one.sample.id)
    return page("dues/sample.html", one=one, items=items, answers=ANSWERS)


def ask(ref: str) -> ResponseReturnValue:
    """Ask her about one receipt, and write down what she says."""
    work, form = reading(), AnswerForm()
    one = item_by_ref(work, ref)
    back = url_for("dues.sample", ref=sample_of(work.session, one.item).ref)
    if form.validate_on_submit():
        answer, minor = Answer(form.answer.data), form.said.minor
        try:
            perform(
                form,
                "write_answer",
                lambda work: {"item": write_answer(work, ref, answer, minor).id},
            )
        except UnionError as error:
            form.say(error)
        else:
            return redirect(back)
        one = item_by_ref(work, ref)
    return page("dues/ask_sample.html", one=one, form=form, back=back)


def _say(work: Work, member: Member, here: str, *, own: bool) -> ResponseReturnValue:
    form, person_id = SaidPaidForm(happened_on=work.clock.today()), member.person_id
    if form.validate_on_submit():
        try:
            perform(form, "say_paid", lambda work: _write(work, person_id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It is written down. Somebody will look for it."))
            return redirect(here)
    view = member_views(work, [person_id])[person_id]
    return page(
        "dues/say_paid.html",
        form=form,
        member=view,
        own=own,
        before=said_of(work, person_id),
        key_form=KeyForm(),
        me=current_actor().person_id,
    )


def _write(work: Work, person_id: int, form: SaidPaidForm) -> dict[str, Any]:
    card = str(form.collector.data or "").strip()
    collector_id = None
    if card:
        collector_id = work.session.scalar(
            select(Collector.id).where(Collector.card_number == read_card(card))
        )
        if collector_id is None:
            raise CollectorUnknownError
    asked = SayPaid(
        person_id=person_id,
        amount_minor=form.amount.minor,
        happened_on=form.happened_on.given,
        collector_id=collector_id,
        receipt_no=form.receipt_no.data,
        words=str(form.words.data or "").strip(),
    )
    return {"said": say_paid(work, asked).id}


def _draw(work: Work, form: SampleForm) -> dict[str, Any]:
    made = draw_sample(work, form.from_on.given, form.until_on.given, form.wanted.data or 1)
    return {"sample": made.ref}
