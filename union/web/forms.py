"""The base of every form that changes something, and how it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, PasswordField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are older
from wtforms.validators import Regexp

from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_command_key
from union.web.current import perform
from union.web.secret_names import is_secret
from union.web.words import in_words

Choices = list[SelectChoice]
"""What one can choose from: values and their words, in their order."""

_NOT_CONTENT = {"csrf_token", "command_key"}

_NO_KEYBOARD_WRITES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ReadingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that changes nothing of the union's: it finds, opens, or tries something out."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """A body of JSON is no form: its values could be anything, where a field expects text."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was sent as a form, and nothing else."""
            return request.form if request.is_json else super().wrap_formdata(form, formdata)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether every field holds what it may; what no keyboard writes is looked at no further.

        No table keeps a NUL, so that looking it up would fail where a refusal belongs.
        """
        unreadable = [field for field in self if _unreadable(field.data)]
        for field in unreadable:
            field.errors = [field.gettext("Invalid input.")]
        return not unreadable and bool(super().validate(extra_validators))


class CommandForm(ReadingForm):
    """A form with a key of its own, so that sending it twice does its work once."""

    command_key = HiddenField(default=new_command_key, validators=[Regexp(r"^[0-9a-f]{32}$")])

    def key(self) -> str:
        """The command's key."""
        return str(self.command_key.data)

    def content(self) -> dict[str, Any]:
        """What was asked, without the form's own machinery; a file stands by its name.

        No secret is in it: a command keeps a hash of this, and a hash that is quick to make
        would let whoever holds database and index key try passwords by the million.
        """
        return {
            name: value.filename if isinstance(value, FileStorage) else value
            for name, value in self.data.items()
            if name not in _NOT_CONTENT and not self.holds_secret(name)
        }

    def holds_secret(self, name: str) -> bool:
        """Whether a field of this form is one whose content is kept nowhere, not even hashed."""
        return isinstance(self[name], PasswordField) or is_secret(name)

    def say(self, error: UnionError) -> None:
        """Put a refusal in words above the form; what was typed stays, under a fresh key."""
        self.form_errors.append(in_words(error))
        self.command_key.data = new_command_key()


class YesOrNoForm(CommandForm):
    """A second person's yes or no."""

    answer = HiddenField(validators=[Regexp(r"^(yes|no)$")])

    @property
    def agreed(self) -> bool:
        """Whether it is a yes."""
        return bool(self.answer.data == "yes")


def sent(
    form: CommandForm, name: str, do: Callable[[Work], Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """What came of a form, done once; None if it was not sent, or was refused and says so."""
    if not form.validate_on_submit():
        return None
    try:
        return perform(form, name, do)
    except UnionError as error:
        form.say(error)
        return None


def _unreadable(data: object) -> bool:
    """Whether a control character stands anywhere in it; a tab or another line is none here."""
    if isinstance(data, str):
        return _NO_KEYBOARD_WRITES.search(data) is not None
    if isinstance(data, Mapping):
        return any(map(_unreadable, data.values()))
    return isinstance(data, list | tuple) and any(map(_unreadable, data))


def choices_of(words: Mapping[str, LazyString]) -> Choices:
    """Codes and their words as what one can choose from, in their order."""
    return [SelectChoice(code, said) for code, said in words.items()]


def named_choices(pairs: Iterable[tuple[object, object]]) -> Choices:
    """Choices whose words are names of our own, which nobody translates."""
    return [SelectChoice(value, name) for value, name in pairs]
