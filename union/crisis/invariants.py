"""The laws of crisis as queries that return the rows at fault, if any; replays ask them too."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "crisis.c1_incident_without_timer": """
        SELECT i.id FROM incident i
        WHERE i.state IN ('seeking', 'filled') AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'incident' AND t.subject_id = i.id AND t.done_at IS NULL)
    """,
    "crisis.c1_contact_without_timer": """
        SELECT c.id FROM contact c
        WHERE c.state IN ('open', 'taken') AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'contact' AND t.subject_id = c.id AND t.done_at IS NULL)
    """,
    "crisis.c1_asked_without_message": """
        SELECT p.id FROM page p
        WHERE p.state = 'asked' AND p.message_id IS NULL
    """,
    "crisis.c2_incident_without_decision": """
        SELECT i.id FROM incident i
        WHERE NOT EXISTS (SELECT FROM incident_choice c WHERE c.incident_id = i.id)
    """,
    "crisis.c3_counted_without_human_answer": """
        SELECT p.id FROM page p
        WHERE p.state IN ('briefed', 'en_route', 'arrived')
          AND (p.answered_by IS NULL OR p.briefed_at IS NULL OR p.duress_at IS NOT NULL)
    """,
    "crisis.c3_closed_without_witness": """
        SELECT i.id FROM incident i
        WHERE i.state = 'closed' AND i.closed_how = 'saw_her' AND NOT EXISTS (
          SELECT FROM page p WHERE p.incident_id = i.id
            AND p.person_id = i.witness_person_id AND p.arrived_at IS NOT NULL)
    """,
    "crisis.c7_asked_without_certificate": """
        SELECT p.id FROM page p
        LEFT JOIN certificate c ON c.id = p.certificate_id
        WHERE p.asked_as NOT IN ('coordinator', 'duty_officer') AND NOT p.came_herself
          AND p.lapsed_override_by IS NULL
          AND (c.id IS NULL OR p.asked_on NOT BETWEEN c.starts_on AND c.ends_on)
    """,
    "crisis.filled_but_short": """
        SELECT i.id FROM incident i, jsonb_each_text(i.needs) AS need (role, count)
        WHERE i.state = 'filled' AND need.count::int > (
          SELECT count(*) FROM page p
          WHERE p.incident_id = i.id AND p.asked_as = need.role
            AND p.state IN ('briefed', 'en_route', 'arrived')
            AND num_nonnulls(p.certificate_id, p.lapsed_override_by) > 0)
    """,
}
