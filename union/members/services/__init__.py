"""Use cases of the register: taking members in, changing what is known, joining two entries."""

from __future__ import annotations

from union.members.services.branches import NewBranch, add_branches
from union.members.services.changes import (
    FieldChange,
    agree_fee,
    change_member,
    give_card,
    transfer_member,
)
from union.members.services.lives import come_back, mark_died, mark_left, take_back_going
from union.members.services.pairs import decide_pair, merge_members, propose_pair, undo_merge
from union.members.services.reach import add_phone, change_wish, end_phone, refresh_shared
from union.members.services.register import NewMember, NewPhone, Wish, add_member, add_members
from union.members.services.stopping import change_phone, give_up_phone, stop_phone_changes

__all__ = [
    "FieldChange",
    "NewBranch",
    "NewMember",
    "NewPhone",
    "Wish",
    "add_branches",
    "add_member",
    "add_members",
    "add_phone",
    "agree_fee",
    "change_member",
    "change_phone",
    "change_wish",
    "come_back",
    "decide_pair",
    "end_phone",
    "give_card",
    "give_up_phone",
    "mark_died",
    "mark_left",
    "merge_members",
    "propose_pair",
    "refresh_shared",
    "stop_phone_changes",
    "take_back_going",
    "transfer_member",
    "undo_merge",
]
