"""P2: an office opens nothing that is sealed; only a key of her own does, and no words of another.

Whoever holds the role of the row and no key is told so, sees nothing, and nothing is written down
of a reading that never was.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.builders.members import PASSPHRASE, make_circles, make_member
from tests.builders.welfare import HEALTH_WORDS, make_claim, make_committee, make_scheme
from tests.builders.welfare import PASSPHRASE as COMMITTEES
from union.infra.readings import ReadingRow
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.web.access import TABLE

TEST = Actor.system("test")
LEGAL = "Sushila Kallappa"
NO_KEY = "You hold no key to this."

SEALED = {
    "members.legal_name",
    "intake.apart",
    "welfare.open_words",
    "crisis.minor",
    "crisis.minor_decide",
    "crisis.taken_open",
}


def test_what_opens_with_her_own_words_only_is_a_closed_list_and_written_down():
    assert {row.endpoint for row in TABLE.values() if row.sealed} == SEALED
    assert all(TABLE[endpoint].logged for endpoint in SEALED)


def readings(pages) -> int:
    with pages.reading(TEST) as work:
        return work.session.scalar(select(func.count()).select_from(ReadingRow))


@pytest.fixture
def name(pages) -> tuple[Role, str, str, str]:
    with pages.begin(TEST) as work:
        make_circles(work)
        ref = make_member(work, legal_name=LEGAL).ref
    return Role.MEMBERSHIP_SECRETARY, f"/members/{ref}/legal-name", "", LEGAL


@pytest.fixture
def health(pages) -> tuple[Role, str, str, str]:
    with pages.begin(TEST) as work:
        make_scheme(work)
        make_committee(work)
        ref = make_claim(work).ref
    return Role.WELFARE_COMMITTEE, f"/claims/{ref}/open", "open-", HEALTH_WORDS


@pytest.mark.parametrize("what", ["name", "health"])
def test_a_role_without_a_key_opens_nothing_even_with_anothers_words(pages, sign_in, request, what):
    role, address, prefix, secret = request.getfixturevalue(what)
    browser = sign_in(role)
    for words in (PASSPHRASE, COMMITTEES, "any words at all"):
        form = {"command_key": new_command_key(), "passphrase": words, "reason": "she_asked"}
        data = {f"{prefix}{field}": value for field, value in form.items()} | form
        shown = browser.post(address, data=data)
        assert NO_KEY in shown.text
        assert secret not in shown.text
    assert readings(pages) == 0
