"""The pages of the pretended card company: where one pays, and where one makes time pass.

They belong to nobody of ours: no session, no words of the union, and a plain look of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import DictLoader, Environment
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from union.gateways.payments.stand_in import lasting, paying
from union.gateways.payments.stand_in.world import NoSuchThingError, Thing, World
from union.kernel.money import format_amount

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

_FRAME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Payment</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 0 auto; padding: 1rem; }
.note { border: 2px dashed; padding: .5rem 1rem; }
h1 { font-size: 1.6rem; margin: 1rem 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
label { display: flex; gap: .75rem; align-items: center; min-height: 48px; }
input[type=radio] { width: 1.4rem; height: 1.4rem; flex: none; }
button { font: inherit; min-height: 48px; padding: .5rem 1rem; border-radius: .4rem;
  border: 2px solid; cursor: pointer; background: none; color: inherit; }
button.go { width: 100%; background: #1a4fd0; border-color: #1a4fd0; color: #fff;
  font-weight: 600; margin-top: 1rem; }
li { margin: .75rem 0; } ul { padding-left: 0; list-style: none; }
form.small { display: inline-block; margin: .25rem .25rem 0 0; }
.wrong { border-left: 4px solid #b3261e; padding-left: .75rem; }
a { display: inline-block; min-height: 48px; line-height: 48px; }
</style></head><body><main>
<p class="note">Pretended money, for trying things out. No card and no bank is asked.</p>
{% block main %}{% endblock %}
</main></body></html>"""

_PAY = """{% extends "frame" %}{% block main %}
<h1>{{ amount }}{% if monthly %} every month{% endif %}</h1><p>{{ name }}</p>
{% if declined %}
<p class="wrong" role="alert">This card was declined. Try another one.</p>{% endif %}
<form method="post">
{% for card, words in cards %}<label><input type="radio" name="card" value="{{ card }}"
  {{ 'checked' if loop.first }}><span>{{ words }}</span></label>{% endfor %}
<button class="go">Pay {{ amount }}</button></form>
<p><a href="{{ back }}">Go back without paying</a></p>{% endblock %}"""

_OVER = """{% extends "frame" %}{% block main %}<h1>This page is over.</h1>
<p>It was paid, it ran out, or there never was one. Go back to where you came from.</p>
{% endblock %}"""

_DESK = """{% extends "frame" %}{% block main %}<h1>The pretended card company</h1>
<p>It holds {{ held }}. Here you decide what it does next.</p>
<form class="small" method="post">
<button name="act" value="pay_out">Send all of it to the bank</button></form>
{% for title, rows in parts if rows %}<h2>{{ title }}</h2><ul>{% for row in rows %}
<li>{{ row.words }}<br>{% for act, words in row.acts %}<form class="small" method="post">
<input type="hidden" name="id" value="{{ row.id }}">
<button name="act" value="{{ act }}">{{ words }}</button></form>{% endfor %}</li>
{% endfor %}</ul>{% endfor %}{% endblock %}"""

_pages = Environment(
    loader=DictLoader({"frame": _FRAME, "pay": _PAY, "over": _OVER, "desk": _DESK}),
    autoescape=True,
)
_CARDS = (
    (paying.WORKS, "A card that works"),
    (paying.DECLINED, "A card that is declined"),
    (paying.SLOW, "A bank that takes its time"),
    (paying.DISPUTED, "A card whose holder will ask for the money back"),
    (paying.FAILS_LATER, "A card that works now and fails next month"),
)
SHOWN = 12

_ACTS: Mapping[str, Callable[[World, str], object]] = {
    "pay_out": lambda world, _id: paying.pay_out(world),
    "dispute": paying.open_dispute,
    "won": lambda world, number: paying.decide_dispute(world, number, won=True),
    "lost": lambda world, number: paying.decide_dispute(world, number, won=False),
    "arrive": paying.arrive,
    "sent_back": lambda world, number: paying.arrive(world, number, well=False),
    "fail_refund": paying.fail_refund,
    "renew": lambda world, number: lasting.renew(world, number, paid=True),
    "renew_badly": lambda world, number: lasting.renew(world, number, paid=False),
    "try_well": lambda world, number: lasting.try_again(world, number, paid=True),
    "try_badly": lambda world, number: lasting.try_again(world, number, paid=False),
    "slow_well": lambda world, number: lasting.answer_slow(world, number, well=True),
    "slow_badly": lambda world, number: lasting.answer_slow(world, number, well=False),
}


def show(world: World, request: Request, address: str) -> Response:
    """The page asked for; NoSuchThingError or RefusedError if it is over."""
    step, _, session_id = request.path.strip("/").partition("/")
    if step == "pay":
        return _pay(world, request, session_id)
    if step:
        raise NoSuchThingError(step)
    if request.method == "POST":
        _ACTS[request.form.get("act", "")](world, request.form.get("id", ""))
        return redirect(f"{address}/", 303)
    return _html(_pages.get_template("desk").render(held=_money(world.held()), parts=_desk(world)))


def over() -> str:
    """The page that says there is none."""
    return _pages.get_template("over").render()


def _pay(world: World, request: Request, session_id: str) -> Response:
    session, declined = world.get(session_id), False
    if request.method == "POST":
        session = lasting.pay_page(world, session_id, request.form.get("card", paying.WORKS))
        if session["status"] == "complete":
            return redirect(session["success_url"], 303)
        declined = True
    if session["status"] != "open":
        raise NoSuchThingError(session_id)
    monthly = session["mode"] == "subscription"
    shown = _pages.get_template("pay").render(
        amount=_money(session["amount_total"]),
        monthly=monthly,
        name=world.state["cards"][session_id]["name"],
        declined=declined,
        cards=[one for one in _CARDS if one[0] != (paying.SLOW if monthly else paying.FAILS_LATER)],
        back=session["cancel_url"],
    )
    return _html(shown)


def _desk(world: World) -> list[tuple[str, list[Thing]]]:
    slow = world.state["cards"]
    return [
        (
            "Slow banks",
            [
                _row(one, "amount_total", ("slow_well", "It pays"), ("slow_badly", "It refuses"))
                for one in world.every("checkout.session")
                if "slow_until" in slow[one["id"]]
            ],
        ),
        ("Every month", [_monthly(one) for one in world.every("subscription")[:SHOWN]]),
        (
            "Asked back by the card’s holder",
            [_decidable(one) for one in world.every("dispute")[:SHOWN]],
        ),
        (
            "On the way to the bank",
            [
                _row(one, "amount", ("arrive", "It arrives"), ("sent_back", "It comes back"))
                for one in world.every("payout")
                if one["status"] == "in_transit"
            ],
        ),
        (
            "Given back",
            [
                _row(one, "amount", ("fail_refund", "The bank sends it back"))
                for one in world.every("refund")[:SHOWN]
                if one["status"] == "succeeded"
            ],
        ),
        (
            "Paid",
            [
                _row(one, "amount", ("dispute", "The holder asks for it back"))
                for one in world.every("charge")[:SHOWN]
                if one["paid"] and not one["disputed"] and not one["refunded"]
            ],
        ),
    ]


def _monthly(one: Thing) -> Thing:
    acts: dict[str, tuple[tuple[str, str], ...]] = {
        "active": (("renew", "A month passes"), ("renew_badly", "A month passes, the card fails")),
        "past_due": (("try_well", "The next try works"), ("try_badly", "The next try fails")),
    }
    amount = one["items"]["data"][0]["unit_amount"]
    how = "resting" if one.get("pause_collection") else one["status"].replace("_", " ")
    words = f"{_money(amount)} every month, {how}"
    return {"id": one["id"], "words": words, "acts": acts.get(one["status"], ())}


def _decidable(one: Thing) -> Thing:
    is_open = one["status"] == "needs_response"
    acts = (("won", "We win"), ("lost", "We lose")) if is_open else ()
    words = f"{_money(one['amount'])}, {one['status'].replace('_', ' ')}"
    return {"id": one["id"], "words": words, "acts": acts}


def _row(one: Thing, amount: str, *acts: tuple[str, str]) -> Thing:
    return {"id": one["id"], "words": f"{_money(one[amount])} · {one['id']}", "acts": acts}


def _money(amount: int) -> str:
    return format_amount(amount)


def _html(shown: str) -> Response:
    return Response(shown, mimetype="text/html", headers=HEADERS)
