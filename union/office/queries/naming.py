"""What a person is called on pages that stand below the register, such as a voucher."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from union.identity.queries import offices_of
from union.infra.work import Work
from union.kernel.actor import Role
from union.ledger.queries.payees import payee_names
from union.members.queries import kept_entry, member_by_card, member_views


def name_people(work: Work, person_ids: Collection[int]) -> Mapping[int, str]:
    """Called name and card number of members, and what payees outside the register are called.

    Whoever calls this has made sure that the reader may see names.
    """
    names = payee_names(work, person_ids)
    names.update({number: view.label for number, view in member_views(work, person_ids).items()})
    return names


def offices_held(work: Work, person_ids: Collection[int]) -> Mapping[int, tuple[Role, ...]]:
    """The offices these people hold now."""
    return {
        number: tuple(role for role, _begun, ended in held if ended is None)
        for number, held in offices_of(work, person_ids).items()
    }


def person_by_card(work: Work, card: str) -> int | None:
    """Whose card this is, under whatever entry she is kept now; None if nobody's."""
    member = member_by_card(work.session, card)
    if member is None:
        return None
    kept = kept_entry(work.session, member.person_id)
    return kept.person_id if kept is not None else member.person_id
