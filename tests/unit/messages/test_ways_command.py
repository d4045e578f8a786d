from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from union.cli.ways import ways
from union.messages.rules.registered import all_texts

KANNEL = {
    "SMS_PROVIDERS": "kannel",
    "SMS_KANNEL_URL": "https://sms.example.org/send",
    "SMS_KANNEL_WEBHOOK_SECRET": "in-secret",
}


def run(monkeypatch, *arguments, **environ):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(ways, arguments)


def test_without_providers_it_says_so(monkeypatch):
    answer = run(monkeypatch, "check")
    assert (answer.exit_code, "SMS_PROVIDERS" in answer.output) == (1, True)


def test_all_well_is_said_and_no_secret_with_it(monkeypatch):
    answer = run(monkeypatch, "check", **KANNEL)
    assert answer.exit_code == 0
    assert answer.output == "Texts: kannel\nCalls: none\n"


def test_a_gateway_that_cannot_knock_is_named(monkeypatch):
    answer = run(monkeypatch, "check", **{**KANNEL, "SMS_KANNEL_WEBHOOK_SECRET": ""})
    assert answer.exit_code == 1
    assert "SMS_KANNEL_WEBHOOK_SECRET" in answer.output


@pytest.mark.parametrize(("left_out", "exit_code"), [("page.kn", 1), ("", 0)])
def test_a_text_without_a_number_is_named(monkeypatch, tmp_path, left_out, exit_code):
    file = tmp_path / "registered.json"
    texts = {name: "1107" for name in all_texts() if name != left_out}
    file.write_text(json.dumps({"IN": {"entity": "1101", "texts": texts}}))
    answer = run(monkeypatch, "check", **KANNEL, SMS_REGISTERED=str(file))
    assert answer.exit_code == exit_code
    assert ('IN: the text "page.kn"' in answer.output) == bool(left_out)


def test_what_is_to_be_registered_is_printed_with_the_file_to_fill_in(monkeypatch):
    answer = run(monkeypatch, "texts", "in")
    assert "Namaste. Slip {#var#} is ready: {#var#}" in answer.stderr
    assert json.loads(answer.stdout)["IN"]["texts"].keys() == all_texts().keys()
