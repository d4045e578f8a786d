"""What is asked about keeping: other days, a hold, a longer one."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from union.infra.holds import HeldThing
from union.web.forms import CommandForm, choices_of
from union.web.words.retention import KINDS, THINGS, WHY

_CHOOSE = InputRequired(_("Choose one of these."))
_DAY = InputRequired(_("Choose a day."))
LONGEST_WORDS = 1000


class DaysForm(CommandForm):
    """For which kind of record, how many days."""

    kind = SelectField(_("What is kept"), validators=[_CHOOSE])
    days = IntegerField(_("For how many days"), validators=[InputRequired(_("Write a number."))])

    def offer(self, kinds: Sequence[str]) -> None:
        """Offer these kinds."""
        self.kind.choices = choices_of({kind: KINDS[kind] for kind in kinds})


class HoldForm(CommandForm):
    """What is held, why, and until when."""

    what = SelectField(_("What is held"), validators=[_CHOOSE])
    named = StringField(
        _("Her card number, or the last part of the address of its page"),
        validators=[InputRequired(_("This is needed.")), Length(max=40)],
    )
    why = SelectField(_("Why"), choices=choices_of(WHY), validators=[_CHOOSE])
    words = TextAreaField(
        _("Who asked for it, and what is needed"),
        validators=[InputRequired(_("This is needed.")), Length(max=LONGEST_WORDS)],
    )
    until = DateField(_("Last day"), description=_("A year at most."), validators=[_DAY])

    def offer(self, things: Sequence[HeldThing]) -> None:
        """Offer what she answers for."""
        self.what.choices = choices_of({thing.value: THINGS[thing.value] for thing in things})


class AgainForm(CommandForm):
    """Only the button: a year from today, or no longer."""
