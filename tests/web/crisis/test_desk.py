"""The desk's own pages: what was typed waits no more, and is still there to be added to."""

from __future__ import annotations

import re

from tests.builders.crisis import FORCED, HERS, live_page
from tests.web.crisis.night import NIGHT, asked, begin, key
from union.crisis import services
from union.crisis.rules.kinds import AnsweredBy, ContactChannel
from union.kernel.actor import Role

CALL = {"kind": "unknown", "channel": "hotline"}


def type_in(operator, **fields) -> str:
    answer = operator.post("/calls/new", data={"command_key": key(), **CALL, **fields})
    assert answer.status_code == 302, answer.text
    return answer.location


def test_a_call_she_typed_herself_waits_no_more_and_can_be_added_to(pages, team, operator):
    here = type_in(operator, place="lodge lane", district="Bidar")
    assert "Nobody waits" in operator.get("/calls").text
    shown = operator.get(here).text
    assert "Tell what more you hear" in shown
    assert re.search(r'<option selected value="Bidar">', shown), "the district stays chosen"
    told = {"command_key": key(), "kind": "arrest_or_raid", "people": "9", "place": "lodge lane"}
    operator.post(here, data=told)
    assert "9 people" in operator.get("/board").text


def test_a_call_without_a_place_is_kept_and_says_what_is_missing(pages, team, operator):
    here = type_in(operator)
    told = {"command_key": key(), "kind": "client_violence", "words": "two men"}
    answer = operator.post(here, data=told, follow_redirects=True).text
    assert "Say where, and people are asked" in answer
    assert "two men" in answer
    told = {"command_key": key(), "kind": "client_violence", "place": "bus stand, Bidar"}
    assert "Say where" not in operator.post(here, data=told, follow_redirects=True).text


def test_one_that_looks_alike_waits_until_she_says_whether_it_is(pages, team, operator):
    first, _ = begin(pages)
    here = type_in(operator, place="Bidar lodge lane", kind="client_violence")
    assert "perhaps the same" in operator.get("/calls").text
    assert f'<option selected value="{first}">' in operator.get(here).text
    operator.post(f"{here}/attach", data={"command_key": key(), "other": first})
    assert "Nobody waits" not in operator.get("/calls").text, "the one that told of it first"
    assert "perhaps the same" not in operator.get("/calls").text


def test_a_caller_who_rang_wrote_and_rang_again_is_one_line(pages, team, operator):
    for words in (None, "near the fort", None):
        channel = ContactChannel.SMS if words else ContactChannel.MISSED_CALL
        with pages.begin(NIGHT) as work:
            ref = services.receive_contact(
                work, services.Report(channel=channel, number="+915442900234", words=words)
            ).ref
    listed = operator.get("/calls").text
    assert listed.count('class="line"') == 1
    assert "3 times since" in listed
    shown = operator.get(f"/calls/{ref}").text
    assert "near the fort" in shown
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)[1]
    data = {"command_key": key(), "how": "no_need", "seen": seen}
    operator.post(f"/calls/{ref}/deal", data=data)
    assert "Nobody waits" in operator.get("/calls").text


def test_a_forced_womans_first_page_reads_as_an_honest_ones(pages, team, sign_in):
    begin(pages)
    first, second = asked(pages)[:2]
    with pages.begin(NIGHT) as work:
        for her, digits in ((first, HERS), (second, FORCED)):
            services.answer_here(work, live_page(work, her).id, digits, AnsweredBy.APP)
    read = [
        re.search(r"<h1.*?</h1>", sign_in(Role.RESPONDER, person_id=her).get("/").text, re.DOTALL)[
            0
        ]
        for her in (first, second)
    ]
    assert read[0] == read[1]
    assert "Nobody asks" not in read[1]
