"""The shape of what is written at the desk, on a slip, and by those who go."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, Regexp

from union.crisis.rules.kinds import Kind
from union.web.forms import Choices, CommandForm, choices_of, named_choices
from union.web.words.crisis import CLOSED_HOW, DEALT, KINDS, OUTCOMES, WISHED
from union.web.words.policies import KNOWS

MOST_PEOPLE = 500
LONGEST = 500
LANGUAGES = {
    "kannada": _("Kannada"),
    "hindi": _("Hindi"),
    "english": _("English"),
    "telugu": _("Telugu"),
    "tamil": _("Tamil"),
    "urdu": _("Urdu"),
    "marathi": _("Marathi"),
    "tulu": _("Tulu"),
}
HERE = ("hotline", "walk_in")

_NEED_ONE = InputRequired(_("Choose one of these."))
_SHORT = Length(max=LONGEST)
_KINDS = choices_of({code: said for code, said in KINDS.items() if code != Kind.RESPONDER_SAFETY})
_WORTH_GOING = [choice for choice in _KINDS if choice.value != Kind.NUISANCE]


def pairs(listed: Iterable[tuple[object, object]]) -> Choices:
    """Values and their words as what one can choose from."""
    return named_choices(listed)


def person_id(written: object) -> int:
    """The person a choice stands for; 0 for nobody."""
    return int(str(written)) if str(written or "").isdigit() else 0


class PlainForm(CommandForm):
    """One button and nothing else."""


class CallForm(CommandForm):
    """What somebody tells; only where is needed, and everything may follow."""

    place = StringField(_("Where is it?"), validators=[_SHORT])
    district = SelectField(_("District"), choices=[], validators=[Optional()])
    kind = SelectField(_("What is happening?"), choices=_KINDS, default="unknown")
    people = IntegerField(
        _("How many are in it?"),
        validators=[Optional(), NumberRange(1, MOST_PEOPLE, _("A number from 1 to 500."))],
    )
    language = SelectField(
        _("Which language?"),
        choices=pairs([("", _("not said")), *LANGUAGES.items()]),
        validators=[Optional()],
    )
    number = StringField(_("Her telephone, if she gives it"), validators=[Length(max=30)])
    may_call_back = BooleanField(_("We may ring her back"), default=True)
    may_be_minor = BooleanField(_("She may be under 18: keep this for the named officers"))
    gender_wish = SelectField(
        _("Whom would she rather see?"),
        choices=pairs(
            [("", _("anybody")), ("woman", _("a woman")), ("trans", _("a trans person"))]
        ),
        validators=[Optional()],
    )
    words = TextAreaField(_("Her own words"), validators=[Length(max=4000)])


class NewCallForm(CallForm):
    """A call that begins now."""

    channel = RadioField(
        _("How did she come?"),
        choices=pairs([("hotline", _("on the telephone")), ("walk_in", _("she came herself"))]),
        default="hotline",
    )


class DealForm(CommandForm):
    """What a person did with a contact."""

    how = SelectField(_("What became of it?"), choices=choices_of(DEALT), validators=[_NEED_ONE])
    seen = HiddenField(validators=[Length(max=2000)])


class ChooseForm(CommandForm):
    """One other call."""

    other = SelectField(_("Which call?"), choices=[], validators=[_NEED_ONE], validate_choice=False)


class PageActForm(CommandForm):
    """What the desk writes down about one asked person."""

    act = HiddenField(validators=[Regexp(r"^(yes|no|briefed|arrived|lost|home|well)$")])


class LapsedForm(CommandForm):
    """Somebody whose paper ran out, and why she is called all the same."""

    person = SelectField(
        _("Who?"), choices=[], coerce=person_id, validators=[_NEED_ONE], validate_choice=False
    )
    reason = StringField(_("Why her?"), validators=[InputRequired(_("Say why.")), _SHORT])


class AvoidForm(CommandForm):
    """Somebody who must stay away."""

    card = StringField(
        _("Her card number"), validators=[InputRequired(_("Write her card number."))]
    )


class WordForm(CommandForm):
    """The word by which a caller says that it is over."""

    word = StringField(
        _("A word only she knows"), validators=[InputRequired(_("Write the word.")), _SHORT]
    )


class CloseForm(CommandForm):
    """How it ended, as she wished."""

    how = RadioField(_("How do we know?"), choices=choices_of(CLOSED_HOW), validators=[_NEED_ONE])
    witness = SelectField(
        _("Who was with her?"), choices=[], coerce=person_id, validate_choice=False
    )
    knows = SelectField(
        _("If it is one of those in charge: how did she see her?"),
        choices=pairs([("", _("not in charge")), *KNOWS.items()]),
        validators=[Optional()],
    )
    heard_by = SelectField(
        _("Who heard her word?"), choices=[], coerce=person_id, validate_choice=False
    )
    word = PasswordField(_("Her word, if she left one"), validators=[Optional(), _SHORT])
    outcome = SelectField(
        _("What came of it?"), choices=choices_of(OUTCOMES), validators=[_NEED_ONE]
    )
    wished = RadioField(
        _("Did it end as she wished?"), choices=choices_of(WISHED), validators=[_NEED_ONE]
    )
    words = TextAreaField(_("In her words"), validators=[Length(max=4000)])
    follow_up = BooleanField(_("Somebody must follow this up"))


class SlipForm(CommandForm):
    """Two figures on a one-time link, and what is said with them."""

    act = HiddenField(
        default="show",
        validators=[Optional(), Regexp(r"^(show|cannot|there|not_coming|well|help)$")],
    )
    digits = StringField(_("Your two numbers"), validators=[Length(max=4)])


class MyPageForm(CommandForm):
    """What she who goes says of herself."""

    act = HiddenField(
        validators=[Regexp(r"^(show|cannot|set_out|there|well|not_coming|help|stay|leave)$")]
    )
    digits = StringField(
        _("Your two numbers"),
        validators=[InputRequired(_("Write your two numbers.")), Length(max=4)],
    )
    minutes = IntegerField(
        _("In how many minutes are you there?"), validators=[Optional(), NumberRange(1, 600)]
    )


class CalledForm(CommandForm):
    """She was rung herself, and goes."""

    place = StringField(
        _("Where are you going?"), validators=[InputRequired(_("Say where.")), _SHORT]
    )
    district = SelectField(_("District"), choices=[], validators=[Optional()])
    kind = SelectField(_("What is happening?"), choices=_WORTH_GOING, default="unknown")
    people = IntegerField(
        _("How many are in it?"), validators=[Optional(), NumberRange(1, MOST_PEOPLE)]
    )
    digits = StringField(_("Your two numbers"), validators=[Optional(), Length(max=4)])


class HelpForm(CommandForm):
    """One long press; where she is, only if her telephone says so.

    ``sure`` is said by a button that was held, or on the page that asks once more.
    """

    sure = HiddenField(validators=[Optional(), AnyOf(("yes",))])
    place = StringField(_("Where are you? You may leave it empty."), validators=[_SHORT])
