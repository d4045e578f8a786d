"""A refused page opens at what was refused: its fold is open, one place takes the eye."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from union.web.forms import CommandForm, named_choices

NEED = InputRequired("Write it down.")
WAYS = [("a", "On foot"), ("b", "By bus")]

PAGE = """
{% from "parts/forms.html" import confirm, field, told, whole_form %}
{% from "parts/unfold.html" import fold, unfold %}
"""


class Sheet(CommandForm):
    who = StringField("Who?", description="As she says it.", validators=[NEED])
    how = RadioField("How?", choices=named_choices(WAYS), validators=[NEED])


@pytest.fixture
def drawn(app: Flask):
    """A function: what a template draws of a sheet that was sent empty, and of one not sent."""

    def draw(template: str) -> str:
        with app.test_request_context("/away", method="POST", data={}):
            refused, fresh = Sheet(prefix="sent"), Sheet(prefix="fresh", formdata=None)
            assert not refused.validate_on_submit()
            return render_template_string(PAGE + template, refused=refused, fresh=fresh)

    return draw


def folds(html: str) -> list[tuple[bool, str]]:
    """Each fold: whether it is open, and its words."""
    found = re.findall(r"<details([^>]*)>\s*<summary>(.*?)</summary>", html, re.DOTALL)
    return [(bool(re.search(r"\sopen\b", inside)), words.strip()) for inside, words in found]


def places(html: str) -> list[str]:
    """The tags of whatever takes the eye when the page opens."""
    return re.findall(r"<[a-z]+[^>]*\sautofocus[^>]*>", html)


@pytest.mark.parametrize(
    "fold",
    ["confirm('{}', 'Is that right?')", "fold('{}')", "unfold('{}', fresh)"],
    ids=["confirm", "fold", "unfold"],
)
def test_a_fold_is_open_while_something_in_it_was_refused(drawn, fold):
    template = "{% call " + fold + " %}{{ whole_form(form, 'Write') }}{% endcall %}"
    html = "".join(
        "{% set form = " + form + " %}" + template.replace("{}", form)
        for form in ("fresh", "refused", "fresh")
    )
    assert folds(drawn(html)) == [(False, "fresh"), (True, "refused"), (False, "fresh")]


def test_every_fold_around_what_was_refused_is_open(drawn):
    inner = "{% call confirm('inner', 'Sure?') %}{{ field(refused.who) }}{% endcall %}"
    html = drawn("{% call fold('outer') %}" + inner + "{% endcall %}")
    assert folds(html) == [(True, "outer"), (True, "inner")]


def test_the_page_opens_at_the_first_wrong_field_and_the_slip_says_where_all_are(drawn):
    html = drawn("{{ whole_form(fresh, 'Go') }}{{ whole_form(refused, 'Write') }}")
    (place,) = places(html)
    assert 'id="sent-who"' in place
    assert re.findall(r'<a href="#([^"]*)">([^<]*)<', html) == [
        ("sent-who", "Who?"),
        ("sent-how", "How?"),
    ]
    for found in ("sent-who", "sent-how"):
        assert html.count(f'id="{found}"') == 1


def test_one_wrong_field_needs_no_list(drawn):
    html = drawn("{% call whole_form(refused, 'Write') %}{{ field(refused.who) }}{% endcall %}")
    assert 'href="#sent-who"' not in html


def test_of_several_to_choose_from_the_first_takes_the_eye(drawn):
    (place,) = places(drawn("{{ field(refused.how) }}{{ field(refused.who) }}"))
    assert 'id="sent-how-0"' in place


def test_what_is_refused_as_a_whole_opens_at_its_words(drawn):
    for form in ("told(refused)", "whole_form(refused, 'Write')"):
        said = "{% set _ok = refused.form_errors.append('No.') %}"
        (place,) = places(drawn(said + "{{ " + form + " }}{{ field(refused.who) }}"))
        assert 'class="slip trouble"' in place


def test_a_field_that_takes_the_eye_by_itself_leaves_it_to_what_was_refused(drawn):
    first = "{{ field(fresh.who, autofocus=true) }}"
    assert len(places(drawn(first))) == 1
    (place,) = places(drawn("{{ field(refused.how) }}" + first))
    assert 'id="sent-how-0"' in place


def test_what_is_wrong_is_read_out_with_its_field(drawn):
    html = drawn("{{ told(refused) }}{{ field(refused.who) }}")
    (described,) = re.findall(r'aria-describedby="([^"]*)"', html)
    assert described.split() == ["sent-who-help", "sent-who-wrong-1"]
    for one in described.split():
        assert f'id="{one}"' in html


def test_nothing_takes_the_eye_where_nothing_was_refused(drawn):
    html = drawn("{% call fold('fresh') %}{{ whole_form(fresh, 'Write') }}{% endcall %}")
    assert places(html) == []
    assert "autofocus" not in html


def test_a_field_under_an_id_of_its_own_has_its_words_there(drawn):
    html = drawn("{{ field(refused.who, id='who-7') }}")
    assert 'label for="who-7"' in html
    assert 'aria-describedby="who-7-help who-7-wrong-1"' in html
    assert "sent-who-" not in html
