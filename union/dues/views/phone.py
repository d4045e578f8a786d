"""The book on a phone: its empty pages for everybody, and what a collector's own phone asks.

The pages kept by the browser say nothing about anybody; what does goes out as JSON, only to her
who is signed in, and no browser keeps it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, url_for
from flask_babel import lazy_gettext
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from union.dues.errors import BookOnOtherPhoneError
from union.dues.forms import KeyForm
from union.dues.forms.rounds import PhoneForm, SyncForm
from union.dues.models import RoundDevice
from union.dues.queries.phones import device_of, package_of
from union.dues.services import put_down, register_phone, sync_lines, take_along
from union.web.current import current_actor, perform, reading
from union.web.formats import instant
from union.web.headers import permissions
from union.web.look import icon, shown_name
from union.web.words.dues import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

STYLES = ("book.css", "round.css")
SCRIPTS = (
    "round_read.js",
    "round_seal.js",
    "round_keep.js",
    "round_send.js",
    "round_scan.js",
    "round_book.js",
    "round.js",
)
SAID = {
    "sign-in-first": lazy_gettext("Open the notebook first, as the one whose round it is."),
    "no-signal": lazy_gettext("No signal. Nothing is lost; try again later."),
    "not-now": lazy_gettext("The office cannot do this now. Nothing is lost; ask the treasurer."),
    "no-card": lazy_gettext(
        "This code is no card of ours; perhaps it is one to pay by. Write the card number."
    ),
    "not-kept": lazy_gettext("This browser does not keep the page: it opens with signal only."),
    "asking": lazy_gettext("Asking the office…"),
    "locking": lazy_gettext("Locking it…"),
    "opening": lazy_gettext("Opening…"),
    "sending": lazy_gettext("Sending…"),
    "pins-differ": lazy_gettext("The two are not the same."),
    "pin-easy": lazy_gettext("Too easy to guess: six signs or more, not all in a row."),
    "pin-wrong": lazy_gettext("That is not it."),
    "pin-wait": lazy_gettext("Too many wrong tries. Wait a while before the next."),
    "pin-wiped": lazy_gettext(
        "Ten wrong tries: the book is gone from here. Nothing sealed is lost."
    ),
    "card-first": lazy_gettext("Choose her from the list, or write her card number."),
    "amount-first": lazy_gettext("Write the amount in figures, like 20 or 20.50."),
    "some-left": lazy_gettext("Not all could be sent: some were written by somebody else here."),
    "all-sent": lazy_gettext("All is sent and written down."),
    "sent": lazy_gettext(
        "Sent at {time}: {count}. Still on this phone: {here}. To be looked at: {looked}."
    ),
    "elsewhere": lazy_gettext(
        "Your book is on another phone of yours since {since}. Send there what you wrote and let it"
        " leave that phone; if it is lost, take it off under “My round and my phones”."
    ),
    "sent-some-wait": lazy_gettext("All is sent. Somebody must look at what is marked."),
    "spoiled": lazy_gettext("spoiled"),
    "state-kept": lazy_gettext("not sent yet"),
    "state-booked": lazy_gettext("written down"),
    "state-waiting": lazy_gettext("waits:"),
    "state-settled": lazy_gettext("settled"),
}
"""What the page says by itself; the browser keeps it in the tongue it was opened in."""


def add_to(blueprint: Blueprint) -> None:
    """Give the book on a phone its addresses, all under one that means nothing."""
    blueprint.add_url_rule("/book/", "phone_shell", phone_shell)
    blueprint.add_url_rule("/book/manifest.json", "phone_manifest", phone_manifest)
    blueprint.add_url_rule("/book/worker.js", "phone_worker", phone_worker)
    blueprint.add_url_rule("/book/state", "phone_state", phone_state)
    blueprint.add_url_rule("/book/take", "phone_take", phone_take, methods=["POST"])
    blueprint.add_url_rule("/book/put-down", "phone_put_down", phone_put_down, methods=["POST"])
    blueprint.add_url_rule("/book/register", "phone_register", phone_register, methods=["POST"])
    blueprint.add_url_rule("/book/sync", "phone_sync", phone_sync, methods=["POST"])


def phone_shell() -> ResponseReturnValue:
    """The empty pages: the only ones of ours that may use the camera, to read a card."""
    html = render_template(
        "dues/phone.html",
        styles=_addresses(STYLES),
        scripts=_addresses(SCRIPTS),
        said=SAID,
        reasons=REASONS,
    )
    answer = Response(html)
    answer.headers["Permissions-Policy"] = permissions("camera")
    return answer


def phone_manifest() -> ResponseReturnValue:
    """What the phone's home screen shows: the neutral name and icon, nothing else."""
    here = url_for("dues.phone_shell")
    picture = {"src": icon(), "sizes": "any", "type": "image/svg+xml"}
    said = {
        "name": shown_name(),
        "short_name": shown_name(),
        "id": here,
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "background_color": "#f7f1e3",
        "theme_color": "#6f1d28",
        "icons": [picture],
    }
    return Response(json.dumps(said), mimetype="application/manifest+json")


def phone_worker() -> ResponseReturnValue:
    """The worker that keeps the empty pages, and the list of what it keeps."""
    here = url_for("dues.phone_shell")
    kept = [here, url_for("dues.phone_manifest"), *_addresses(STYLES), *_addresses(SCRIPTS)]
    kept.append(icon())
    script = (Path(str(current_app.static_folder)) / "round_worker.js").read_text(encoding="utf-8")
    mark = hashlib.sha256(json.dumps([kept, script, _shell_mark()]).encode()).hexdigest()[:12]
    head = "".join(
        f"self.{name} = {json.dumps(value)};\n"
        for name, value in (("SHELL", kept), ("SHELL_MARK", mark), ("BOOK", here))
    )
    return Response(head + script, mimetype="text/javascript")


def phone_state() -> ResponseReturnValue:
    """Whether she is signed in as a collector, and what a post of hers must carry."""
    return jsonify(csrf=generate_csrf())


def phone_take() -> ResponseReturnValue:
    """What her phone takes along today, and the receipts that are its own meanwhile."""
    form = PhoneForm()
    if not form.validate_on_submit():
        abort(400)
    phone = str(form.phone.data)
    try:
        perform(form, "take_along", lambda work: {"phone": take_along(work, phone).ref})
    except BookOnOtherPhoneError as error:
        since = instant(datetime.fromisoformat(str(error.facts["since"])))
        return jsonify(elsewhere=True, since=since)
    work = reading()
    device = device_of(work.session, phone, current_actor().person_id)
    return jsonify(package_of(work, device))


def phone_put_down() -> ResponseReturnValue:
    """All is sent and the book is put down: its numbers are free for another phone, or paper."""
    form = PhoneForm()
    if not form.validate_on_submit():
        abort(400)
    phone = str(form.phone.data)
    return jsonify(perform(form, "put_down", lambda work: {"phone": put_down(work, phone).ref}))


def phone_register() -> ResponseReturnValue:
    """Make this phone hers."""
    form = KeyForm()
    if not form.validate_on_submit():
        abort(400)
    made = perform(form, "register_phone", lambda work: {"phone": register_phone(work).ref})
    public = reading().session.scalar(
        select(RoundDevice.public_key).where(RoundDevice.ref == made["phone"])
    )
    return jsonify(phone=made["phone"], public_key=b64encode(public or b"").decode())


def phone_sync() -> ResponseReturnValue:
    """Take what the phone wrote; what stands under each line's key."""
    form = SyncForm()
    if not form.validate_on_submit():
        abort(400)
    phone = str(form.phone.data)
    made = perform(
        form,
        "sync_lines",
        lambda work: {
            "answers": [
                {
                    "key": one.key,
                    "state": one.state,
                    "reason": one.reason,
                    "receipt_no": one.receipt_no,
                }
                for one in sync_lines(work, phone, form.sent)
            ]
        },
    )
    return jsonify(made)


def _addresses(names: tuple[str, ...]) -> list[str]:
    return [url_for("static", filename=name) for name in names]


def _shell_mark() -> str:
    html = render_template(
        "dues/phone.html",
        styles=_addresses(STYLES),
        scripts=_addresses(SCRIPTS),
        said=SAID,
        reasons=REASONS,
    )
    return hashlib.sha256(html.encode()).hexdigest()
