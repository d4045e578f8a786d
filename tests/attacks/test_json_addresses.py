"""Each address that answers with JSON is asked whatever may be asked, and answers as is written."""

from __future__ import annotations

import ast
import inspect
import os
import textwrap

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.builders.dues import make_payer
from union.dues.services import IssueBook, issue_book
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.services import open_books
from union.web.openapi import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MANY = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "prove" else 12
ASKING = "union.identity.views.passkeys"
TEST = Actor.system("test")


def test_every_address_that_answers_with_json_is_written_down(app):
    there = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if answers_json(app.view_functions[rule.endpoint])
    }
    written = {(path, method) for path, how in document()["paths"].items() for method in how}
    assert there == written


def answers_json(view) -> bool:
    view = inspect.unwrap(view)
    if not getattr(view, "__module__", "").startswith("union."):
        return False
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    names = {node.func.id for node in ast.walk(tree) if is_named_call(node)}
    return "jsonify" in names or (view.__module__ == ASKING and "_asked" in names)


def is_named_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def test_a_stranger_is_told_nothing(app):
    asked = ask_all(app, document(), {})
    assert {status for _path, status in asked} <= {200, 302, 400, 401, 404}
    assert {path for path, status in asked if status == 200} <= {"/passkey/ask"}


def test_an_officer_whose_it_is_not_is_refused(app, sign_in):
    asked = ask_all(app, document(), cookies_of(sign_in(Role.TREASURER)))
    assert ("/dues/book/state", 403) in asked
    assert {path for path, status in asked if status == 200} <= {"/passkey/ask", "/me/keys/ask"}


def test_a_collector_is_answered_as_is_written(app, sign_in, pages):
    with pages.begin(TEST) as work:
        open_books(work)
        uma = make_payer(work, card_number="KA/08500", called="Uma")
        issue_book(work, IssueBook("KA/08500", 2001, 2050, work.clock.today()))
    browser = sign_in(Role.COLLECTOR, person_id=uma.person_id)
    key = {"command_key": new_command_key()}
    hers = browser.post("/dues/book/register", data=key).json["phone"]
    written = document()
    for how in written["paths"].values():
        for one in how.values():
            form = one.get("requestBody", {"content": {}})["content"]
            for sent in form.values():
                if "phone" in sent["schema"]["properties"]:
                    sent["schema"]["properties"]["phone"] = {"enum": [hers, "0" * 12]}
    asked = ask_all(app, written, cookies_of(browser))
    for address in ("state", "register", "take"):
        assert (f"/dues/book/{address}", 200) in asked
    assert "/dues/book/put-down" in {path for path, _status in asked}


def ask_all(app, written, cookies: dict[str, str]) -> set[tuple[str, int]]:
    schema = schemathesis.openapi.from_dict(written)
    schema.app = app
    asked = set()
    for found in schema.get_all_operations():
        asked |= ask(found.ok(), cookies)
    return asked


def cookies_of(browser) -> dict[str, str]:
    with browser.session_transaction() as session:
        session["kept"] = "yes"
    return {"s": browser.get_cookie("s").value}


def ask(operation, cookies: dict[str, str]) -> set[tuple[str, int]]:
    asked = set()

    @settings(
        max_examples=MANY,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def one(case):
        response = case.call(cookies=cookies)
        case.validate_response(response, checks=CHECKS)
        asked.add((operation.path, response.status_code))

    one()
    return asked
