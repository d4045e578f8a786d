"""The errors of messages in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "gateway_refused": lazy_gettext("The telephone company did not take this. Try another way."),
    "gateway_unreachable": lazy_gettext(
        "The telephone company does not answer. It is tried again."
    ),
    "gateway_failed": lazy_gettext("This could not be sent. It is tried again another way."),
    "text_not_registered": lazy_gettext(
        "The telephone companies of that country do not know this text, so it was not sent. Another"
        " way is tried; tell whoever looks after the machine."
    ),
    "text_unknown": lazy_gettext("There is no such text. Tell whoever looks after the machine."),
    "text_content": lazy_gettext(
        "A text may carry no name, place or reason. Nothing was sent; leave them out."
    ),
    "gateway_gone": lazy_gettext(
        "That browser does not take notices any more. It has been taken off her list."
    ),
    "device_unfit": lazy_gettext(
        "This browser gave no address we can use. Try Chrome, Firefox, Edge or Safari."
    ),
    "mailbox_unreadable": lazy_gettext("That is no mail address. Write it like name@place.in."),
    "mail_server_unfit": lazy_gettext(
        "The mail server’s setting cannot be used. Tell whoever looks after the machine."
    ),
    "too_many_places": lazy_gettext("Six are enough. Take one off first."),
    "no_way_for_duty": lazy_gettext("Leave one way at least, so that you can be asked to come."),
    "call_over": lazy_gettext("That call is over. Ring again."),
}

WAYS: dict[str, LazyString] = {
    "push": lazy_gettext("a notice on a phone I chose"),
    "sms": lazy_gettext("a text"),
    "voice": lazy_gettext("a call"),
    "mail": lazy_gettext("mail"),
}
"""The ways to a person, as she says them."""

NO_MORE: dict[str, LazyString] = {"": lazy_gettext("no other way")}
NOTHING: dict[str, LazyString] = {"": lazy_gettext("not at all")}

WAYS_SHOWN: dict[str, LazyString] = {
    "push": lazy_gettext("Notices on phones"),
    "sms": lazy_gettext("Texts"),
    "voice": lazy_gettext("Calls"),
    "mail": lazy_gettext("Mail"),
    "in_sms": lazy_gettext("Texts to us"),
    "in_call": lazy_gettext("Calls to us"),
}
"""The ways as the page of their health heads them."""

SERVICES: dict[str, LazyString] = {
    "google": lazy_gettext("Chrome or another browser on Android"),
    "mozilla": lazy_gettext("Firefox"),
    "apple": lazy_gettext("Safari"),
    "microsoft": lazy_gettext("Edge on Windows"),
    "handset": lazy_gettext("a telephone on the table"),
    "other": lazy_gettext("another browser"),
    "mail": lazy_gettext("mailbox"),
}

COMPANIES: dict[str, LazyString] = {
    "simulator": lazy_gettext("the telephones on the table"),
    "web_push": lazy_gettext("the makers of the browsers"),
    "smtp": lazy_gettext("our mail server"),
}
"""Who carries words for us; a company keeps its own name."""

QUIET_WHY: dict[str, LazyString] = {
    "unanswered": lazy_gettext("almost nobody answers what goes out"),
    "refusing": lazy_gettext("the company refuses what we hand over"),
    "unreachable": lazy_gettext("the company cannot be reached"),
    "slow": lazy_gettext("the company takes too long"),
    "nothing_in": lazy_gettext("nothing comes in, unlike the days before at these hours"),
}
"""Why a way counts as quiet."""

TRIED: dict[str, LazyString] = {
    "due": lazy_gettext("waiting to go"),
    "leased": lazy_gettext("going out"),
    "handed_over": lazy_gettext("handed over"),
    "failed": lazy_gettext("not taken"),
    "dropped": lazy_gettext("not needed any more"),
}
"""How far one try to tell somebody came."""

RECEIPTS: dict[str, LazyString] = {
    "queued": lazy_gettext("waits there"),
    "sent": lazy_gettext("went out"),
    "ringing": lazy_gettext("it rang"),
    "answered": lazy_gettext("picked up"),
    "delivered": lazy_gettext("arrived"),
    "failed": lazy_gettext("failed"),
    "expired": lazy_gettext("given up"),
}
"""What a telephone company says became of it."""

TRIALS: dict[str, LazyString] = {
    "waiting": lazy_gettext("on its way"),
    "handed_over": lazy_gettext("handed over; did it arrive?"),
    "unsent": lazy_gettext("could not be sent"),
    "withheld": lazy_gettext("no way to you by this"),
    "withdrawn": lazy_gettext("called off"),
}
"""How far a trial came."""
