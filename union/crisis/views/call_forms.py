"""The forms of one call's page: filled with what is known, the refused one as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union.crisis.forms import CallForm, ChooseForm, DealForm, pairs
from union.crisis.queries.desk import OpenContact, others_open
from union.crisis.queries.waiting import branch_names
from union.crisis.rules.kinds import Attachment, Kind
from union.crisis.views.blueprint import district_choices, said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.crisis.models import Contact
    from union.infra.work import Work
    from union.web.forms import CommandForm


@dataclass(frozen=True, slots=True)
class CallForms:
    """Every form of the page."""

    tell: CallForm
    deal: DealForm
    choose: ChooseForm


def call_forms(
    work: Work,
    found: OpenContact,
    line: Sequence[Contact],
    likely: int | None,
    spot: str,
    refused: CommandForm | None,
) -> CallForms:
    """The page's forms; ``likely`` is what it may be about, ``line`` what was seen of her."""
    tell = refused if spot == "tell" and isinstance(refused, CallForm) else _filled(work, found)
    tell.district.choices = district_choices()
    guessed = found.row.attachment is Attachment.PROVISIONAL
    meant_id = found.row.incident_id if guessed else likely
    others = others_open(work, None if guessed else found.row.incident_id)
    meant = next((one.ref for one in others if one.id == meant_id), None)
    choose = ChooseForm(formdata=None, other=meant)
    if spot == "choose" and isinstance(refused, ChooseForm):
        choose = refused
    choose.other.choices = pairs((one.ref, said_of(one)) for one in others)
    deal = DealForm(formdata=None, seen=",".join(one.ref for one in line))
    if spot == "deal" and isinstance(refused, DealForm):
        deal = refused
    return CallForms(tell, deal, choose)


def _filled(work: Work, found: OpenContact) -> CallForm:
    row = found.row
    return CallForm(
        formdata=None,
        place=found.place,
        district="" if found.sealed else branch_names(work).get(row.branch_id or 0, ""),
        kind=Kind.UNKNOWN.value if found.sealed else row.kind.value,
        people=row.people,
        language=row.language or "",
        number=None if found.sealed else found.number,
        may_call_back=row.may_call_back,
        may_be_minor=found.sealed,
        gender_wish=row.gender_wish or "",
        words=found.words,
    )
