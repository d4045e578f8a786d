"""A secret that is written on a page is in no command's hash and goes back to no page."""

from __future__ import annotations

import pytest
from wtforms import PasswordField

from union.crisis.forms.calls import WordForm
from union.messages.forms import MailboxForm
from union.web.forms import CommandForm
from union.web.secret_names import is_secret

OURS = {"Sec-Fetch-Site": "same-origin"}
SECRETS = ("password", "new_pin", "code", "word", "digits", "passphrase-2", "way.back.code")


def every_form(kind: type[CommandForm] = CommandForm):
    for one in kind.__subclasses__():
        yield one
        yield from every_form(one)


def test_no_form_hands_a_secret_to_its_command(app):
    asked = set()
    with app.test_request_context():
        for kind in {kind for kind in every_form() if kind.__module__.startswith("union.")}:
            form = kind(formdata=None)
            told = form.content()
            for field in form:
                if isinstance(field, PasswordField) or is_secret(field.name):
                    asked.add(f"{kind.__name__}.{field.name}")
                    assert field.name not in told, kind
    assert {"MailboxForm.passphrase", "SignForm.password", "WordForm.word"} <= asked
    assert any(one.endswith(".digits") for one in asked)


@pytest.mark.parametrize(
    ("kind", "name"), [(MailboxForm, "passphrase"), (WordForm, "word")], ids=["password", "word"]
)
def test_what_a_command_keeps_is_the_same_whatever_the_secret_is(app, kind, name):
    told = []
    for secret in ("one secret", "another"):
        with app.test_request_context(method="POST", data={name: secret}):
            told.append(kind(meta={"csrf": False}).content())
    assert told[0] == told[1]
    assert "secret" not in repr(told)


def test_ordinary_fields_are_no_secrets():
    for name in ("words", "card", "number", "command_key", "pinned", "codes", "postcode"):
        assert not is_secret(name)
    for name in SECRETS:
        assert is_secret(name), name


def test_a_page_open_too_long_gives_back_what_was_written_but_no_secret(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    written = {name: f"hush-{at}" for at, name in enumerate(SECRETS)}
    answer = client.post("/calls/new", data={**written, "words": "by the lake"}, headers=OURS)
    assert answer.status_code == 400
    assert "by the lake" in answer.text
    assert "hush-" not in answer.text


def test_where_one_signs_in_nothing_at_all_comes_back(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [
        rule.build(dict.fromkeys(rule.arguments, "0" * 12))[1]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("identity.") and "POST" in rule.methods
    ]
    assert "/sign-in" in posts
    for address in posts:
        answer = client.post(
            address,
            data={"number": "4111 1111 1111 1111", "card": "KA/00030", "sign_in_name": "Radha"},
            headers=OURS,
        )
        for secret in ("4111 1111", "KA/00030", "Radha"):
            assert secret not in answer.text, address
