"""Odd paths, odd hosts, odd methods, and line breaks where a header is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from union.kernel.actor import Role

CLONE = Path(__file__).resolve().parents[2]
UPWARDS = (
    "/static/../union/factory.py",
    "/static/..%2funion/factory.py",
    "/static/%2e%2e/union/factory.py",
    "/static/%2e%2e%2funion%2ffactory.py",
    "/static/..%5cunion/factory.py",
    "/static/..\\union/factory.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/book.css%00.js",
    "/static/icons/../../union/factory.py",
    "/static/.%2e/.%2e/etc/passwd",
    "/static/....//....//etc/passwd",
    "/static/icons",
    "/static/",
    "/reports/../../etc/passwd.csv",
    "/reports/..%2f..%2fetc%2fpasswd.csv",
    "/reports/trial.%2e%2e%2fcsv",
    "/books/papers/..%2f..%2fetc%2fpasswd",
    "/.git/config",
    "/.env",
    "/secrets.json",
    "/papers/%00",
)
BREAKS = "x\r\nSet-Cookie: stolen=1\r\n\r\n<script>"


@pytest.mark.parametrize("address", UPWARDS)
def test_no_path_leads_out_of_the_files_that_are_for_all(sign_in, address):
    answer = sign_in(*Role).get(address)
    assert answer.status_code in {302, 308, 400, 403, 404}
    assert "def create_app" not in answer.text
    assert "root:" not in answer.text


def test_what_is_for_all_holds_nothing_that_is_not():
    kinds = {path.suffix for path in (CLONE / "static").rglob("*") if path.is_file()}
    assert kinds <= {".css", ".js", ".svg", ".py"}
    programs = {path.name for path in (CLONE / "static").rglob("*.py")}
    verifiers = ("books", "certificate", "keys", "readings")
    assert programs == {f"verify_{one}.py" for one in verifiers}


def test_the_name_a_stranger_calls_us_by_is_nowhere_in_an_answer(client):
    for headers in (
        {"Host": "evil.example"},
        {"Host": "localhost", "X-Forwarded-Host": "evil.example"},
        {"Host": "localhost", "Forwarded": "host=evil.example"},
        {"Host": "localhost", "X-Original-URL": "//evil.example", "X-Rewrite-URL": "/leave"},
    ):
        for address in ("/", "/sign-in", "/away", "/no-such-page"):
            answer = client.get(address, headers=headers)
            assert "evil.example" not in answer.text + str(answer.headers), address


def test_links_in_texts_come_from_a_setting_never_from_who_asks():
    asked = re.compile(r"request\.(host|url|base_url|root_url|url_root)\b|_external")
    told = {
        path.relative_to(CLONE).as_posix()
        for path in (CLONE / "union").rglob("*.py")
        if asked.search(path.read_text())
    }
    assert told <= {"union/web/again.py", "union/web/leaving.py"}
    for path in told:
        assert "host_url" in (CLONE / path).read_text()


@pytest.mark.parametrize(
    "way",
    [
        {"data": {"_method": "POST"}},
        {"query_string": {"_method": "POST"}},
        {"headers": {"X-HTTP-Method-Override": "POST"}},
        {"headers": {"X-Method-Override": "POST"}},
        {"headers": {"X-HTTP-Method": "POST"}},
    ],
)
def test_a_get_stays_a_get(sign_in, way):
    browser = sign_in(Role.TREASURER)
    for address in ("/sign-out", "/leave"):
        assert browser.get(address, **way).status_code == 405
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE", "PATCH"])
def test_other_methods_do_nothing(client, method):
    assert client.open("/sign-in", method=method).status_code == 405


def test_a_line_break_makes_no_header(sign_in):
    browser = sign_in(*set(Role))
    asked = (
        ("GET", "/sign-in", {"query_string": {"back": BREAKS}}),
        ("POST", "/language", {"data": {"language": BREAKS, "back": "/" + BREAKS}}),
        ("POST", "/language", {"data": {"language": "kn", "back": "/sign-in?" + BREAKS}}),
        ("GET", "/figures.csv", {"query_string": {"month": "2026-10" + BREAKS}}),
        ("GET", "/reports/trial.csv", {"query_string": {"until": "2026-10-16" + BREAKS}}),
        ("GET", "/reports/trial%0d%0aSet-Cookie:stolen=1.csv", {}),
        ("GET", "/no/%0d%0aSet-Cookie:%20stolen=1", {}),
    )
    for method, address, more in asked:
        answer = browser.open(address, method=method, **more)
        assert "stolen" not in str(answer.headers), address
        assert "<script>" not in answer.text


NAMED = {
    "VERIFIER",
    "ENDINGS[found.content_type]",
    "asked.until_on.isoformat()",
    "code",
    "ending",
    "found.number",
    "found.position",
    "language",
    "month",
    "name",
    "ref",
    "view.batch.code",
    "way",
}
"""All that the name of a file is made of: codes, numbers and days; no word that anybody wrote."""

ADDED = re.compile(r"filename=[^\n]*[\"']\s*(?:\+|%|\.format)")
"""A name put together otherwise than written out in one text."""


def test_the_name_of_a_file_is_made_of_codes_alone():
    """Whatever is written into Content-Disposition stands between quotes and is no word of hers."""
    used = set()
    for text in (path.read_text() for path in (CLONE / "union").rglob("*.py")):
        if "filename=" in text:
            assert not ADDED.search(text)
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    used |= put_into_names(node)
    assert used == NAMED


def put_into_names(view: ast.FunctionDef) -> set[str]:
    """What a view puts into the name of a file, also by way of a text it made before."""
    texts = [one for one in ast.walk(view) if isinstance(one, ast.JoinedStr)]
    named, made = [one for one in texts if "filename=" in ast.unparse(one)], made_in(view)
    return {said for text in named for said in said_in(text, made)}


def made_in(view: ast.FunctionDef) -> dict[str, ast.expr]:
    """What each name in a view stands for."""
    return {
        one.targets[0].id: one.value
        for one in ast.walk(view)
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }


def said_in(text: ast.JoinedStr, made: dict[str, ast.expr]) -> set[str]:
    used = set()
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            said = ast.unparse(part.value)
            before = made.get(said)
            used |= said_in(before, made) if isinstance(before, ast.JoinedStr) else {said}
    return used


STATIC = "Path(current_app.static_folder or 'static')", "Path(str(current_app.static_folder))"
READ_BY_PAGES = {
    f"{STATIC[0]} / VERIFIER",
    f"{STATIC[1]} / 'round_worker.js'",
    f"{STATIC[1]} / 'ways_worker.js'",
    "path",
}
"""Files that pages read, each by a name of ours; the last is what is for all, to be marked."""

OF_A_PATH = {"read_text", "read_bytes", "open"}
BY_NAME = {"open", "send_file", "send_from_directory"}


def test_no_page_reads_a_file_that_whoever_asks_has_named():
    pages = [
        path
        for path in (CLONE / "union").rglob("*.py")
        if "gateways" not in path.parts and {"views", "views.py", "web"} & set(path.parts)
    ]
    texts = [path.read_text() for path in pages]
    trees = [
        ast.parse(one) for one in texts if any(f"{name}(" in one for name in OF_A_PATH | BY_NAME)
    ]
    views = [one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    assert {one for view in views for one in read_in(view)} == READ_BY_PAGES


def read_in(view: ast.FunctionDef) -> Iterator[str]:
    """Each file that a view reads, as it is named there; what a provider sent is no file."""
    made = made_in(view)
    for node in ast.walk(view):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) == "twilio.read_text":
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in OF_A_PATH:
            said = ast.unparse(node.func.value)
        elif isinstance(node.func, ast.Name) and node.func.id in BY_NAME:
            said = ast.unparse(node.args[0])
        else:
            continue
        yield ast.unparse(made[said]) if said in made else said
