"""The register of what is kept: every column that holds bytes or words, how it is closed, whose.

Owns the list, one file for each domain; a column that is not in it fails the build, as a page
does that is not in the access table. It reads no table itself and must never import a domain.
"""

from __future__ import annotations

from union.infra.kept.bank import BANK
from union.infra.kept.checkout import CHECKOUT
from union.infra.kept.crisis import CRISIS
from union.infra.kept.dues import DUES
from union.infra.kept.identity import IDENTITY
from union.infra.kept.infra import INFRA
from union.infra.kept.ledger import LEDGER
from union.infra.kept.legal import LEGAL
from union.infra.kept.line import Kept, Tier, Whose
from union.infra.kept.members import MEMBERS
from union.infra.kept.messages import MESSAGES
from union.infra.kept.office import OFFICE
from union.infra.kept.welfare import WELFARE

__all__ = ["KEPT", "Kept", "Tier", "Whose"]

KEPT: tuple[Kept, ...] = (
    *IDENTITY,
    *MEMBERS,
    *MESSAGES,
    *DUES,
    *CRISIS,
    *WELFARE,
    *LEGAL,
    *CHECKOUT,
    *BANK,
    *LEDGER,
    *OFFICE,
    *INFRA,
)
"""Every line of the register."""
