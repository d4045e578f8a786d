"""Gifts and other income: writing one down, its receipt, taking one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.ledger import queries
from union.ledger.forms.donations import GIFT, DonationBackForm, DonationForm
from union.ledger.queries.choices import pays_from
from union.ledger.queries.donations import donation_by_ref, donations
from union.ledger.services import NewDonation, take_back_donation, take_donation
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import account_choices, names_of, person_with
from union.web.current import reading
from union.web.forms import named_choices, sent
from union.web.render import page
from union.web.words.ledger import account_words, fund_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.ledger.queries.donations import DonationView


@blueprint.get("/donations")
def all_donations() -> ResponseReturnValue:
    """What was given, newest first."""
    views = donations(reading())
    return page("ledger/donations.html", views=views, names=_givers(*views), fund_words=fund_words)


@blueprint.route("/donations/new", methods=["GET", "POST"])
def new_donation() -> ResponseReturnValue:
    """Write down a gift or other income."""
    work = reading()
    funds = queries.funds(work.session)
    form = DonationForm(given_on=work.clock.today())
    form.fund.choices = named_choices((one.code, fund_words(one.code)) for one in funds)
    form.money.choices = account_choices(pays_from(work.session))
    made = sent(form, "take_donation", lambda work: _take(work, form))
    if made is None:
        return page("ledger/new_donation.html", form=form, funds=funds, fund_words=fund_words)
    flash(gettext("It is in the books. Here is the receipt."))
    return redirect(url_for("ledger.donation", ref=made["ref"]))


@blueprint.get("/donations/<ref>")
def donation(ref: str) -> ResponseReturnValue:
    """One receipt."""
    return _show(donation_by_ref(reading(), ref))


@blueprint.post("/donations/<ref>/back")
def donation_back(ref: str) -> ResponseReturnValue:
    """Take back what was written down by mistake."""
    form = DonationBackForm()

    def do(work: Work) -> dict[str, str]:
        return {"entry": take_back_donation(work, ref).ref}

    if sent(form, f"take_back_donation {ref}", do) is None:
        return _show(donation_by_ref(reading(), ref), form)
    flash(gettext("It was taken back. The receipt says so."))
    return redirect(url_for("ledger.donation", ref=ref))


def _take(work: Work, form: DonationForm) -> dict[str, str]:
    card = str(form.card.data or "").strip()
    made = take_donation(
        work,
        NewDonation(
            income_account=str(form.what.data),
            fund=str(form.fund.data),
            money_account=str(form.money.data),
            amount_minor=form.amount.minor,
            given_on=form.given_on.given,
            giver_person_id=person_with(work, card) if card else None,
            giver=str(form.giver.data or ""),
            words=str(form.words.data or ""),
        ),
    )
    return {"ref": made.ref}


def _givers(*views: DonationView) -> dict[str, str]:
    """Who gave each, by reference; "a friend" where nobody is named or the reader may not know."""
    known = names_of({one.donation.giver_person_id or 0 for one in views})
    return {
        one.donation.ref: one.giver
        or known.get(one.donation.giver_person_id or 0, "")
        or str(gettext("a friend"))
        for one in views
    }


def _show(view: DonationView, said: DonationBackForm | None = None) -> ResponseReturnValue:
    taker = view.donation.made_by
    return page(
        "ledger/donation.html",
        view=view,
        said=said,
        gift=view.donation.income_account_code == GIFT,
        giver=_givers(view)[view.donation.ref],
        taker=names_of({taker}).get(taker),
        back_form=DonationBackForm(formdata=None),
        account_words=account_words,
        fund_words=fund_words,
    )
