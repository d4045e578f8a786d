"""The committee's pages: what waits, one claim, hearing, deciding, opening what is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError, UnionError
from union.kernel.money import parse_amount
from union.members.queries import member_by_card
from union.web.current import acting, current_actor, perform, reading
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.opening import is_open, said_by
from union.web.render import page
from union.welfare import services
from union.welfare.forms import (
    AskForForm,
    DecideForm,
    HearForm,
    OpenForm,
    PayAgainForm,
    SchemeForm,
    chosen_day,
)
from union.welfare.policy import refuse_own
from union.welfare.queries import claim_by_ref, claim_view, claims_decided, claims_waiting
from union.welfare.rules import SICKNESS, Departure, Evidence, Outcome, Terms
from union.welfare.views.blueprint import blueprint
from union.welfare.views.member import new_claim

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm
    from union.welfare.services import SealedWords


@blueprint.get("/")
def claims() -> ResponseReturnValue:
    """What waits, the longest waiting first, and what was dealt with."""
    work = reading()
    return page("welfare/claims.html", waiting=claims_waiting(work), decided=claims_decided(work))


@blueprint.route("/ask-for", methods=["GET", "POST"])
def ask_for() -> ResponseReturnValue:
    """Write down a claim for somebody who cannot."""
    form = AskForForm()
    if form.validate_on_submit():
        try:
            member = member_by_card(reading().session, str(form.card.data))
            if member is None:
                raise NotFoundError
            new = new_claim(form, member.person_id)
            made = perform(
                form, "ask_benefit", lambda work: {"ref": services.ask_benefit(work, new).ref}
            )
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("welfare.claim", ref=made["ref"]))
    return page("welfare/ask.html", form=form, on_behalf=True)


@blueprint.route("/rules/change", methods=["GET", "POST"])
def change_scheme() -> ResponseReturnValue:
    """Begin the scheme, or change what it pays and asks from a day on."""
    form = SchemeForm()
    if form.validate_on_submit():
        try:
            day, terms = chosen_day(form.from_on), _terms(form)
            perform(
                form,
                "change_scheme",
                lambda w: {"id": services.change_scheme(w, SICKNESS, day, terms).id},
            )
        except UnionError as error:
            form.say(error)
        else:
            flash(_("It holds from that day on. Claims from before stay under what held then."))
            return redirect(url_for("welfare.scheme"))
    return page("welfare/change_scheme.html", form=form)


@blueprint.get("/<ref>")
def claim(ref: str) -> ResponseReturnValue:
    """One claim: what the rule says and why, what was done, what can be done."""
    return _claim_page(ref)


@blueprint.post("/<ref>/hear")
def hear(ref: str) -> ResponseReturnValue:
    """Keep what she said."""
    form = HearForm(prefix="hear-")
    if form.validate_on_submit():
        try:
            note = str(form.note.data)
            perform(
                form,
                f"hear_claimant:{ref}",
                lambda w: {"id": services.hear_claimant(w, ref, note).id},
            )
        except UnionError as error:
            form.say(error)
        else:
            flash(_("What she said is kept, sealed. Now it can be decided."))
            return redirect(url_for("welfare.claim", ref=ref))
    return _claim_page(ref, hear=form)


@blueprint.post("/<ref>/decide")
def decide(ref: str) -> ResponseReturnValue:
    """Grant or refuse."""
    form = DecideForm(prefix="decide-")
    if form.validate_on_submit():
        try:
            ruling = _ruling(form)
            perform(
                form,
                f"decide_claim:{ref}",
                lambda w: {"id": services.decide_claim(w, ref, ruling).id},
            )
        except UnionError as error:
            form.say(error)
        else:
            granted = ruling.outcome is Outcome.GRANT
            told = _("Granted. The voucher waits for two hands.") if granted else _("Refused.")
            flash(told)
            return redirect(url_for("welfare.claim", ref=ref))
    return _claim_page(ref, decide=form)


@blueprint.post("/<ref>/open")
@limiter.limit(SIGN_IN_TRIES)
def open_words(ref: str) -> ResponseReturnValue:
    """Open what is sealed, with the reader's own key; written down before it is shown."""
    form = OpenForm(prefix="open-")
    words = None
    if form.validate_on_submit():
        try:
            with acting() as work:
                key = said_by(work, form.passphrase.data)
                words = services.open_sealed_words(work, ref, key, form.why)
        except UnionError as error:
            form.say(error)
    return _claim_page(ref, words=words, open=form)


@blueprint.post("/<ref>/pay-again")
def pay_again(ref: str) -> ResponseReturnValue:
    """A new voucher, the first one having been withdrawn."""
    form = PayAgainForm(prefix="pay-")
    if form.validate_on_submit():
        try:
            account = str(form.money_account.data)
            perform(
                form,
                f"prepare_benefit_payment:{ref}",
                lambda w: {"id": services.prepare_payment(w, ref, account).id},
            )
        except UnionError as error:
            form.say(error)
        else:
            flash(_("A new voucher waits for two hands."))
            return redirect(url_for("welfare.claim", ref=ref))
    return _claim_page(ref, pay=form)


def _claim_page(ref: str, words: SealedWords | None = None, **forms: CommandForm) -> str:
    found = claim_by_ref(reading().session, ref)
    if found is None:
        raise NotFoundError
    view = claim_view(reading(), found)
    refuse_own(current_actor(), view.her_ids)
    return page(
        "welfare/claim.html",
        claim=view,
        for_others=current_actor().person_id in view.judge_ids,
        words=words,
        asks_words=not is_open(reading()),
        hear=forms.get("hear") or HearForm(formdata=None, prefix="hear-"),
        decide=forms.get("decide") or DecideForm(formdata=None, prefix="decide-"),
        opening=forms.get("open") or OpenForm(formdata=None, prefix="open-"),
        pay=forms.get("pay") or PayAgainForm(formdata=None, prefix="pay-"),
    )


def _terms(form: SchemeForm) -> Terms:
    return Terms(
        daily_amount_minor=parse_amount(str(form.daily_amount.data)),
        unpaid_days=form.unpaid_days.data or 0,
        waiting_months=form.waiting_months.data or 0,
        arrears_ceiling_months=form.arrears_ceiling_months.data or 0,
        cap_days=form.cap_days.data or 0,
        evidence=frozenset(Evidence(each) for each in form.evidence.data or ()),
    )


def _ruling(form: DecideForm) -> services.Ruling:
    departure = form.departure.data
    return services.Ruling(
        outcome=Outcome(form.outcome.data),
        days=form.days.data,
        departure=Departure(departure) if departure else None,
        money_account=form.money_account.data,
    )
