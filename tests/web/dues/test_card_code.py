"""A card number as a code: for her, and for whoever prints cards; nothing else stands in it."""

from __future__ import annotations

import pytest

from tests.builders.cards import TEST
from tests.builders.dues import make_payer
from tests.pages import PagesUnit
from union.dues.views.codes import LARGE
from union.kernel.actor import Role
from union.web.codes import code_picture


@pytest.fixture
def rani(app):
    with PagesUnit(app).begin(TEST) as work:
        return make_payer(work, card_number="KA/00245", called="Rani")


def test_she_shows_it_on_her_phone(sign_in, rani):
    hers = sign_in(Role.MEMBER, person_id=rani.person_id)
    shown = hers.get("/dues/mine/card").text
    assert str(code_picture("KA/00245", LARGE)) in shown
    assert "/dues/mine/card" in hers.get("/dues/mine").text


def test_the_desk_prints_it_and_another_member_does_not_see_it(sign_in, app, rani):
    address = f"/dues/passbook/{rani.ref}/card"
    shown = sign_in(Role.TREASURER).get(address).text
    assert str(code_picture("KA/00245", LARGE)) in shown
    assert "Rani" not in shown
    with PagesUnit(app).begin(TEST) as work:
        other = make_payer(work).person_id
    assert sign_in(Role.MEMBER, person_id=other).get(address).status_code == 403
