"""Everything one person can see of the union: each page, file and search her own links lead to.

What is taken out before two sights are compared is listed here and nowhere else: keys of forms,
which are random by design. Any other difference tells something.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

RANDOM = (
    rb'name="csrf_token"[^>]*?value="[^"]*"',
    rb'value="[0-9a-f]{32}"',
    rb"/CreationDate \([^)]*\)",
    rb"/ID \[[^]]*\]",
    rb"<dcterms:(created|modified)[^>]*>[^<]*<",
)
"""The keys of forms, of the browser's session and one for each command; when a paper was drawn."""

LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
NOT_FOLLOWED = re.compile(r"^/(static|language|look|night)\b")
MOST_OF_A_KIND = 1
"""So many addresses of one page and one set of questions: each day of a book tells the same."""


def sight(browser: FlaskClient, *also: str) -> dict[str, bytes]:
    """What every address she is led to answers, from her first page and ``also`` on."""
    seen: dict[str, bytes] = {}
    opened, waiting = Counter[str](), deque(["/", *also])
    while waiting:
        address = waiting.popleft()
        kind = _kind_of(browser, address)
        if address in seen or opened[kind] == MOST_OF_A_KIND:
            continue
        opened[kind] += 1
        answer = browser.get(address)
        seen[address] = as_compared(answer)
        if answer.mimetype == "text/html":
            found = (unescape(link) for link in LINK.findall(answer.text))
            waiting.extend(link for link in found if not NOT_FOLLOWED.match(link))
        elif "Location" in answer.headers:
            waiting.append(answer.headers["Location"])
    return seen


def _kind_of(browser: FlaskClient, address: str) -> str:
    parts = urlsplit(address)
    routes = browser.application.url_map.bind("localhost")
    try:
        endpoint, _values = routes.match(parts.path)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return address
    return f"{endpoint}?{'&'.join(sorted(parse_qs(parts.query)))}"


def as_compared(answer: TestResponse) -> bytes:
    """What an answer says, without what is random in it by design."""
    body = answer.data
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(name.encode() + packed.read(name) for name in packed.namelist())
    for random in RANDOM:
        body = re.sub(random, b"", body)
    return f"{answer.status_code} {answer.mimetype}\n".encode() + body


def looks_like_nothing(browser: FlaskClient, address: str, made_up: str) -> bool:
    """Whether an address answers as one of the same kind that names nothing."""
    there, nothing = browser.get(address), browser.get(made_up)
    name = made_up.encode()
    return as_compared(there).replace(address.encode(), name) == as_compared(nothing)


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The addresses that came, went, or answer anything else."""
    return sorted(
        address
        for address in before.keys() | after.keys()
        if before.get(address) != after.get(address)
    )
