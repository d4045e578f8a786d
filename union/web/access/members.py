"""Who may open which page of the register, and of bringing one in."""

from __future__ import annotations

from union.kernel.access import LISTED
from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row

_KEEPERS = {Role.MEMBERSHIP_SECRETARY, Role.BRANCH_SECRETARY}
_SECRETARY = {Role.MEMBERSHIP_SECRETARY}
_OFFICER = {Role.SAFEGUARDING_OFFICER}
_KNOWS_HER = _KEEPERS | {
    Role.SIGNATORY,
    Role.DUTY_OFFICER,
    Role.COORDINATOR,
    Role.COUNSELLOR,
    Role.TEAM_LEAD,
}
"""Who may be the second to see a member in person, before a card of hers is opened."""


def _member(page: str, roles: set[Role]) -> Row:
    return Row(f"members.{page}", roles=roles, relation=Relation.BRANCH, about="members.member")


ROWS: tuple[Row, ...] = (
    Row("members.register", roles=_KEEPERS, relation=Relation.BRANCH, about=LISTED),
    Row("members.branch", roles=_KEEPERS, relation=Relation.BRANCH, about="members.branch"),
    Row("members.find", roles=_KEEPERS, relation=Relation.BRANCH, about=LISTED),
    _member("member", _KEEPERS),
    Row(
        "members.legal_name",
        roles=_SECRETARY,
        relation=Relation.BRANCH,
        about="members.member",
        reach=Reach.FRESH,
        sealed=True,
        logged=True,
    ),
    _member("phone", _KEEPERS),
    _member("end_phone", _KEEPERS),
    _member("reach_her", _KEEPERS),
    _member("transfer", _SECRETARY),
    _member("change", _KEEPERS),
    _member("card", _SECRETARY),
    _member("end", _SECRETARY),
    _member("came_back", _SECRETARY),
    _member("mistake", _SECRETARY),
    Row(
        "number_cards.of_member",
        roles=_KEEPERS,
        relation=Relation.BRANCH,
        about="members.member",
        reach=Reach.FRESH,
    ),
    Row("number_cards.word", roles=_KNOWS_HER, reach=Reach.FRESH, second=True),
    Row("number_cards.voice", roles=_KNOWS_HER, reach=Reach.FRESH),
    Row("intake.files", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.preview", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.columns", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.take", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.let_go", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.batch", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.take_back", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.pairs", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.pair", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.second_entry", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.same", roles=_SECRETARY, relation=Relation.WHOLE, reach=Reach.FRESH),
    Row("intake.two", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.undo", roles=_SECRETARY, relation=Relation.WHOLE),
    Row("intake.apart", roles=_OFFICER, sealed=True, logged=True),
    Row("intake.dealt_with", roles=_OFFICER),
)
