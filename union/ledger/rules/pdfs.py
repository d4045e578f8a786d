"""What a program writes beside a PDF, left out: by whom and with what it was made, when, where.

What would do something when it is opened goes too: scripts, files inside, forms that send. Nothing
of its pages changes. One that is signed or locked is kept as it came, for every byte of it
counts; so is one that cannot be followed. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from union.ledger.rules.papers import LARGEST_PAPER

_SIGNED = b"/ByteRange"
_NOTES = ("/Metadata", "/PieceInfo", "/LastModified")
_ACTS = ("/OpenAction", "/AA", "/AcroForm", "/URI", "/AF")
_NAMED_ACTS = ("/JavaScript", "/EmbeddedFiles")
_DONE_ON_TOUCH = ("/A", "/AA", "/FS", "/Movie", "/Sound")
_PICTURE = re.compile(rb"stream\r?\n(?=\xff\xd8\xff)")
_MARK, _SCAN, _COMMENT = 0xFF, 0xDA, 0xFE
_NOTE_APPS = frozenset({0xE1, 0xED})
_HEAD = 4
_UNFOLLOWED = (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""Whatever a file that is no sound PDF makes its reader stumble over."""


def without_pdf_notes(content: bytes) -> bytes:
    """The same pages without what was written beside them; as it came if that cannot be."""
    if _SIGNED in content:
        return content
    try:
        reader = PdfReader(io.BytesIO(_without_camera_notes(content)), strict=False)
        anew = content if reader.is_encrypted else _written_anew(reader)
    except (*_UNFOLLOWED, RecursionError):
        return content
    return anew if len(anew) <= LARGEST_PAPER else content


def _written_anew(reader: PdfReader) -> bytes:
    writer = PdfWriter(clone_from=reader)
    for thing in (writer.root_object, *_pages_and_pictures(writer)):
        for note in _NOTES:
            thing.pop(note, None)
    writer.metadata = None
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    if not _let_nothing_act(writer):
        return _written(writer)
    # What nothing leads to any more is left behind only by following everything once again.
    return _written(PdfWriter(clone_from=PdfReader(io.BytesIO(_written(writer)))))


def _written(writer: PdfWriter) -> bytes:
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _let_nothing_act(writer: PdfWriter) -> bool:
    """Take away whatever would do something; whether there was any of it."""
    things: list[tuple[DictionaryObject, tuple[str, ...]]] = [
        (thing, _ACTS) for thing in (writer.root_object, *writer.pages)
    ]
    named = writer.root_object.get("/Names")
    if named is not None:
        things.append((named.get_object(), _NAMED_ACTS))
    for page in writer.pages:
        marks = page.get("/Annots")
        touched = marks.get_object() if marks is not None else ()
        things.extend((mark.get_object(), _DONE_ON_TOUCH) for mark in touched)
    found = [thing.pop(act, None) for thing, acts in things for act in acts]
    return any(one is not None for one in found)


def _pages_and_pictures(writer: PdfWriter) -> Iterator[Any]:
    for page in writer.pages:
        yield page
        resources = page.get("/Resources")
        drawn = resources.get_object().get("/XObject") if resources is not None else None
        if drawn is not None:
            yield from (one.get_object() for one in drawn.get_object().values())


def _without_camera_notes(content: bytes) -> bytes:
    """Photos inside keep their length, and what a camera wrote into them becomes noughts."""
    blank = bytearray(content)
    for picture in _PICTURE.finditer(content):
        at = picture.end() + 2
        while at + _HEAD <= len(content) and content[at] == _MARK and content[at + 1] != _SCAN:
            ends = at + 2 + int.from_bytes(content[at + 2 : at + _HEAD])
            if content[at + 1] in _NOTE_APPS or content[at + 1] == _COMMENT:
                blank[at + _HEAD : min(ends, len(blank))] = bytes(
                    max(min(ends, len(blank)) - at - _HEAD, 0)
                )
            at = ends
    return bytes(blank)
