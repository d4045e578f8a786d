"""Puts the parts together: engines, keys, clock, unit of work, and who hears of which fact.

Every process (pages, workers, commands, a replay on its own clock) builds one ``House`` from
its settings. The tables of facts and timers stand here because only here may one see both who
declares a fact and who acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session, sessionmaker

from union.bank.services import TIMERS as BANK_TIMERS
from union.bank.services import let_line_wait
from union.checkout.queries.about import ABOUTS as CHECKOUT_ABOUTS
from union.crisis.queries.about import ABOUTS as CRISIS_ABOUTS
from union.crisis.services import TIMERS as CRISIS_TIMERS
from union.crisis.services import page_unsent, pressed_keys, route_inbound, tell_of_way
from union.crisis.services.custody import TIMERS as CUSTODY_TIMERS
from union.crisis.services.debrief import TIMERS as DEBRIEF_TIMERS
from union.crisis.services.drills import pressed_drill
from union.crisis.services.figures import TIMERS as FIGURES_TIMERS
from union.crisis.services.force import opened_under_force
from union.crisis.services.medical import TIMERS as MEDICAL_TIMERS
from union.crisis.services.rest import give_rest
from union.crisis.services.rota_timers import TIMERS as ROTA_TIMERS
from union.crisis.services.taken_clock import TIMERS as TAKEN_TIMERS
from union.crisis.services.taken_medicine import TIMERS as MEDICINE_TIMERS
from union.crisis.services.voice_menu import called, rung_back
from union.dues.queries.about import ABOUTS as DUES_ABOUTS
from union.dues.services import TIMERS as DUES_TIMERS
from union.dues.services import give_up_difference, keep_refund, spare_who_paid
from union.gateways.assembled import real_gateways
from union.gateways.gammu import Modem, modem
from union.gateways.mail import SmtpMail, read_mail_server
from union.gateways.payments import PaymentProvider
from union.gateways.payments.stripe_provider import stripe_provider
from union.gateways.port import Gateways
from union.gateways.simulator import open_store, simulator_gateways
from union.gateways.web_push import PushKey, WebPush
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.living_secrets import LivingSecrets
from union.infra.office_locks import TIMERS as LOCK_TIMERS
from union.infra.outbox import Handler, handler_name
from union.infra.queueing import connect, make_nudge
from union.infra.reading_seals import TIMERS as SEAL_TIMERS
from union.infra.timers import TimerHandler
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import Clock, SystemClock
from union.ledger.queries.about import ABOUTS as LEDGER_ABOUTS
from union.ledger.services import TIMERS as LEDGER_TIMERS
from union.legal.queries.about import ABOUTS as LEGAL_ABOUTS
from union.legal.services import TIMERS as LEGAL_TIMERS
from union.legal.services import begin_waits, open_follow_up
from union.members.queries.about import ABOUTS as MEMBERS_ABOUTS
from union.members.services.uploads import TIMERS as MEMBERS_TIMERS
from union.messages.queries.about import ABOUTS as MESSAGES_ABOUTS
from union.messages.rules.registered import missing, registered
from union.messages.services import TIMERS as MESSAGES_TIMERS
from union.messages.services import CallHandler, pressed_in_trial, push_key
from union.messages.services.calls import CALLED
from union.messages.services.old_number import tell_of_card, tell_of_words, tell_old_number
from union.office.erasing.services import TIMERS as ERASING_TIMERS
from union.office.readings.queries.about import ABOUTS as READINGS_ABOUTS
from union.office.readings.services import TIMERS as READINGS_TIMERS
from union.office.retention.collected import TIMERS as RETENTION_TIMERS
from union.welfare.queries.about import ABOUTS as WELFARE_ABOUTS
from union.welfare.services import mark_claim_paid, open_paid_again, take_back_payment

if TYPE_CHECKING:
    from redis import Redis
    from sqlalchemy import Engine

    from union.infra.abouts import AboutQuery
    from union.infra.settings import Settings

log = structlog.get_logger()

WAKE_JOB = "worker.jobs.wake"
"""The one job there is: it is given a queue's name and does what is due there."""

FACTS: Mapping[str, tuple[Handler, ...]] = {
    "card_begun": (tell_of_card,),
    "follow_up_needed": (open_follow_up,),
    "inbound_stored": (route_inbound,),
    "incident_closed": (give_rest,),
    "message_unsent": (page_unsent,),
    "opened_by_pin": (opened_under_force,),
    "opening_words_changed": (tell_of_words,),
    "opening_words_chosen": (begin_waits,),
    "passkey_added": (tell_of_card,),
    "payment_received": (spare_who_paid,),
    "payment_reversed": (open_paid_again,),
    "payment_taken_back": (let_line_wait,),
    "phone_changed": (tell_old_number,),
    "secrets_renewed": (tell_of_card,),
    "standing_decided": (),
    "voice_vouched": (tell_of_card,),
    "voucher_approved": (),
    "voucher_paid": (mark_claim_paid, give_up_difference),
    "voucher_prepared": (),
    "voucher_withdrawn": (take_back_payment, keep_refund),
    "way_back": (tell_of_way,),
    "way_quiet": (tell_of_way,),
}
"""Who hears of each fact."""

TIMERS: Mapping[str, TimerHandler] = {
    **BANK_TIMERS,
    **CRISIS_TIMERS,
    **CUSTODY_TIMERS,
    **DEBRIEF_TIMERS,
    **FIGURES_TIMERS,
    **MEDICAL_TIMERS,
    **ROTA_TIMERS,
    **TAKEN_TIMERS,
    **MEDICINE_TIMERS,
    **DUES_TIMERS,
    **ERASING_TIMERS,
    **LEDGER_TIMERS,
    **LEGAL_TIMERS,
    **MEMBERS_TIMERS,
    **MESSAGES_TIMERS,
    **LOCK_TIMERS,
    **READINGS_TIMERS,
    **RETENTION_TIMERS,
    **SEAL_TIMERS,
}
"""Who acts when a timer of each kind is due."""

CALLS: Mapping[str, CallHandler] = {
    "page": pressed_keys,
    "briefing": pressed_keys,
    "callback": rung_back,
    CALLED: called,
    "drill": pressed_drill,
    "trial": pressed_in_trial,
}
"""Who says what a call of ours says next, by the purpose of its message."""

ABOUTS: Mapping[str, AboutQuery] = {
    **MEMBERS_ABOUTS,
    **LEDGER_ABOUTS,
    **MESSAGES_ABOUTS,
    **DUES_ABOUTS,
    **CRISIS_ABOUTS,
    **WELFARE_ABOUTS,
    **LEGAL_ABOUTS,
    **READINGS_ABOUTS,
    **CHECKOUT_ABOUTS,
}
"""What tells what a page's object is to people, by the name its row of the access table says."""

ROUTES = {fact: tuple(handler_name(handler) for handler in told) for fact, told in FACTS.items()}
HANDLERS = {handler_name(handler): handler for told in FACTS.values() for handler in told}


@dataclass(frozen=True, slots=True)
class House:
    """The parts of one process."""

    settings: Settings
    clock: Clock
    engine: Engine
    key_engine: Engine
    vault: Vault
    redis: Redis
    unit: UnitOfWork
    gateways: Gateways
    outside: Engine | None
    payments: PaymentProvider | None = None
    modem: Modem | None = None

    def close(self) -> None:
        """Close every connection; the house may not be used afterwards."""
        self.engine.dispose()
        self.key_engine.dispose()
        self.redis.close()
        if self.outside is not None:
            self.outside.dispose()


def build_house(
    settings: Settings,
    clock: Clock | None = None,
    sessions: Callable[[], Session] | None = None,
    *,
    ping: bool = True,
) -> House:
    """Build the parts; ``sessions`` replaces the plain factory where Flask-SQLAlchemy has its own.

    Without ``ping`` lost connections are found out in use: for a process that tries again.
    Nothing is connected yet: a part that is away is found out when it is first asked.
    """
    clock = clock or SystemClock(settings.zone)
    engine = application_engine(settings.database_url, ping=ping)
    key_engine = owner_engine(settings.keystore_url)
    lists = settings.erasures_to
    keystore = KeyStore(key_engine, settings.secrets.machine_keys, clock, lists)
    living = LivingSecrets(settings.secrets)
    vault = Vault(keystore, settings.secrets.index_key, signing=lambda: living.now().signing)
    redis = connect(settings.redis_url)
    outside = None if settings.simulator_url is None else open_store(settings.simulator_url)
    gateways = _to_telephones(settings, clock, outside)
    unit = UnitOfWork(
        sessions=sessions or sessionmaker(engine, expire_on_commit=False),
        clock=clock,
        vault=vault,
        routes=ROUTES,
        nudge=make_nudge(redis, WAKE_JOB),
        further=gateways.further_ways(),
    )
    gateways = _with_notices(gateways, settings, clock, unit)
    payments = None if settings.cards is None else stripe_provider(settings.cards)
    ways = settings.ways
    folders = None if ways is None or ways.gammu is None else modem(ways.gammu)
    return House(
        *(settings, clock, engine, key_engine, vault, redis, unit, gateways, outside),
        payments=payments,
        modem=folders,
    )


def _to_telephones(settings: Settings, clock: Clock, outside: Engine | None) -> Gateways:
    """The real providers if any are named, else the simulator if there is one."""
    ways = settings.ways
    if ways is not None:
        if missing(ways.registrations):
            log.warning("texts_not_registered", count=len(missing(ways.registrations)))
        return real_gateways(ways, settings.public_url, registered(ways.registrations))
    if outside is not None:
        return simulator_gateways(outside, clock, settings.public_url)
    return Gateways(public_url=settings.public_url)


def _with_notices(
    gateways: Gateways, settings: Settings, clock: Clock, unit: UnitOfWork
) -> Gateways:
    """The same with notices of the app and mail; the simulator's telephones keep their notices."""
    said = settings.notices
    keys: list[PushKey] = []

    def key() -> PushKey:
        if not keys:
            with unit.begin(Actor.system("push_key")) as work:
                keys.append(push_key(work))
        return keys[0]

    push = WebPush(key, said.contact, clock, said.services, gateways.push)
    mail = gateways.mail
    if said.mail_server is not None:
        server = read_mail_server(said.mail_server, said.mail_from)
        mail = SmtpMail(server, clock, subject=settings.wire.shown_name)
    return replace(gateways, push=push, mail=mail)
