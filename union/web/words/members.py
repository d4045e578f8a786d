"""The register in words: errors, what is found in a row of a book, and what to do about it."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "card_unreadable": lazy_gettext("Write the card number like KA/00245."),
    "date_unreadable": lazy_gettext("Write the date like 15-06-2019."),
    "card_taken": lazy_gettext("This card number belongs to another member. Look at both cards."),
    "already_in_branch": lazy_gettext("She belongs to this branch already."),
    "transfer_too_early": lazy_gettext(
        "That day lies before she came to her present branch. Choose a later one."
    ),
    "member_day_ahead": lazy_gettext(
        "That day has not come yet. Choose today, or the day it happened."
    ),
    "before_joining": lazy_gettext(
        "That day lies before she joined. Choose the day it happened, after she had joined."
    ),
    "before_last_change": lazy_gettext(
        "That day lies before the last change on her page. Choose that day or a later one."
    ),
    "died_already": lazy_gettext(
        "It is written down that she has died. If that is a mistake, take it back on her page."
    ),
    "not_left": lazy_gettext("She is not among those who left. Look at her page again."),
    "not_gone": lazy_gettext("She is with us already. There is nothing to take back."),
    "merge_loop": lazy_gettext("These two are joined already, or they are one entry."),
    "both_stand_for_others": lazy_gettext(
        "Each of these two already stands for another entry. Part one of those on her page first,"
        " then join them one by one."
    ),
    "already_decided": lazy_gettext("Somebody has decided this already. Look at the list again."),
    "book_unreadable": lazy_gettext(
        "This file cannot be read: it is no table of text. Open it in your spreadsheet, choose"
        " Save as, then CSV (UTF-8), and choose that new file here."
    ),
    "columns_missing": lazy_gettext(
        "No column of names or card numbers was found. Check that the first line holds headings."
    ),
    "no_branches": lazy_gettext(
        "The union has no branches yet. Name its districts first, then bring the register in."
    ),
    "import_built_on": lazy_gettext(
        "Something was built on this file since, so it stays. Change the single entries instead."
    ),
    "upload_gone": lazy_gettext(
        "The file is not here any more: it is kept for a day, or it was let go. Choose it once"
        " more."
    ),
}

CATEGORIES: dict[str, LazyString] = {
    "woman": lazy_gettext("woman"),
    "man": lazy_gettext("man"),
    "trans": lazy_gettext("trans person"),
}

CHANNELS: dict[str, LazyString] = {
    "call": lazy_gettext("a call"),
    "sms": lazy_gettext("a text message"),
    "link": lazy_gettext("a link in a message"),
    "visit": lazy_gettext("a visit in person"),
}

LANGUAGES: dict[str, LazyString] = {
    "kn": lazy_gettext("Kannada"),
    "hi": lazy_gettext("Hindi"),
    "en": lazy_gettext("English"),
    "te": lazy_gettext("Telugu"),
    "ta": lazy_gettext("Tamil"),
    "ur": lazy_gettext("Urdu"),
    "mr": lazy_gettext("Marathi"),
    "tcy": lazy_gettext("Tulu"),
    "kok": lazy_gettext("Konkani"),
    "ml": lazy_gettext("Malayalam"),
    "bn": lazy_gettext("Bengali"),
    "ne": lazy_gettext("Nepali"),
}

STATUSES: dict[str, LazyString] = {
    "active": lazy_gettext("with us"),
    "left": lazy_gettext("has left"),
    "died": lazy_gettext("has died"),
}

LIVES: dict[str, LazyString] = {
    "left": lazy_gettext("She left"),
    "died": lazy_gettext("She died"),
    "back": lazy_gettext("She came back"),
    "mistake": lazy_gettext("Taken back: it was written by mistake"),
}
"""What became of a membership."""

VERDICTS: dict[str, LazyString] = {
    "taken": lazy_gettext("taken"),
    "doubtful": lazy_gettext("taken, with a doubt"),
    "duplicate": lazy_gettext("perhaps somebody we have"),
    "refused": lazy_gettext("not taken"),
}

COLUMNS: dict[str, LazyString] = {
    "serial": lazy_gettext("serial number"),
    "card": lazy_gettext("card number"),
    "called": lazy_gettext("called"),
    "name": lazy_gettext("name in the register"),
    "category": lazy_gettext("category"),
    "phone": lazy_gettext("mobile"),
    "phones": lazy_gettext("mobile"),
    "other_phone": lazy_gettext("other mobile"),
    "district": lazy_gettext("district"),
    "place": lazy_gettext("place"),
    "born": lazy_gettext("born"),
    "joined": lazy_gettext("joined on"),
    "fee": lazy_gettext("fee per month"),
    "paid_upto": lazy_gettext("paid up to"),
    "languages": lazy_gettext("languages"),
    "wish": lazy_gettext("when she may be called"),
    "nominee": lazy_gettext("nominee"),
    "remarks": lazy_gettext("remarks"),
    "status": lazy_gettext("whether she is with us"),
}

FINDINGS: dict[str, LazyString] = {
    "page_total": lazy_gettext("A total of a page, not a person. Nothing to do."),
    "repeated_header": lazy_gettext("The headings once more, not a person. Nothing to do."),
    "blank_row": lazy_gettext("An empty row. Nothing to do."),
    "ditto_only": lazy_gettext("Nothing but ditto marks. If this is a person, write her out."),
    "no_name_no_card": lazy_gettext(
        "Neither a name nor a card number. Write one of them and bring the file in again."
    ),
    "district_missing": lazy_gettext("No district. Write it and bring the file in again."),
    "district_unknown": lazy_gettext(
        "Nobody knows this district. Correct it and bring the file in again."
    ),
    "district_unknown_hint": lazy_gettext(
        "Nobody knows this district. Her place looks like %(hint)s: correct the district and"
        " bring the file in again."
    ),
    "joined_future": lazy_gettext(
        "The day of joining is still to come. Correct it and bring the file in again."
    ),
    "card_missing": lazy_gettext("No card number. Taken without; give her a card."),
    "card_unreadable": lazy_gettext("The card number cannot be read. Taken without; look at it."),
    "card_of_another": lazy_gettext(
        "Row %(line)s has the same card number and is somebody else. Taken without it; look at"
        " both cards."
    ),
    "district_guessed": lazy_gettext("The district is spelled oddly; read as %(hint)s. Check it."),
    "category_missing": lazy_gettext("No category. Ask her."),
    "category_unknown": lazy_gettext("The category is none we know. Ask her."),
    "phone_cut": lazy_gettext("The number is cut off, so it was left out. Ask her for it."),
    "phone_unreadable": lazy_gettext("The number cannot be read. Ask her for it."),
    "born_missing": lazy_gettext("Her age is not known. Ask when she was born."),
    "born_unreadable": lazy_gettext("The day of birth cannot be read. Ask her."),
    "joined_missing": lazy_gettext("Nobody wrote when she joined. Look in an older book."),
    "joined_unreadable": lazy_gettext("The day of joining cannot be read. Look at the book."),
    "joined_young": lazy_gettext("By these dates she joined before she was 18. Check both dates."),
    "born_joined_swapped": lazy_gettext(
        "Birth and joining stood in each other's place and were exchanged. Check both."
    ),
    "born_is_joined": lazy_gettext(
        "The same day stands for birth and joining, so her age is not known. Ask when she was"
        " born before anything else."
    ),
    "day_month_turned": lazy_gettext("Day and month stood the other way round. Check the date."),
    "fee_in_words": lazy_gettext("The fee stands in words; read as ₹%(hint)s. Check it."),
    "fee_missing": lazy_gettext("No fee. Agree one with her."),
    "fee_unreadable": lazy_gettext("The fee cannot be read. Taken without one; look at the book."),
    "paid_upto_unknown": lazy_gettext(
        "Nobody can say up to when she has paid. No arrears were opened; ask her."
    ),
    "language_unknown": lazy_gettext("A language we do not know yet. Add it on her page."),
    "wish_unclear": lazy_gettext(
        "How she may be reached is not clear, so only a visit is allowed until somebody reads it."
    ),
    "formula_kept": lazy_gettext("The cell holds a formula. It was kept as plain text, never run."),
    "away": lazy_gettext("She is away and means to come back. Ask how to reach her."),
    "may_be_same": lazy_gettext(
        "Perhaps the same person as an entry we have. Not taken until somebody decides."
    ),
    "may_be_same_line": lazy_gettext(
        "Perhaps the same person as row %(line)s. Not taken until somebody decides."
    ),
    "status_changed": lazy_gettext("This book says she has left or died. Nothing is sent to her."),
    "status_died": lazy_gettext("She has died. Kept as such; nothing is ever sent to her."),
    "status_left": lazy_gettext("She has left. Kept as such; nothing is sent to her."),
    "phone_shared": lazy_gettext("%(hint)s people share this number; each stays herself."),
    "phone_missing": lazy_gettext("No telephone number."),
    "phone_new": lazy_gettext("A new number, now her first; the old one is kept."),
    "phone_differs": lazy_gettext("Another number than ours, left as it was. Ask which is right."),
    "district_differs": lazy_gettext("Another district than ours, left as it was. Ask her."),
    "district_changed": lazy_gettext("She has moved: transferred as of today. Check the day."),
    "category_differs": lazy_gettext("Another category than ours, left as it was. Ask her."),
    "fee_differs": lazy_gettext("Another fee than ours, left as it was. Ask the treasurer."),
    "fee_changed": lazy_gettext("Her fee changes from this month on, as the note says."),
    "called_differs": lazy_gettext("Called otherwise than we have it, left as it was. Ask her."),
    "place_differs": lazy_gettext("Another place than ours, left as it was."),
    "nominee_differs": lazy_gettext("Another nominee than ours, left as it was. Ask her."),
    "remarks_differs": lazy_gettext("Another remark than ours, left as it was."),
    "born_differs": lazy_gettext("Another day of birth than ours, left as it was. Ask her."),
    "joined_differs": lazy_gettext("Another day of joining than ours, left as it was."),
    "field_filled": lazy_gettext("Filled in what was empty: %(column)s."),
    "field_corrected": lazy_gettext("Corrected in this file: %(column)s."),
    "ditto_read": lazy_gettext("Ditto marks read as what stands above them."),
    "nothing_new": lazy_gettext("Nothing new."),
    "seen_before": lazy_gettext("This row was brought in before. Nothing changes."),
}

REASONS: dict[str, LazyString] = {
    "same_card": lazy_gettext("the same card number"),
    "same_phone": lazy_gettext("the same number"),
    "same_name": lazy_gettext("a name that sounds alike"),
    "same_birth": lazy_gettext("the same day of birth"),
    "other_birth": lazy_gettext("another day of birth"),
    "same_joining": lazy_gettext("the same day of joining"),
    "same_district": lazy_gettext("the same district"),
    "sub_number": lazy_gettext("a row added under hers"),
}

STEPS: dict[str, LazyString] = {
    "reading": lazy_gettext("Reading"),
    "comparing": lazy_gettext("Comparing with the register"),
    "updating": lazy_gettext("Updating"),
    "writing": lazy_gettext("Writing"),
    "arrears": lazy_gettext("Opening arrears"),
}


def finding_in_words(
    code: str, column: str | None = None, line: int | None = None, hint: str | None = None
) -> str:
    """What was found in a row, and what to do, in the reader's language."""
    variant = {"district_unknown": "_hint" if hint else "", "may_be_same": "_line" if line else ""}
    words = str(FINDINGS.get(code + variant.get(code, ""), code))
    place = str(COLUMNS.get(column or "", column or ""))
    facts = {"line": line, "hint": hint, "column": place}
    said = words % facts
    return said if "%(column)" in words or not column else f"{place[:1].upper()}{place[1:]}: {said}"
