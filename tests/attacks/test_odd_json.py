"""Whatever is sent in place of JSON that a script of ours sends is refused, and breaks nothing."""

from __future__ import annotations

import json

import pytest

from union.identity.forms import SignInForm
from union.kernel.actor import Role
from union.kernel.ids import new_command_key

DEEP = "[" * 15_000
ODD = (
    "",
    "null",
    "0",
    "1e999",
    "NaN",
    '"text"',
    "[null]",
    "[[]]",
    "[{}]",
    '[{"key": null, "sealed": null}]',
    '[{"key": [], "sealed": {}}]',
    '[{"key": "a", "sealed": "\\ud800"}]',
    '{"key": "a"}',
    "{" * 40,
    DEEP,
    '{"a":' * 3_000,
    "9" * 5_000,
    "\u2028",
    json.dumps([{"key": "x" * 32, "sealed": "!!!!"}]),
)


@pytest.mark.parametrize("lines", ODD, ids=range(len(ODD)))
def test_a_telephones_lines_are_read_whole_or_refused_whole(sign_in, lines):
    browser = sign_in(Role.COLLECTOR)
    sent = {"command_key": new_command_key(), "phone": "0" * 12, "lines": lines}
    for address in ("sync", "take", "put-down", "register"):
        answer = browser.post(f"/dues/book/{address}", data=sent)
        assert answer.status_code < 500, address


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_a_passkeys_answer_is_an_answer_or_none(client, said):
    sent = {"question": "0" * 12, "answer": said, "command_key": new_command_key()}
    for address in ("/passkey/ask", "/passkey/answer", "/me/keys/ask", "/me/keys/add"):
        assert client.post(address, data=sent).status_code < 500
    for kind in ("application/json", "text/plain"):
        body = said.encode("utf-8", "ignore")
        assert client.post("/passkey/answer", data=body, content_type=kind).status_code < 500


def test_a_body_of_json_is_no_form(sign_in, pages):
    """A field expects text; whoever sends a list in its place has sent nothing."""
    browser = sign_in(Role.TREASURER)
    for value in ("KA/1", ["KA/1"], {"a": 1}, 7, None):
        sent = {"command_key": new_command_key(), "card": value, "amount": value}
        for address in ("/dues/take", "/books/vouchers/new", "/language", "/sign-in"):
            answer = browser.post(address, json=sent)
            assert answer.status_code < 500, (address, value)
            assert "KA/1" not in answer.text


def test_no_form_of_ours_reads_json(app):
    with app.test_request_context(method="POST", json={"sign_in_name": "radha"}):
        assert not SignInForm().sign_in_name.data
    with app.test_request_context(method="POST", data={"sign_in_name": "radha"}):
        assert SignInForm().sign_in_name.data == "radha"
