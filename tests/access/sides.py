"""Two sides of one union, in two districts: whatever is one side's is the other side's not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from union.members.models import Branch, Member


@dataclass(frozen=True)
class Side:
    """A district, where it lies, somebody of it, and whether it is the first that is built."""

    branch: Branch
    point: tuple[float, float]
    member: Member
    first: bool

    @property
    def district(self) -> str:
        return self.branch.name


@dataclass(frozen=True)
class Example:
    """An object: what an address of it names, who is tied to it, and where it lies."""

    args: Mapping[str, str]
    tied: int | None = None
    branch_id: int | None = None
    more_tied: tuple[int, ...] = field(default=())


Made = dict[str, Example]
