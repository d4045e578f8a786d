"""Every kind of record there is, with its rule and its hand, as the daily run and the page know it.

Owns the order in which they are shown; never a rule: each domain says its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from union.bank.services.retention import KEPT as BANK
from union.crisis.services.retention import KEPT as CRISIS
from union.dues.services.retention import KEPT as DUES
from union.identity.services.retention import KEPT as IDENTITY
from union.infra.machinery_kept import KEPT as MACHINERY
from union.infra.retention import Keeping, timers
from union.infra.timers import TimerHandler
from union.kernel.keeping import Rule
from union.ledger.rules.retention import BOOKS
from union.legal.services.retention import KEPT as LEGAL
from union.members.services.retention import KEPT as MEMBERS
from union.messages.services.retention import KEPT as MESSAGES
from union.welfare.services.retention import KEPT as WELFARE

KEPT: tuple[Keeping, ...] = (
    *CRISIS,
    *LEGAL,
    *WELFARE,
    *MEMBERS,
    *MESSAGES,
    *DUES,
    *BANK,
    Keeping(BOOKS),
    *IDENTITY,
    *MACHINERY,
)

RULES: Mapping[str, Rule] = {one.rule.kind: one.rule for one in KEPT}
"""Each kind's rule."""

TIMERS: Mapping[str, TimerHandler] = timers(KEPT)
"""Who acts when a timer of the records is due."""
