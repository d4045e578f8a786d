"""The people one can be in the demonstration, one per role, and how each signs in."""

from __future__ import annotations

from dataclasses import dataclass

from union.kernel.actor import Role

PASSWORD = "lotus pond 2026"  # noqa: S105  shown to everybody who starts a demonstration


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


PEOPLE = (
    DemoPerson("Member", "member", (Role.MEMBER,), card="KA/00030"),
    DemoPerson("Collector", "collector", (Role.COLLECTOR,), card="KA/00718"),
    DemoPerson("Treasurer", "treasurer", (Role.TREASURER,)),
    DemoPerson("Second signatory", "signatory", (Role.SIGNATORY,)),
    DemoPerson("Trustee", "trustee", (Role.TRUSTEE,)),
    DemoPerson(
        "Membership secretary",
        "secretary",
        (Role.MEMBERSHIP_SECRETARY,),
        circles=("legal_names", "statements"),
    ),
    DemoPerson("Branch secretary, Kolar", "branch", (Role.BRANCH_SECRETARY,), district="Kolar"),
    DemoPerson("Welfare committee", "welfare", (Role.WELFARE_COMMITTEE,), circles=("health",)),
    DemoPerson("Hotline operator", "operator", (Role.OPERATOR,)),
    DemoPerson("Duty officer", "duty", (Role.DUTY_OFFICER,), card="KA/00054"),
    DemoPerson("Responder", "responder", (Role.RESPONDER, Role.MEMBER), card="KA/00861"),
    DemoPerson("Crisis coordinator", "coordinator", (Role.COORDINATOR,), card="KA/00046"),
    DemoPerson("Paralegal", "paralegal", (Role.PARALEGAL,), card="KA/00954"),
    DemoPerson(
        "Officer for the young", "guardian", (Role.SAFEGUARDING_OFFICER,), circles=("minors",)
    ),
    DemoPerson("System administrator", "administrator", (Role.SYSADMIN,)),
)
"""Roles that have no page yet (peer educator, lawyer, returning officer) are not offered."""
