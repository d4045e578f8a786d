"""What the words in and out keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Whose, closed, codes, hashed, public

MESSAGES: tuple[Kept, ...] = (
    *closed(Whose.HER, "key_ref", "message.to_number", "message.params"),
    *closed(
        Whose.CALL,
        "key_ref",
        "inbound_message.from_number",
        "inbound_message.to_number",
        "inbound_message.body",
        "inbound_message.answer",
    ),
    *closed(Whose.HER, "person_id.key_ref", "reach_point.address", "reach_point.label"),
    *closed(Whose.UNION, "key_ref", "push_key.private"),
    *hashed("inbound_message", "from_index"),
    *public("push_key", "public"),
    *codes("attempt", "key channel via code provider provider_id"),
    *codes("delivery_receipt", "provider provider_id code"),
    *codes("inbound_message", "provider provider_id channel"),
    *codes("message", "purpose template language channels code"),
    *codes("quiet_spell", "part facts"),
    *codes("reach_point", "service"),
)
