"""What other domains may ask of the register."""

from __future__ import annotations

from union.members.queries.people import (
    all_entries_of,
    branch_by_name,
    branch_of,
    branches,
    fee_on,
    kept_entry,
    member_by_card,
    member_by_ref,
    members_active_on,
    members_in,
    same_person_ids,
    with_us_on,
)
from union.members.queries.reach import (
    ContactView,
    MemberView,
    ReachView,
    contact_points,
    languages,
    member_views,
    persons_with_phone,
    reach,
)

__all__ = [
    "ContactView",
    "MemberView",
    "ReachView",
    "all_entries_of",
    "branch_by_name",
    "branch_of",
    "branches",
    "contact_points",
    "fee_on",
    "kept_entry",
    "languages",
    "member_by_card",
    "member_by_ref",
    "member_views",
    "members_active_on",
    "members_in",
    "persons_with_phone",
    "reach",
    "same_person_ids",
    "with_us_on",
]
