"""Who may open which page of the register, and of bringing one in."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Relation, Row

_KEEPERS = {Role.MEMBERSHIP_SECRETARY, Role.BRANCH_SECRETARY}
_SECRETARY = {Role.MEMBERSHIP_SECRETARY}
_OFFICER = {Role.SAFEGUARDING_OFFICER}

ROWS: tuple[Row, ...] = (
    Row("members.register", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.branch", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.find", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.member", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.legal_name", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("members.phone", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.end_phone", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.reach_her", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.transfer", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("members.change", roles=_KEEPERS, relation=Relation.BRANCH),
    Row("members.card", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("members.end", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("members.came_back", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("members.mistake", roles=_SECRETARY, relation=Relation.BRANCH),
    Row("intake.files", roles=_SECRETARY),
    Row("intake.preview", roles=_SECRETARY),
    Row("intake.columns", roles=_SECRETARY),
    Row("intake.take", roles=_SECRETARY),
    Row("intake.let_go", roles=_SECRETARY),
    Row("intake.batch", roles=_SECRETARY),
    Row("intake.take_back", roles=_SECRETARY),
    Row("intake.pairs", roles=_SECRETARY),
    Row("intake.pair", roles=_SECRETARY),
    Row("intake.second_entry", roles=_SECRETARY),
    Row("intake.same", roles=_SECRETARY),
    Row("intake.two", roles=_SECRETARY),
    Row("intake.undo", roles=_SECRETARY),
    Row("intake.apart", roles=_OFFICER),
    Row("intake.dealt_with", roles=_OFFICER),
)
