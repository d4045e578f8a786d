"""Reads behind the decisions: pages of an incident, open incidents as what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Row,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
)

from union.crisis.models import Contact, Incident, Page
from union.crisis.rules import places
from union.crisis.rules.kinds import OPEN_INCIDENT, AskedAs, PageState
from union.crisis.rules.likeness import SHOW_WITHIN_MINUTES, Told

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work

CONTACT_PLACE = "contact.place"
CONTACT_WORDS = "contact.words"
CONTACT_NUMBER = "contact.number"
INCIDENT_PLACE = "incident.place"
EVENT_WORDS = "incident_event.words"

NOBODY_YET = 0

Telling = Contact | Row[*tuple[Any, ...]]
"""A contact, or what of it is read to tell it from others."""

_contact, _incident = Contact.__table__, Incident.__table__
_other = _contact.alias("other")
_open_states = ", ".join(f"'{state.value}'" for state in OPEN_INCIDENT)

# Built once, of bare columns: every contact asks. The states are written out for their index.
_TELLINGS = (
    select(
        _contact.c.ref,
        _contact.c.key_ref,
        _contact.c.received_at,
        _contact.c.kind,
        _contact.c.branch_id,
        _contact.c.cell,
        _contact.c.cell_exact,
        _contact.c.place,
        _contact.c.words,
        _contact.c.people,
        _contact.c.incident_id,
    )
    .join(_incident, _incident.c.id == _contact.c.incident_id)
    .where(
        literal_column(f"incident.state IN ({_open_states})", Boolean),
        _incident.c.last_contact_at >= bindparam("since", type_=DateTime(timezone=True)),
        _contact.c.id != bindparam("itself", type_=BigInteger),
    )
    .order_by(_contact.c.id)
)
_HERE = _TELLINGS.where(
    exists().where(
        _other.c.incident_id == _incident.c.id,
        or_(
            _other.c.branch_id == bindparam("branch_id", type_=BigInteger),
            _other.c.branch_id.is_(None),
        ),
    )
)


def pages_of(session: Session, incident_id: int) -> Sequence[Page]:
    """Every page of an incident, in the order of asking."""
    return session.scalars(
        select(Page).where(Page.incident_id == incident_id).order_by(Page.id)
    ).all()


def standing(pages: Sequence[Page]) -> list[tuple[AskedAs, PageState]]:
    """Role and state of each page that may fill a place: a certificate, or somebody's override."""
    return [
        (page.asked_as, page.state)
        for page in pages
        if page.certificate_id is not None or page.lapsed_override_by is not None
    ]


def told_by(work: Work, contact: Telling, known: Sequence[places.Area]) -> Told:
    """What one contact told, as the likeness rules read it."""
    place = opened(work, contact, CONTACT_PLACE, contact.place)
    words = opened(work, contact, CONTACT_WORDS, contact.words)
    return Told(
        at=contact.received_at,
        kind=contact.kind,
        branch_id=contact.branch_id,
        cell=contact.cell,
        cell_exact=contact.cell_exact,
        said=places.telling(f"{place or ''} {words or ''}", known),
        names_place=bool(place),
        people=contact.people,
    )


def open_tellings(
    work: Work, contact: Contact, known: Sequence[places.Area]
) -> Mapping[int, Sequence[Told]]:
    """What others told of each open incident that this contact may be about, by incident.

    Of those spoken of lately, and told to be in its district or nobody knows where.
    """
    asked: dict[str, Any] = {
        "since": contact.received_at - timedelta(minutes=SHOW_WITHIN_MINUTES),
        "itself": contact.id or NOBODY_YET,
    }
    if contact.branch_id is None:
        rows = work.session.execute(_TELLINGS, asked).all()
    else:
        rows = work.session.execute(_HERE, {**asked, "branch_id": contact.branch_id}).all()
    work.vault.preload({row.key_ref for row in rows})
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in rows:
        found[row.incident_id].append(told_by(work, row, known))
    return found


def opened(work: Work, contact: Telling, field: str, blob: bytes | None) -> str | None:
    """A field of a contact in the clear; None where nothing was said."""
    return work.vault.opened(contact.key_ref, field, contact.ref, blob)


def place_of(work: Work, incident: Incident) -> str | None:
    """Where it is, in the caller's words; None where nobody said, and once they are gone."""
    return work.vault.opened(incident.key_ref, INCIDENT_PLACE, incident.ref, incident.place)
