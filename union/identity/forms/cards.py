"""The shapes of what a member types to open her notebook, and of the secrets she chooses."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from union.identity.rules.cards import (
    WORD_MOST,
    is_plain,
    read_card_digits,
    read_pin,
    read_start,
    read_word,
)
from union.kernel.errors import UnionError
from union.web.forms import CommandForm, ReadingForm
from union.web.words import in_words

_PIN_WANTED = lazy_gettext("Write your PIN, six digits.")
_PLAIN = lazy_gettext("Anybody would try this PIN first. Choose another six digits.")
_DIFFERENT = lazy_gettext("The two are not the same. Write it twice alike.")
_WORD_WANTED = lazy_gettext("Six letters or digits at least: a few words are good.")


class PinReader(PasswordField):
    """Six digits of whatever script; no count of tries is touched by fewer or more."""

    def pre_validate(self, _form: object) -> None:
        """Refuse what cannot be a PIN."""
        if read_pin(self.data or "") is None:
            raise ValidationError(str(_PIN_WANTED))

    @property
    def digits(self) -> str:
        """What was typed, as digits."""
        return read_pin(self.data or "") or ""


class NewPin(PinReader):
    """A PIN she chooses."""

    def pre_validate(self, form: object) -> None:
        """Refuse what cannot be a PIN, and what anybody would try first."""
        super().pre_validate(form)
        number = getattr(form, "number", None)
        card = number.digits if isinstance(number, CardNumber) else ""
        if is_plain(self.digits, card):
            raise ValidationError(str(_PLAIN))


class CardNumber(StringField):
    """Sixteen digits, however they are parted; a slip of the pen costs no try."""

    def pre_validate(self, _form: object) -> None:
        """Refuse what is no card's number."""
        if read_card_digits(self.data or "") is None:
            raise ValidationError(
                str(lazy_gettext("One digit is off. Look at the card and write all sixteen."))
            )

    @property
    def digits(self) -> str:
        """What was typed, as digits."""
        return read_card_digits(self.data or "") or ""


class SecondWord(PasswordField):
    """A word of her own, or a few, without difference of case or space."""

    def pre_validate(self, _form: object) -> None:
        """Refuse what is too short to keep anybody out."""
        if read_word(self.data or "") is None:
            raise ValidationError(str(_WORD_WANTED))

    @property
    def word(self) -> str:
        """What was typed, as it is compared."""
        return read_word(self.data or "") or ""


class _Opens(ReadingForm):
    """What every way to open has in common."""

    def say(self, error: UnionError) -> None:
        """Put a refusal in words above the form."""
        self.form_errors.append(in_words(error))


class PinForm(_Opens):
    """Her PIN alone, where this browser knows her."""

    pin = PinReader(lazy_gettext("PIN"))


class CardForm(_Opens):
    """The number of her card, and her PIN."""

    number = CardNumber(lazy_gettext("The number on the card"))
    pin = PinReader(lazy_gettext("PIN"))
    mine = BooleanField(lazy_gettext("This telephone is mine: ask for the PIN alone next time"))


class NewCardForm(_Opens):
    """A new card, opened for the first time with secrets that nobody else has ever seen."""

    number = CardNumber(lazy_gettext("The number on the card"))
    start = StringField(
        lazy_gettext("The six digits you were told just now"),
        validators=[InputRequired(lazy_gettext("Ask who sits with you for them.")), Length(max=20)],
    )
    pin = NewPin(
        lazy_gettext("A PIN of your own, six digits"),
        description=lazy_gettext("It opens what you paid and what is due."),
    )
    pin_again = PasswordField(
        lazy_gettext("The PIN once more"), validators=[EqualTo("pin", message=_DIFFERENT)]
    )
    word = SecondWord(
        lazy_gettext("A second word, for what nobody else should read"),
        description=lazy_gettext(
            "It opens your claims and cases, and changes things. Not the PIN again, and nothing"
            " that somebody at home would guess."
        ),
        validators=[Length(max=WORD_MOST)],
    )
    word_again = PasswordField(
        lazy_gettext("The second word once more"),
        validators=[EqualTo("word", message=_DIFFERENT)],
    )
    mine = BooleanField(lazy_gettext("This telephone is mine: ask for the PIN alone next time"))

    def start_digits(self) -> str:
        """The word that was said to her, as digits."""
        return read_start(self.start.data or "")


class WordForm(_Opens):
    """Her second word."""

    word = SecondWord(lazy_gettext("Your second word"))


class ChangePinForm(CommandForm):
    """Another PIN for every day."""

    pin = NewPin(lazy_gettext("The new PIN, six digits"))
    pin_again = PasswordField(
        lazy_gettext("Once more"), validators=[EqualTo("pin", message=_DIFFERENT)]
    )


class ChangeWordForm(CommandForm):
    """Another second word."""

    word = SecondWord(lazy_gettext("The new second word"), validators=[Length(max=WORD_MOST)])
    word_again = PasswordField(
        lazy_gettext("Once more"), validators=[EqualTo("word", message=_DIFFERENT)]
    )


class OtherPinForm(CommandForm):
    """The PIN for when she is made to open."""

    pin = NewPin(lazy_gettext("The other PIN, six digits"))
    pin_again = PasswordField(
        lazy_gettext("Once more"), validators=[EqualTo("pin", message=_DIFFERENT)]
    )


class NoOtherPinForm(CommandForm):
    """The wish to have no other PIN any more."""
