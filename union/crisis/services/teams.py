"""The teams: certificates and the ways to those who hold them.

Invariant: one certificate per person, role and first day; the same file again changes nothing;
nobody set aside or gone is ever taken.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.crisis.errors import DigitsError
from union.crisis.models import Certificate, Landmark, TeamProfile
from union.crisis.rules.answers import is_pair
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.rules.speech import I_CANNOT
from union.crisis.services.answers import pair_hash
from union.crisis.services.holes import begin_looking
from union.infra.editions import forget
from union.kernel.errors import UnionError
from union.kernel.geo import home_cell
from union.members.queries import branch_by_name, member_by_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class TeamsReport:
    """What became of the rows of a teams' file; ``refused`` names line and reason of each."""

    rows: int
    taken: int
    known: int
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """One certificate as a person enters it or a file gives it; the point in degrees."""

    person_id: int
    role: TeamRole
    branch_id: int
    starts_on: date
    ends_on: date
    point: tuple[float, float] = field(repr=False)
    shift: Shift = Shift.ANY
    languages: tuple[str, ...] = ()
    reached_by: tuple[str, ...] = ("sms", "voice")
    gender: str | None = None


def import_teams(work: Work, lines: Iterable[str]) -> TeamsReport:
    """Take a teams' file in; a row about nobody in the register is refused and named."""
    outcome: Counter[str] = Counter()
    refused: list[tuple[int, str]] = []
    for number, row in enumerate(csv.DictReader(lines), start=2):
        reason = _take(work, row, outcome)
        if reason is not None:
            refused.append((number, reason))
    if outcome["taken"]:
        begin_looking(work, at_once=True)
    rows = outcome["taken"] + outcome["known"] + len(refused)
    return TeamsReport(rows, outcome["taken"], outcome["known"], tuple(refused))


def add_certificate(work: Work, new: NewCertificate) -> bool:
    """Add a certificate and what it says about reaching her; False if it was known."""
    made = work.session.scalar(
        insert(Certificate)
        .values(
            person_id=new.person_id,
            role=new.role,
            branch_id=new.branch_id,
            shift=new.shift,
            home_cell=home_cell(*new.point),
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            made_at=work.clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Certificate.id)
    )
    profile = profile_of(work, new.person_id)
    profile.languages = _joined(profile.languages, (w.casefold() for w in new.languages))
    profile.reached_by = _joined(profile.reached_by, new.reached_by)
    profile.gender = new.gender or profile.gender
    work.session.flush()
    return made is not None


def profile_of(work: Work, person_id: int) -> TeamProfile:
    """Her profile, made when it is first needed."""
    profile = work.session.get(TeamProfile, person_id)
    if profile is None:
        profile = TeamProfile(
            person_id=person_id, languages=[], reached_by=[], made_at=work.clock.now()
        )
        work.session.add(profile)
        work.session.flush()
    return profile


def set_digits(work: Work, person_id: int, hers: str, duress: str) -> None:
    """Keep her own pair and the one for when she is forced; only keyed hashes stay.

    DigitsError where they are one, are no pairs, or are what says "I cannot".
    """
    usable = is_pair(hers) and is_pair(duress) and I_CANNOT not in (hers, duress)
    if not usable or hers == duress:
        raise DigitsError(person_id=person_id)
    profile = profile_of(work, person_id)
    profile.digits_hash = pair_hash(work, person_id, hers)
    profile.duress_hash = pair_hash(work, person_id, duress)
    work.session.flush()


def add_landmark(
    work: Work, branch_id: int, names: tuple[str, ...], point: tuple[float, float]
) -> None:
    """A spot everybody of a district knows, by every way it is written; once per name."""
    known = work.session.scalar(
        select(Landmark.id).where(Landmark.branch_id == branch_id, Landmark.name == names[0])
    )
    if known is None:
        work.session.add(
            Landmark(
                branch_id=branch_id,
                name=names[0],
                also_written=list(names[1:]),
                cell=home_cell(*point),
            )
        )
        work.session.flush()
        forget(work)


def import_landmarks(work: Work, lines: Iterable[str]) -> int:
    """Take a file of landmarks in (district, name, also_written, lat, lon); say how many rows."""
    rows = list(csv.DictReader(lines))
    for row in rows:
        branch = branch_by_name(work.session, row["district"])
        if branch is not None:
            names = (row["name"].strip(), *_parts(row["also_written"]))
            add_landmark(work, branch.id, names, (float(row["lat"]), float(row["lon"])))
    return len(rows)


def _take(work: Work, row: Mapping[str, str], outcome: Counter[str]) -> str | None:
    try:
        new = _read(work, row)
    except UnionError as error:
        return error.code
    except (KeyError, ValueError):
        return "row_unreadable"
    if isinstance(new, str):
        return new
    outcome["taken" if add_certificate(work, new) else "known"] += 1
    return None


def _read(work: Work, row: Mapping[str, str]) -> NewCertificate | str:
    branch = branch_by_name(work.session, row["district"])
    member = member_by_card(work.session, row["member"])
    if branch is None:
        return "district_unknown"
    if member is None:
        return "not_in_the_register"
    if member.status != "active":
        return "no_longer_a_member"
    return NewCertificate(
        person_id=member.person_id,
        role=TeamRole(row["role"].strip()),
        branch_id=branch.id,
        starts_on=date.fromisoformat(row["certified_on"]),
        ends_on=date.fromisoformat(row["certificate_ends"]),
        point=(float(row["lat"]), float(row["lon"])),
        shift=Shift(row["shift"].strip()),
        languages=_parts(row["speaks"]),
        reached_by=_parts(row["reached_by"]),
        gender=member.category,
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _joined(known: Iterable[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*known, *more]))
