"""The register as a new book is compared with it: only what the book's own rows touch is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select

from union.infra.work import Work
from union.members.models import (
    Branch,
    BranchAlias,
    Card,
    ContactPoint,
    ImportRow,
    Member,
    MemberFee,
    MemberLanguage,
    Membership,
    ReachRule,
    SetAside,
)
from union.members.queries.among import among
from union.members.queries.reach import BORN, CALLED, NOMINEE, NUMBER, PLACE, REMARKS
from union.members.rules.books import BookRow
from union.members.rules.districts import District
from union.members.rules.findings import Verdict
from union.members.rules.judging import Knowledge
from union.members.rules.likeness import Traits
from union.members.rules.reading import RowReading
from union.members.rules.updates import Present

IMPORT = "import"
_WRITTEN = {"day": 10, "month": 7, "year": 4}


def known_districts(work: Work) -> list[District]:
    """The union's branches with every way they are written, for reading a book against."""
    ways: defaultdict[int, list[str]] = defaultdict(list)
    for alias in work.session.scalars(select(BranchAlias)):
        ways[alias.branch_id].append(alias.written)
    return [
        District(branch.name, tuple(ways[branch.id]), branch.headquarters, 0.0, 0.0)
        for branch in work.session.scalars(select(Branch).order_by(Branch.name))
    ]


def row_fingerprint(work: Work, row: BookRow) -> bytes:
    """By which a row is known again, whatever file it stands in."""
    return work.vault.blind_index(IMPORT, f"row|{row.text}")


def card_fingerprint(work: Work, card: str) -> bytes:
    """By which a card of a row that was kept apart is known again."""
    return work.vault.blind_index("kept_apart", card)


def name_mark(work: Work, name: str) -> bytes:
    """One byte that changes when a name is written otherwise, and tells nothing else of it."""
    return work.vault.blind_index("name_mark", name)[:1]


def knowledge_of(work: Work, rows: Sequence[tuple[BookRow, RowReading]]) -> Knowledge:
    """Everything in the register that these rows may be about."""
    readings = [reading for _row, reading in rows]
    cards = _cards(work, {reading.card for reading in readings if reading.card})
    wanted = {phone.e164 for reading in readings for phone in reading.phones}
    phones = _phones(work, wanted)
    people = {*cards.values(), *(person for found in phones.values() for person in found)}
    return Knowledge(
        cards=cards,
        phones=phones,
        traits=_traits(work, people),
        kept_apart=_kept_apart(work, readings),
        seen=_seen(work, rows),
        seen_apart=_seen_apart(work, rows),
    )


def present_of(work: Work, person_ids: Collection[int]) -> dict[int, Present]:
    """Members as the register has them, opened for comparison."""
    members = _members(work, person_ids)
    numbers = _numbers(work, members)
    fees, districts = _fees(work, members), _districts(work, members)
    spoken: defaultdict[int, list[str]] = defaultdict(list)
    for person_id, language in work.session.execute(
        select(MemberLanguage.person_id, MemberLanguage.language)
        .where(among(MemberLanguage.person_id, members))
        .order_by(MemberLanguage.rank)
    ):
        spoken[person_id].append(language)
    asked = set(
        work.session.scalars(
            select(ReachRule.person_id).where(
                among(ReachRule.person_id, members), ReachRule.asked.is_(True)
            )
        )
    )
    return {
        person_id: Present(
            called=_open(work, member, CALLED, member.called),
            place=_open(work, member, PLACE, member.place),
            nominee=_open(work, member, NOMINEE, member.nominee),
            remarks=_open(work, member, REMARKS, member.remarks),
            born=_open(work, member, BORN, member.born),
            joined=_joined(member),
            category=member.category,
            district=districts.get(person_id),
            fee_minor=fees.get(person_id),
            phones=frozenset(numbers[person_id]),
            languages=tuple(spoken[person_id]),
            status=member.status,
            has_name=member.legal_name is not None,
            has_wish=person_id in asked,
        )
        for person_id, member in members.items()
    }


def _members(work: Work, person_ids: Iterable[int]) -> dict[int, Member]:
    found = {
        member.person_id: member
        for member in work.session.scalars(
            select(Member).where(among(Member.person_id, list(person_ids)))
        )
    }
    work.vault.preload([member.key_ref for member in found.values()])
    return found


def _open(work: Work, member: Member, place: str, blob: bytes | None) -> str | None:
    return work.vault.opened(member.key_ref, place, member.ref, blob)


def _joined(member: Member) -> str | None:
    if member.joined_on is None:
        return None
    return member.joined_on.isoformat()[: _WRITTEN[member.joined_precision]]


def _cards(work: Work, cards: Collection[str]) -> dict[str, int]:
    rows = work.session.execute(
        select(Card.number, Member.person_id, Member.merged_into)
        .join(Member, Member.person_id == Card.person_id)
        .where(among(Card.number, cards))
    )
    return {number: merged or person for number, person, merged in rows}


def _phones(work: Work, wanted: Collection[str]) -> dict[str, tuple[int, ...]]:
    indexes = {work.vault.blind_index("phone", e164): e164 for e164 in wanted}
    rows = work.session.execute(
        select(ContactPoint, Member)
        .join(Member, Member.person_id == ContactPoint.person_id)
        .where(among(ContactPoint.number_index, indexes), ContactPoint.ended_at.is_(None))
        .order_by(ContactPoint.id)
    ).all()
    work.vault.preload([member.key_ref for _point, member in rows])
    found: defaultdict[str, list[int]] = defaultdict(list)
    for point, member in rows:
        e164 = indexes[point.number_index]
        if work.vault.opened(member.key_ref, NUMBER, point.ref, point.number) == e164:
            found[e164].append(member.merged_into or member.person_id)
    return {e164: tuple(dict.fromkeys(people)) for e164, people in found.items()}


def _traits(work: Work, people: Collection[int]) -> dict[int, Traits]:
    return {
        person_id: Traits(
            phones=present.phones,
            name=present.called,
            born=present.born,
            joined=present.joined,
            district=present.district,
        )
        for person_id, present in present_of(work, people).items()
    }


def _numbers(work: Work, members: Mapping[int, Member]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for point in work.session.scalars(
        select(ContactPoint).where(
            among(ContactPoint.person_id, members), ContactPoint.ended_at.is_(None)
        )
    ):
        key_ref = members[point.person_id].key_ref
        number = work.vault.opened(key_ref, NUMBER, point.ref, point.number)
        if number is not None:
            found[point.person_id].add(number)
    return found


def _fees(work: Work, members: Mapping[int, Member]) -> dict[int, int]:
    rows = work.session.execute(
        select(MemberFee.person_id, MemberFee.fee_minor)
        .where(among(MemberFee.person_id, members))
        .order_by(MemberFee.from_on)
    )
    return {row.person_id: row.fee_minor for row in rows}


def _districts(work: Work, members: Mapping[int, Member]) -> dict[int, str]:
    rows = work.session.execute(
        select(Membership.person_id, Branch.name)
        .join(Branch, Branch.id == Membership.branch_id)
        .where(among(Membership.person_id, members), Membership.until_on.is_(None))
    )
    return {row.person_id: row.name for row in rows}


def _kept_apart(work: Work, readings: Iterable[RowReading]) -> frozenset[str]:
    indexes = {card_fingerprint(work, r.card): r.card for r in readings if r.card}
    found = work.session.scalars(
        select(SetAside.card_index).where(among(SetAside.card_index, indexes))
    )
    return frozenset(indexes[index] for index in found if index is not None)


def _seen(work: Work, rows: Sequence[tuple[BookRow, RowReading]]) -> dict[int, Verdict]:
    lines = {row_fingerprint(work, row): row.line for row, _reading in rows}
    found: dict[int, Verdict] = {}
    for fingerprint, verdict in work.session.execute(
        select(ImportRow.fingerprint, ImportRow.verdict)
        .where(among(ImportRow.fingerprint, lines))
        .order_by(ImportRow.id)
    ):
        found[lines[fingerprint]] = Verdict(verdict)
    return found


def _seen_apart(work: Work, rows: Sequence[tuple[BookRow, RowReading]]) -> frozenset[int]:
    lines = {row_fingerprint(work, row): row.line for row, _reading in rows}
    found = work.session.scalars(
        select(SetAside.fingerprint).where(among(SetAside.fingerprint, lines))
    )
    return frozenset(lines[fingerprint] for fingerprint in found)
