"""What crisis refuses, each as a fact with a code; the words stand in union/web/words."""

from __future__ import annotations

from typing import ClassVar

from union.kernel.errors import NotFoundError, UnionError


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


class CardUnknownError(NotFoundError):
    """Nobody has this card number."""

    code: ClassVar[str] = "crisis_card_unknown"


class NobodyTickedError(UnionError):
    """What was heard is of nobody on the list."""

    code: ClassVar[str] = "crisis_nobody_ticked"


class WitnessError(UnionError):
    """Only somebody who was there, or heard the safe word, closes."""

    code: ClassVar[str] = "crisis_witness"


class SafeWordError(UnionError):
    """That is not the word she left with us."""

    code: ClassVar[str] = "crisis_safe_word"


class NoSafeWordError(SafeWordError):
    """A word was needed and none was written."""

    code: ClassVar[str] = "crisis_no_safe_word"


class NoWordLeftError(SafeWordError):
    """She left no word with us, so none can be heard."""

    code: ClassVar[str] = "crisis_no_word_left"


class WitnessKnowsError(UnionError):
    """Somebody in charge must say how she saw the caller."""

    code: ClassVar[str] = "crisis_witness_knows"


class PolicyUnsafeError(UnionError):
    """Such steps could leave a caller alone; ``why`` is the rule's reason."""

    code: ClassVar[str] = "crisis_policy_unsafe"


class PolicyChangedError(UnionError):
    """Somebody wrote a newer version meanwhile, or there is none that could end."""

    code: ClassVar[str] = "crisis_policy_changed"


class CustodyError(UnionError):
    """This hour cannot be: it is to come, or longer ago than anybody could be held unheard."""

    code: ClassVar[str] = "crisis_custody_hour"


class CustodyListedError(UnionError):
    """Those on the list have hours of their own; an hour is said of each of them."""

    code: ClassVar[str] = "crisis_custody_listed"


class TakenHourError(UnionError):
    """That hour is still to come, or so long ago that nobody is held unheard since."""

    code: ClassVar[str] = "crisis_taken_hour"


class TakenSameError(UnionError):
    """This member stands on the list already, as somebody else."""

    code: ClassVar[str] = "crisis_taken_same"


class StillHeldError(UnionError):
    """Somebody on the list is still held, and nobody was told to follow it."""

    code: ClassVar[str] = "crisis_still_held"


class CertificateError(UnionError):
    """She holds no certificate, not even a lapsed one, for that role."""

    code: ClassVar[str] = "crisis_certificate"


class AskedAlreadyError(UnionError):
    """She is asked about this already, or on her way; asking again would reach nobody new."""

    code: ClassVar[str] = "crisis_asked_already"


class StaysAwayError(UnionError):
    """She is named in this, or the caller does not want her: nobody may send her there."""

    code: ClassVar[str] = "crisis_stays_away"


class NotReachedTooSoonError(UnionError):
    """Somebody who rang is called back three times before we give up."""

    code: ClassVar[str] = "crisis_call_again"


class OwnLifeError(UnionError):
    """Who may end her life is spoken with; she is not let rest by a button."""

    code: ClassVar[str] = "crisis_own_life"


class NobodyToRingError(UnionError):
    """No number is known at which this caller may be rung."""

    code: ClassVar[str] = "crisis_nobody_to_ring"


class NoIncidentError(UnionError):
    """A contact that tells of something must hang on an incident before it is dealt with."""

    code: ClassVar[str] = "crisis_no_incident"


class NotCertifiedError(UnionError):
    """She holds no certificate, or no office, for this duty then."""

    code: ClassVar[str] = "crisis_rota_not_certified"


class HoursError(UnionError):
    """These hours do not begin before they end, are past, or nobody knows their clock."""

    code: ClassVar[str] = "crisis_rota_hours"


class DownAlreadyError(UnionError):
    """She is down for something in these hours already."""

    code: ClassVar[str] = "crisis_rota_down_already"


class AwayError(UnionError):
    """She is away in these hours."""

    code: ClassVar[str] = "crisis_rota_away"


class LeavesHoleError(UnionError):
    """Afterwards nobody could be woken in hours in which somebody can be now."""

    code: ClassVar[str] = "crisis_rota_leaves_hole"


class AnsweredError(UnionError):
    """Somebody was quicker: it is answered already."""

    code: ClassVar[str] = "crisis_rota_answered"


class OwnCertificateError(UnionError):
    """Nobody writes down, renews or ends her own certificate."""

    code: ClassVar[str] = "crisis_own_certificate"


class CertificateDaysError(UnionError):
    """A certificate ends after it begins, and one like it stands already or is over."""

    code: ClassVar[str] = "crisis_certificate_days"


class ConsentError(UnionError):
    """Nothing of hers is kept in mind without her yes."""

    code: ClassVar[str] = "crisis_consent"


class NotWithHerError(UnionError):
    """Only somebody who was with her keeps this."""

    code: ClassVar[str] = "crisis_not_with_her"


class MedicalHourError(UnionError):
    """That hour is to come, or so long ago that nothing is left to keep."""

    code: ClassVar[str] = "crisis_medical_hour"


class DebriefEmptyError(UnionError):
    """Not a word was written."""

    code: ClassVar[str] = "crisis_debrief_empty"


class LessonError(UnionError):
    """A lesson needs words, somebody who is here, and a day to come."""

    code: ClassVar[str] = "crisis_lesson"
