"""Tables of dues: what is charged, paid and spread, the rounds, and the sums that bind books."""

from __future__ import annotations

from union.dues.models.asking import ReceiptSample, SaidPaid, SampleItem
from union.dues.models.changes import Adjustment, DuesProposal, DuesRule, PaysAs, WaiverEnd
from union.dues.models.charges import (
    Charge,
    DuesOpening,
    DuesRun,
    DuesSlice,
    Rate,
    Waiver,
)
from union.dues.models.payments import (
    Allocation,
    CreditMovement,
    DuesControl,
    MemberCredit,
    Payment,
    Receipt,
)
from union.dues.models.phones import RoundDevice, RoundHold, RoundLine, RoundMember
from union.dues.models.returns import Return
from union.dues.models.reversals import Refund, Reversal
from union.dues.models.rounds import (
    CashDifference,
    CashMovement,
    Collector,
    DifferenceSettlement,
    HandOver,
    HandOverSignature,
    ReceiptBook,
)
from union.dues.models.sheets import CollectionLine, CollectionSheet
from union.dues.models.standing import KnownPayment, Reminder, ReminderRound, StandingEvent

__all__ = [
    "Adjustment",
    "Allocation",
    "CashDifference",
    "CashMovement",
    "Charge",
    "CollectionLine",
    "CollectionSheet",
    "Collector",
    "CreditMovement",
    "DifferenceSettlement",
    "DuesControl",
    "DuesOpening",
    "DuesProposal",
    "DuesRule",
    "DuesRun",
    "DuesSlice",
    "HandOver",
    "HandOverSignature",
    "KnownPayment",
    "MemberCredit",
    "Payment",
    "PaysAs",
    "Rate",
    "Receipt",
    "ReceiptBook",
    "ReceiptSample",
    "Refund",
    "Reminder",
    "ReminderRound",
    "Return",
    "Reversal",
    "RoundDevice",
    "RoundHold",
    "RoundLine",
    "RoundMember",
    "SaidPaid",
    "SampleItem",
    "StandingEvent",
    "Waiver",
    "WaiverEnd",
]
