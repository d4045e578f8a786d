"""A long list shows its first rows; the others lie in a fold."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string

PAGE = """
{% from "parts/unfold.html" import first_and_more %}
{% call(some) first_and_more(rows) %}
  {% for one in some %}<li>{{ one }}</li>{% endfor %}
{% endcall %}
"""


@pytest.mark.parametrize("many", [0, 1, 20])
def test_a_short_list_is_all_there(app: Flask, many: int) -> None:
    with app.test_request_context("/away"):
        html = render_template_string(PAGE, rows=list(range(many)))
    assert re.findall(r"<li>(\d+)</li>", html) == [str(one) for one in range(many)]
    assert "<details" not in html


def test_of_a_long_one_the_others_lie_in_a_closed_fold_none_lost(app: Flask) -> None:
    with app.test_request_context("/away"):
        html = render_template_string(PAGE, rows=list(range(57)))
    before, fold = html.split("<details")
    assert re.findall(r"<li>(\d+)</li>", before) == [str(one) for one in range(20)]
    assert re.findall(r"<li>(\d+)</li>", fold) == [str(one) for one in range(20, 57)]
    assert not re.match(r"[^>]*\sopen\b", fold)
    assert "And 37 more." in fold
