"""Who may open which page of the books; names on them are left out for a trustee."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row, own_page

_READERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE})
_SIGNERS = frozenset({Role.TREASURER, Role.SIGNATORY})
_TREASURER = frozenset({Role.TREASURER})
_WITNESSES = _READERS | {Role.MEMBERSHIP_SECRETARY}
_HOLDERS = frozenset(
    {
        Role.RESPONDER,
        Role.TEAM_LEAD,
        Role.COUNSELLOR,
        Role.COORDINATOR,
        Role.DUTY_OFFICER,
        Role.OPERATOR,
        Role.PARALEGAL,
        Role.PEER_EDUCATOR,
        Role.BRANCH_SECRETARY,
    }
)
"""Whoever may be called at night and needs money for it."""

ROWS: tuple[Row, ...] = (
    Row("ledger.trial_balance", roles=_READERS),
    Row("ledger.account", roles=_READERS),
    Row("ledger.journal", roles=_READERS),
    Row("ledger.entry", roles=_READERS),
    Row("ledger.vouchers", roles=_READERS),
    Row("ledger.voucher", roles=_READERS),
    Row("ledger.approve", roles=_SIGNERS, reach=Reach.FRESH, second=True),
    Row("ledger.withdraw", roles=_SIGNERS),
    Row("ledger.pay", roles=_TREASURER),
    Row("ledger.say_mistake", roles=_SIGNERS),
    Row("ledger.answer_mistake", roles=_SIGNERS, second=True),
    Row("ledger.write", roles=_SIGNERS),
    Row(
        "ledger.paper",
        roles=_SIGNERS | _HOLDERS,
        relation=Relation.OWN,
        about="ledger.paper",
        every=_SIGNERS,
        reach=Reach.HERS,
        logged=True,
    ),
    Row("ledger.all_floats", roles=_READERS),
    Row("ledger.one_float", roles=_READERS),
    Row("ledger.open_float", roles=_TREASURER),
    Row("ledger.fill_float", roles=_TREASURER),
    Row("ledger.float_back", roles=_TREASURER),
    Row("ledger.answer", roles=_SIGNERS),
    own_page("ledger.my_floats", _HOLDERS),
    Row("ledger.tell", roles=_HOLDERS, relation=Relation.OWN, about="ledger.float"),
    Row("ledger.boxes", roles=_READERS),
    Row("ledger.box", roles=_READERS),
    Row("ledger.box_day", roles=_READERS),
    Row("ledger.count", roles=_TREASURER),
    Row("ledger.counts", roles=_WITNESSES),
    Row("ledger.one_count", roles=_WITNESSES),
    Row("ledger.see_count", roles=_WITNESSES, second=True),
    Row("ledger.end_count", roles=_SIGNERS),
    Row("ledger.plan", roles=_READERS),
    Row("ledger.opening", roles=_TREASURER),
    Row("ledger.transfers_between_funds", roles=_READERS),
    Row("ledger.transfer", roles=_READERS),
    Row("ledger.new_transfer", roles=_SIGNERS),
    Row("ledger.answer_to_transfer", roles=_SIGNERS, second=True),
    Row("ledger.transfer_back", roles=_SIGNERS),
    Row("ledger.all_donations", roles=_READERS),
    Row("ledger.donation", roles=_READERS),
    Row("ledger.new_donation", roles=_TREASURER),
    Row("ledger.donation_back", roles=_SIGNERS),
)
