"""P1: with one erased woman among its rows every page of every role answers, and says so."""

from __future__ import annotations

import pytest

from tests.builders.audit import make_a_season
from tests.builders.erasing import WORDS, carry_out, make_line, make_officer, make_row
from tests.builders.ledger import acting_as
from tests.builders.legal import make_paralegal
from tests.builders.members import make_branch
from tests.laws.crawling import sight
from union.infra.key_ends import hindrances
from union.kernel.actor import Actor, Role
from union.legal.rules import Act, CaseOutcome
from union.legal.services import NewCase, close_case, open_case
from union.members.models import Member
from union.members.queries import member_by_card
from union.office.erasing.rules import WAIT, Asked
from union.office.erasing.services import asking

TEST = Actor.system("test")
CARD = "KA/77001"
SEARCHES = ("/register?q=x", "/dues/find?card=KA%2F77001", "/dues/passbook?card=KA%2F77001")


@pytest.fixture
def gone(pages, clock) -> int:
    """She paid, was paid, had a case; then she asked to be erased, and was."""
    with pages.begin(TEST) as work:
        make_branch(work)
        make_a_season(work)
        her = member_by_card(work.session, CARD)
        make_row(work, her)
        make_line(work, her)
        paralegal = make_paralegal(work)
        with acting_as(work, paralegal):
            ref = open_case(work, NewCase(her.person_id, (Act.ARREST,), WORDS)).ref
            close_case(work, ref, CaseOutcome.PARTLY, WORDS)
        one, two = make_officer(work), make_officer(work, Role.DUTY_OFFICER)
        assert hindrances(work.session, her.person_id) == []
    with pages.begin(one) as work:
        ref = asking.ask_for_her(work, CARD, Asked.OFFICE).ref
    with pages.begin(two) as work:
        asking.agree(work, ref)
    clock.advance(WAIT)
    carry_out(pages)
    with pages.reading(TEST) as work:
        assert work.session.get_one(Member, her.person_id).erased_at is not None
    return her.person_id


def test_every_page_of_every_role_answers_and_says_erased(sign_in, gone):
    told, opened = set(), 0
    for role in Role:
        seen = sight(sign_in(role), *SEARCHES)
        opened += len(seen)
        broken = [at for at, answer in seen.items() if int(answer.split(b" ", 1)[0]) >= 500]
        assert broken == [], role
        assert [at for at, answer in seen.items() if b"Canary Rani" in answer] == [], role
        told |= {role for answer in seen.values() if b"erased" in answer}
    assert opened > 300
    assert {Role.TREASURER, Role.MEMBERSHIP_SECRETARY} <= told
