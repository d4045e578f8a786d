"""What is refused of decisions: fees, rules, waivers, and standing."""

from __future__ import annotations

from union.kernel.errors import UnionError


class OwnFavourError(UnionError):
    """Nobody decides in her own favour: to be let off, to pay less, to get money back."""

    code = "own_favour"


class TookHerCashError(UnionError):
    """Whoever took her cash within a year does not agree that she need not pay."""

    code = "took_her_cash"


class ProposalWaitsError(UnionError):
    """Another proposal of this kind about her waits for an answer."""

    code = "proposal_waits"


class ProposalEndedError(UnionError):
    """It was agreed, refused or taken back before."""

    code = "proposal_ended"


class WaiverEndsFirstError(UnionError):
    """A waiver's last month lies before its first."""

    code = "waiver_ends_first"


class RateExistsError(UnionError):
    """The same fee for this category holds from this month on already."""

    code = "rate_exists"


class WaiverNeedsEndError(UnionError):
    """Hard times and holidays have an end, two years on at the latest."""

    code = "waiver_needs_end"


class WaiverEndedError(UnionError):
    """The waiver was ended before, or ends no later than that anyway."""

    code = "waiver_ended"


class RuleInPastError(UnionError):
    """A rule holds from today at the earliest: how somebody stood does not change afterwards."""

    code = "rule_in_past"


class RuleOutOfOrderError(UnionError):
    """Grace, suspension and lapse, and the three reminders, follow each other."""

    code = "rule_out_of_order"


class NotProposedError(UnionError):
    """The rule does not propose this about her today; she may have paid meanwhile."""

    code = "not_proposed"
