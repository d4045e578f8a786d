"""Who may open which page of dues."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Relation, Row

_DESK = {Role.TREASURER}
_BOOKS = {Role.TREASURER, Role.SIGNATORY}
_KEEPERS = {Role.TREASURER, Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}

_TELLERS = {Role.TREASURER, Role.MEMBERSHIP_SECRETARY}

_ASKERS = {Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY}
"""A second person: neither who collects nor who books."""

ROWS: tuple[Row, ...] = (
    Row("dues.my_passbook", roles={Role.MEMBER}, relation=Relation.OWN),
    Row("dues.passbook", roles=_KEEPERS | {Role.MEMBER}, relation=Relation.OWN),
    Row("dues.my_card", roles={Role.MEMBER}, relation=Relation.OWN),
    Row("dues.card", roles=_TELLERS),
    Row("dues.receipt", roles=_KEEPERS | {Role.MEMBER, Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.receipt_pdf", roles=_KEEPERS | {Role.MEMBER, Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.find_payer", roles=_DESK),
    Row("dues.find_passbook", roles=_KEEPERS),
    Row("dues.take_payment", roles=_DESK),
    Row("dues.sheets", roles=_DESK),
    Row("dues.waiting", roles=_BOOKS),
    Row("dues.remarks", roles=_BOOKS),
    Row("dues.settle", roles=_BOOKS),
    Row("dues.drop", roles=_BOOKS),
    Row("dues.cash_in_hand", roles=_BOOKS),
    Row("dues.my_round", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.count_cash", roles=_BOOKS),
    Row("dues.close_cash", roles=_BOOKS),
    Row("dues.let_off", roles=_DESK),
    Row("dues.end_let_off", roles=_DESK),
    Row("dues.pays_as", roles=_DESK),
    Row("dues.proposals", roles=_KEEPERS),
    Row("dues.agree", roles=_KEEPERS),
    Row("dues.refuse", roles=_KEEPERS),
    Row("dues.take_back", roles=_KEEPERS),
    Row("dues.give_back", roles=_DESK),
    Row("dues.standing", roles=_KEEPERS),
    Row("dues.decide", roles={Role.MEMBERSHIP_SECRETARY}),
    Row("dues.reminders", roles=_TELLERS),
    Row("dues.stop_reminders", roles=_TELLERS),
    Row("dues.rules", roles=_DESK),
    Row("dues.corrections", roles=_DESK),
    Row("dues.rates", roles=_DESK),
    Row("dues.months", roles=_DESK),
    Row("dues.month", roles=_DESK),
    Row("dues.run", roles=_BOOKS),
    Row("dues.go_on", roles=_DESK),
    Row("dues.write_receipt", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.phone_shell", public=True),
    Row("dues.phone_manifest", public=True),
    Row("dues.phone_worker", public=True),
    Row("dues.phone_state", roles={Role.COLLECTOR}),
    Row("dues.phone_take", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.phone_put_down", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.phone_register", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.phone_sync", roles={Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.books", roles=_BOOKS),
    Row("dues.issue_book", roles=_DESK),
    Row("dues.return_book", roles=_DESK),
    Row("dues.round_people", roles=_DESK | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.off_round", roles=_DESK | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.revoke_phone", roles=_DESK | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.round_sheet", roles=_DESK | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.typed_sheet", roles=_DESK),
    Row("dues.sign_cash", roles=_BOOKS | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.sign_other", roles=_BOOKS | {Role.COLLECTOR}, relation=Relation.OWN),
    Row("dues.settle_signature", roles=_BOOKS),
    Row("dues.differences", roles=_BOOKS),
    Row("dues.difference", roles=_BOOKS),
    Row("dues.say_paid", roles={Role.MEMBER}, relation=Relation.OWN),
    Row("dues.say_paid_for", roles=_KEEPERS),
    Row("dues.said", roles=_KEEPERS),
    Row("dues.settle_said", roles=_BOOKS),
    Row("dues.book_said", roles=_DESK),
    Row("dues.leave_said", roles=_BOOKS),
    Row("dues.withdraw_said", roles=_KEEPERS | {Role.MEMBER}, relation=Relation.OWN),
    Row("dues.samples", roles=_ASKERS),
    Row("dues.sample", roles=_ASKERS),
    Row("dues.ask_sample", roles=_ASKERS),
)
"""A member opens her own passbook and receipts, a collector the receipts she wrote."""
