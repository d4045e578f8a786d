"""Telling the number before that her number was changed, and how that is stopped from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from union.members.models import ContactPoint, Member
from union.members.services.stopping import number_of
from union.messages.services.outgoing import Outgoing, send

if TYPE_CHECKING:
    from union.infra.work import Work


def tell_old_number(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``phone_changed``: words to that number itself, whatever number is hers now.

    It is kept under her own key: what erases her erases this number too.
    """
    point = work.session.get_one(ContactPoint, ids["point_id"])
    number = number_of(work, point)
    key_ref = work.session.get_one(Member, point.person_id).key_ref
    send(work, Outgoing("changed", "changed_number", ("sms",), to_ref=number, key_ref=key_ref))
