"""A certificate on a page of A4: a few words in her language, then the codes that are signed.

Owns its look; adds nothing to what was certified, and names neither her nor the union.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from fpdf import FPDF

from union.infra.signing import fingerprint
from union.web.paper import TEXT, letters_put_back, use_our_letters
from union.web.words.erasing import STAYS

if TYPE_CHECKING:
    from union.office.models import ErasureCertificate

_MARGIN = 15
_POINTS, _SMALL = 11, 6.5


def print_certificate(certificate: ErasureCertificate) -> bytes:
    """The certificate as PDF."""
    paper = FPDF(format="A4")
    use_our_letters(paper)
    with letters_put_back(paper):
        paper.set_margin(_MARGIN)
        paper.add_page()
        _write(paper, _("Certificate %(number)s", number=certificate.number), 16, bold=True)
        for line in _in_words(certificate):
            _write(paper, line, _POINTS)
        paper.ln(4)
        for line in certificate.as_file.splitlines():
            _write(paper, line, _SMALL)
        return bytes(paper.output())


def _in_words(certificate: ErasureCertificate) -> list[str]:
    said = dict(line.split(" ", 1) for line in certificate.said.splitlines()[1:])
    stays = [
        line.split(" ")[1]
        for line in certificate.said.splitlines()
        if line.startswith("stays ") and not line.endswith(" 0")
    ]
    return [
        ngettext(
            "What was kept under the order %(order)s was taken away on %(day)s: %(num)s key was"
            " destroyed, and nothing that it closed can ever be opened again.",
            "What was kept under the order %(order)s was taken away on %(day)s: %(num)s keys were"
            " destroyed, and nothing that they closed can ever be opened again.",
            int(said["keys"]),
            order=said["order"],
            day=format_date(certificate.made_at),
        ),
        _(
            "No backup holds any of it after %(day)s.",
            day=format_date(date.fromisoformat(said["gone_from_backups_by"])),
        ),
        _("What stays:"),
        *(f"– {STAYS[what]}" for what in stays),
        _(
            "The lines below are signed. Anybody can check them with verify_certificate.py; the"
            " key is %(key)s.",
            key=fingerprint(certificate.public_key),
        ),
    ]


def _write(paper: FPDF, line: str, points: float, *, bold: bool = False) -> None:
    paper.set_font(TEXT, "B" if bold else "", points)
    paper.multi_cell(paper.epw, points * 0.55, line, align="L", new_x="LMARGIN", new_y="NEXT")
