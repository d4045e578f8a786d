"""Days and times asked for and given: fields whose value is there once they were valid."""

from __future__ import annotations

from datetime import date, time

from flask_babel import lazy_gettext as _
from wtforms import DateField, TimeField
from wtforms.validators import InputRequired

NEED_DAY = InputRequired(_("Choose a day."))
NEED_TIME = InputRequired(_("Write a time, like 20:00."))


class DayField(DateField):
    """A day that must be given."""

    @property
    def given(self) -> date:
        """The day, once the form was valid; ValueError before."""
        if self.data is None:
            message = "a day that nobody checked"
            raise ValueError(message)
        return self.data


class ClockField(TimeField):
    """A time of a clock that must be given."""

    @property
    def given(self) -> time:
        """The time, once the form was valid; ValueError before."""
        if self.data is None:
            message = "a time that nobody checked"
            raise ValueError(message)
        return self.data
