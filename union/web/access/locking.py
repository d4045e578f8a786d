"""Who may open which page of locking the office: whoever works in it, and whoever holds a paper.

Locking asks for no fresh proof: who is in a hurry has no time for a code. Bringing it back does.
"""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Row

_TRUSTEE = frozenset({Role.TRUSTEE})
_IN_OFFICE = EVERYONE - {Role.MEMBER}
_OURS = _IN_OFFICE - {Role.LAWYER, Role.SYSADMIN}
"""Who brings it back is named: an outside lawyer and the machine's keeper see no names."""

ROWS: tuple[Row, ...] = (
    Row("locking.lock", roles=_IN_OFFICE),
    Row("locking.back", roles=_OURS, reach=Reach.FRESH, second=True),
    Row("locking.lock_paper", roles=_OURS, reach=Reach.FRESH),
    Row("locking.recovery", roles=_OURS),
    Row("locking.recovery_paper", roles=_TRUSTEE, reach=Reach.FRESH),
    Row("locking.recovery_set", roles=_TRUSTEE, reach=Reach.FRESH),
    Row("locking.put_in", roles=_OURS, reach=Reach.FRESH),
    # What locks is the paper itself; the page shows nothing and knows nobody.
    Row("locking.by_paper", public=True),
    Row("locking.locked", public=True),
)
