"""Asking people. Invariant: a page, its message's first attempt and its timers are one commit (C2).

What goes out carries a random token and a number of four figures, never a place or a kind (C5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Incident, Page, TeamProfile
from union.crisis.rules.choosing import Weighed
from union.crisis.rules.escalation import ways_in_order
from union.crisis.rules.kinds import COMING, LIVE_PAGE, AskedAs, PageState
from union.crisis.rules.travel import minutes_to
from union.crisis.services.timeline import say
from union.infra.timers import finish_timers, set_timers
from union.kernel.ids import new_digits, new_ref, new_token
from union.messages.services import Outgoing, params_of, send, send_all, withdraw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

OTHER_WAY_AFTER = timedelta(seconds=45)
TOKEN_HOLDS = timedelta(hours=12)
USUAL_WAYS = ("sms", "voice")
OTHER_WAY = "crisis_other_way"
PAGE = "page"
CODE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask as what; ``override_by`` is the coordinator who answers for a lapsed one."""

    person_id: int
    asked_as: AskedAs
    certificate_id: int | None = None
    km: float | None = None
    reasons: tuple[str, ...] = field(default=())
    override_by: int | None = None
    ways: tuple[str, ...] = ()
    reached_by: tuple[str, ...] | None = None

    @classmethod
    def of(
        cls,
        weighed: Weighed,
        asked_as: AskedAs,
        ways: tuple[str, ...] = (),
        reached_by: tuple[str, ...] | None = None,
    ) -> Asking:
        """The asking of somebody the rules chose, first by the ways her step names.

        ``reached_by`` are her own ways, where they are known already.
        """
        return cls(
            weighed.person_id,
            asked_as,
            weighed.certificate_id,
            weighed.distance,
            weighed.reasons,
            ways=ways,
            reached_by=reached_by,
        )


def ask_people(work: Work, incident: Incident, askings: Sequence[Asking]) -> list[Page]:
    """Page these people; who cannot be told anything is silent at once, so others are asked."""
    if not askings:
        return []
    tokens = [new_token() for _ in askings]
    pages = [_page(work, incident, one, token) for one, token in zip(askings, tokens, strict=True)]
    unknown = [one.person_id for one in askings if one.reached_by is None]
    ways = {one.person_id: one.reached_by for one in askings} | _ways(work, unknown)
    messages = send_all(
        work,
        [
            Outgoing(
                purpose="page",
                template="page",
                channels=ways_in_order(one.ways, ways.get(page.person_id) or USUAL_WAYS),
                person_id=page.person_id,
                params={"token": token, "slip": page.code},
                urgent=True,
            )
            for one, page, token in zip(askings, pages, tokens, strict=True)
        ],
    )
    for page, message in zip(pages, messages, strict=True):
        page.message_id = message.id
        if message.state == "withheld":
            page.state, page.ended_at = PageState.SILENT, work.clock.now()
    work.session.add_all(pages)
    work.session.flush()
    for page in pages:
        say(work, incident, "asked", page=page, asked_as=page.asked_as, step=page.step)
        if page.state is PageState.SILENT:
            say(work, incident, "cannot_be_reached", page=page)
    _other_way_later(work, [page.id for page in pages if page.state is PageState.ASKED])
    return pages


def _token_of(work: Work, page: Page) -> str | None:
    """The token of the link she was sent, while it holds."""
    if page.message_id is None or page.token_until is None:
        return None
    if page.token_until <= work.clock.now():
        return None
    token = params_of(work, page.message_id).get("token")
    return None if token is None else str(token)


def send_link(
    work: Work, page: Page, template: str = "briefing", after: timedelta = timedelta(0)
) -> None:
    """Tell her of this page's link again, ``after`` a while.

    It stays the same one while it holds: she may have it open, and what she says on it must count
    whatever else reaches her meanwhile. Her two digits are asked at every act.

    A voice comes first, whatever ways she named: only a call can tell where without leaving
    anything on a telephone (C5), and whoever can write a text can be rung.
    """
    token = _token_of(work, page) or new_token()
    page.token_hash = work.vault.fingerprint("token", token)
    page.token_until = work.clock.now() + TOKEN_HOLDS
    ways = _ways(work, [page.person_id]).get(page.person_id) or USUAL_WAYS
    spoken_first = ("voice", *(way for way in ways if way not in {"voice", "call"}))
    message = send(
        work,
        Outgoing(
            purpose="briefing",
            template=template,
            channels=spoken_first,
            person_id=page.person_id,
            params={"token": token, "slip": page.code},
            due_at=work.clock.now() + after,
            urgent=True,
        ),
    )
    page.message_id = message.id
    work.session.flush()


def set_aside(work: Work, incident: Incident, page: Page) -> Page | None:
    """Her other pages of this incident step back, for she has answered for this one.

    The one by which she is coming already is returned, and nothing is changed.
    """
    others = select(Page).where(
        Page.incident_id == incident.id,
        Page.person_id == page.person_id,
        Page.id != page.id,
        Page.state.in_(LIVE_PAGE),
    )
    other = work.session.scalars(others).first()
    if other is None or other.state in COMING:
        return other
    other.state, other.ended_at = PageState.SILENT, work.clock.now()
    finish_timers(work, PAGE, other.id)
    if other.message_id is not None:
        withdraw(work, other.message_id)
    say(work, incident, "silent", page=other)
    work.session.flush()
    return None


def seem(work: Work, incident: Incident, page: Page, later: PageState, looks: str = "") -> None:
    """Under force nothing she says moves her page; only what it looks like moves.

    ``looks`` is the event it is told as to those who must not notice; usually the state's own.
    """
    page.seems = later
    if later in COMING and page.briefed_at is None:
        page.briefed_at = work.clock.now()
        page.promised_at = page.briefed_at + timedelta(minutes=minutes_to(page.km))
    say(work, incident, "seems", page=page, looks=looks or later.value)


def stand_down(work: Work, page: Page) -> None:
    """Tell her that nothing more is needed: quietly if it can be, else by whatever way she has."""
    send(
        work,
        Outgoing(
            purpose="stand_down",
            template="stand_down",
            channels=("sms", "push", "voice"),
            person_id=page.person_id,
        ),
    )


def look_at_the_desk(person_id: int) -> Outgoing:
    """Words that send somebody in charge to her list, and say nothing else."""
    return Outgoing(
        purpose="page",
        template="desk",
        channels=("push", "voice", "sms"),
        person_id=person_id,
        urgent=True,
    )


def release_page(work: Work, incident: Incident, page: Page, code: str) -> None:
    """She is no longer needed: what has not gone out is held back, who was told hears it.

    Somebody forced hears the same, and stays what she is.
    """
    if page.duress_at is not None:
        seem(work, incident, page, PageState.RELEASED)
        finish_timers(work, PAGE, page.id)
        stand_down(work, page)
        return
    was_told = page.state is not PageState.ASKED or page.message_id is not None
    page.state, page.ended_at = PageState.RELEASED, work.clock.now()
    finish_timers(work, PAGE, page.id)
    if page.message_id is not None:
        withdraw(work, page.message_id)
    if was_told and page.arrived_at is None:
        stand_down(work, page)
    say(work, incident, "released", page=page, why=code)


def _page(work: Work, incident: Incident, asking: Asking, token: str) -> Page:
    now = work.clock.now()
    return Page(
        ref=new_ref(),
        incident_id=incident.id,
        person_id=asking.person_id,
        certificate_id=asking.certificate_id,
        asked_as=asking.asked_as,
        state=PageState.ASKED,
        step=incident.step,
        km=asking.km,
        reasons=list(asking.reasons),
        came_herself=False,
        lapsed_override_by=asking.override_by,
        token_hash=work.vault.fingerprint("token", token),
        token_until=now + TOKEN_HOLDS,
        code=new_digits(CODE_LENGTH),
        wrong_tries=0,
        asked_at=now,
        asked_on=work.clock.today(),
    )


def _ways(work: Work, person_ids: Sequence[int]) -> dict[int, tuple[str, ...] | None]:
    if not person_ids:
        return {}
    rows = work.session.execute(
        select(TeamProfile.person_id, TeamProfile.reached_by).where(
            TeamProfile.person_id.in_(person_ids)
        )
    )
    return {person_id: tuple(ways) for person_id, ways in rows}


def _other_way_later(work: Work, page_ids: Sequence[int]) -> None:
    set_timers(
        work,
        kind=OTHER_WAY,
        subject_type=PAGE,
        subject_ids=page_ids,
        due_at=work.clock.now() + OTHER_WAY_AFTER,
        flush=False,
    )
