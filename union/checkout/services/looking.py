"""What a look at the provider changes here. Invariant: later looks win, what has ended stays.

Every look says how a thing is now, so none depends on the one before it, or on a notice's order.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from union.checkout.models import (
    CardCheckout,
    CardDispute,
    CardInstruction,
    CardPayout,
    CardRefund,
)
from union.checkout.rules.standing import (
    OVER,
    PAGE_STATES,
    is_news,
    refund_after,
    standing_after,
)
from union.checkout.services.clearing import dispute_decided
from union.gateways.payments import (
    DisputeLook,
    DisputeState,
    InstructionLook,
    Look,
    PageLook,
    PayoutLook,
    RefundLook,
)
from union.infra.audit import log
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.ids import new_ref
from union.messages.services import Outgoing, send

CARDS = Actor.system("cards")
CARDS_QUEUE = "cards"
TELL_BY = ("sms", "push", "voice")


def apply_look(work: Work, provider: str, look: Look, asked_at: datetime) -> None:
    """Take over how a thing is, as asked for at ``asked_at``; what is not ours is left alone."""
    match look:
        case PageLook():
            _page(work, provider, look, asked_at)
        case InstructionLook():
            _instruction(work, provider, look, asked_at)
        case DisputeLook():
            _dispute(work, provider, look, asked_at)
        case RefundLook():
            _refund(work, look, asked_at)
        case PayoutLook():
            _payout(work, provider, look, asked_at)


def request_end(work: Work, instruction: CardInstruction, why: str) -> None:
    """Note that an instruction is to end; the cards' queue tells the provider until it has."""
    if instruction.end_asked_at is not None:
        return
    now = work.clock.now()
    instruction.end_asked_at = instruction.end_due_at = now
    instruction.end_asked_by = work.actor.person_id
    instruction.end_asked_why = why
    log(
        work,
        "card_instruction_ending",
        object_type="card_instruction",
        object_id=instruction.id,
        subject_person_id=instruction.person_id,
    )
    work.session.flush()
    work.nudge(CARDS_QUEUE)


def never_began(work: Work, instruction: CardInstruction) -> None:
    """Its page is over and nothing came of it."""
    if instruction.provider_id is None and instruction.state == "asked":
        instruction.state = "ended"
        instruction.ended_why = "not_begun"
        instruction.ended_at = work.clock.now()
        work.session.flush()


def _page(work: Work, provider: str, look: PageLook, asked_at: datetime) -> None:
    checkout = work.session.scalar(
        select(CardCheckout)
        .where(
            CardCheckout.provider == provider,
            (CardCheckout.provider_id == look.id) | (CardCheckout.ref == look.ref),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if checkout is None or not is_news(checkout.looked_at, asked_at):
        return
    checkout.provider_id = look.id
    checkout.looked_at = asked_at
    state = PAGE_STATES[look.state]
    if checkout.state not in OVER:
        checkout.state = state
        checkout.ended_at = work.clock.now() if state in OVER else None
    work.session.flush()
    if checkout.instruction_id is not None:
        _page_of_instruction(work, checkout.instruction_id, look, checkout.state)


def _page_of_instruction(work: Work, instruction_id: int, look: PageLook, state: str) -> None:
    instruction = _locked(work, CardInstruction.id == instruction_id)
    if instruction is None:
        return
    if look.instruction_id is not None:
        _has_begun(work, instruction, look.instruction_id)
    elif state in {"expired", "failed"}:
        never_began(work, instruction)


def _instruction(work: Work, provider: str, look: InstructionLook, asked_at: datetime) -> None:
    instruction = _locked(
        work,
        (CardInstruction.provider == provider)
        & ((CardInstruction.provider_id == look.id) | (CardInstruction.ref == look.ref)),
    )
    if instruction is None or not is_news(instruction.looked_at, asked_at):
        return
    before = instruction.state
    instruction.looked_at = asked_at
    if before == "ended":
        return
    _has_begun(work, instruction, look.id)
    after = standing_after(look, before, instruction.end_asked_why, work.clock)
    instruction.state, instruction.ended_why = after.state, after.ended_why
    instruction.next_on = after.next_on
    instruction.ended_at = work.clock.now() if after.state == "ended" else None
    _note_rest(instruction, look)
    if after.state == "active":
        instruction.failures = instruction.told_failures = 0
        instruction.failed_at = None
    _note_failures(work, instruction, after.failures)
    if after.end_now:
        request_end(work, instruction, "card_failed")
    if after.state == "ended" and after.ended_why == "card_failed":
        _tell(work, instruction)
    work.session.flush()


def _has_begun(work: Work, instruction: CardInstruction, provider_id: str) -> None:
    """The provider has it now; if it was ended meanwhile, it hears so at once."""
    if instruction.provider_id is not None:
        return
    instruction.provider_id = provider_id
    work.session.flush()
    if instruction.end_asked_at is not None and instruction.state != "ended":
        instruction.end_due_at = work.clock.now()
        work.nudge(CARDS_QUEUE)


def _note_rest(instruction: CardInstruction, look: InstructionLook) -> None:
    """Whether it rests; what was changed at the provider itself is taken over as it is."""
    instruction.rests = look.rests
    if instruction.state == "ended":
        instruction.rest_due_at = None
    if instruction.rest_due_at is None:
        instruction.rest_wanted = look.rests


def _note_failures(work: Work, instruction: CardInstruction, failures: int) -> None:
    if failures <= instruction.failures:
        return
    instruction.failures = failures
    instruction.failed_at = work.clock.now()
    if instruction.told_failures == 0 and instruction.state == "failing":
        _tell(work, instruction)
        instruction.told_failures = failures


def _tell(work: Work, instruction: CardInstruction) -> None:
    """A word that means nothing to whoever holds the telephone; her book says what happened."""
    person_id = instruction.person_id
    send(work, Outgoing("reminder", "reminder", TELL_BY, person_id=person_id))


def _dispute(work: Work, provider: str, look: DisputeLook, asked_at: datetime) -> None:
    work.session.execute(
        insert(CardDispute)
        .values(
            ref=new_ref(),
            provider=provider,
            provider_id=look.id,
            charge_id=look.charge_id,
            amount_minor=look.amount_minor,
            state="open",
            reason=look.reason,
            answer_by=look.answer_by,
            opened_at=look.opened_at,
            looked_at=asked_at,
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
    )
    dispute = work.session.scalars(
        select(CardDispute)
        .where(CardDispute.provider == provider, CardDispute.provider_id == look.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if dispute.state != "open" or not is_news(dispute.looked_at, asked_at):
        return
    dispute.looked_at = asked_at
    if look.state is not DisputeState.OPEN:
        dispute.state = look.state.value
        dispute.ended_at = work.clock.now()
        work.session.flush()
        if dispute.state == "lost":
            dispute_decided(work, dispute)


def _refund(work: Work, look: RefundLook, asked_at: datetime) -> None:
    refund = work.session.scalar(
        select(CardRefund)
        .where((CardRefund.provider_id == look.id) | (CardRefund.ref == look.ref))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if refund is None or not is_news(refund.looked_at, asked_at):
        return
    refund.provider_id = look.id
    refund.looked_at = asked_at
    refund.due_at = None
    refund.state = refund_after(refund.state, look.state)
    work.session.flush()


def _payout(work: Work, provider: str, look: PayoutLook, asked_at: datetime) -> None:
    fresh = insert(CardPayout).values(
        ref=new_ref(),
        provider=provider,
        provider_id=look.id,
        amount_minor=look.amount_minor,
        state=look.state.value,
        arrives_on=look.arrives_on,
        looked_at=asked_at,
    )
    work.session.execute(
        fresh.on_conflict_do_update(
            index_elements=["provider", "provider_id"],
            set_={"state": fresh.excluded.state, "looked_at": fresh.excluded.looked_at},
            where=(CardPayout.looked_at <= fresh.excluded.looked_at)
            & (CardPayout.state != "failed"),
        )
    )


def _locked(work: Work, condition: ColumnElement[bool]) -> CardInstruction | None:
    return work.session.scalar(
        select(CardInstruction)
        .where(condition)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
