"""Her own page of how she is reached, and the health of the ways for those who look after them.

What a browser fetches without signing in (its worker, its manifest) is the same for everybody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _

from union.gateways.web_push import Device
from union.identity.services.pins import check_own_secret
from union.infra.work import Work
from union.kernel.actor import Role
from union.kernel.errors import UnionError
from union.kernel.figures import Side, side_for
from union.messages import services
from union.messages.forms import (
    DeviceForm,
    EndPlaceForm,
    HeardForm,
    MailboxForm,
    OrderForm,
    OrdinaryOrderForm,
    TryForm,
)
from union.messages.rules.texts import LINK_PATH
from union.messages.services import Sort
from union.messages.services.health import health_of_ways
from union.web.current import acting, current_actor, current_scope, kit, perform, reading
from union.web.limits import limiter
from union.web.look import icon, shown_name
from union.web.render import page
from union.web.words import messages as words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.kernel.actor import Actor
    from union.web.forms import CommandForm

RINGS = "20 per 10 minutes"
CHANGES = "30 per hour"
ON_DUTY = (
    Role.RESPONDER,
    Role.TEAM_LEAD,
    Role.COUNSELLOR,
    Role.PARALEGAL,
    Role.OPERATOR,
    Role.DUTY_OFFICER,
    Role.COORDINATOR,
)

blueprint = Blueprint("ways", __name__, url_prefix="/ways")


@blueprint.context_processor
def in_words() -> dict[str, object]:
    """How codes are said on these pages."""
    return {"way_words": words}


@blueprint.get("/")
def mine() -> ResponseReturnValue:
    """By which ways she is told, in which order, and whether they work."""
    return _mine()


@blueprint.post("/order/duty")
@limiter.limit(CHANGES)
def order_duty() -> ResponseReturnValue:
    """The order when she is asked to come."""
    form = OrderForm()
    return _said(form, "duty", lambda work: services.set_order(work, Sort.DUTY, form.ways()))


@blueprint.post("/order/ordinary")
@limiter.limit(CHANGES)
def order_ordinary() -> ResponseReturnValue:
    """The order for what can wait."""
    form = OrdinaryOrderForm()
    return _said(
        form, "ordinary", lambda work: services.set_order(work, Sort.ORDINARY, form.ways())
    )


@blueprint.post("/device")
@limiter.limit(CHANGES)
def add_device() -> ResponseReturnValue:
    """The browser in her hand may show her notices."""
    form = DeviceForm()
    given = (str(form[name].data or "") for name in ("endpoint", "p256dh", "auth"))
    device, allowed = Device("", *given), kit().settings.notices.services
    return _said(
        form,
        "device",
        lambda work: services.add_device(work, device, str(form.label.data or ""), allowed),
    )


@blueprint.post("/mailbox")
@limiter.limit(CHANGES)
def add_mailbox() -> ResponseReturnValue:
    """A mailbox of hers."""
    form = MailboxForm()
    return _said(form, "mailbox", lambda work: services.add_mailbox(work, str(form.address.data)))


@blueprint.post("/place/<ref>/end")
@limiter.limit(CHANGES)
def end(ref: str) -> ResponseReturnValue:
    """A browser or a mailbox that is hers no more."""
    form = EndPlaceForm()
    return _said(form, f"end-{ref}", lambda work: services.end_place(work, ref))


@blueprint.post("/ring")
@limiter.limit(RINGS)
def ring() -> ResponseReturnValue:
    """Ring her now, by one way or by all."""
    form = TryForm()
    if not form.validate_on_submit():
        return _mine()
    ways = [str(form.way.data)] if form.way.data else list(services.ways_of(reading()))
    perform(form, "ways.ring", lambda work: {"tried": len(services.ring_me(work, ways))})
    flash(_("It goes out now. Say below what arrived."))
    return redirect(url_for("ways.mine", _anchor="tried"))


@blueprint.post("/heard/<ref>")
def heard(ref: str) -> ResponseReturnValue:
    """A trial reached her."""
    form = HeardForm()
    if form.validate_on_submit():
        perform(form, f"ways.heard:{ref}", lambda work: _done(services.heard_trial, work, ref))
        flash(_("Good to know. It is written down."))
    return redirect(url_for("ways.mine", _anchor="tried"))


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """How well each way carries; how many called is for whoever may open the calls (P4)."""
    counted = side_for(current_scope("crisis.calls")) is Side.TRUE
    return page("ways/health.html", health=health_of_ways(reading()), counted_in=counted)


@blueprint.get("/worker.js")
def worker() -> ResponseReturnValue:
    """What shows a notice on her phone; it keeps nothing there."""
    script = (Path(str(current_app.static_folder)) / "ways_worker.js").read_text(encoding="utf-8")
    said = {
        "TITLE": shown_name(),
        "ICON": icon(),
        "SLIPS": LINK_PATH,
        "HOME": url_for("home.home"),
    }
    head = "".join(f"self.{name} = {json.dumps(value)};\n" for name, value in said.items())
    return Response(head + script, mimetype="text/javascript")


@blueprint.get("/manifest.json")
def manifest() -> ResponseReturnValue:
    """What the home screen shows of the installed page: the neutral name and icon."""
    picture = {"src": icon(), "sizes": "any", "type": "image/svg+xml"}
    said = {
        "name": shown_name(),
        "short_name": shown_name(),
        "id": url_for("ways.mine"),
        "start_url": url_for("home.home"),
        "scope": url_for("home.home"),
        "display": "standalone",
        "background_color": "#f7f1e3",
        "theme_color": "#6f1d28",
        "icons": [picture],
    }
    return Response(json.dumps(said), mimetype="application/manifest+json")


def _said(form: CommandForm, what: str, do: Callable[[Work], object]) -> ResponseReturnValue:
    """Do what she says, once, after her own secret; what was refused stays as she wrote it."""

    def checked(work: Work) -> dict[str, str]:
        check_own_secret(work, str(form["passphrase"].data))
        return _done(do, work)

    if form.validate_on_submit():
        try:
            perform(form, f"ways.{what}", checked)
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Written down."))
            return redirect(url_for("ways.mine"))
    return _mine(what, form)


def _done(do: Callable[..., object], *given: object) -> dict[str, str]:
    do(*given)
    return {"said": "yes"}


def _mine(what: str = "", refused: CommandForm | None = None) -> str:
    work = reading()
    orders = services.orders_of(work)
    places = services.places_of(work)
    forms: dict[str, CommandForm] = {
        "duty": OrderForm(formdata=None, **_named(orders.get(Sort.DUTY, ()))),
        "ordinary": OrdinaryOrderForm(formdata=None, **_named(orders.get(Sort.ORDINARY, ()))),
        "device": DeviceForm(formdata=None),
        "mailbox": MailboxForm(formdata=None),
        **{f"end-{one.ref}": EndPlaceForm(formdata=None) for one in places},
    }
    if refused is not None:
        forms[what] = refused
    for name, form in forms.items():
        _name_apart(form, name)
    return page(
        "ways/mine.html",
        forms=forms,
        ends={one.ref: forms[f"end-{one.ref}"] for one in places},
        try_form=TryForm(formdata=None),
        heard_form=HeardForm(formdata=None),
        orders=orders,
        has=services.ways_of(work),
        places=places,
        trials=services.trials_of(work),
        on_duty=_seen_as(current_actor()).has(*ON_DUTY),
        key=_public_key(),
    )


def _seen_as(actor: Actor) -> Actor:
    """Under force she is shown what her office seems to need, and nothing of what stands in it."""
    return replace(actor, grants=actor.grants | actor.seems)


def _name_apart(form: CommandForm, name: str) -> None:
    """Several forms stand on this page: each label leads to the field of its own."""
    for field in form:
        field.id = f"{name}-{field.id}"
        field.label.field_id = field.id


def _public_key() -> str:
    """The union's key as a browser wants it; made for whoever looks first of all."""
    shown = services.shown_push_key(reading())
    if shown is None:
        with acting() as work:
            shown = services.push_key(work).shown
    return shown


def _named(ways: Sequence[str]) -> dict[str, str]:
    return dict(zip(("first", "second", "third", "fourth"), ways, strict=False))
