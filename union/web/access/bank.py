"""Who may open which page of bank; a trustee sees the proof, never whose money a line was."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row, own_page

_TREASURER = {Role.TREASURER}
_SIGNERS = {Role.TREASURER, Role.SIGNATORY}
_READERS = {Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE}
_OFFICE = {Role.TREASURER, Role.MEMBERSHIP_SECRETARY}

ROWS: tuple[Row, ...] = (
    Row("bank.home", roles=_TREASURER),
    Row("bank.bring_in", roles=_TREASURER),
    Row("bank.preview", roles=_TREASURER),
    Row("bank.columns", roles=_TREASURER),
    Row("bank.take", roles=_TREASURER),
    Row("bank.let_go", roles=_TREASURER),
    Row("bank.statement", roles=_TREASURER),
    Row("bank.waiting", roles=_TREASURER),
    Row("bank.many", roles=_TREASURER),
    Row("bank.decide_many", roles=_TREASURER),
    Row("bank.line", roles=_TREASURER),
    Row("bank.accept", roles=_TREASURER),
    Row("bank.decide", roles=_TREASURER),
    Row("bank.reopen", roles=_TREASURER),
    Row("bank.hands", roles=_SIGNERS),
    Row("bank.confirm_hand", roles=_SIGNERS, reach=Reach.FRESH, second=True),
    Row("bank.end_hand", roles=_SIGNERS),
    Row("bank.ceiling", roles=_SIGNERS),
    Row("bank.write_ceiling", roles=_TREASURER),
    Row("bank.confirm_ceiling_of", roles=_SIGNERS, reach=Reach.FRESH, second=True),
    Row("bank.reconciliation", roles=_READERS),
    Row("bank.batches", roles=_SIGNERS),
    Row("bank.make", roles=_TREASURER),
    Row("bank.batch", roles=_SIGNERS),
    Row("bank.batch_file", roles=_TREASURER, reach=Reach.FRESH),
    Row("bank.send", roles=_TREASURER),
    Row("bank.take_out", roles=_TREASURER),
    Row("bank.refused", roles=_SIGNERS),
    Row("bank.answer_refused", roles=_SIGNERS),
    Row("bank.payees", roles=_SIGNERS),
    Row("bank.payee", roles=_SIGNERS),
    Row("bank.confirm_payee", roles=_SIGNERS, reach=Reach.FRESH, second=True),
    Row("bank.refuse_payee", roles=_SIGNERS),
    Row("bank.upi", roles=_SIGNERS),
    Row("bank.set_upi", roles=_TREASURER),
    Row("bank.confirm_upi", roles=_SIGNERS, reach=Reach.FRESH, second=True),
    own_page("bank.my_code", {Role.MEMBER}, Reach.DUES),
    Row("bank.code", roles=_OFFICE, relation=Relation.WHOLE),
)
