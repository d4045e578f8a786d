"""The two figures of each district, as the voice menu takes them."""

from __future__ import annotations

import pytest

from tests.builders.members import make_branch, make_member
from tests.web.crisis.night import NIGHT
from union.crisis.rules.district_names import called
from union.crisis.services.voice_menu import district_keys
from union.kernel.actor import Role


@pytest.fixture
def keys(pages):
    """Two districts and what the voice menu takes for them, by name."""
    with pages.begin(NIGHT) as work:
        names = {
            make_branch(work, *one).id: one[0]
            for one in (("Kolar", 13.14, 78.13), ("Bidar", 17.91, 77.52))
        }
    with pages.reading(NIGHT) as work:
        return {
            names[branch]: key for key, branch in district_keys(work).items() if branch in names
        }


def test_a_member_sees_her_own_district_first_and_where_to_find_it(pages, keys, sign_in):
    with pages.begin(NIGHT) as work:
        her = make_member(work, make_branch(work, "Kolar", 13.14, 78.13)).person_id
    browser = sign_in(Role.MEMBER, person_id=her)
    assert 'href="/district-numbers"' in browser.get("/help").text
    shown = browser.get("/district-numbers").text
    assert f"Your district, Kolar, is {keys['Kolar']}." in shown
    rows = " ".join(shown.split())
    for name, key in keys.items():
        assert f'<span class="what">{name}</span>' in rows
        assert f'<span class="value">{key}</span>' in rows


def test_in_her_language(keys, operator):
    operator.set_cookie("language", "kn")
    shown = operator.get("/district-numbers", headers={"Accept-Language": "kn"}).text
    assert "ಬೀದರ್" in shown
    assert 'href="/district-numbers"' in operator.get("/calls").text


@pytest.mark.parametrize("language", ["en", "kn", "hi"])
def test_the_card_is_one_page_and_names_nobody(keys, operator, language):
    answer = operator.get(f"/district-numbers/{language}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.count(b"/Type /Page\n") == 1
    assert f"numbers-{language}.pdf" in answer.headers["Content-Disposition"]


def test_another_language_has_no_card(operator):
    assert operator.get("/district-numbers/xx.pdf").status_code == 404


def test_a_district_nobody_named_keeps_its_own_name():
    assert called("Nagpur", "kn") == "Nagpur"
    assert called("Bidar", "ta") == "Bidar"
    assert called("Bidar", "hi") == "बीदर"
