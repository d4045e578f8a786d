"""Nobody reaches what is another's by writing its reference into an address or a form.

Two sides of one union, with all that hangs on each. Whoever holds every role that asks for a tie,
and is tied to all of the first side, asks for everything of the other: the answer is, byte for
byte and question for question, what an address of nothing answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, select

from tests.access.sides import Example, Made
from tests.access.walked import address_of, build
from tests.builders.members import make_member
from union.crisis.views import rota_answers
from union.crisis.views.rota import ME
from union.identity.models import Account, SignInSession
from union.kernel.access import Relation
from union.kernel.actor import Actor, Grant, Proof, Role
from union.kernel.ids import new_command_key
from union.legal.models import CaseConsent
from union.members.queries import contact_points, member_by_ref
from union.web.access import TABLE, Row
from union.web.current import EXTENSION

TEST = Actor.system("test")
SIGNED = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
"""Of one length always, and another each second."""


@dataclass
class Sides:
    hers: Made
    theirs: Made


@pytest.fixture
def sides(pages) -> Sides:
    with pages.begin(TEST) as work:
        return Sides(*build(work))


def _tied_rows() -> list[Row]:
    return [row for row in TABLE.values() if not row.names_nothing]


def _same(somebody: Actor) -> Actor:
    return somebody


def _visitors(app: Flask, sides: Sides) -> Iterator[tuple[Row, FlaskClient]]:
    """Each row that asks for a tie, with somebody of the first side who has all it asks for."""
    kit = app.extensions[EXTENSION]
    for row in _tied_rows():
        hers = sides.hers[row.about]
        branch_id = hers.branch_id if row.relation is Relation.BRANCH else None
        somebody = Actor(
            hers.tied or 0,
            0,
            frozenset(Grant(role, branch_id) for role in row.roles - row.every),
            proofs=frozenset(Proof),
            proved_at=kit.unit.clock.now(),
            office=True,
        )
        app.extensions[EXTENSION] = replace(kit, find_actor=partial(_same, somebody))
        yield row, app.test_client()


def _asked(
    bind: Connection, client: FlaskClient, method: str, address: str
) -> tuple[int, str, list[str]]:
    """What is answered, but for the address itself, and what the database was asked for it."""
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_further: object) -> None:
        if "SAVEPOINT" not in statement:
            asked.append(statement)

    event.listen(bind, "before_cursor_execute", count)
    try:
        answer = client.open(address, method=method, data={"command_key": new_command_key()})
    finally:
        event.remove(bind, "before_cursor_execute", count)
    text = SIGNED.sub("*", answer.text.replace(address, "*"))
    return answer.status_code, text, asked


def test_what_is_anothers_is_answered_as_what_does_not_exist(app, sides, sign_in, connection):
    rows = 0
    for row, browser in _visitors(app, sides):
        for rule in app.url_map.iter_rules(row.endpoint):
            for method in sorted(rule.methods & {"GET", "POST"}):
                theirs = address_of(rule, sides.theirs[row.about].args)
                other = _asked(connection, browser, method, theirs)
                nothing = _asked(connection, browser, method, address_of(rule))
                assert other[0] == 404, (method, theirs)
                assert other == nothing, (method, theirs)
                rows += 1
    assert rows > 50


def _mixed(hers: Example, theirs: Example, asked: AbstractSet[str]) -> Iterator[dict[str, str]]:
    """An address that names one's own and another's beside it."""
    names = [name for name in sorted(asked) if hers.args.get(name) != theirs.args.get(name)]
    if len(names) > 1 and asked <= set(theirs.args):
        for name in names:
            yield {**hers.args, name: theirs.args[name]}


BEGUN = ("", "plain-")
"""How forms begin the names of their fields."""


def test_ones_own_address_with_anothers_inside_opens_nothing(app, sides):
    tried = set()
    for row, browser in _visitors(app, sides):
        for rule in app.url_map.iter_rules(row.endpoint):
            for args in _mixed(sides.hers[row.about], sides.theirs[row.about], rule.arguments):
                for method in sorted(rule.methods & {"GET", "POST"}):
                    keys = {f"{begun}command_key": new_command_key() for begun in BEGUN}
                    answer = browser.open(
                        address_of(rule, args), method=method, data={**keys, "sure": "y"}
                    )
                    assert answer.status_code == 404, (method, rule.rule, args)
                    tried.add(row.endpoint)
    assert {"legal.withdraw", "legal.share_end", "legal.party_out", "crisis.rota_end"} <= tried


def _send(browser: FlaskClient, address: str, **fields: str) -> int:
    return browser.post(address, data={"command_key": new_command_key(), **fields}).status_code


def test_a_search_finds_nobody_of_another_branch_by_any_words(pages, sides, sign_in):
    hers, theirs = sides.hers["members.branch"], sides.theirs["members.branch"]
    keeper = sign_in(Role.BRANCH_SECRETARY, branch_id=hers.branch_id)
    with pages.reading(TEST) as work:
        other = member_by_ref(work.session, sides.theirs["members.member"].args["ref"])
        card, ref = other.card_number, other.ref
    assert _send(keeper, "/members/find", words=card, branch=theirs.args["ref"]) == 404
    for words in (card, "Rani"):
        found = keeper.post("/members/find", data={"words": words}).text
        assert ref not in found, words
    whole = sign_in(Role.MEMBERSHIP_SECRETARY)
    assert ref in whole.post("/members/find", data={"words": card}).text


def test_anothers_telephone_is_not_ended_through_ones_own_member(pages, sides, sign_in):
    hers = sides.hers["members.member"]
    with pages.begin(TEST) as work:
        other = make_member(work, phone="5845000077")
        (point,) = contact_points(work, other.person_id)
    keeper = sign_in(Role.BRANCH_SECRETARY, branch_id=hers.branch_id)
    address = f"/members/{hers.args['ref']}/phone/{point.ref}/end"
    assert _send(keeper, address) != 302, "nothing was done"
    with pages.reading(TEST) as work:
        assert [one.ref for one in contact_points(work, other.person_id)] == [point.ref]


def test_anothers_consent_is_not_withdrawn_through_ones_own_case(pages, sides, sign_in):
    hers, theirs = sides.hers["legal.case"], sides.theirs["legal.case"]
    other = sign_in(Role.PARALEGAL, person_id=theirs.tied)
    address = f"/papers/{theirs.args['ref']}/consent"
    fields = {"consent-command_key": new_command_key(), "consent-purpose": "follow_up"}
    other.post(address, data={**fields, "consent-given_on": "2026-10-15"})
    with pages.reading(TEST) as work:
        given = select(CaseConsent).where(CaseConsent.purpose == "follow_up")
        consent = work.session.scalars(given).one()
    mine = sign_in(Role.PARALEGAL, person_id=hers.tied)
    address = f"/papers/{hers.args['ref']}/consent/{consent.ref}/withdraw"
    answer = mine.post(address, data={"plain-command_key": new_command_key()})
    assert answer.status_code == 404
    with pages.reading(TEST) as work:
        assert work.session.scalars(given).one().withdrawn_at is None


def test_a_form_lifts_nobody_elses_rest_and_takes_nobody_off_anothers_round(sides, sign_in):
    hers, theirs = sides.hers["crisis.page"], sides.theirs["crisis.page"]
    responder = sign_in(Role.RESPONDER, person_id=hers.tied)
    assert _send(responder, "/after/rest", person=str(theirs.tied)) == 404
    collector = sign_in(Role.COLLECTOR, person_id=sides.hers["dues.round"].tied)
    round_ = sides.theirs["dues.round"].args["ref"]
    member = sides.theirs["dues.passbook"].args["ref"]
    assert _send(collector, f"/dues/cash/{round_}/round/{member}/off") == 404


def test_a_receipt_is_printed_for_who_paid_and_who_wrote_it_and_for_no_other(sides, sign_in):
    hers, theirs = sides.hers["dues.receipt"], sides.theirs["dues.receipt"]
    for person_id in (hers.tied, *hers.more_tied):
        browser = sign_in(Role.MEMBER, Role.COLLECTOR, person_id=person_id)
        assert browser.get(f"/dues/receipt/{hers.args['ref']}.pdf").data.startswith(b"%PDF")
        assert browser.get(f"/dues/receipt/{theirs.args['ref']}.pdf").status_code == 404


def test_nobody_shuts_anothers_sign_in_by_its_reference(pages, sign_in):
    with pages.begin(TEST) as work:
        hers, other = (make_member(work).person_id for _ in range(2))
    mine, theirs = (sign_in(Role.MEMBER, person_id=one) for one in (hers, other))
    with pages.reading(TEST) as work:
        account = select(Account.id).where(Account.person_id == other).scalar_subquery()
        ref = work.session.scalars(
            select(SignInSession.ref).where(SignInSession.account_id == account)
        ).one()
    _send(mine, "/me/sessions/end", sign_in=ref)
    assert theirs.get("/dues/mine").status_code == 200
    _send(theirs, "/me/sessions/end", sign_in=ref)
    assert theirs.get("/dues/mine").status_code == 302


def test_nobody_answers_anothers_offer_under_her_own_name(sides, sign_in, monkeypatch):
    hers, theirs = sides.hers["crisis.rota"], sides.theirs["crisis.rota"]
    offer, answered = SimpleNamespace(id=1, person_id=theirs.tied), []
    monkeypatch.setattr(rota_answers, "offer_by_ref", lambda _work, _ref: offer)
    monkeypatch.setattr(
        rota_answers.swaps, "answer_offer", lambda *_told, **how: answered.append(how)
    )
    responder = sign_in(Role.RESPONDER, person_id=hers.tied)
    address = f"/rota/of/{ME}/offer/{'0' * 12}"
    assert _send(responder, address, act="take") == 404
    assert answered == []
    offer.person_id = hers.tied
    assert _send(responder, address, act="take") == 302
    assert answered == [{"takes": True}]


def test_nobody_ends_anothers_hours_under_her_own_name(sides, sign_in):
    hers, theirs = (one["crisis.pattern"].args["ref"] for one in (sides.hers, sides.theirs))
    responder = sign_in(Role.RESPONDER, person_id=sides.hers["crisis.rota"].tied)
    assert _send(responder, f"/rota/of/{ME}/end/{theirs}", sure="y") == 404
    assert _send(responder, f"/rota/of/{ME}/end/{hers}", sure="y") == 302
