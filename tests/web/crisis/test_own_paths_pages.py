"""Pages of the paths of their own: ring her, a quiet number, who stays, and what is sealed."""

from __future__ import annotations

import re

from tests.builders.members import PASSPHRASE, make_circles
from tests.builders.readings import SAID_WHY, written_down
from tests.web.crisis.night import NIGHT, begin, key
from union.crisis import services
from union.crisis.models import Contact
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.rules.kinds import ContactChannel, Kind
from union.kernel.actor import Role
from union.messages.models import Message

HERS = "+915442900234"
LANE = "blue house behind the mill"
CALL = {"kind": "unknown", "channel": "hotline"}


def rang(pages, **fields) -> str:
    fields.setdefault("channel", ContactChannel.MISSED_CALL)
    with pages.begin(NIGHT) as work:
        return services.receive_contact(work, services.Report(number=HERS, **fields)).ref


def post(client, path: str, **data):
    return client.post(path, data={"command_key": key(), **data})


def test_who_has_her_in_hand_has_the_machine_ring_her(pages, team, operator):
    ref = rang(pages)
    assert "put me through" not in operator.get(f"/calls/{ref}").text
    assert post(operator, f"/calls/{ref}/ring").status_code == 200, "not before she has it in hand"
    post(operator, f"/calls/{ref}/take")
    assert "put me through" in operator.get(f"/calls/{ref}").text
    assert post(operator, f"/calls/{ref}/ring").status_code == 302
    with pages.reading(NIGHT) as work:
        assert work.session.query(Message).filter_by(template="callback").count() == 2


def test_a_number_is_let_rest_and_heard_again(pages, team, operator):
    first = rang(pages)
    post(operator, f"/calls/{first}/deal", how="nuisance", seen="")
    ref = rang(pages)
    assert "1 were nuisance" in operator.get(f"/calls/{ref}").text
    post(operator, f"/calls/{ref}/rest")
    assert "like any other again" in operator.get(f"/calls/{ref}").text
    post(operator, f"/calls/{ref}/hear")
    assert "wait behind the others" in operator.get(f"/calls/{ref}").text


def test_who_stays_with_her_says_so_and_the_board_shows_it(pages, team, operator):
    ref, _ = begin(pages, kind=Kind.THREAT_TO_OWN_LIFE)
    assert "nobody has said that she is with her" in operator.get(f"/incidents/{ref}").text
    post(operator, f"/incidents/{ref}/stay")
    assert "is with her" in operator.get("/board").text
    post(operator, f"/incidents/{ref}/leave")
    assert "nobody has said that she is with her" in operator.get(f"/incidents/{ref}").text


def test_the_number_of_a_sealed_caller_is_seen_by_the_named_officer_alone(
    pages, team, operator, sign_in
):
    with pages.begin(NIGHT) as work:
        officer = make_circles(work)
    ref = rang(pages, place=LANE, district="Bidar", may_be_minor=True)
    post(operator, f"/calls/{ref}/take")
    shown = operator.get(f"/calls/{ref}").text
    assert HERS not in shown
    assert HERS[3:] not in shown
    assert f"•••••• {HERS[-2:]}" in shown
    assert "put me through" in shown, "the machine rings her all the same"
    guardian = sign_in(Role.SAFEGUARDING_OFFICER, person_id=officer)
    assert HERS not in guardian.get(f"/kept-apart/{ref}").text
    assert HERS not in post(guardian, f"/kept-apart/{ref}", passphrase="wrong", **SAID_WHY).text
    assert readings(pages) == []
    assert HERS in post(guardian, f"/kept-apart/{ref}", passphrase=PASSPHRASE, **SAID_WHY).text
    assert readings(pages) == [officer]
    assert HERS not in operator.get(f"/calls/{ref}").text


def readings(pages) -> list[int]:
    with pages.reading(NIGHT) as work:
        return [one.actor_person_id for one in written_down(work, "minor_number_opened")]


def test_what_the_desk_writes_more_of_her_leaves_her_number_as_it_was(pages, team, operator):
    ref = rang(pages, place=LANE, district="Bidar", may_be_minor=True)
    post(operator, f"/calls/{ref}", kind="unknown", place=LANE, number="", words="she cries")
    with pages.reading(NIGHT) as work:
        contact = work.session.query(Contact).filter_by(ref=ref).one()
        assert opened(work, contact, CONTACT_NUMBER, contact.number) == HERS


def test_who_may_be_a_child_is_sealed_while_she_types_and_opened_by_one_alone(
    pages, team, operator, sign_in
):
    with pages.begin(NIGHT) as work:
        officer = make_circles(work)
    told = {**CALL, "place": LANE, "district": "Bidar", "may_be_minor": "1"}
    one = key()
    operator.post("/calls/new/keep", data={"command_key": one, **told})
    answer = operator.post("/calls/new", data={"command_key": one, **told})
    ref = answer.location.rsplit("/", 1)[1]
    incident = re.search(r'href="(/incidents/[^"]+)"', operator.get(f"/calls/{ref}").text)[1]
    for path in (f"/calls/{ref}", "/calls", "/board", incident):
        assert LANE not in operator.get(path).text, path
        assert "Bidar</" not in operator.get(path).text.replace('value="Bidar">Bidar</', ""), path
    guardian = sign_in(Role.SAFEGUARDING_OFFICER, person_id=officer)
    assert "1 call waits for your word" in guardian.get("/").text
    shown = guardian.get(f"/kept-apart/{ref}").text
    assert LANE not in shown
    assert "s. 19(1)" in shown
    assert LANE not in post(guardian, f"/kept-apart/{ref}", passphrase="wrong", **SAID_WHY).text
    opened = post(guardian, f"/kept-apart/{ref}", passphrase=PASSPHRASE, **SAID_WHY).text
    assert opened.count(LANE) == 1, "what was kept while she typed is shown once"
    post(guardian, f"/kept-apart/{ref}/decide", decision="told_committee")
    assert "decided" in guardian.get("/kept-apart").text
    assert operator.get("/kept-apart").status_code == 403
