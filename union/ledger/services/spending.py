"""Vouchers written by hand: a bill, a rent, a float; with words and papers that two will sign.

Invariant: what is signed covers the words and every paper; whoever is paid is a person of her
own, also outside the register, so that she can be kept from signing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from union.infra.audit import log
from union.infra.people import Person, new_person
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.ledger.errors import NameMissingError, WordsMissingError
from union.ledger.models import SPENDING_NUMBER, Payee, Voucher
from union.ledger.policy import may_approve, may_read_care
from union.ledger.queries.payees import NAME_PLACE
from union.ledger.rules.chart import CARE
from union.ledger.rules.entries import HAND_VOUCHER, Source
from union.ledger.rules.vouchers import NewVoucher
from union.ledger.services.papers import close_papers
from union.ledger.services.vouchers import prepare_voucher


@dataclass(frozen=True, slots=True)
class NewSpending:
    """What is to be paid, as somebody writes it: to whom, from where, for what, on what papers."""

    payee_person_id: int
    fund: str
    money_account: str
    spend_account: str
    amount_minor: int
    words: str
    papers: Sequence[IO[bytes]] = ()


def add_payee(work: Work, name: str) -> Payee:
    """Somebody we pay who is in no register, as a person with a key of her own."""
    if not may_approve(work.actor):
        raise NotAllowedError
    if not name.strip():
        raise NameMissingError
    person = new_person(work)
    ref = new_ref()
    payee = Payee(
        person_id=person.id,
        ref=ref,
        name=work.vault.encrypt(person.key_ref, NAME_PLACE, ref, name.strip()),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(payee)
    work.session.flush()
    log(work, "payee_added", object_type="person", object_id=person.id)
    return payee


def write_voucher(work: Work, new: NewSpending) -> Voucher:
    """Write a voucher by hand for two others to sign; each is one of its own.

    NotAllowedError, also for the treasurer where the words would tell of a case or a call;
    WordsMissingError, NotFoundError for no such person, what papers raise (services.papers) and
    what ``prepare_voucher`` raises.
    """
    if not may_approve(work.actor) or (new.spend_account in CARE and not may_read_care(work.actor)):
        raise NotAllowedError
    if not new.words.strip():
        raise WordsMissingError
    payee = work.session.get(Person, new.payee_person_id)
    if payee is None:
        raise NotFoundError(person_id=new.payee_person_id)
    papers = close_papers(work, payee.key_ref, new.papers)
    number = work.session.scalar(SPENDING_NUMBER)
    voucher = prepare_voucher(
        work,
        NewVoucher(
            fund=new.fund,
            money_account=new.money_account,
            spend_account=new.spend_account,
            payee_person_id=payee.id,
            amount_minor=new.amount_minor,
            source=Source(HAND_VOUCHER, int(number or 0)),
            note=new.words.strip(),
        ),
        papers,
    )
    log(work, "voucher_written", object_type="voucher", object_id=voucher.id)
    return voucher
