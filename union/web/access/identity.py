"""Who may open which page of signing in and out."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Relation, Row, own_page

_HER_SECRETS = ("me_secrets", "me_pin", "me_word", "me_other_pin", "me_no_other_pin")
_GIVERS = {Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER}
_OFFICERS = (
    *("office_secrets", "change_own_password", "own_telephone", "own_sheet"),
    *("other_password", "no_other_password"),
)
_SIGN_INS = ("sessions", "end_session", "end_other_sessions")
_KEYS = ("keys", "ask_for_key", "add_key", "end_key")

ROWS: tuple[Row, ...] = (
    Row("identity.sign_in", public=True),
    # Exists in a demonstration only: whoever runs one may be any of its people.
    Row("identity.enter", public=True),
    Row("identity.begin", public=True),
    # What opens it is the slip that her own browser holds.
    Row("identity.begin_secrets", public=True),
    Row("identity.seen", roles=_GIVERS, relation=Relation.WHOLE, reach=Reach.FRESH, second=True),
    *(own_page(f"identity.{name}", EVERYONE - {Role.MEMBER}, Reach.FRESH) for name in _OFFICERS),
    *(
        own_page(f"identity.{name}", EVERYONE - {Role.MEMBER}, Reach.FRESH)
        for name in ("opening_words", "other_opening_words")
    ),
    # As "enter": in a demonstration only.
    Row("identity.prove_as", roles=EVERYONE, reach=Reach.NOTHING),
    Row("identity.prove", roles=EVERYONE, reach=Reach.NOTHING),
    own_page("identity.locks", EVERYONE, Reach.NOTHING),
    # To shut it somewhere never asks for a second secret; the list is for who has shown one.
    *(own_page(f"identity.{name}", EVERYONE, Reach.NOTHING) for name in _SIGN_INS),
    Row("identity.sign_out", roles=EVERYONE, reach=Reach.NOTHING),
    Row("identity.leave", public=True),
    Row("identity.away", public=True),
    # Where a member begins: nobody is anybody here before a PIN fits.
    Row("identity.open", public=True),
    Row("identity.open_new", public=True),
    Row("identity.open_forget", public=True),
    *(own_page(f"identity.{name}", {Role.MEMBER}, Reach.HERS) for name in _HER_SECRETS),
    # Whoever stands at the door is nobody yet; signed in, they ask once more who she is.
    Row("identity.passkey_ask", public=True),
    Row("identity.passkey_answer", public=True),
    *(own_page(f"identity.{name}", EVERYONE, Reach.FRESH) for name in _KEYS),
    Row("leaving.nothing", public=True),
)
