"""Pages out of templates."""

from __future__ import annotations

from typing import Any

from flask import render_template

from union.web.current import current_actor
from union.web.navigation import entries_for


def page(template: str, **context: Any) -> str:  # noqa: ANN401  whatever the template names
    """Render a template with the actor and the ways she may go."""
    actor = current_actor()
    return render_template(template, actor=actor, navigation=entries_for(actor), **context)
