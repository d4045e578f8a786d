"""Reads of a member's own fields: what she is called, her numbers, languages and wishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.infra.work import Work
from union.kernel.erased import erased
from union.members.models import Branch, ContactPoint, Member, MemberLanguage, Membership, ReachRule
from union.members.queries.among import among
from union.members.queries.people import same_person_ids

CALLED = "member.called"
LEGAL_NAME = "member.legal_name"
BORN = "member.born"
PLACE = "member.place"
NOMINEE = "member.nominee"
REMARKS = "member.remarks"
NUMBER = "contact_point.number"
ASK_FOR = "reach_rule.ask_for"
WISH = "reach_rule.wish"


@dataclass(frozen=True, slots=True)
class ContactView:
    """One of her numbers in E.164; ``valid``: its series is in use; ``shared``: others have it."""

    id: int
    ref: str
    e164: str
    valid: bool
    shared: bool
    rank: int


@dataclass(frozen=True, slots=True)
class ReachView:
    """Her wish; channels are among call, sms, link and visit; hours are civil, union's zone."""

    asked: bool
    channels: frozenset[str]
    not_before: time | None
    not_after: time | None
    ask_for: str | None
    wish: str | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as other people of the union see her: never her legal name."""

    person_id: int
    ref: str
    card: str
    called: str
    branch_id: int | None
    branch: str
    category: str | None
    status: str
    joined_on: date | None
    is_erased: bool = False

    @property
    def label(self) -> str:
        """Called name and card number, as every list writes it; that she was erased, if she was."""
        if self.is_erased:
            return erased()
        return f"{self.called} · {self.card}" if self.called else self.card


NOBODY_ASKED = ReachView(
    asked=False,
    channels=frozenset(),
    not_before=None,
    not_after=None,
    ask_for=None,
    wish=None,
)


def contact_points(work: Work, person_id: int) -> list[ContactView]:
    """Her numbers in use, best first, those of entries merged into hers after her own.

    Nobody may be sent anything who has left or died: then there are none.
    """
    member = work.session.get(Member, person_id)
    if member is None or not member.reachable:
        return []
    rows = work.session.execute(
        select(ContactPoint, Member.key_ref)
        .join(Member, Member.person_id == ContactPoint.person_id)
        .where(
            among(ContactPoint.person_id, same_person_ids(work.session, person_id)),
            ContactPoint.ended_at.is_(None),
        )
        .order_by(ContactPoint.person_id != person_id, ContactPoint.rank, ContactPoint.id)
    ).all()
    seen: dict[str, ContactView] = {}
    for point, key_ref in rows:
        e164 = work.vault.opened(key_ref, NUMBER, point.ref, point.number)
        if e164 is None:
            continue
        view = ContactView(point.id, point.ref, e164, point.valid, point.shared, point.rank)
        seen.setdefault(e164, view)
    return list(seen.values())


def persons_with_phone(work: Work, e164: str) -> list[int]:
    """Whom a number in E.164 belongs to: several where a phone is shared, in no order of truth.

    The blind index is truncated, so each hit is opened and compared.
    """
    rows = work.session.execute(
        select(ContactPoint, Member)
        .join(Member, Member.person_id == ContactPoint.person_id)
        .where(
            ContactPoint.number_index == work.vault.blind_index("phone", e164),
            ContactPoint.ended_at.is_(None),
        )
        .order_by(ContactPoint.rank, ContactPoint.id)
    ).all()
    found = dict.fromkeys(
        member.merged_into or member.person_id
        for point, member in rows
        if work.vault.opened(member.key_ref, NUMBER, point.ref, point.number) == e164
    )
    return list(found)


def languages(session: Session, person_id: int) -> list[str]:
    """The codes of the languages she speaks, best first."""
    return list(
        session.scalars(
            select(MemberLanguage.language)
            .where(MemberLanguage.person_id == person_id)
            .order_by(MemberLanguage.rank, MemberLanguage.id)
        )
    )


def languages_of(session: Session, person_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """As ``languages``, for many at once."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(MemberLanguage.person_id, MemberLanguage.language)
        .where(among(MemberLanguage.person_id, person_ids))
        .order_by(MemberLanguage.rank, MemberLanguage.id)
    )
    for person_id, language in rows:
        found[person_id].append(language)
    return found


def reach(work: Work, person_id: int) -> ReachView:
    """Her wish about being reached; ``NOBODY_ASKED`` while there is none."""
    row = work.session.get(ReachRule, person_id)
    member = work.session.get(Member, person_id)
    if row is None or member is None:
        return NOBODY_ASKED

    def opened(place: str, blob: bytes | None) -> str | None:
        return work.vault.opened(member.key_ref, place, member.ref, blob)

    return ReachView(
        asked=row.asked,
        channels=frozenset(row.channels),
        not_before=row.not_before,
        not_after=row.not_after,
        ask_for=opened(ASK_FOR, row.ask_for),
        wish=opened(WISH, row.wish),
    )


def member_views(work: Work, person_ids: Collection[int]) -> dict[int, MemberView]:
    """Members as pages show them, by person; people who are no members are left out."""
    rows = work.session.execute(
        select(Member, Branch)
        .outerjoin(
            Membership,
            (Membership.person_id == Member.person_id) & Membership.until_on.is_(None),
        )
        .outerjoin(Branch, Branch.id == Membership.branch_id)
        .where(among(Member.person_id, person_ids))
    ).all()
    work.vault.preload([member.key_ref for member, _ in rows if member.called])
    return {member.person_id: _view(work, member, branch) for member, branch in rows}


def _view(work: Work, member: Member, branch: Branch | None) -> MemberView:
    called = work.vault.opened(member.key_ref, CALLED, member.ref, member.called)
    return MemberView(
        person_id=member.person_id,
        ref=member.ref,
        card=member.card,
        called=called or "",
        branch_id=branch.id if branch else None,
        branch=branch.name if branch else "",
        category=member.category,
        status=member.status,
        joined_on=member.joined_on,
        is_erased=member.erased_at is not None,
    )
