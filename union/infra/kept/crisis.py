"""What the crisis line keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, lies_open, plain, sealed

_MEETING_POINT = "a public place where one meets, the same for everybody"

CRISIS: tuple[Kept, ...] = (
    *sealed(Whose.CALL, "contact_id.key_ref", "sealed_telling.sealed"),
    *sealed(Whose.HER, "key_ref", "taken.minor"),
    *closed(Whose.CALL, "key_ref", "contact.number", "contact.words", "contact.place"),
    *closed(Whose.CALL, "key_ref", "incident.place"),
    *closed(
        Whose.CALL,
        "incident_id.key_ref",
        "incident_event.words",
        "taken_sheet.words",
        "medical_clock.what",
        "medical_clock.whom",
        "debrief.went_well",
        "debrief.went_badly",
        "debrief.next_time",
        "lesson.words",
        "lesson.done_words",
    ),
    *closed(Whose.CALL, "debrief_id.incident_id.key_ref", "debrief_person.how"),
    *closed(Whose.HER, "key_ref", "taken.typed", "taken.name"),
    *closed(Whose.HER, "taken_id.key_ref", "taken_event.words", "taken_medicine.what"),
    *closed(Whose.HER, "certificate_id.person_id.key_ref", "certificate_event.words"),
    *closed(Whose.CALL, "key_ref", "quiet_number.number"),
    *closed(Whose.UNION, "key_ref", "crisis_policy.words"),
    lies_open("landmark.name", _MEETING_POINT),
    lies_open("landmark.also_written", _MEETING_POINT),
    *plain(Tier.KEYLESS, "team_profile", "digits_hash duress_hash"),
    *plain(Tier.KEYLESS, "incident", "safe_word_hash"),
    *hashed("contact", "number_index"),
    *hashed("quiet_number", "number_index"),
    *hashed("drill_page", "token_hash"),
    *hashed("page", "token_hash"),
    *hashed("rota_feed", "token_hash"),
    *hashed("rota_offer", "token_hash"),
    *codes("certificate", "home_cell"),
    *codes("contact", "cell language gender_wish"),
    *codes("crisis_policy", "quorum steps"),
    *codes("drill_page", "code"),
    *codes("incident", "cell language gender_wish needs"),
    *codes("incident_choice", "asked_as inputs chosen"),
    *codes("incident_event", "code facts"),
    *codes("landmark", "cell"),
    *codes("page", "reasons code"),
    *codes("rota_pattern", "zone"),
    *codes("rota_wish", "zone"),
    *codes("taken_event", "facts"),
    *codes("taken_sheet", "key"),
    *codes("team_profile", "languages reached_by gender"),
)
