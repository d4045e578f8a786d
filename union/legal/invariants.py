"""What must always hold of cases, as queries that return whatever breaks it."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "open_case_nobody_looks_at": """
        SELECT c.id FROM legal_case c
        WHERE c.state = 'open' AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'legal_case' AND t.subject_id = c.id AND t.done_at IS NULL)
    """,
    "open_case_without_next_step": """
        SELECT id FROM legal_case
        WHERE state = 'open' AND num_nonnulls(next_step, next_on) < 2
    """,
    "follow_up_without_case": """
        SELECT i.id FROM incident i
        WHERE i.state = 'closed' AND i.follow_up
          AND NOT EXISTS (SELECT FROM legal_case c WHERE c.incident_id = i.id)
          AND NOT EXISTS (
            SELECT FROM outbox o JOIN outbox_delivery d ON d.outbox_id = o.id
            WHERE o.fact = 'follow_up_needed' AND (o.ids ->> 'incident_id')::bigint = i.id
              AND d.done_at IS NULL)
    """,
    "share_without_her_word": """
        SELECT s.id FROM case_share s JOIN case_consent c ON c.id = s.consent_id
        WHERE s.ended_at IS NULL AND (c.withdrawn_at IS NOT NULL OR c.case_id <> s.case_id)
    """,
    "room_nobody_holds": """
        SELECT r.id FROM case_room r
        WHERE NOT EXISTS (SELECT FROM case_room_key k WHERE k.room_id = r.id AND k.ended_at IS NULL)
    """,
    "wait_nobody_is_told_of": """
        SELECT w.id FROM case_wait w
        WHERE w.ended_at IS NULL AND w.steps < 3 AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'case_wait' AND t.subject_id = w.id AND t.done_at IS NULL)
    """,
    "case_sealed_by_half": """
        SELECT c.id FROM legal_case c WHERE EXISTS (SELECT FROM case_room r WHERE r.case_id = c.id)
          AND (EXISTS (SELECT FROM case_event e WHERE e.case_id = c.id AND e.words IS NOT NULL
                        AND e.room_id IS NULL)
            OR EXISTS (SELECT FROM case_party p WHERE p.case_id = c.id AND p.room_id IS NULL))
    """,
    "complaint_around_nobody": """
        SELECT c.id FROM legal_case c WHERE c.kind = 'complaint'
          AND NOT EXISTS (SELECT FROM case_shut_out s WHERE s.case_id = c.id)
    """,
    "case_with_whom_it_goes_around": """
        SELECT c.id FROM legal_case c JOIN case_shut_out s ON s.case_id = c.id
        WHERE (c.state = 'open'
            AND one_person(c.assignee_person_id) = one_person(s.person_id))
           OR EXISTS (SELECT FROM case_receiver r WHERE r.case_id = c.id AND r.ended_at IS NULL
                AND c.state = 'open' AND one_person(r.person_id) = one_person(s.person_id))
           OR EXISTS (SELECT FROM case_share h WHERE h.case_id = c.id AND h.ended_at IS NULL
                AND one_person(h.person_id) = one_person(s.person_id))
    """,
}
