"""Who may open which page of checkout."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row, own_page

_BOOKS = {Role.TREASURER, Role.SIGNATORY}
_DESK = {Role.TREASURER}


def _hers(page: str, thing: str) -> Row:
    return Row(
        f"checkout.{page}",
        roles={Role.MEMBER},
        relation=Relation.OWN,
        about=f"checkout.{thing}",
        reach=Reach.DUES,
    )


ROWS: tuple[Row, ...] = (
    own_page("checkout.pay", {Role.MEMBER}, Reach.DUES),
    own_page("checkout.monthly", {Role.MEMBER}, Reach.DUES),
    own_page("checkout.mine", {Role.MEMBER}, Reach.DUES),
    _hers("back", "visit"),
    _hers("stop", "instruction"),
    _hers("rest", "instruction"),
    _hers("go_on", "instruction"),
    Row("checkout.standing", roles=_BOOKS),
    Row("checkout.desk_rest", roles=_DESK),
    Row("checkout.desk_go_on", roles=_DESK),
    Row("checkout.desk_stop", roles=_DESK),
    Row("checkout.cards", roles=_BOOKS),
    Row("checkout.holding", roles=_BOOKS | {Role.TRUSTEE}),
    Row("checkout.payment", roles=_BOOKS),
    Row("checkout.refund", roles=_DESK),
    Row("checkout.fees", roles=_DESK),
    Row("checkout.owed", roles=_DESK),
    Row("checkout.borne", roles=_DESK),
    Row("checkout.try_aside", roles=_DESK),
    Row("checkout.end_aside", roles=_DESK),
    Row("checkout.place", roles=_DESK),
    # The card company has no account here. What lets its notice in is its signature, checked before
    # a word of it is read; without a secret to check it by, the address does not exist (404). A
    # notice says only which thing to ask about, so that even a forged one would book nothing.
    Row("checkout.notice", public=True),
)
