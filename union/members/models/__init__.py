"""Tables of the register: branches, members, how they are reached, and how they came in."""

from __future__ import annotations

from union.members.models.branches import Branch, BranchAlias
from union.members.models.imports import (
    ColumnMapping,
    ImportBatch,
    ImportRow,
    ImportUpload,
    SetAside,
)
from union.members.models.pairs import Duplicate, Merge
from union.members.models.people import Card, Member, MemberEvent, MemberFee, Membership
from union.members.models.reach import ContactPoint, MemberLanguage, ReachRule

__all__ = [
    "Branch",
    "BranchAlias",
    "Card",
    "ColumnMapping",
    "ContactPoint",
    "Duplicate",
    "ImportBatch",
    "ImportRow",
    "ImportUpload",
    "Member",
    "MemberEvent",
    "MemberFee",
    "MemberLanguage",
    "Membership",
    "Merge",
    "ReachRule",
    "SetAside",
]
