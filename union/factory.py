"""Makes the Flask application: extensions, pages, guard; never a decision of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, request
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from union.bank import views as bank
from union.checkout import views as checkout
from union.crisis import views as crisis
from union.crisis.queries.telephones import telephones_tonight
from union.dues import views as dues
from union.gateways.simulator import Phones
from union.identity import views as identity
from union.identity.queries import present_by_token
from union.identity.services.sessions import note_use
from union.infra.db import APPLICATION_ROLE, SESSION_OPTIONS, psycopg_url
from union.infra.living_secrets import LivingSecrets
from union.kernel.actor import Actor
from union.ledger import views as ledger
from union.legal import views as legal
from union.members import views as members
from union.messages.services import UnionDoor
from union.messages.views import outside, providers, ways
from union.office import views as office
from union.office.audit import views as audit
from union.office.closing import views as closing
from union.office.erasing import views as erasing
from union.office.locking import recovery_views as locking
from union.office.number_cards import views as number_cards
from union.office.open_books import views as open_books
from union.office.people import views as people
from union.office.queries.naming import person_by_card
from union.office.readings import views as readings
from union.office.retention import views as retention
from union.office.views.naming import called
from union.reports import views as reports
from union.reports.exports import views as exports
from union.web import (
    errors,
    formats,
    guard,
    headers,
    kept,
    leaving,
    limits,
    look,
    opening,
    refusals,
)
from union.web.current import EXTENSION, WebKit, kit
from union.web.database import db
from union.web.renewed import RenewedSessions
from union.web.uploads import MemoryRequest
from union.welfare import views as welfare
from union.wiring import ABOUTS, CALLS, build_house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.settings import Settings
    from union.infra.work import UnitOfWork
    from union.kernel.clock import Clock
    from union.web.current import Showcase

LANGUAGES = tuple(look.TONGUES)
HOUSE = "sangha_house"
LARGEST_REQUEST = 16 * 1024 * 1024

BLUEPRINTS = (
    office.home.blueprint,
    identity.blueprint,
    opening.blueprint,
    ledger.blueprint,
    welfare.blueprint,
    legal.blueprint,
    dues.blueprint,
    checkout.blueprint,
    bank.blueprint,
    crisis.blueprint,
    members.blueprint,
    ways.blueprint,
    office.intake.blueprint,
    audit.blueprint,
    open_books.blueprint,
    readings.blueprint,
    retention.blueprint,
    erasing.blueprint,
    exports.blueprint,
    closing.blueprint,
    people.blueprint,
    locking.blueprint,
    number_cards.blueprint,
    reports.blueprint,
)


def create_app(
    settings: Settings, clock: Clock | None = None, showcase: tuple[Showcase, ...] = ()
) -> Flask:
    """The application over the parts named in ``settings``.

    ``showcase`` are the people of a demonstration; without one nobody is offered.
    """
    app = Flask("union", template_folder="../templates", static_folder="../static")
    app.request_class = MemoryRequest
    app.config.update(
        SQLALCHEMY_DATABASE_URI=psycopg_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "hide_parameters": True,
            "connect_args": {"options": f"-c role={APPLICATION_ROLE} {SESSION_OPTIONS}"},
        },
        SESSION_COOKIE_NAME="__Host-s" if settings.secure_cookies else "s",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
    )
    db.init_app(app)
    csrf = CSRFProtect(app)
    Babel(app, default_locale="en", locale_selector=_language, default_timezone=settings.zone)
    house = build_house(settings, clock, sessions=db.session)
    app.extensions[HOUSE] = house
    app.session_interface = RenewedSessions(LivingSecrets(settings.secrets), house.clock)
    app.extensions[EXTENSION] = WebKit(
        house.unit, settings, _find_actor, showcase, called, person_by_card, ABOUTS
    )
    _install_sign_in(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    checkout.install(app, csrf, house.payments)
    door = UnionDoor(house.unit, CALLS)
    providers.install(app, csrf, settings.ways, door)
    if house.outside is not None and settings.demonstration:
        phones = Phones(house.outside, house.clock)
        outside.install(app, outside.Outside(phones, door, partial(_tonight, house.unit)))
        checkout.lay_out_company(app, house.outside, settings, house.clock)
    limits.install(app, settings.redis_url)
    leaving.install(app, csrf)
    formats.install(app)
    kept.install(app)
    look.install(app)
    refusals.install(app)
    errors.install(app)
    guard.install(app)
    headers.install(app)
    _believe_proxies(app, settings.wire.trusted_proxies)
    return app


def close_app(app: Flask) -> None:
    """Close every connection of an application; it may not be used afterwards."""
    with app.app_context():
        db.engine.dispose()
    app.extensions[HOUSE].close()


def _believe_proxies(app: Flask, how_many: int) -> None:
    """Take who asks and over what from the proxies that are ours; never the host they name."""
    if how_many:
        believing = ProxyFix(app.wsgi_app, x_for=how_many, x_proto=how_many, x_host=0)
        app.wsgi_app = believing  # type: ignore[method-assign]  # how Flask asks to be wrapped


def _install_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(identity.SignedIn)


def _tonight(unit: UnitOfWork) -> Sequence[str]:
    with unit.reading(Actor.system("demonstration")) as work:
        return telephones_tonight(work)


def _find_actor() -> Actor:
    if not current_user.is_authenticated:
        return Actor.anonymous()
    token = current_user.token
    with kit().unit.reading(Actor.system("sign_in")) as work:
        present = present_by_token(work, token)
    if present is None:
        return Actor.anonymous()
    if present.note:
        with kit().unit.begin(Actor.system("sign_in")) as work:
            note_use(work, token)
    return present.actor


def _language() -> str:
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
