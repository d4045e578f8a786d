"""The pages of dues: the desk, passbooks and receipts, rounds and their cash, the monthly run."""

from __future__ import annotations

from flask import Blueprint

from union.dues.views import (
    asking,
    books,
    codes,
    desk,
    givebacks,
    handing,
    mine,
    passbooks,
    phone,
    proposals,
    rates,
    rounds,
    rules,
    runs,
    standing,
    typed,
    waiting,
    waivers,
)

blueprint = Blueprint("dues", __name__, url_prefix="/dues")

for room in (codes, desk, passbooks, rates, rounds, runs, waiting):
    room.add_to(blueprint)
for room in (givebacks, proposals, rules, standing, waivers):
    room.add_to(blueprint)
for room in (asking, books, handing, mine, phone, typed):
    room.add_to(blueprint)
