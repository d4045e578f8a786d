"""What was refused of what a page shows, so that the page opens at it, without a script.

Owns which place of an answer takes the eye; whether something is refused, forms say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import g

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask


@dataclass(slots=True)
class Refusals:
    """The refusals of one page, counted as it is drawn; a fold that holds one is open.

    The page opens at words about a whole form, or at a field that needs another look: whichever
    is drawn first.
    """

    count: int = 0
    is_taken: bool = False
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def note(self, form_errors: Sequence[str]) -> bool:
        """Count a form; whether the page opens at the words about it."""
        self.count += 1
        return bool(form_errors) and self._take()

    def note_field(self, field_id: str, label: str) -> bool:
        """Count a field, and keep where it is found; whether the page opens at it."""
        self.count += 1
        self.wrong.append((field_id, label))
        return self._take()

    def _take(self) -> bool:
        is_first, self.is_taken = not self.is_taken, True
        return is_first


def install(app: Flask) -> None:
    """Hand the refusals of the page that is drawn to every template."""
    app.jinja_env.globals["refusals"] = _of_this_page


def _of_this_page() -> Refusals:
    if "refusals" not in g:
        g.refusals = Refusals()
    found: Refusals = g.refusals
    return found
