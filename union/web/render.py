"""Pages out of templates."""

from __future__ import annotations

from flask import render_template

from union.web.current import current_actor


def page(template: str, **context: object) -> str:
    """Render a template with the actor."""
    return render_template(template, actor=current_actor(), **context)
