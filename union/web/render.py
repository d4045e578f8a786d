"""Pages out of templates."""

from __future__ import annotations

from typing import Any

from flask import render_template

from union.web.current import current_actor


def page(template: str, **context: Any) -> str:  # noqa: ANN401  whatever the template names
    """Render a template with the actor."""
    return render_template(template, actor=current_actor(), **context)
