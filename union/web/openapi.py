"""The addresses that answer a script of ours with JSON, as an OpenAPI document.

Written by hand and served nowhere: our own scripts are the only callers. One test compares it with
the addresses there are; another asks each whatever may be asked, looking for an answer that is not
written here.
"""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

_NUMBER: Shape = {"type": "integer"}
_TEXT: Shape = {"type": "string"}
_REF: Shape = {"type": "string", "maxLength": 12}
_KEY: Shape = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_OR_NONE: Shape = {"type": "null"}


def _thing(**fields: Shape) -> Shape:
    """An object with just these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": sorted(fields),
        "additionalProperties": False,
    }


def _list(of: Shape) -> Shape:
    return {"type": "array", "items": of}


def _either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


_PERSON = _thing(card=_TEXT, called=_TEXT, due_minor=_NUMBER, fee_minor=_NUMBER)
_WAITING = _thing(
    receipt_no=_either(_NUMBER, _OR_NONE),
    amount_minor=_either(_NUMBER, _OR_NONE),
    reason=_either(_TEXT, _OR_NONE),
)
_PACKAGE = _thing(
    phone=_REF,
    day={"type": "string", "format": "date"},
    people=_list(_PERSON),
    books=_list(_list(_NUMBER)),
    next_no=_either(_NUMBER, _OR_NONE),
    waiting=_list(_WAITING),
)
_ELSEWHERE = _thing(elsewhere={"const": True}, since=_TEXT)
_LINE = _thing(
    key=_TEXT,
    state=_TEXT,
    reason=_either(_TEXT, _OR_NONE),
    receipt_no=_either(_NUMBER, _OR_NONE),
)
_QUESTION = _thing(question=_REF, options={"type": "object"})

_PAGES = {
    "302": "To where one signs in.",
    "303": "To where she shows more of who she is.",
    "400": "What was sent cannot be read.",
    "401": "Nobody is signed in.",
    "403": "It is kept for somebody else's work.",
    "404": "There is no such thing for her.",
    "409": "It was refused, and nothing was changed.",
    "429": "Too many tries.",
}
"""What any of them may answer with a page instead: a script leads there, or shows its words."""


def _address(method: str, answer: Shape, refusal: Shape | None = None, **sent: Shape) -> Shape:
    """One address: what a form sent to it holds, and what it answers."""
    page: Shape = {"text/html": {"schema": _TEXT}}
    if refusal is not None:
        page["application/json"] = {"schema": refusal}
    done = {"description": "Done.", "content": {"application/json": {"schema": answer}}}
    told = {status: {"description": words, "content": page} for status, words in _PAGES.items()}
    asked: Shape = {"responses": {"200": done, **told}}
    if method == "post":
        form = {"application/x-www-form-urlencoded": {"schema": _thing(**sent)}}
        asked["requestBody"] = {"content": form}
    return {method: asked}


def document() -> Shape:
    """All of them."""
    paths = {
        "/dues/book/state": _address("get", _thing(csrf=_TEXT)),
        "/dues/book/take": _address(
            "post", _either(_PACKAGE, _ELSEWHERE), command_key=_KEY, phone=_REF
        ),
        "/dues/book/put-down": _address("post", _thing(phone=_REF), command_key=_KEY, phone=_REF),
        "/dues/book/register": _address(
            "post", _thing(phone=_REF, public_key=_TEXT), command_key=_KEY
        ),
        "/dues/book/sync": _address(
            "post", _thing(answers=_list(_LINE)), command_key=_KEY, phone=_REF, lines=_TEXT
        ),
        "/passkey/ask": _address("post", _QUESTION),
        "/me/keys/ask": _address("post", _QUESTION, _thing(said=_list(_TEXT)), label=_TEXT),
    }
    return {"openapi": "3.1.0", "info": {"title": "Notebook", "version": "1"}, "paths": paths}
