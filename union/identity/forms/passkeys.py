"""The shapes of what a telephone that holds passkeys answers, and of what she says of one."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from union.identity.rules.passkeys import LABEL_LENGTH, read_label
from union.identity.services.passkeys import Answer
from union.web.forms import CommandForm, ReadingForm

_LONGEST_ANSWER = 16_000
_SCRIPT_MISSING = lazy_gettext(
    "This browser did not ask the telephone. It needs JavaScript, and a screen lock on the phone."
)


class AnswerForm(ReadingForm):
    """What the telephone answered; only the script can fill it."""

    question = HiddenField(validators=[InputRequired(), Length(max=12)])
    answer = HiddenField(validators=[InputRequired(_SCRIPT_MISSING), Length(max=_LONGEST_ANSWER)])

    def given(self, browser: str) -> Answer:
        """The answer, from this browser."""
        return Answer(str(self.question.data), browser, str(self.answer.data))


class DoorForm(AnswerForm):
    """The telephone's answer at the door: the officers', or a member's own."""

    office = HiddenField(validators=[Length(max=3)])

    @property
    def is_officers(self) -> bool:
        """Whether it is the officers' door."""
        return bool(self.office.data == "yes")


class LabelForm(ReadingForm):
    """The name a passkey is to have, asked before the telephone makes it."""

    label = StringField(
        lazy_gettext("A name for it"),
        description=lazy_gettext(
            "So that you know it again, like “small phone”. Whoever looks through this telephone"
            " can read it there: write nothing about you or about us."
        ),
        validators=[
            DataRequired(lazy_gettext("Give it a name.")),
            Length(max=LABEL_LENGTH),
        ],
        filters=[lambda text: read_label(text or "")],
    )


class AddPasskeyForm(CommandForm, AnswerForm, LabelForm):
    """A passkey that the telephone has made."""


class EndPasskeyForm(CommandForm):
    """A passkey that is to open nothing any more."""

    key_ref = HiddenField(validators=[InputRequired(), Length(max=12)])
