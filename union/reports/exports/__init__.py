"""The books as files that other programs read: for the verifier, for beancount, for hledger.

Codes, numbers and opaque references only: no name, telephone or word of anybody ever goes out.
"""

from __future__ import annotations

from union.reports.exports.bundle import BEANCOUNT, HLEDGER, export_books

__all__ = ["BEANCOUNT", "HLEDGER", "export_books"]
