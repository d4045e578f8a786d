"""What crisis refuses, each as a fact with a code; the words stand in union/web/words."""

from __future__ import annotations

from typing import ClassVar

from union.kernel.errors import UnionError


class DistrictUnknownError(UnionError):
    """The words name no district, or several."""

    code: ClassVar[str] = "crisis_district_unknown"


class EndedError(UnionError):
    """The incident has ended; what comes now belongs to another."""

    code: ClassVar[str] = "crisis_ended"


class StateError(UnionError):
    """From where she stands this cannot follow."""

    code: ClassVar[str] = "crisis_state"


class DigitsError(UnionError):
    """Two pairs of two figures are needed, and they must differ."""

    code: ClassVar[str] = "crisis_digits"


class WitnessError(UnionError):
    """Only somebody who was there, or heard the safe word, closes."""

    code: ClassVar[str] = "crisis_witness"


class SafeWordError(UnionError):
    """That is not the word she left with us."""

    code: ClassVar[str] = "crisis_safe_word"


class CertificateError(UnionError):
    """She holds no certificate, not even a lapsed one, for that role."""

    code: ClassVar[str] = "crisis_certificate"


class NotReachedTooSoonError(UnionError):
    """Somebody who rang is called back three times before we give up."""

    code: ClassVar[str] = "crisis_call_again"


class NoIncidentError(UnionError):
    """A contact that tells of something must hang on an incident before it is dealt with."""

    code: ClassVar[str] = "crisis_no_incident"
