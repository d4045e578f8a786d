"""What the register of members keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, lies_open, sealed

_CARD = "the number that stands for her where her name does not (MB2)"

MEMBERS: tuple[Kept, ...] = (
    *sealed(Whose.HER, "key_ref", "member.legal_name"),
    Kept(
        "import_row.waiting_name",
        Tier.SEALED,
        Whose.HER,
        "waiting_key_ref",
        closed_as="member.legal_name",
    ),
    *sealed(Whose.HER, "key_ref", "set_aside.sealed"),
    *closed(
        Whose.HER,
        "key_ref",
        "member.called",
        "member.born",
        "member.place",
        "member.nominee",
        "member.remarks",
    ),
    *closed(
        Whose.HER,
        "person_id.key_ref",
        "contact_point.number",
        "reach_rule.ask_for",
        "reach_rule.wish",
        "member_event.reason",
    ),
    *closed(Whose.FILE, "batch_id.key_ref", "import_row.original", "import_row.undo"),
    *closed(Whose.FILE, "key_ref", "import_upload.content"),
    lies_open("member.card_number", _CARD, Whose.HER),
    lies_open("card.number", _CARD, Whose.HER),
    lies_open("branch.name", "the districts are no secret"),
    lies_open("branch.headquarters", "the districts are no secret"),
    lies_open("branch_alias.written", "how a district is also written"),
    lies_open("column_mapping.name", "what the secretary calls a kind of book"),
    lies_open("column_mapping.columns", "the headings of a book, never its rows"),
    lies_open("import_batch.heading", "the headings of a book, never its rows"),
    lies_open("import_batch.columns", "the headings of a book, never its rows"),
    lies_open("import_upload.mapping", "what the secretary calls a kind of book"),
    *hashed("contact_point", "number_index"),
    *hashed("import_batch", "fingerprint"),
    *hashed("import_row", "fingerprint name_mark"),
    *hashed("set_aside", "fingerprint card_index"),
    *codes("branch", "cell"),
    *codes("duplicate", "reasons"),
    *codes("import_batch", "register_month upload_ref"),
    *codes("import_row", "findings waiting_ref"),
    *codes("member_language", "language"),
    *codes("reach_rule", "channels"),
)
