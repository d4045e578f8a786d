"""The scanner's door leads to the demonstration alone, past what ends a walk, and keeps count."""

from __future__ import annotations

import importlib
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.builders.listening import listening

CLONE = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdef" * 2
PATIENCE_S = 60


@pytest.fixture
def demonstration():
    with listening() as listener:
        listener.status = 200
        yield listener


@pytest.fixture
def door(demonstration, monkeypatch):
    monkeypatch.syspath_prepend(CLONE / ".ci")
    module = importlib.import_module("scan_door")
    with module.open_door(demonstration.url, ("/leave", "/open")) as opened:
        yield opened
    del sys.modules["scan_door"]


@pytest.fixture
def through(door):
    """A function: how a request ends that a scanner sends by the door."""

    def send(method: str, url: str, **more: object) -> requests.Response:
        with requests.Session() as scanner:
            scanner.trust_env = False
            scanner.proxies = {"http": door.url}
            return scanner.request(method, url, timeout=PATIENCE_S, **more)

    return send


def test_what_is_asked_and_answered_passes_as_it_is(door, through, demonstration):
    demonstration.headers = {"Set-Cookie": "seen=1", "X-Frame-Options": "DENY"}
    answered = through("POST", f"{demonstration.url}/find?a=1", data="words=x", cookies={"s": "5"})
    assert (answered.text, answered.headers["X-Frame-Options"]) == (demonstration.says, "DENY")
    assert answered.cookies["seen"] == "1"
    (heard,) = demonstration.heard
    assert (heard.method, heard.path, heard.body) == ("POST", "/find?a=1", "words=x")
    assert (door.told.requests, door.told.cookie, door.told.broke) == (1, "s=5", [])


@pytest.mark.parametrize(
    "path", ["/leave", "/open/new", "/open?back=1", "/%6ceave", "//leave", "/a/../leave"]
)
def test_what_ends_the_walk_is_shut_however_it_is_written(door, through, demonstration, path):
    request = requests.Request("GET", demonstration.url).prepare()
    request.url = demonstration.url + path
    with requests.Session() as scanner:
        proxies = {"http": door.url}
        assert scanner.send(request, proxies=proxies, timeout=PATIENCE_S).status_code == 404
    assert demonstration.heard == []


def test_what_only_begins_alike_is_not_shut(through, demonstration):
    assert through("GET", f"{demonstration.url}/open-books/").status_code == 200


def test_nobody_else_is_reached(door, through, demonstration):
    with listening() as stranger:
        assert through("GET", f"{stranger.url}/").status_code == 404
    assert (stranger.heard, door.told.requests, door.told.called) == ([], 0, [])


def test_a_call_to_the_door_itself_comes_from_inside(door):
    assert requests.get(f"{door.url}/ssrf/1", timeout=PATIENCE_S).status_code == 404
    assert door.told.called == ["/ssrf/1"]


@pytest.mark.parametrize(
    "body", [f"command_key={KEY}&a=1", f'name="command_key"\r\n\r\n{KEY}\r\n--x']
)
def test_a_command_comes_under_a_key_of_its_own(through, demonstration, body):
    for _time in range(2):
        through("POST", f"{demonstration.url}/find", data=body)
    first, second = (one.body for one in demonstration.heard)
    assert len({body, first, second}) == 3
    assert {len(first), len(second)} == {len(body)}


@pytest.mark.parametrize("body", [f"command_key={KEY}%27&a=1", "command_key=x", f"a={KEY}"])
def test_what_is_no_sound_key_passes_as_it_is(through, demonstration, body):
    through("POST", f"{demonstration.url}/find", data=body)
    assert [one.body for one in demonstration.heard] == [body]


def test_an_attack_in_place_of_her_cookies_takes_nothing_from_her(door, through, demonstration):
    door.hers = {"s"}
    demonstration.headers = {"Set-Cookie": "s=nobody"}
    assert through("GET", f"{demonstration.url}/", cookies={"s": "hers"}).cookies["s"] == "nobody"
    attacked = through("GET", f"{demonstration.url}/", headers={"Cookie": "() { :;}; echo s=1"})
    assert not attacked.cookies
    assert (door.told.cookie, door.told.requests) == ("s=hers", 2)


def test_what_breaks_is_kept_with_what_was_sent(door, through, demonstration):
    demonstration.status = 500
    assert through("POST", f"{demonstration.url}/find", data="words=x").status_code == 500
    (broke,) = door.told.broke
    assert (broke.method, urlsplit(broke.path).path, broke.sent) == ("POST", "/find", b"words=x")


def test_one_that_hangs_up_broke(scanned_at_nothing):
    through, told = scanned_at_nothing
    assert through().status_code == 502
    assert [one.status for one in told.broke] == [502]


@pytest.fixture
def scanned_at_nothing(door):
    with socket.socket() as taken:  # bound, so that it is nobody else's, and deaf
        taken.bind(("127.0.0.1", 0))
        nothing = f"127.0.0.1:{taken.getsockname()[1]}"
        door.leads_to = nothing

        def send() -> requests.Response:
            there = {"http": door.url}
            return requests.get(f"http://{nothing}/", proxies=there, timeout=PATIENCE_S)

        yield send, door.told
