"""Who may open which page of dues."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row, own_page

_DESK = {Role.TREASURER}
_BOOKS = {Role.TREASURER, Role.SIGNATORY}
_KEEPERS = {Role.TREASURER, Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}

_TELLERS = {Role.TREASURER, Role.MEMBERSHIP_SECRETARY}

_ASKERS = {Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}
"""A second person: neither who collects nor who books."""


def _hers(page: str, thing: str, *roles: Role) -> Row:
    """Hers, and any keeper's to see."""
    return Row(
        f"dues.{page}",
        roles=_KEEPERS | set(roles),
        relation=Relation.OWN,
        about=f"dues.{thing}",
        every=_KEEPERS,
        reach=Reach.DUES,
    )


def _round(page: str, thing: str, every: set[Role], *, second: bool = False) -> Row:
    """A collector's own, and theirs who settle with every collector."""
    return Row(
        f"dues.{page}",
        roles=every | {Role.COLLECTOR},
        relation=Relation.OWN,
        about=f"dues.{thing}",
        every=every,
        second=second,
    )


ROWS: tuple[Row, ...] = (
    own_page("dues.my_passbook", {Role.MEMBER}, Reach.DUES),
    _hers("passbook", "passbook", Role.MEMBER),
    own_page("dues.my_card", {Role.MEMBER}, Reach.DUES),
    Row("dues.card", roles=_TELLERS, relation=Relation.WHOLE),
    _hers("receipt", "receipt", Role.MEMBER, Role.COLLECTOR),
    _hers("receipt_pdf", "receipt", Role.MEMBER, Role.COLLECTOR),
    Row("dues.find_payer", roles=_DESK),
    Row("dues.find_passbook", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.take_payment", roles=_DESK),
    Row("dues.sheets", roles=_DESK),
    Row("dues.waiting", roles=_BOOKS),
    Row("dues.remarks", roles=_BOOKS),
    Row("dues.settle", roles=_BOOKS),
    Row("dues.drop", roles=_BOOKS),
    Row("dues.cash_in_hand", roles=_BOOKS),
    own_page("dues.my_round", {Role.COLLECTOR}),
    Row("dues.count_cash", roles=_BOOKS),
    Row("dues.close_cash", roles=_BOOKS),
    Row("dues.let_off", roles=_DESK),
    Row("dues.end_let_off", roles=_DESK),
    Row("dues.pays_as", roles=_DESK),
    Row("dues.proposals", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.agree", roles=_KEEPERS, relation=Relation.WHOLE, second=True),
    Row("dues.refuse", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.take_back", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.give_back", roles=_DESK),
    Row("dues.standing", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.decide", roles={Role.MEMBERSHIP_SECRETARY}, relation=Relation.WHOLE),
    Row("dues.reminders", roles=_TELLERS, relation=Relation.WHOLE),
    Row("dues.stop_reminders", roles=_TELLERS, relation=Relation.WHOLE),
    Row("dues.rules", roles=_DESK),
    Row("dues.corrections", roles=_DESK),
    Row("dues.rates", roles=_DESK),
    Row("dues.months", roles=_DESK),
    Row("dues.month", roles=_DESK),
    Row("dues.run", roles=_BOOKS),
    Row("dues.go_on", roles=_DESK),
    own_page("dues.write_receipt", {Role.COLLECTOR}),
    Row("dues.phone_shell", public=True),
    Row("dues.phone_manifest", public=True),
    Row("dues.phone_worker", public=True),
    Row("dues.phone_state", roles={Role.COLLECTOR}),
    own_page("dues.phone_take", {Role.COLLECTOR}),
    own_page("dues.phone_put_down", {Role.COLLECTOR}),
    own_page("dues.phone_register", {Role.COLLECTOR}),
    own_page("dues.phone_sync", {Role.COLLECTOR}),
    Row("dues.books", roles=_BOOKS),
    Row("dues.issue_book", roles=_DESK),
    Row("dues.return_book", roles=_DESK),
    _round("round_people", "round", _DESK),
    _round("off_round", "round", _DESK),
    _round("revoke_phone", "round", _DESK),
    _round("round_sheet", "round", _DESK),
    Row("dues.typed_sheet", roles=_DESK),
    _round("sign_cash", "hand_over", _BOOKS, second=True),
    _round("sign_other", "hand_over", _BOOKS, second=True),
    Row("dues.settle_signature", roles=_BOOKS),
    Row("dues.differences", roles=_BOOKS),
    Row("dues.difference", roles=_BOOKS),
    own_page("dues.say_paid", {Role.MEMBER}, Reach.DUES),
    Row("dues.say_paid_for", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.said", roles=_KEEPERS, relation=Relation.WHOLE),
    Row("dues.settle_said", roles=_BOOKS),
    Row("dues.book_said", roles=_DESK),
    Row("dues.leave_said", roles=_BOOKS),
    Row(
        "dues.withdraw_said",
        roles=_KEEPERS | {Role.MEMBER},
        relation=Relation.OWN,
        about="dues.said",
        reach=Reach.DUES,
    ),
    Row("dues.samples", roles=_ASKERS, relation=Relation.WHOLE),
    Row("dues.sample", roles=_ASKERS, relation=Relation.WHOLE),
    Row("dues.ask_sample", roles=_ASKERS, relation=Relation.WHOLE),
)
"""A member opens her own passbook and receipts, a collector the receipts she wrote."""
