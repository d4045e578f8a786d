"""Nobody but the provider itself leaves anything at the doors that need no sign-in of ours.

For each door one true knock, and every way to forge it that costs a stranger nothing: refused in
one dull answer, with nothing written; the true one is taken once, however often it comes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import itertools
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.attacks.rows import every_row
from tests.builders.members import make_member
from tests.builders.messages import make_page
from union.checkout.views import EXTENSION as CHECKOUT
from union.gateways.payments.stripe_provider import stripe_provider
from union.infra.card_settings import CardSettings
from union.infra.ways_settings import HttpSmsSettings, TwilioSettings, WaysSettings
from union.kernel.actor import Actor
from union.messages.services import send

TEST = Actor.system("test")
PUBLIC, OTHERS = "https://union.example", "https://other-union.example"
FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain"
SECRETS = {"kannel": "knock/knock", "twilio": "the-token", "stripe": "whsec_ours"}
HER_NUMBER, OURS = "+915442900234", "+915800000000"
WAYS = WaysSettings(
    sms=("kannel", "twilio"),
    http={
        "kannel": HttpSmsSettings(
            name="kannel", url="http://127.0.0.1:9", webhook_secret=SECRETS["kannel"]
        )
    },
    twilio=TwilioSettings("AC1", SECRETS["twilio"], missed_numbers=()),
)


@dataclass(frozen=True)
class Knock:
    """What stands on the wire: an address, headers and a body."""

    path: str
    body: bytes = b""
    kind: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def at(self, client):
        return client.post(self.path, data=self.body, content_type=self.kind, headers=self.headers)

    def proven(self, **headers: str) -> Knock:
        """With other headers in place of its proof."""
        return replace(self, headers={name: value for name, value in headers.items() if value})


@pytest.fixture
def settings(settings):
    return replace(settings, ways=WAYS, public_url=PUBLIC)


@pytest.fixture(autouse=True)
def company(app):
    app.extensions[CHECKOUT] = stripe_provider(CardSettings("sk_test_x", SECRETS["stripe"]))


@pytest.fixture
def key(pages):
    """The key of an attempt of ours."""
    with pages.begin(TEST) as work:
        member = make_member(work, phone="5830166131")
        return f"m{send(work, make_page(member.person_id)).id}-a1"


@pytest.fixture
def rows(pages):
    def look():
        with pages.reading(TEST) as work:
            return every_row(work)

    return look


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"kannel:{secret}".encode()).decode()


def twilio_says(path: str, form: Mapping[str, str], token="", public=PUBLIC) -> str:
    signer = RequestValidator(token or SECRETS["twilio"])
    return signer.compute_signature(f"{public}{path}", form)


def stripe_says(body: bytes, secret: str = "", ago: int = 0) -> str:
    at = int(time.time()) - ago
    key = (secret or SECRETS["stripe"]).encode()
    return f"t={at},v1={hmac.new(key, f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
EVENT = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "customer.created",
        "created": 1_790_000_000,
        "data": {"object": {"id": "cus_1", "object": "customer"}},
    }
).encode()
CALL = {"CallSid": "CA1", "From": HER_NUMBER, "To": OURS, "CallStatus": "ringing"}
AT_TWILIO: dict[str, dict[str, str]] = {
    "sms": {"MessageSid": "SM1", "From": HER_NUMBER, "To": OURS, "Body": "help"},
    "call": CALL,
    "ended": {**CALL, "CallSid": "CA2", "CallStatus": "no-answer", "Direction": "inbound"},
    "keys/{key}/1": {**CALL, "Direction": "outbound-api", "Digits": "11"},
    "join/{key}/1": CALL,
    "joined/{key}/1": {**CALL, "Digits": "1"},
    "receipt/{key}": {"MessageSid": "SM1", "MessageStatus": "delivered"},
}
KANNEL = {"kannel text": "/in/sms/kannel?id=u-1", "kannel receipt": "/in/sms/kannel/receipt"}
DOORS = [*KANNEL, *(f"twilio {path}" for path in AT_TWILIO), "stripe"]
WRITES_NOTHING = {"twilio join/{key}/1"}
"""It only asks whoever picked up for a key."""


def true_knock(door: str, key: str) -> Knock:
    """As the provider itself would."""
    provider, _, path = door.partition(" ")
    if provider == "stripe":
        headers = {"Stripe-Signature": stripe_says(EVENT)}
        return Knock("/checkout/notice", EVENT, JSON, headers)
    if provider == "twilio":
        address = f"/in/twilio/{path.format(key=key)}"
        form = AT_TWILIO[path]
        signature = {"X-Twilio-Signature": twilio_says(address, form)}
        return Knock(address, urlencode(form).encode(), FORM, signature)
    address, headers = KANNEL[door], {"Authorization": basic(SECRETS["kannel"])}
    if path == "receipt":
        return Knock(f"{address}?key={key}&status=1", b"", FORM, headers)
    who = {"X-Kannel-From": HER_NUMBER, "X-Kannel-To": OURS}
    return Knock(address, b"4821 47", TEXT, {**headers, **who})


def forged(door: str, key: str) -> Iterator[tuple[str, Knock]]:
    """Every forgery of this door's knock, each by its name."""
    true, own, provider = true_knock(door, key), _proof(door, key), door.split(maxsplit=1)[0]
    proofs = [
        ("nothing", {}),
        ("an empty proof", dict.fromkeys(own, "")),
        ("a proof of spaces", dict.fromkeys(own, " ")),
        ("a long proof", dict.fromkeys(own, "A" * 4000)),
        ("a proof in other letters", dict.fromkeys(own, "\xe0\xb2\x85")),
        # Its own is left out: made anew a second later it would be another, and as good.
        *((f"the proof of {other}", _proof(other, key)) for other in DOORS if other != door),
    ]
    for name, headers in proofs:
        if headers != own:
            yield name, true.proven(**_beside(door), **headers)
    in_query = urlencode({**own, "secret": SECRETS[provider]})
    joined = "&" if "?" in true.path else "?"
    asked_by_address = replace(true, path=f"{true.path}{joined}{in_query}")
    yield "the proof in the address", asked_by_address.proven(**_beside(door))
    yield from _OF_A_KIND[provider](true)


def _beside(door: str) -> dict[str, str]:
    """Headers that tell and prove nothing."""
    if door == "kannel text":
        return {"X-Kannel-From": HER_NUMBER, "X-Kannel-To": OURS}
    return {}


def _proof(door: str, key: str) -> dict[str, str]:
    beside = _beside(door)
    told = true_knock(door, key).headers
    return {name: value for name, value in told.items() if name not in beside}


def _at_kannel(true: Knock) -> Iterator[tuple[str, Knock]]:
    secret = SECRETS["kannel"]
    given = {
        "another union's": basic("knock/kno"),
        "one letter more": basic(secret + "x"),
        "of another case": basic(secret.upper()),
        "as a name": "Basic " + base64.b64encode(f"{secret}:".encode()).decode(),
        "of another kind": f"Digest {secret}",
        "two of them": f"Basic x, {basic(secret)}",
    }
    for name, said in given.items():
        yield name, replace(true, headers={**true.headers, "Authorization": said})


def _at_twilio(true: Knock) -> Iterator[tuple[str, Knock]]:
    plain = AT_TWILIO[_twilio_path(true.path)]
    changed = {
        "another value": replace(true, body=true.body[:-1] + b"9"),
        "one value more": replace(true, body=true.body + b"&Extra=1"),
        "a value twice, hers last": replace(true, body=b"From=%2B915442900999&" + true.body),
        "a value twice, hers first": replace(true, body=true.body + b"&From=%2B915442900999"),
        "no values": replace(true, body=b""),
        "as json": replace(true, body=json.dumps(plain).encode(), kind=JSON),
        "as text": replace(true, kind=TEXT),
        "a question besides": replace(true, path=f"{true.path}?From=%2B915442900999"),
        "another's address": _signed(true, plain, public=OTHERS),
        "without tls": _signed(true, plain, public=PUBLIC.replace("https", "http")),
        "another door": _signed(true, plain, path="/in/twilio/other"),
        "another union's token": _signed(true, plain, token="their-token"),
        "in lower case": replace(
            true, headers={name: value.lower() for name, value in true.headers.items()}
        ),
    }
    yield from changed.items()
    lying = {"Host": "other-union.example", "X-Forwarded-Host": "other-union.example"}
    there = _signed(true, plain, public=OTHERS)
    yield "another's address, and its name", replace(there, headers={**there.headers, **lying})


def _signed(true: Knock, form: Mapping[str, str], path="", **more: str) -> Knock:
    return replace(
        true, headers={"X-Twilio-Signature": twilio_says(path or true.path, form, **more)}
    )


def _twilio_path(path: str) -> str:
    kind = path.split("/")[3]
    return next(one for one in AT_TWILIO if one.split("/")[0] == kind)


def _at_stripe(true: Knock) -> Iterator[tuple[str, Knock]]:
    sound = true.headers["Stripe-Signature"]
    at, signature = sound.split(",")
    said = {
        "another union's secret": stripe_says(EVENT, "whsec_theirs"),
        "ten minutes late": stripe_says(EVENT, ago=601),
        "made young": f"t={int(time.time()) + 1},{signature}",
        "an old kind": f"{at},{signature.replace('v1', 'v0')}",
        "no time": signature,
        "no signature": at,
        "a time of letters": f"t=now,{signature}",
    }
    for name, header in said.items():
        yield name, replace(true, headers={"Stripe-Signature": header})
    other = EVENT.replace(b"evt_1", b"evt_2")
    yield "another event", replace(true, body=other)
    yield "a byte more", replace(true, body=EVENT + b" ")
    yield "no body", replace(true, body=b"")


_OF_A_KIND = {"kannel": _at_kannel, "twilio": _at_twilio, "stripe": _at_stripe}


def test_every_door_without_a_token_of_ours_is_attacked_here(app, key):
    csrf = app.extensions["csrf"]
    exempt = {one.name for one in csrf._exempt_blueprints}
    open_doors = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in exempt
        or _place_of(app, rule.endpoint) in csrf._exempt_views
    }
    routes = app.url_map.bind("localhost")
    attacked = {
        routes.match(true_knock(door, key).path.partition("?")[0], method="POST")[0]
        for door in DOORS
    }
    # Leaving is for whoever is signed in: tests/attacks/test_leaving.py.
    assert open_doors - {"identity.leave"} == attacked


def _place_of(app, endpoint: str) -> str:
    view = app.view_functions[endpoint]
    return f"{view.__module__}.{view.__name__}"


@pytest.mark.parametrize("door", DOORS)
def test_what_is_forged_is_refused_in_one_dull_answer_and_leaves_nothing(client, rows, key, door):
    before, answers, names = rows(), {}, []
    for name, knock in forged(door, key):
        answer = knock.at(client)
        said = TOKEN.sub("", answer.text)
        answers.setdefault((answer.status_code, said), []).append(name)
        names.append(name)
    assert len(names) > 15
    assert len(answers) == 1, {status: told for (status, _text), told in answers.items()}
    ((status, said),) = answers
    assert status in {400, 403}
    assert not [secret for secret in SECRETS.values() if secret in said]
    assert HER_NUMBER not in said
    assert rows() == before


@pytest.mark.parametrize("door", DOORS)
def test_the_true_one_is_taken_once_however_often_it_comes(client, rows, key, clock, door):
    true, before = true_knock(door, key), rows()
    assert true.at(client).status_code == 200
    once = rows()
    assert (once == before) is (door in WRITES_NOTHING)
    for later in (timedelta(0), timedelta(minutes=1), timedelta(days=1)):
        clock.advance(later)
        assert true.at(client).status_code == 200
    assert rows() == once


def test_what_is_too_large_is_not_read_to_its_end(client, rows, key):
    before = rows()
    for door, told in itertools.product(DOORS, (True, False)):
        true, body = true_knock(door, key), io.BytesIO(b"A" * 2**20)
        answer = client.post(
            true.path,
            input_stream=body,
            content_type=true.kind,
            headers=true.headers | ({} if told else {"Transfer-Encoding": "chunked"}),
            environ_overrides={} if told else {"wsgi.input_terminated": True},
        )
        assert answer.status_code in ({413} if told else {413, 403, 400}), door
        assert body.tell() <= (0 if told else 600 * 1024), door
    assert rows() == before
