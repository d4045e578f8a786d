"""What is asked of the provider. Invariant: the wish is committed first, under a key of its own.

The provider is spoken to outside any transaction; an answer that is lost is asked for again under
the same key, so that nothing is taken or given back twice.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from union.checkout.errors import (
    AmountTooSmallError,
    DisputedError,
    InstructionEndedError,
    InstructionFailingError,
    InstructionStandsError,
    PageTooOldError,
    RefundTooLargeError,
)
from union.checkout.models import CardCheckout, CardDispute, CardInstruction, CardLine, CardRefund
from union.checkout.rules.standing import LEAST_MINOR, LIVE
from union.checkout.services.looking import CARDS, CARDS_QUEUE, apply_look, request_end
from union.dues.services.returns import could_give_back
from union.gateways.payments import (
    LineKind,
    OpenedPage,
    PageAsked,
    PageLook,
    PageState,
    PaymentProvider,
)
from union.infra.audit import log
from union.infra.work import UnitOfWork, Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.members.queries import all_entries_of

KEY_LIVES = timedelta(hours=23)
"""The provider may forget a key after a day: a page asked for longer ago is not asked for again."""

_LOCK = 12001
_BOUND = "checkout_m6_refund_within_payment"


def ask_payment(work: Work, provider: str, person_id: int, amount_minor: int) -> CardCheckout:
    """Write down that she wants to pay so much once, in paise."""
    return _checkout(work, provider, person_id, amount_minor, None)


def ask_instruction(work: Work, provider: str, person_id: int, amount_minor: int) -> CardCheckout:
    """Write down that she wants to pay so much every month.

    InstructionStandsError while she has one that began; one that never began is left behind.
    """
    work.session.execute(select(func.pg_advisory_xact_lock(_LOCK, person_id)))
    standing = work.session.scalar(
        select(CardInstruction.id).where(
            CardInstruction.person_id.in_(all_entries_of(work.session, person_id)),
            CardInstruction.state.in_(LIVE),
            CardInstruction.provider_id.is_not(None),
        )
    )
    if standing is not None:
        raise InstructionStandsError(instruction_id=standing)
    instruction = CardInstruction(
        ref=new_ref(),
        person_id=person_id,
        amount_minor=amount_minor,
        provider=provider,
        state="asked",
        asked_at=work.clock.now(),
        asked_by=work.actor.person_id,
        failures=0,
        told_failures=0,
    )
    work.session.add(instruction)
    work.session.flush()
    return _checkout(work, provider, person_id, amount_minor, instruction)


def lead_to_page(
    unit: UnitOfWork,
    provider: PaymentProvider,
    checkout: CardCheckout,
    back_url: str,
    shown_name: str = "Notebook",
) -> str:
    """Where to send her: the provider's page for what she asked; the same one if asked again.

    ``shown_name`` is what that page calls it: the union's neutral name, which means nothing.
    PageTooOldError after a day. Payments*Error as the provider says; then nothing was taken.
    """
    now = unit.clock.now()
    if checkout.state not in {"asked", "open"} or now - checkout.asked_at > KEY_LIVES:
        raise PageTooOldError
    with unit.reading(CARDS) as work:
        instruction = _instruction_of(work, checkout)
    asked = PageAsked(
        page_ref=checkout.ref,
        origin_ref=checkout.ref if instruction is None else instruction.ref,
        amount_minor=checkout.amount_minor,
        monthly=instruction is not None,
        shown_name=shown_name,
        back_url=back_url,
    )
    opened: OpenedPage = provider.open_page(f"page-{checkout.ref}", asked)
    with unit.begin(CARDS) as work:
        look = PageLook(opened.id, checkout.ref, PageState.OPEN)
        apply_look(work, provider.name, look, now)
    return opened.url


def ask_end(work: Work, ref: str, why: str) -> CardInstruction:
    """End a standing instruction; the provider is told at once and until it has heard.

    InstructionEndedError if it has ended. Asking twice is one asking.
    """
    instruction = work.session.scalar(
        select(CardInstruction).where(CardInstruction.ref == ref).with_for_update()
    )
    if instruction is None:
        raise NotFoundError
    if instruction.state == "ended":
        raise InstructionEndedError(instruction_id=instruction.id)
    request_end(work, instruction, why)
    return instruction


def ask_rest(work: Work, ref: str, *, rests: bool) -> CardInstruction:
    """Let a standing instruction rest, or go on; the provider is told until it has heard.

    InstructionEndedError if it has ended or is ending, InstructionFailingError to rest one whose
    card does not pay (what is due would be tried all the same). Asking twice is one asking.
    """
    instruction = work.session.scalar(
        select(CardInstruction)
        .where(CardInstruction.ref == ref, CardInstruction.provider_id.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if instruction is None:
        raise NotFoundError
    if instruction.state == "ended" or instruction.end_asked_at is not None:
        raise InstructionEndedError(instruction_id=instruction.id)
    if rests and instruction.state == "failing":
        raise InstructionFailingError(instruction_id=instruction.id)
    if instruction.rest_wanted == rests:
        return instruction
    now = work.clock.now()
    instruction.rest_wanted, instruction.rest_round = rests, instruction.rest_round + 1
    instruction.rest_asked_at = instruction.rest_due_at = now
    instruction.rest_asked_by = work.actor.person_id
    work.session.flush()
    log(
        work,
        "card_instruction_resting" if rests else "card_instruction_going_on",
        object_type="card_instruction",
        object_id=instruction.id,
        subject_person_id=instruction.person_id,
    )
    work.nudge(CARDS_QUEUE)
    return instruction


def ask_refund(work: Work, line_ref: str, amount_minor: int, reason: str) -> CardRefund:
    """Write down that so much of a payment is to be given back to the card it came from.

    RefundTooLargeError beyond what is left of it, or beyond what of her money the union still
    has (credit may have gone back to her another way); DisputedError while the holder disputes it,
    or after she got it back that way. A dispute that was won is over.
    """
    line = work.session.scalar(
        select(CardLine).where(CardLine.ref == line_ref, CardLine.kind == LineKind.PAYMENT)
    )
    if line is None:
        raise NotFoundError
    disputed = select(CardDispute.id).where(
        CardDispute.provider == line.provider,
        CardDispute.charge_id == line.charge_id,
        CardDispute.state != "won",
    )
    if work.session.scalar(disputed) is not None:
        raise DisputedError(line_id=line.id)
    if amount_minor > min(left_of(work, line), still_hers(work, line)):
        raise RefundTooLargeError(line_id=line.id)
    refund = CardRefund(
        ref=new_ref(),
        line_id=line.id,
        amount_minor=amount_minor,
        reason=reason,
        state="asked",
        asked_at=work.clock.now(),
        asked_by=work.actor.person_id,
        due_at=work.clock.now(),
    )
    try:
        with work.session.begin_nested():
            work.session.add(refund)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != _BOUND:
            raise
        # Somebody else asked in the same moment; the database counted both.
        raise RefundTooLargeError(line_id=line.id) from error
    log(work, "card_refund_asked", object_type="card_refund", object_id=refund.id)
    work.nudge(CARDS_QUEUE)
    return refund


def still_hers(work: Work, line: CardLine) -> int:
    """What of her money is with us and not asked back yet; a stranger's line bounds itself."""
    if line.person_id is None:
        return line.amount_minor
    asked = (
        select(func.coalesce(func.sum(CardRefund.amount_minor), 0))
        .join(CardLine, CardLine.id == CardRefund.line_id)
        .where(
            CardLine.person_id.in_(all_entries_of(work.session, line.person_id)),
            CardRefund.state == "asked",
        )
    )
    return could_give_back(work, line.person_id) - int(work.session.scalar(asked) or 0)


def left_of(work: Work, line: CardLine) -> int:
    """What of a payment was neither given back, taken back nor asked back, in paise."""
    moved = select(func.coalesce(func.sum(CardLine.amount_minor), 0)).where(
        CardLine.provider == line.provider, CardLine.charge_id == line.charge_id
    )
    asked = select(func.coalesce(func.sum(CardRefund.amount_minor), 0)).where(
        CardRefund.line_id == line.id, CardRefund.state.in_(["asked"])
    )
    total = select(func.coalesce(func.sum(CardRefund.amount_minor), 0)).where(
        CardRefund.line_id == line.id, CardRefund.state != "failed"
    )
    by_line = int(work.session.scalar(moved) or 0) - int(work.session.scalar(asked) or 0)
    return max(min(by_line, line.amount_minor - int(work.session.scalar(total) or 0)), 0)


def _checkout(
    work: Work,
    provider: str,
    person_id: int,
    amount_minor: int,
    instruction: CardInstruction | None,
) -> CardCheckout:
    if amount_minor < LEAST_MINOR:
        raise AmountTooSmallError
    checkout = CardCheckout(
        ref=new_ref(),
        person_id=person_id,
        instruction_id=None if instruction is None else instruction.id,
        amount_minor=amount_minor,
        provider=provider,
        state="asked",
        asked_at=work.clock.now(),
        asked_by=work.actor.person_id,
    )
    work.session.add(checkout)
    work.session.flush()
    return checkout


def _instruction_of(work: Work, checkout: CardCheckout) -> CardInstruction | None:
    if checkout.instruction_id is None:
        return None
    return work.session.get(CardInstruction, checkout.instruction_id)
