"""Telling her that a number, her card or her opening words were changed; a no stops the first two.

Never says what was changed into what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from union.identity.models import Account
from union.infra.people import whose
from union.members.models import ContactPoint, Member
from union.members.services.new_cards import numbers_to_tell
from union.members.services.stopping import number_of
from union.messages.services.outgoing import Outgoing, send
from union.messages.services.places import TELL_BY

if TYPE_CHECKING:
    from union.infra.work import Work


def tell_old_number(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``phone_changed``: words to that number itself, whatever number is hers now.

    It is kept under her own key: what erases her erases this number too.
    """
    _tell(work, work.session.get_one(ContactPoint, ids["point_id"]), "changed_number")


def tell_of_card(work: Work, ids: Mapping[str, int]) -> None:
    """Words to each number that is or was hers.

    Handler of ``card_begun``, ``voice_vouched`` and ``secrets_renewed``.
    """
    for point in numbers_to_tell(work, ids["account_id"]):
        _tell(work, point, "changed_card")


def tell_of_words(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``opening_words_changed``: by all her ways, for nothing there can be stopped."""
    person_id = work.session.get_one(Account, ids["account_id"]).person_id
    stands_for = whose(work.session, [person_id])[person_id]
    send(work, Outgoing("changed", "changed_words", TELL_BY, person_id=stands_for))


def _tell(work: Work, point: ContactPoint, template: str) -> None:
    number = number_of(work, point)
    key_ref = work.session.get_one(Member, point.person_id).key_ref
    send(work, Outgoing("changed", template, ("sms",), to_ref=number, key_ref=key_ref))
