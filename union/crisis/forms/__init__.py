"""The shape of what is written on the pages of a crisis; one module for each kind of page."""

from union.crisis.forms.calls import (
    AvoidForm,
    CalledForm,
    CallForm,
    ChooseForm,
    CloseForm,
    DealForm,
    HelpForm,
    LapsedForm,
    MyPageForm,
    NewCallForm,
    PageActForm,
    PlainForm,
    SlipForm,
    WordForm,
    pairs,
)

__all__ = [
    "AvoidForm",
    "CallForm",
    "CalledForm",
    "ChooseForm",
    "CloseForm",
    "DealForm",
    "HelpForm",
    "LapsedForm",
    "MyPageForm",
    "NewCallForm",
    "PageActForm",
    "PlainForm",
    "SlipForm",
    "WordForm",
    "pairs",
]
