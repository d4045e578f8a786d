"""Files made to harm: two things in one, swelling when opened, or left lying in the clear."""

from __future__ import annotations

import contextlib
import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image
from sqlalchemy import func, select, text

from tests.builders.papers import jpeg, pdf, png, png_chunk, webp
from tests.web.ledger.test_keeping_pages import bill
from union.gateways.bank_files import FileTooLargeError, FileUnreadableError, read_statement
from union.infra import apart, uploads
from union.infra.db import Base
from union.infra.uploads import one_file_only
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import Paper, PaperPiece
from union.ledger.rules.papers import LARGEST_PAPER, paper_type
from union.ledger.rules.pdfs import without_pdf_notes
from union.ledger.rules.pictures import without_notes

SOUND = {
    "application/pdf": pdf(),
    "image/jpeg": jpeg(),
    "image/png": png(),
    "image/webp": webp(),
}
HTML = b"<script>alert(1)</script>"


def archive(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in entries.items():
            made.writestr(name, body)
    return packed.getvalue()


def real(kind: str, **more) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((61, 47), 80).convert("RGB").save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("content_type", SOUND)
@pytest.mark.parametrize("behind", [HTML, archive(a=b"x"), b"\0" * 9, b"GIF89a", jpeg()])
def test_what_lies_behind_the_end_is_cut_off(content_type, behind):
    sound = SOUND[content_type]
    assert one_file_only(sound + behind, content_type) == sound


@pytest.mark.parametrize("content_type", SOUND)
@pytest.mark.parametrize("before", [b" ", b"\n", HTML, b"GIF89a", b"\xef\xbb\xbf"])
def test_what_begins_as_something_else_is_no_paper(content_type, before):
    assert paper_type(before + SOUND[content_type]) != content_type


@pytest.mark.parametrize(
    "content",
    [
        *(real("JPEG", progressive=turn, quality=70) for turn in (False, True)),
        real("PNG"),
        real("WEBP", lossless=True),
        real("WEBP", quality=60),
    ],
    ids=["jpeg", "progressive", "png", "lossless", "webp"],
)
def test_real_pictures_pass_and_keep_every_point(content):
    content_type = paper_type(content)
    left = one_file_only(content, content_type)
    points = [Image.open(io.BytesIO(one)).convert("RGB").tobytes() for one in (left, content)]
    assert points[0] == points[1]


@pytest.mark.parametrize(
    "content",
    [
        png(width=50_000, height=50_000),
        png(width=20_001, height=1),
        png(width=0, height=5),
        jpeg(width=60_000, height=60_000),
        jpeg(width=0, height=1),
        webp(width=16_384, height=16_384),
        b"\x89PNG\r\n\x1a\n",
        png()[:-12],
        png()[:-1],
        png().replace(b"a bill", b"b bill"),
        png_chunk(png(), b"EVIL", HTML),
        jpeg()[:-2],
        jpeg()[:-2] + HTML,
        jpeg()[:15] + jpeg()[2:],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff" + HTML,
        webp()[:-3],
        b"RIFF\xff\xff\xff\xffWEBPVP8L",
        b"RIFF\x04\0\0\0WEBP",
        b"%PDF-1.7\n" + HTML,
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + archive(a=b"x") + b"startxref\n0\n%%EOF",
    ],
)
def test_what_is_not_one_whole_thing_is_refused(content):
    assert one_file_only(content, str(paper_type(content))) is None


def test_words_hidden_in_a_picture_go():
    spoken = png_chunk(png_chunk(png(), b"tEXt", b"Comment\0" + HTML), b"prIv", HTML)
    assert HTML not in (one_file_only(spoken, "image/png") or HTML)
    comment = b"\xff\xfe" + (len(HTML) + 2).to_bytes(2) + HTML
    photo = jpeg()[:2] + comment + jpeg()[2:]
    kept = one_file_only(photo, "image/jpeg")
    assert HTML not in without_notes(kept, "image/jpeg")


@given(some.sampled_from(sorted(SOUND)), some.binary(max_size=80), some.integers(0, 120))
def test_no_bytes_break_the_walk_and_what_passes_passes_again(content_type, noise, at):
    sound = SOUND[content_type]
    for content in (sound[:at] + noise + sound[at:], sound[:at] + noise, sound[: at % 12] + noise):
        left = one_file_only(content, content_type)
        if left is not None:
            assert one_file_only(left, content_type) == left


def test_a_workbook_that_swells_is_refused_and_so_is_one_that_lies():
    with pytest.raises(FileTooLargeError):
        read_statement(archive(a=b"0" * (65 * 1024 * 1024)))
    with pytest.raises(FileTooLargeError):
        read_statement(archive(**{f"x{at}": b"" for at in range(uploads.MOST_ENTRIES + 1)}))
    swollen = b"0" * (9 * 1024 * 1024)
    with pytest.raises(FileTooLargeError):
        read_statement(archive(a=swollen))
    lying = archive(a=swollen).replace(
        len(swollen).to_bytes(4, "little"), (9).to_bytes(4, "little")
    )
    with pytest.raises(FileUnreadableError):
        read_statement(lying)
    with pytest.raises(uploads.ArchiveUnsoundError):
        uploads.hold_archive(lying)


def test_two_cells_far_apart_take_down_nothing_but_their_own_reader():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "Date", "Balance"
    book.save(out)
    with pytest.raises((FileTooLargeError, FileUnreadableError)):
        read_statement(out.getvalue())


def test_a_reader_apart_has_little_memory_and_says_nothing_of_what_it_read(tmp_path):
    assert apart.apart(gzip.decompress, gzip.compress(b"quiet")) == b"quiet"
    swelling = gzip.compress(bytes(apart.MEMORY // 16), 1) * 17
    for broken in (swelling, b"words of hers"):
        with pytest.raises(apart.ReadingFailedError) as refused:
            apart.apart(gzip.decompress, broken)
        assert "hers" not in repr(refused.value) + str(refused.value.facts)
        assert refused.value.__cause__ is None


def test_a_reader_apart_writes_to_no_disk(tmp_path):
    left = tmp_path / "left"
    tries = f"""
from union.infra import apart
apart.hold_bounds()
with open({str(left)!r}, "wb") as file:
    file.write(b"in the clear")
"""
    done = subprocess.run([sys.executable, "-c", tries], capture_output=True, check=False)
    assert b"File too large" in done.stderr
    assert not left.read_bytes()


def test_a_pdf_that_swells_is_read_within_bounds():
    stream = zlib.compress(bytes(90 * 1024 * 1024), 1)
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>\nendobj\n"
    body = b"3 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n" % len(stream)
    swelling = head + body + stream + b"\nendstream\nendobj\n"
    whole = swelling + b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    assert len(whole) < LARGEST_PAPER
    assert one_file_only(whole, "application/pdf") == whole
    with contextlib.suppress(apart.ReadingFailedError):
        assert len(apart.apart(without_pdf_notes, whole)) <= LARGEST_PAPER


def send_paper(browser, content: bytes, name: str):
    """A bill with one paper, in the bytes a browser sends: a test's client would use a disk."""
    fields = {"command_key": new_command_key(), **bill()}
    del fields["papers"]
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="papers"; filename="{name}"\r\n'
    paper = f"--edge\r\n{head}Content-Type: image/png\r\n\r\n".encode() + content
    body = b"".join([*parts, paper, b"\r\n--edge--\r\n"])
    return browser.post(
        "/books/vouchers/new", data=body, content_type="multipart/form-data; boundary=edge"
    )


@pytest.fixture
def no_disk(monkeypatch):
    """Whoever asks for a file to write to is caught."""

    def caught(*_args, **_named):
        raise AssertionError("a file would have been written")

    for name in ("TemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, caught)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", caught, raising=False)
    monkeypatch.setattr("werkzeug.formparser.TemporaryFile", caught, raising=False)


def test_a_large_paper_never_lies_on_a_disk_in_the_clear(no_disk, sign_in, pages):
    large = png(b"x" * (6 * 1024 * 1024))
    answer = send_paper(sign_in(Role.TREASURER), large, "../../etc/passwd")
    assert answer.status_code == 302
    with pages.reading(Actor.system("test")) as work:
        paper = work.session.scalars(select(Paper)).one()
        assert (paper.size_bytes, paper.content_type) == (len(large), "image/png")
        told = work.session.scalar(select(func.sum(func.length(PaperPiece.body))))
        assert told > len(large)
        assert "passwd" not in repr(work.session.execute(text("SELECT * FROM command")).all())


@pytest.mark.parametrize(
    "content",
    [
        b"MZ",
        HTML,
        png(width=50_000, height=50_000),
        png()[:-12] + HTML,
        b"%PDF-1.7\n" + HTML,
        archive(a=b"x"),
        b"GIF89a",
        png() + b"x" * LARGEST_PAPER,
    ],
)
def test_what_is_refused_leaves_no_trace(no_disk, sign_in, pages, content):
    def rows():
        with pages.reading(Actor.system("test")) as work:
            return {
                name: work.session.scalar(select(func.count()).select_from(table))
                for name, table in Base.metadata.tables.items()
            }

    browser = sign_in(Role.TREASURER)
    before = rows()
    answer = send_paper(browser, content, "bill.png")
    assert answer.status_code in {200, 409}
    assert rows() == before
