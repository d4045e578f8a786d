"""Why something sealed is opened: asked in the same form as the reader's secret.

Owns the two fields; never decides who may open what.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from union.infra.readings import ASKED, LONGEST_REASON, Reason, Why
from union.web.forms import choices_of
from union.web.words.readings import CHOICES


class WhyFields:
    """The reason, and words where it is another; laid beside the field for the secret."""

    reason = SelectField(
        _("Why do you open it?"),
        choices=choices_of({"": _("Choose one of these"), **{one: CHOICES[one] for one in ASKED}}),
        description=_("It is written down, and she reads it on her own page."),
        validators=[InputRequired(_("Say why you open it. She will read it."))],
    )
    reason_words = StringField(
        _("If it is something else: what?"),
        validators=[Optional(), Length(max=LONGEST_REASON)],
    )

    def validate_reason(self, field: SelectField) -> None:
        """Something else needs words; asked here, for an empty field is not asked itself."""
        if field.data == Reason.OTHER and not str(self.reason_words.data or "").strip():
            raise ValidationError(str(_("Write in a few words what it is, in the line below.")))

    @property
    def why(self) -> Why:
        """What was said."""
        words = str(self.reason_words.data or "") if self.reason.data == Reason.OTHER else ""
        return Why(Reason(self.reason.data), words)
