"""Where passkeys can work, and what their counts and names are worth."""

from __future__ import annotations

import pytest

from union.identity.rules.passkeys import Place, counter_fell, place_of, read_label


@pytest.mark.parametrize(
    ("public_url", "domain", "origin"),
    [
        ("https://Notebook.example", "notebook.example", "https://notebook.example"),
        ("https://notebook.example:443/x", "notebook.example", "https://notebook.example"),
        ("https://notebook.example:8443", "notebook.example", "https://notebook.example:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://localhost:80", "localhost", "http://localhost"),
    ],
)
def test_passkeys_are_bound_to_the_deployments_own_address(public_url, domain, origin):
    assert place_of(public_url, "Notebook") == Place(domain, origin, "Notebook")


@pytest.mark.parametrize(
    "public_url",
    [
        "http://notebook.example",
        "http://127.0.0.1:8000",
        "https://127.0.0.1",
        "https://[::1]:8000",
        "https://machine",
        "https://büro.example",
        "ftp://notebook.example",
        "",
    ],
)
def test_where_no_browser_would_ask_nothing_is_offered(public_url):
    assert place_of(public_url, "Notebook") is None


@pytest.mark.parametrize(
    ("before", "now", "fell"),
    [(0, 0, False), (0, 5, False), (4, 5, False), (5, 5, True), (5, 4, True), (5, 0, True)],
)
def test_a_count_that_never_counted_cannot_fall(before, now, fell):
    assert counter_fell(before, now) is fell


def test_a_name_has_no_needless_space_and_an_end():
    assert read_label("  small \n phone ") == "small phone"
    assert len(read_label("x" * 100)) == 30
