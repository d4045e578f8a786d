"""P1, P2: words about health are read where the access table says; what is sealed of them through
the reader's opened window only, and never after it ended.

A raid's list and a clock of medicine are operational: a team must read them at night. What was
written into a case, and why a claim was made, open with her words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.builders.crisis import HERS, as_person, live_page, make_in_charge, make_responder, report
from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import WORDS, choose_words, make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.raids import everybody, type_list
from tests.builders.welfare import make_claim, make_scheme
from tests.laws.crawling import sight
from union.crisis import services
from union.crisis.models import Incident
from union.crisis.rules.kinds import AnsweredBy, Kind
from union.crisis.rules.medical import Care
from union.crisis.services.medical import NewClock, begin_clock
from union.infra.opened_keys import LASTS, RESTS
from union.infra.sealing import HEALTH, make_circle
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_command_key
from union.legal.services import add_note
from union.web.access import TABLE
from union.web.opening import PREFIX

TEST = Actor.system("test")
PILL, WHOM = "tenofovir", "her of the green scarf"
NOTED, CLAIMED = "she has a wound that festers", "a fever of nine days"
OTHER = "nine kites over the quarry"


@dataclass
class Scene:
    """Who there is, and the addresses at which words about health are looked for."""

    there: int
    paralegal: int
    committee: int
    desk: int
    raid: str
    page: str
    taken: str
    case: str
    claim: str

    @property
    def addresses(self) -> dict[str, str]:
        """Each page that could tell, by its row of the table."""
        return {
            "crisis.taken_list": f"/incidents/{self.raid}/list",
            "crisis.taken_one": f"/incidents/{self.raid}/list/{self.taken}",
            "crisis.team_list": f"/mine/{self.page}/list",
            "crisis.after": "/after",
            "legal.case": f"/papers/{self.case}",
            "welfare.claim": f"/claims/{self.claim}",
        }


@pytest.fixture
def scene(pages) -> Scene:
    with pages.begin(TEST) as work:
        there = make_responder(work)
        desk = make_in_charge(work, Role.OPERATOR)
        paralegal = make_paralegal(work)
        committee = make_account(work)
        give_role(work, committee.id, Grant(Role.WELFARE_COMMITTEE))
        choose_words(work, paralegal, Actor(committee.person_id, None, frozenset()))
        make_circle(work, HEALTH, [committee.person_id])
        case = make_case(work, paralegal, make_member(work).person_id)
        with acting_as(work, paralegal):
            add_note(work, case.ref, NOTED)
        make_scheme(work)
        claim = make_claim(work, health=CLAIMED)
        incident_id = report(work, kind=Kind.ARREST_OR_RAID, people=2).incident_id
        page_id = live_page(work, there).id
    with as_person(pages, there) as work:
        services.answer_here(work, page_id, HERS, AnsweredBy.APP)
    with as_person(pages, there) as work:
        services.arrive(work, page_id)
        type_list(work, incident_id, f"Lakshmi, {PILL} 2am")
        since = work.clock.now() - timedelta(hours=1)
        begin_clock(work, page_id, NewClock(Care.AGAINST_HIV, since, she_wants=True, whom=WHOM))
    with pages.reading(TEST) as work:
        return Scene(
            *(there, paralegal.person_id, committee.person_id, desk),
            raid=work.session.get_one(Incident, incident_id).ref,
            page=live_page(work, there).ref,
            taken=everybody(work)[0].ref,
            case=case.ref,
            claim=claim.ref,
        )


MAY = {
    PILL: {"crisis.taken_list", "crisis.taken_one", "crisis.team_list"},
    WHOM: {"crisis.after"},
    NOTED: set(),
    CLAIMED: set(),
}
"""Where words are read without any window; what is sealed nowhere."""


def told(browser, scene, *, everywhere: bool = False) -> dict[str, set[str]]:
    """At which addresses this browser reads which words, those her links lead to too."""
    seen = dict(sight(browser)) if everywhere else {}
    seen |= {address: browser.get(address).data for address in scene.addresses.values()}
    return {word: {at for at, one in seen.items() if word.encode() in one} for word in MAY}


@pytest.mark.parametrize("all_links", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_they_are_read_where_the_table_says_and_sealed_ones_nowhere_without_a_window(
    sign_in, scene, all_links
):
    """The links of her who was there are followed too; in the long proof everybody's."""
    at, found = scene.addresses, set()
    hers = {Role.RESPONDER: scene.there, Role.PARALEGAL: scene.paralegal}
    hers |= {Role.WELFARE_COMMITTEE: scene.committee, Role.OPERATOR: scene.desk}
    browsers = [(role, sign_in(role), all_links) for role in Role]
    for role, person in hers.items():
        followed = all_links or person == scene.there
        browsers.append((role, sign_in(role, person_id=person), followed))
    for role, browser, everywhere in browsers:
        for word, where in told(browser, scene, everywhere=everywhere).items():
            allowed = {at[row] for row in MAY[word] if role in TABLE[row].roles}
            assert where <= allowed, (role, word)
            found |= {(word, one) for one in where}
    assert found == {(word, at[row]) for word, rows in MAY.items() for row in rows}


def open_window(browser, words=WORDS) -> int:
    field = {f"{PREFIX}passphrase": words, f"{PREFIX}back": "/"}
    return browser.post("/opened/", data=field).status_code


def shut_it(browser, clock) -> None:
    browser.post("/opened/shut", data={f"{PREFIX}back": "/"})


def rests(browser, clock) -> None:
    clock.advance(RESTS)


def lasts(browser, clock) -> None:
    """Used all the time, and over all the same."""
    for _ in range(LASTS // (RESTS / 2)):
        clock.advance(RESTS / 2)
        browser.get("/")


def other_words(browser, clock) -> None:
    data = {"passphrase_before": WORDS, "passphrase": OTHER, "passphrase_again": OTHER}
    assert browser.post("/me/opening-words/other", data=data).status_code == 302


ENDS = {"shut": shut_it, "rests": rests, "lasts": lasts, "other_words": other_words}


def case_words(browser, scene) -> bool:
    return NOTED in browser.get(scene.addresses["legal.case"]).text


def claim_words(browser, scene) -> bool:
    data = {"open-command_key": new_command_key(), "open-reason": "claim"}
    return CLAIMED in browser.post(f"{scene.addresses['welfare.claim']}/open", data=data).text


@pytest.mark.parametrize("end", ENDS)
def test_what_is_sealed_is_read_through_her_window_and_never_after_it(sign_in, scene, clock, end):
    hers = {
        Role.PARALEGAL: (scene.paralegal, case_words),
        Role.WELFARE_COMMITTEE: (scene.committee, claim_words),
    }
    for role, (person, reads) in hers.items():
        browser = sign_in(role, person_id=person)
        assert not reads(browser, scene)
        assert open_window(browser) == 302
        assert reads(browser, scene), role
        assert not reads(sign_in(role, person_id=person), scene), "another browser of hers"
        kept = browser.get_cookie("k")
        ENDS[end](browser, clock)
        browser.set_cookie("k", kept.value)
        assert not reads(browser, scene), (role, end)
        assert not any(told(browser, scene)[word] for word in (NOTED, CLAIMED))
