"""A picture keeps every point and its right way up; where and when it was taken is left out."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from union.ledger.rules.papers import paper_type
from union.ledger.rules.pictures import without_notes

GPS, MAKER, TURN = 0x8825, 0x010F, 0x0112
CANARY = b"LAT-12.9716-CANARY"


def picture(kind: str, turn: int = 1, **more) -> bytes:
    image = Image.effect_noise((64, 48), 60).convert("RGB")
    exif = Image.Exif()
    exif[MAKER] = CANARY.decode()
    exif[TURN] = turn
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[29] = CANARY.decode()
    out = io.BytesIO()
    image.save(out, kind, exif=exif.tobytes(), **more)
    return out.getvalue()


def points(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("kind", "content_type", "more"),
    [
        ("JPEG", "image/jpeg", {}),
        ("JPEG", "image/jpeg", {"progressive": True, "comment": CANARY}),
        ("JPEG", "image/jpeg", {"icc_profile": b"a profile of colours", "restart_marker_rows": 1}),
        ("PNG", "image/png", {}),
        ("WEBP", "image/webp", {"lossless": True}),
    ],
)
def test_no_note_is_left_and_no_point_is_changed(kind, content_type, more):
    content = picture(kind, **more)
    assert CANARY in content
    clean = without_notes(content, content_type)
    assert CANARY not in clean
    assert b"http://ns.adobe.com" not in clean
    assert points(clean) == points(content)
    assert paper_type(clean) == content_type
    assert (b"a profile of colours" in clean) == ("icc_profile" in more)
    assert without_notes(clean, content_type) == clean


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_still_stands_the_right_way_up(turn):
    clean = without_notes(picture("JPEG", turn), "image/jpeg")
    assert Image.open(io.BytesIO(clean)).getexif().get(TURN, 1) == turn
    assert CANARY not in clean


def test_what_a_telephone_lays_behind_a_picture_goes_too():
    content = picture("JPEG")
    assert without_notes(content + CANARY, "image/jpeg") == without_notes(content, "image/jpeg")


@pytest.mark.parametrize("cut", range(2, 700, 23))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_broken_picture_breaks_nothing(kind, cut):
    content_type = f"image/{kind.lower()}"
    without_notes(picture(kind)[:cut], content_type)


def test_a_pdf_and_what_cannot_be_followed_stay_as_they_came():
    assert without_notes(b"%PDF-1.7 a bill", "application/pdf") == b"%PDF-1.7 a bill"
    for content, content_type in (
        (b"\x89PNG\r\n\x1a\n a bill", "image/png"),
        (b"\xff\xd8\xff a bill that is none", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBP a bill", "image/webp"),
    ):
        assert without_notes(content, content_type) == content
