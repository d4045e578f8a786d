"""No address that a stranger can write leads out of the house by our own pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.builders.identity import make_account
from union.kernel.actor import Actor
from union.web.addresses import own_address

CLONE = Path(__file__).resolve().parents[2]
HOME = "/home-of-the-test"
HOSTS = ("evil.example", "evil.example/", "evil.example/sign-in", "evil。example", "[::1]")
BEFORE = (
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "/\\/",
    "\\/",
    "/\t/",
    "\t//",
    "/\n/",
    "/\r\n//",
    " //",
    "/ /",
    "/%09/",
    "/%2f",
    "/%2F/",
    "/%5c",
    "/%5C%5C",
    "/./\\",
    "/.//",
    "/..//",
    "/sign-in/..//",
    "/sign-in//",
    "/%2e%2e//",
    "https:",
    "https:/",
    "https://",
    "https:///",
    "HTTPS://",
    "hTTp:\\\\",
    "ftp://",
    "//notebook@",
    "/@",
    "@",
    "",
    "javascript://",
    "data:text/html,",
    "\u2028//",
    "／／",
    "/／",
)
OTHERS = (
    "javascript:alert(1)",
    "/javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/sign-in\r\nSet-Cookie: s=1",
    "/sign-in%0d%0aSet-Cookie:%20s=1",
    "/sign-in\nLocation: //evil.example",
    "/no/such/page",
    "/leave",
    "/sign-out",
    "/" + "a" * 3000,
    "/\ud800",
    "?back=//evil.example",
    "#//evil.example",
    ".",
    "..",
    "/papers/..",
    "/papers/%2e%2e",
    "/papers/..%2f..%2f%2fevil.example",
    "/papers/%5cevil.example",
    "/papers/%0d%0aSet-Cookie:s=1",
)
PAYLOADS = [*(before + host for before, host in product(BEFORE, HOSTS)), *OTHERS]


def test_there_are_as_many_tricks_as_promised():
    assert len(set(PAYLOADS)) > 200


@pytest.mark.parametrize("written", ["/", "/sign-in", "/sign-in?back=/", "/away", "/dues/take"])
def test_pages_of_ours_are_led_to(app, written):
    with app.test_request_context():
        assert own_address(written, HOME) == written


def test_what_was_asked_for_in_another_script_is_found_again(app):
    with app.test_request_context():
        assert own_address("/sign-in?find=ಅ", HOME) == "/sign-in?find=" + quote("ಅ")


def test_every_trick_ends_at_home(app):
    with app.test_request_context():
        led = {written: own_address(written, HOME) for written in PAYLOADS}
    assert {written: to for written, to in led.items() if to != HOME} == {}
    with app.test_request_context():
        assert own_address(None, HOME) == HOME


def test_a_language_chosen_leads_to_a_page_of_ours(client):
    for written in PAYLOADS:
        if "\ud800" in written:
            continue
        answer = client.post("/language", data={"language": "kn", "back": written})
        assert answer.headers["Location"] == "/", written
        assert answer.headers.getlist("Set-Cookie") == [
            one for one in answer.headers.getlist("Set-Cookie") if one.startswith("language=")
        ]


def test_no_redirect_of_any_page_leaves_the_house(app, sign_in, pages):
    """Every address of ours, asked with every name of a question that could say where to go."""
    with pages.begin(Actor.system("test")) as work:
        make_account(work)
    client = app.test_client()
    names = ("back", "next", "url", "to", "from", "return", "redirect", "continue")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in rule.methods:
            continue
        values = dict.fromkeys(rule.arguments, "0" * 12)
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "IntegerConverter":
                values[name] = 0
        answer = client.get(
            rule.build(values)[1], query_string=dict.fromkeys(names, "//evil.example")
        )
        to = answer.headers.get("Location", "/")
        assert to.startswith("/"), rule
        assert not to.startswith("//"), rule


LEADS = {"redirect": 0, "let_in": 1, "let_through": 1}
"""What sends her somewhere, and where in its arguments the address stands."""

OUR_OWN = {"url_for", "own_address"}
ELSEWHERE = {
    ("union/checkout/views/hers.py", "where"): "the card company's page, as the company named it",
    ("union/crisis/views/calls.py", "onward or url_for('crisis.call', ref=ref, _anchor='top')"): (
        "its callers name a page of ours or none"
    ),
    ("union/dues/views/asking.py", "here"): "its two callers name pages of ours",
    ("union/identity/views/hers.py", "back"): "the door that calls it asked own_address",
    ("union/identity/views/signed_in.py", "address"): "whoever lets her in is looked at here too",
}
"""Where the address is not made on the spot, and what it is."""


def test_whoever_is_sent_somewhere_is_sent_to_a_page_of_ours():
    """Also behind a sign-in and after something was sent, where no stranger can look."""
    texts = {
        path.relative_to(CLONE).as_posix(): path.read_text()
        for path in (CLONE / "union").rglob("*.py")
        if "gateways" not in path.parts
    }
    found = {
        (name, ast.unparse(told))
        for name, text in texts.items()
        if any(f"{lead}(" in text for lead in LEADS)
        for told in loose_addresses(ast.parse(text))
    }
    assert found == set(ELSEWHERE)


def loose_addresses(tree: ast.Module) -> Iterator[ast.expr]:
    """Every address that is led to and neither is made by what makes ours nor comes from it."""
    ours = {one.name for one in functions(tree) if names_ours(one)} | OUR_OWN
    for view in functions(tree):
        made = {
            one.targets[0].id
            for one in ast.walk(view)
            if isinstance(one, ast.Assign)
            and isinstance(one.targets[0], ast.Name)
            and is_ours(one.value, ours)
        }
        for node in ast.walk(view):
            if is_call_of(node, LEADS.keys()):
                told = node.args[LEADS[name_of(node)]]
                if not is_ours(told, ours) and ast.unparse(told) not in made:
                    yield told


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]


def names_ours(function: ast.FunctionDef) -> bool:
    """Whether all that a function returns are addresses of ours."""
    told = [one.value for one in ast.walk(function) if isinstance(one, ast.Return)]
    return bool(told) and all(is_ours(one, OUR_OWN) for one in told)


def is_ours(told: ast.expr | None, ours: AbstractSet[str]) -> bool:
    """Whether an address is made by what makes ours, whichever way is taken."""
    if isinstance(told, ast.IfExp):
        return is_ours(told.body, ours) and is_ours(told.orelse, ours)
    return is_call_of(told, ours)


def name_of(node: ast.AST | None) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def is_call_of(node: ast.AST | None, names: AbstractSet[str]) -> bool:
    return name_of(node) in names
