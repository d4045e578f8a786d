"""The people one can be in the demonstration, one per role, and how each signs in."""

from __future__ import annotations

from dataclasses import dataclass

from union.demo.codes import next_code
from union.identity.rules.secrets import DEMONSTRATION_PASSWORD
from union.infra.work import Work
from union.kernel.actor import Role

PASSWORD = DEMONSTRATION_PASSWORD


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be: the words for her work, how she signs in, what she holds.

    ``card`` makes her a member of the register under that card; ``district`` bounds her roles
    to one branch.
    """

    what: str
    sign_in_name: str
    roles: tuple[Role, ...]
    card: str | None = None
    district: str | None = None
    circles: tuple[str, ...] = ()
    password: str = PASSWORD

    def code(self, work: Work) -> str:
        """A code of hers that was not used yet."""
        return next_code(work, self.sign_in_name)


PEOPLE = (
    DemoPerson("Member", "member", (Role.MEMBER,), card="KA/00030"),
    DemoPerson("Collector", "collector", (Role.COLLECTOR,), card="KA/00718"),
    DemoPerson("Treasurer", "treasurer", (Role.TREASURER,)),
    DemoPerson("Second signatory", "signatory", (Role.SIGNATORY,)),
    DemoPerson("Trustee", "trustee", (Role.TRUSTEE,)),
    DemoPerson("Another trustee", "trustee2", (Role.TRUSTEE,)),
    DemoPerson(
        "Membership secretary",
        "secretary",
        (Role.MEMBERSHIP_SECRETARY,),
        circles=("legal_names", "statements"),
    ),
    DemoPerson("Branch secretary, Kolar", "branch", (Role.BRANCH_SECRETARY,), district="Kolar"),
    DemoPerson(
        "Welfare committee",
        "welfare",
        (Role.WELFARE_COMMITTEE,),
        circles=("health", "case_keepers"),
    ),
    DemoPerson("Hotline operator", "operator", (Role.OPERATOR,)),
    DemoPerson("Duty officer", "duty", (Role.DUTY_OFFICER,), card="KA/00054"),
    DemoPerson("Responder", "responder", (Role.RESPONDER, Role.MEMBER), card="KA/00861"),
    DemoPerson("Crisis coordinator", "coordinator", (Role.COORDINATOR,), card="KA/00046"),
    DemoPerson("Paralegal", "paralegal", (Role.PARALEGAL,), card="KA/00954"),
    DemoPerson("Lawyer from outside", "lawyer", (Role.LAWYER,)),
    DemoPerson(
        "Officer for the young", "guardian", (Role.SAFEGUARDING_OFFICER,), circles=("minors",)
    ),
    DemoPerson("System administrator", "administrator", (Role.SYSADMIN,)),
)
"""Roles that have no page yet (peer educator, returning officer) are not offered."""
