"""A field that a form does not offer changes nothing, whatever it is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from wtforms import Form
from wtforms.fields.core import UnboundField

from tests.web.ledger.test_keeping_pages import bill, send
from union.factory import BLUEPRINTS
from union.identity.models import Account
from union.infra.db import Base
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import Voucher

CLONE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((CLONE / "templates").rglob("*.html"))
SWALLOWED = {"form", "values", "args", "json", "data", "content"}


def every_column() -> dict[str, str]:
    """The name of every column of every table, and the names of rights, with a value to want."""
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    tempting = {"role", "roles", "is_admin", "approved", "approved_by", "person", "account"}
    return dict.fromkeys(names | tempting, "1")


def test_no_form_is_poured_into_a_row():
    """Each value that a page was sent is taken by its own name."""
    poured = []
    for path in (CLONE / "union").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "populate_obj":
                poured.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Call):
                poured += [f"{path.name}:{node.lineno}" for one in node.keywords if _pours(one)]
    assert poured == []


def _pours(one: ast.keyword) -> bool:
    if one.arg is not None:
        return False
    given = one.value.func if isinstance(one.value, ast.Call) else one.value
    return (
        isinstance(given, ast.Attribute)
        and given.attr in SWALLOWED
        and isinstance(given.value, ast.Name)
        and given.value.id in {"request", "form"}
    )


SENT = {"request.form", "request.values"}
WHOLE = "as a whole"
READ_BY_HAND = {
    ("crisis/views/after.py", "f'{HOW}{one}'"): "crisis/debrief.html, one for each who went",
    ("crisis/views/after.py", "f'{HOW}{person}'"): "the same, shown again",
    ("dues/views/typed.py", WHOLE): "dues/typed.html: TypedForm reads its twenty rows from it",
    ("dues/views/typed.py", "TYPING"): "dues/typed.html, its first button: Enter in a cell",
    ("identity/views/hers.py", "'pin'"): "identity/prove_hers.html",
    ("identity/views/hers.py", "'voice'"): "identity/prove_hers.html, a button",
    ("identity/views/hers.py", "'word'"): "identity/prove_hers.html",
    ("identity/views/known.py", "'sign_in_name'"): "identity/sign_in.html: which cookie is hers",
    ("identity/views/prove.py", "'answer'"): "identity/passkey_way.html, written in by passkey.js",
    ("identity/views/prove.py", "'password'"): "identity/prove.html",
    ("identity/views/signing.py", "'sign_in_name'"): "identity/sign_in.html, a demonstration's",
    ("ledger/views/keeping.py", "'year'"): "ledger/budget.html, or the address",
    ("messages/views/providers.py", WHOLE): "a provider's own call, which is signed",
    ("office/views/home.py", "'back'"): "parts/frame.html",
    ("office/views/home.py", "'language'"): "parts/frame.html",
    ("web/again.py", WHOLE): "goes back to her own browser and nowhere else",
    ("web/forms.py", WHOLE): "handed to a form, which takes its own fields",
    ("web/proving.py", "KEPT_ADDRESS"): "identity/kept.html",
    ("web/proving.py", WHOLE): "identity/kept.html: goes back to her own browser",
}
"""What is read of something sent other than by a form's own fields, and what offers it."""


def test_what_is_sent_is_read_by_forms_alone():
    found = set()
    for path in (CLONE / "union").rglob("*.py"):
        text = path.read_text()
        if "gateways" not in path.parts and any(one in text for one in SENT):
            name = path.relative_to(CLONE / "union").as_posix()
            found |= {(name, said) for said in read_by_hand(ast.parse(text))}
    assert found == set(READ_BY_HAND)


def read_by_hand(tree: ast.Module) -> set[str]:
    """Each name that is looked up in what was sent, and whether it is handed on as a whole."""
    named: dict[ast.AST, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            named[node.value] = ast.unparse(node.slice)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            named[node.comparators[0]] = ast.unparse(node.left)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in {"get", "getlist"}:
                named[node.func.value] = ast.unparse(node.args[0])
        elif isinstance(node, ast.BoolOp | ast.UnaryOp):
            named |= dict.fromkeys(asked_whether(node), "")
    sent = [one for one in ast.walk(tree) if is_sent(one)]
    return {named.get(one, WHOLE) for one in sent} - {""}


def asked_whether(node: ast.BoolOp | ast.UnaryOp) -> list[ast.AST]:
    """What is only asked whether there is any of it."""
    parts = node.values if isinstance(node, ast.BoolOp) else [node.operand]
    return [one for one in parts if is_sent(one)]


def is_sent(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in SENT


DRAWN_WHOLE = {
    "CloseForm": "crisis/incident_parts.html draws each of its fields",
    "ColumnsForm": "office/columns draws a choice for each column",
    "CountForm": "ledger draws a line for each note and coin",
    "DeviceForm": "ways.js sends what the browser gave",
    "EndPasskeyForm": "identity/keys.html draws it whole",
    "OpeningForm": "ledger/opening draws eight lines",
}
"""Forms whose fields no template names one by one, and what draws them."""


def test_every_field_that_a_form_takes_stands_on_a_page():
    """A field that no page offers can be sent by whoever makes up his own form alone."""
    assert BLUEPRINTS, "every page is there to be looked at"
    words = set(re.findall(r"\w+", "".join(one.read_text() for one in TEMPLATES)))
    unseen = {kind.__name__ for kind in set(every_form(Form)) if fields_of(kind) - words}
    assert unseen == set(DRAWN_WHOLE)


def every_form(kind: type[Form]) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield from every_form(one)
        if one.__module__.startswith("union."):
            yield one


def fields_of(kind: type[Form]) -> set[str]:
    declared = {name for name in dir(kind) if isinstance(getattr(kind, name, None), UnboundField)}
    return declared - {"csrf_token", "command_key"}


@pytest.fixture
def plain(pages):
    """What a voucher is, but for what is new with each."""

    def told(voucher: Voucher) -> dict[str, object]:
        own = {"id", "ref", "content_hash", "papers_hash", "source_id", "made_at", "key_ref"}
        own |= {"payee_person_id", "words"}
        return {
            name: getattr(voucher, name) for name in set(Voucher.__table__.columns.keys()) - own
        }

    def all_told():
        with pages.reading(Actor.system("test")) as work:
            return [told(one) for one in work.session.scalars(select(Voucher).order_by("id"))]

    return all_told


def test_a_voucher_is_the_same_with_every_column_sent_along(sign_in, plain):
    treasurer = sign_in(Role.TREASURER)
    assert send(treasurer, "/books/vouchers/new", **bill()).status_code == 302
    sent = {**every_column(), **bill(), "command_key": new_command_key()}
    assert len(sent) > 300
    answer = treasurer.post("/books/vouchers/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302
    first, second = plain()
    assert first == second


def test_signing_in_gives_nobody_a_right_they_did_not_have(client, pages):
    before = rights(pages)
    client.post("/sign-in", data={**every_column(), "sign_in_name": "x", "password": "y"})
    assert rights(pages) == before
    assert client.get("/").status_code == 302


def rights(pages) -> list[object]:
    with pages.reading(Actor.system("test")) as work:
        tables = [table for name, table in Base.metadata.tables.items() if "role" in name]
        assert tables
        rows = [work.session.execute(select(table)).all() for table in tables]
        return [*rows, len(work.session.scalars(select(Account)).all())]
