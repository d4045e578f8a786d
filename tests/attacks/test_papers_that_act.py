"""A paper is looked at and does nothing: no script, no file inside, nothing that sends."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from union.infra.apart import apart
from union.infra.uploads import one_file_only
from union.ledger.rules.papers import paper_type
from union.ledger.rules.pdfs import without_pdf_notes

SCRIPT = "app.alert('here')"
ACT = DictionaryObject(
    {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(SCRIPT)}
)
SENDS = DictionaryObject(
    {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
)


def by_a_script_of_the_whole(writer: PdfWriter) -> None:
    names = ArrayObject([TextStringObject("all"), ACT])
    scripts = DictionaryObject({NameObject("/Names"): names})
    writer.root_object[NameObject("/Names")] = DictionaryObject(
        {NameObject("/JavaScript"): scripts}
    )


def when_it_is_opened(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = ACT


def when_it_is_shut(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): ACT})


def when_a_page_is_turned(writer: PdfWriter) -> None:
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): SENDS})


def by_a_file_inside(writer: PdfWriter) -> None:
    writer.add_attachment("bill.exe", b"MZ" + SCRIPT.encode())


def by_a_touch(writer: PdfWriter) -> None:
    writer.add_annotation(0, Link(rect=(0, 0, 99, 99), url=f"https://evil.example/?{SCRIPT}"))


def by_a_form(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/XFA"): TextStringObject(SCRIPT), NameObject("/Fields"): ArrayObject()}
    )


WAYS = [
    by_a_script_of_the_whole,
    when_it_is_opened,
    when_it_is_shut,
    when_a_page_is_turned,
    by_a_file_inside,
    by_a_touch,
    by_a_form,
]
ACTING = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/XFA", b"/URI", b"evil.example")


def made(way) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    way(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_would_act_is_left_out_and_the_page_stays(way):
    harmful = made(way)
    assert any(sign in harmful for sign in ACTING), "it would have acted"
    assert paper_type(harmful) == "application/pdf"
    whole = one_file_only(harmful, "application/pdf")
    kept = apart(without_pdf_notes, whole)
    assert not [sign for sign in ACTING if sign in kept]
    (page,) = PdfReader(io.BytesIO(kept)).pages
    assert (page.mediabox.width, page.mediabox.height) == (200, 300)
