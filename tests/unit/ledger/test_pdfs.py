"""A PDF keeps its pages; who made it, with what, when and where a photo in it was taken goes."""

from __future__ import annotations

import io

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from tests.unit.ledger.test_pictures import CANARY, picture, points
from union.ledger.rules.pictures import without_notes

WORD = CANARY.decode()


def bill(*, photo: bytes | None = None) -> bytes:
    """A bill of one page, with every note a program may leave, and perhaps a photo."""
    made = FPDF()
    made.set_author(WORD)
    made.set_title(WORD)
    made.set_creator(WORD)
    made.set_xmp_metadata(f"<x>{WORD}</x>")
    made.add_page()
    made.set_font("Helvetica", size=20)
    made.cell(text="Auto at night 240")
    if photo is not None:
        made.image(io.BytesIO(photo), w=60)
    return bytes(made.output())


def with_page_notes(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    note = DecodedStreamObject()
    note.set_data(CANARY)
    writer.pages[0][NameObject("/Metadata")] = note
    writer.pages[0][NameObject("/PieceInfo")] = note
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def clean(content: bytes) -> bytes:
    return without_notes(content, "application/pdf")


def test_who_made_it_with_what_goes_and_the_page_stays():
    content = with_page_notes(bill())
    assert CANARY in content
    left = clean(content)
    assert CANARY not in left
    read = PdfReader(io.BytesIO(left))
    assert not read.metadata
    assert read.xmp_metadata is None
    assert [page.extract_text() for page in read.pages] == ["Auto at night 240"]


def test_a_photo_inside_keeps_every_point_and_loses_where_it_was_taken():
    photo = picture("JPEG", quality=90)
    content = bill(photo=photo)
    assert photo in content
    left = clean(content)
    assert CANARY not in left
    inside = left[left.index(photo[:3]) :]
    assert points(inside[: len(photo)]) == points(photo)
    assert len(PdfReader(io.BytesIO(left)).pages[0].images) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 a bill",
        b"%PDF-1.4\nstream\n\xff\xd8\xff\xe1\xff\xff",
        bill()[:300],
        bill() + b"\n/ByteRange [0 1 2 3]",
    ],
)
def test_what_is_broken_or_signed_stays_as_it_came(content):
    assert clean(content) == content


def test_what_is_locked_stays_as_it_came():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(bill())))
    writer.encrypt("word", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert clean(out.getvalue()) == out.getvalue()
