"""Branches and members for tests, with sound defaults."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from union.infra.people import new_person
from union.infra.sealing import LEGAL_NAMES, MINORS, make_circle, make_personal_key
from union.infra.work import Work
from union.kernel.phone import read_phone
from union.members.models import Branch, Member
from union.members.rules.districts import read_districts
from union.members.services import NewBranch, NewMember, NewPhone, add_branches, add_member

PASSPHRASE = "the lamp stands on the sill"

_numbers = count(10_001)
"""Cards that a test names stand below these or above 77000: neither meets the other."""


def make_branch(work: Work, name: str = "Bidar", lat: float = 17.91, lon: float = 77.52) -> Branch:
    """A district branch; asking twice gives the same one."""
    return add_branches(work, [NewBranch(name, (), name, lat, lon)])[0]


def make_member(work: Work, branch: Branch | None = None, **fields) -> Member:
    """A member with a card of her own.

    ``phone`` (as people write it) is a shorthand for ``phones``; other fields are those of
    ``NewMember``. A ``legal_name`` needs ``make_circles`` first.
    """
    phone = fields.pop("phone", None)
    if phone is not None:
        reading = read_phone(phone)
        fields["phones"] = (NewPhone(reading.e164, reading.valid),)
    fields.setdefault("card_number", f"KA/{next(_numbers):05d}")
    fields.setdefault("called", "Rani")
    fields.setdefault("fee_minor", 2000)
    branch = branch or make_branch(work)
    return add_member(work, NewMember(branch_id=branch.id, **fields))


def make_circles(work: Work) -> int:
    """The circles of legal names and of minors, with one officer in both; her person id.

    Her passphrase is ``PASSPHRASE``.
    """
    officer = new_person(work)
    make_personal_key(work, officer.id, PASSPHRASE)
    make_circle(work, LEGAL_NAMES, [officer.id])
    make_circle(work, MINORS, [officer.id])
    return officer.id


DATA = Path(__file__).parents[1] / "data"


def make_districts(work: Work) -> list[Branch]:
    """Every district of the reference data as a branch."""
    districts = read_districts((DATA / "districts.csv").read_text(encoding="utf-8"))
    return add_branches(work, [NewBranch.of(one) for one in districts])
