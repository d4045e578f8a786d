"""What a visit to the card company and a standing instruction are to people: whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.checkout.models import CardCheckout, CardInstruction
from union.infra.abouts import owned_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_visit(work: Work, args: ViewArgs) -> About | None:
    """Who went to the card company's page."""
    return owned_by(work, select(CardCheckout.person_id).where(CardCheckout.ref == args["ref"]))


def about_instruction(work: Work, args: ViewArgs) -> About | None:
    """From whose card it takes."""
    hers = select(CardInstruction.person_id).where(CardInstruction.ref == args["ref"])
    return owned_by(work, hers)


ABOUTS: Mapping[str, AboutQuery] = {
    "checkout.visit": about_visit,
    "checkout.instruction": about_instruction,
}
