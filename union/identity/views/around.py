"""What a secret of hers must not be made of: what she is called, and what the union is called.

It only asks; nothing of it is shown or kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.identity.rules.secrets import Around
from union.web.current import kit
from union.web.look import shown_name

if TYPE_CHECKING:
    from union.infra.work import Work


def around_her(work: Work, person_id: int | None = None) -> Around:
    """Around this person, or around whoever acts: her called name and card, the union's name."""
    her = work.actor.person_id if person_id is None else person_id
    called = {} if her is None else kit().name_people(work, [her])
    names = (shown_name(), *(str(name) for name in called.values()))
    return Around(names, kit().settings.demonstration)
