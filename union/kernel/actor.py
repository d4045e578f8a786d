"""Who acts: a plain value filled by identity; nobody below asks who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be trusted with; PRODUCT.md says what each must never see."""

    MEMBER = "member"
    COLLECTOR = "collector"
    TREASURER = "treasurer"
    SIGNATORY = "signatory"
    TRUSTEE = "trustee"
    MEMBERSHIP_SECRETARY = "membership_secretary"
    WELFARE_COMMITTEE = "welfare_committee"
    BRANCH_SECRETARY = "branch_secretary"
    OPERATOR = "operator"
    DUTY_OFFICER = "duty_officer"
    RESPONDER = "responder"
    TEAM_LEAD = "team_lead"
    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    PEER_EDUCATOR = "peer_educator"
    PARALEGAL = "paralegal"
    LAWYER = "lawyer"
    RETURNING_OFFICER = "returning_officer"
    SAFEGUARDING_OFFICER = "safeguarding_officer"
    SYSADMIN = "sysadmin"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, in one branch or (``branch_id`` None) in all of them."""

    role: Role
    branch_id: int | None = None


class Proof(StrEnum):
    """Something that whoever signed in has shown to be hers; what it opens: ``kernel.reach``."""

    NUMBER_PIN = "number_pin"
    """The sixteen digits of her card, and her PIN."""
    PASSKEY = "passkey"
    """A passkey that asked for her finger, face or screen lock."""
    PIN = "pin"
    """Her PIN, on a device she opened with her card before, or after a passkey."""
    WORD = "word"
    """Her second word."""
    VOICE = "voice"
    """Somebody who knows her voice let her in, and the day she was told of is over."""
    PASSWORD_CODE = "password_code"  # noqa: S105  # nosec B105 # the name of a proof, not a secret
    """A password, and a code from her telephone or from her recovery sheet."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process on whose behalf something is done.

    ``person_id`` and ``account_id`` are None for a process and for somebody not signed in;
    ``name`` is a word for logs (a process's name or "person"), never a person's name.

    What her sign-in has shown: ``proofs``, the last of them at ``proved_at``; ``office`` is
    whether she signed in as an officer, without which no grant but a member's is carried;
    ``duress`` is whether she was made to; what she then ``seems`` to hold opens nothing. It ends
    ``until``, whatever she does. Only what stands before the pages looks at these, and whoever
    was not filled by a sign-in has shown nothing.
    """

    person_id: int | None
    account_id: int | None
    grants: frozenset[Grant]
    name: str = "person"
    proofs: frozenset[Proof] = frozenset()
    proved_at: datetime | None = None
    office: bool = False
    duress: bool = False
    seems: frozenset[Grant] = frozenset()
    until: datetime | None = None

    @classmethod
    def system(cls, name: str) -> Actor:
        """A process of our own, with no grants: services that it calls do not ask for any."""
        return cls(person_id=None, account_id=None, grants=frozenset(), name=name)

    @classmethod
    def anonymous(cls) -> Actor:
        """Somebody not signed in."""
        return cls(person_id=None, account_id=None, grants=frozenset(), name="anonymous")

    @property
    def is_system(self) -> bool:
        """Whether a process acts, not a person."""
        return self.person_id is None and self.name != "anonymous"

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def branches(self, *roles: Role) -> frozenset[int] | None:
        """The branches in which any of the roles is held; None means all of them."""
        held = [grant.branch_id for grant in self.grants if grant.role in roles]
        if None in held:
            return None
        return frozenset(branch_id for branch_id in held if branch_id is not None)
