"""Words of the register: an entry, a book that came in twice, what is on her telephone."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders.identity import make_account
from tests.builders.passkeys import PLACE, SoftPhone
from tests.canary.scenes.stage import Stage
from union.gateways.web_push import Device
from union.gateways.web_push.devices import AUTH_BYTES, encoded
from union.gateways.web_push.sealing import point_of
from union.identity.services import passkeys
from union.identity.services.codes import begin_totp
from union.kernel.actor import Actor
from union.members.services import Wish, mark_left, take_back_going
from union.members.services.uploads import keep_upload
from union.messages.services import add_device, push_key
from union.office.services.register_import import import_register

HEADING = "Sl,ID card no,Called,Name in register,Mobile,District,Place,Born,Joined on,Remarks\n"
BROWSER = "the secret of this browser"


def her_entry(stage: Stage) -> None:
    """All that is told of her at the desk; she left, and that was a mistake."""
    word = stage.word
    with stage.as_machine() as work:
        her = stage.member(
            work,
            phone=word.phone(),
            called=word(),
            legal_name=word(),
            place=word(),
            nominee=word(),
            remarks=word(),
            wish=Wish(ask_for=word(), wish=word()),
        )
    with stage.as_machine() as work:
        mark_left(work, her, work.clock.today())
    with stage.as_machine() as work:
        take_back_going(work, her, word())


def her_book(stage: Stage) -> None:
    """A book with somebody, perhaps her again, and a child; then the same book put right."""
    word = stage.word
    phone, called, name = word.phone(), word(), word()
    hers = f"1,KA/91001,{called},{name},{phone},Kanari,{{place}},04-06-1982,12-07-2019,{{note}}\n"
    twin = f"2,KA/91002,{called},{word()},{phone},Kanari,,04-06-1982,12-07-2019,\n"
    child = f"3,KA/91003,{word()},{word()},{word.phone()},Kanari,{word()},04-06-2014,12-07-2025,\n"
    before, note = word(), word()
    first = HEADING + hers.format(place=before, note=note) + twin + child
    again = HEADING + hers.format(place=word(), note=note)
    for book in (first, again):
        with stage.as_machine() as work:
            import_register(work, book.encode())
    with stage.as_somebody() as work:
        keep_upload(work, (HEADING + hers.format(place=word(), note=word())).encode(), None)


def her_telephones(stage: Stage) -> None:
    """A browser that may ring, a passkey with a name she gave it, and an app that makes codes."""
    word = stage.word
    with stage.as_machine() as work:
        her = stage.member(work, called=word())
        account = make_account(work, her)
        begin_totp(work, account)
        push_key(work)
    with stage.unit.begin(Actor(her, account.id, frozenset())) as work:
        point = encoded(point_of(ec.generate_private_key(ec.SECP256R1()).public_key()))
        address = f"https://web.push.apple.com/{word()}"
        add_device(work, Device("", address, point, encoded(bytes(AUTH_BYTES))), word())
        label = word()
        question = passkeys.ask_to_add(work, PLACE, BROWSER, label)
        answer = passkeys.Answer(question.ref, BROWSER, SoftPhone().make(question.options))
        passkeys.add_passkey(work, PLACE, answer, label)
