"""The errors of identity in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "sign_in_refused": lazy_gettext(
        "What you wrote does not fit together. Try once more, with the next code."
    ),
    "too_many_tries": lazy_gettext(
        "Too many tries in a short time. Wait a little; where you opened it before, it opens still."
    ),
    "password_wrong": lazy_gettext("That is not your password. Nothing was done."),
    "passwords_alike": lazy_gettext("The two passwords must differ."),
    "slip_spent": lazy_gettext(
        "This slip opens nothing. It works once and for three days; ask for another."
    ),
    "secret_too_plain": lazy_gettext(
        "Somebody who guesses would try this early. Take twelve letters or more, of words that do"
        " not belong together."
    ),
    "nobody_waits": lazy_gettext(
        "Nobody of this name waits with these digits. Look at her screen once more."
    ),
    "own_account": lazy_gettext(
        "Another must see her: not she herself, and not who printed her slip."
    ),
    "opening_words_set": lazy_gettext("You have chosen your opening words already."),
    "circle_held": lazy_gettext("Somebody holds this key already; only she lets another in."),
    "sign_in_ended": lazy_gettext("The notebook was shut meanwhile. Open it once more."),
    "sign_in_name_taken": lazy_gettext("Somebody already signs in by this name. Choose another."),
    "passkey_refused": lazy_gettext(
        "The telephone’s lock did not open it. Try once more, or open it the other way."
    ),
    "passkey_not_kept": lazy_gettext("What the telephone made could not be kept. Try once more."),
    "too_many_passkeys": lazy_gettext(
        "Ten telephones open your notebook already. End one that you do not use any more first."
    ),
    "office_needs_two": lazy_gettext(
        "Two people give offices here. Propose it, and another confirms it."
    ),
    "office_held": lazy_gettext("She holds this office already."),
    "office_proposed": lazy_gettext("This is proposed already, and waits for another’s hand."),
    "office_her_own": lazy_gettext("Nobody has a hand in her own office. Ask another."),
    "office_in_it_already": lazy_gettext("Your hand is in it already. Another must confirm it."),
    "office_settled": lazy_gettext("This does not wait any more. Look below at how it stands."),
    "office_two_remain": lazy_gettext(
        "Two who give offices must remain. Let another have one first, then end this."
    ),
    "office_no_account": lazy_gettext(
        "Nobody signs in by this card or name. Look at it once more."
    ),
    "opening_refused": lazy_gettext(
        "This opens nothing. Look at it and try once more; after many tries wait a quarter of an"
        " hour."
    ),
    "pin_too_plain": lazy_gettext("Anybody would try this PIN first. Choose another six digits."),
    "pins_alike": lazy_gettext("The two PINs must differ."),
    "own_card": lazy_gettext("Nobody has a hand in her own card. Ask two others."),
    "same_hand_on_card": lazy_gettext(
        "You printed this card. Another must see her and say her the word."
    ),
    "no_card_in_use": lazy_gettext("She has no number card in use. Print one for her first."),
    "card_not_waiting": lazy_gettext("No number card of hers waits. Somebody prints one first."),
}

BROWSER_WORDS: dict[str, LazyString] = {
    "android": lazy_gettext("An Android telephone"),
    "iphone": lazy_gettext("An iPhone or iPad"),
    "windows": lazy_gettext("A computer with Windows"),
    "mac": lazy_gettext("A Mac"),
    "other": lazy_gettext("Another browser"),
}
"""All that is kept of where a sign-in is."""
