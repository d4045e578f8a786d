"""The frame of every page: what it may load, what it gives away, how one leaves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from union.kernel.actor import Role

STATIC = Path(__file__).parents[2] / "static"
FIRST_PAGE_BYTES = 50_000
PUBLIC = ("/sign-in", "/away", "/no-such-page")

SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_from_outside_and_nothing_inline_may_run(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_is_written_so_that_the_policy_never_refuses_it(
    client: FlaskClient, address: str
) -> None:
    html = client.get(address).text

    assert not re.search(r"\sstyle=|<style|\son\w+=\"", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", html)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_title_means_nothing(client: FlaskClient, address: str) -> None:
    assert "<title>Notebook</title>" in client.get(address).text


def test_the_title_means_nothing_to_an_operator_either(sign_in: SignIn) -> None:
    assert "<title>Notebook</title>" in sign_in(Role.OPERATOR).get("/").text


def test_a_first_page_is_small_even_uncompressed(client: FlaskClient) -> None:
    html = client.get("/sign-in").data

    loaded = re.findall(r'(?:href|src)="/static/([^"?]+)', html.decode())
    weight = len(html) + sum((STATIC / name).stat().st_size for name in loaded)
    assert weight < FIRST_PAGE_BYTES


def test_leaving_ends_the_sign_in_and_shows_a_month(sign_in: SignIn) -> None:
    browser = sign_in(Role.TREASURER)

    answer = browser.post("/leave", follow_redirects=True)

    assert "October 2026" in answer.text
    assert "Leave" not in answer.text
    assert browser.get("/").status_code == 302


def test_the_tongue_she_chose_stays_with_the_device(client: FlaskClient) -> None:
    client.post("/language", data={"language": "kn", "back": "/sign-in"})

    assert '<html lang="kn"' in client.get("/sign-in").text


def test_choosing_a_tongue_never_leads_to_another_house(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "kn", "back": "//elsewhere.example/"})

    assert answer.location == "/"


def test_the_sheet_of_parts_is_shown_in_a_demonstration_only(client: FlaskClient) -> None:
    assert client.get("/look").status_code == 404


def test_what_she_wrote_is_kept_when_the_notebook_was_closed_meanwhile(client: FlaskClient) -> None:
    answer = client.post(
        "/help",
        data={"note": "bus stand", "password": "lotus"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 401
    assert 'name="note" value="bus stand"' in answer.text
    assert "lotus" not in answer.text


def test_nothing_a_stranger_wrote_is_offered_for_sending(client: FlaskClient) -> None:
    answer = client.post(
        "/help", data={"note": "bus stand"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 401
    assert "bus stand" not in answer.text


def test_a_form_whose_token_is_stale_is_kept(app: Flask) -> None:
    app.config.update(WTF_CSRF_ENABLED=True)

    answer = app.test_client().post(
        "/language", data={"language": "kn"}, headers={"Origin": "http://localhost"}
    )

    assert answer.status_code == 400
    assert 'name="language" value="kn"' in answer.text


def test_a_phone_fetches_a_file_once_and_a_changed_one_anew(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/book.css\?v=[0-9a-f]{8})"', client.get("/sign-in").text)
    assert address is not None

    with client.get(address[1]) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]
