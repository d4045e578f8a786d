"""What must always hold of readings (P3) and erasures (P1), as queries for the rows at fault.

Each asks everything ever sealed anew, so that what an owner did past every trigger is found. A
reading that has aged out (five years) leaves its commitment behind, and only that.
"""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "readings_unchanged": """
        SELECT n.reading_id, n.seal_id FROM reading_sealed n
          LEFT JOIN reading r ON r.id = n.reading_id
         WHERE r.id IS NULL AND n.read_on + interval '5 years' >
               (SELECT max(made_at) FROM reading_seal)
            OR reading_commitment(r) <> n.commitment OR reading_day(r) <> n.read_on""",
    "readings_seals_fit": """
        SELECT s.id FROM reading_seal s
         WHERE s.content_hash <> reading_seal_hash(s)
            OR s.readings <> (SELECT count(*) FROM reading_sealed n WHERE n.seal_id = s.id)""",
    "readings_make_one_chain": """
        SELECT id FROM (SELECT id, previous_id, made_at, lag(id) OVER before AS stood,
                               lag(made_at) OVER before AS made_before
                          FROM reading_seal WINDOW before AS (ORDER BY id)) s
         WHERE previous_id IS DISTINCT FROM stood OR made_at < made_before""",
    "readings_heads_say_what_is": """
        SELECT h.id FROM (SELECT *, lag(id) OVER (ORDER BY id) AS stood FROM reading_head) h
          LEFT JOIN reading_seal s ON s.id = h.seal_id
         WHERE h.previous_id IS DISTINCT FROM h.stood
            OR h.seal_hash IS DISTINCT FROM s.content_hash
            OR h.readings <> (SELECT sum(readings) FROM reading_seal b WHERE b.id <= h.seal_id)""",
    "readings_slip_behind_no_seal": """
        WITH bounds AS (
          SELECT s.id, s.made_at, max(n.top) OVER (
                   ORDER BY s.made_at
                   RANGE BETWEEN UNBOUNDED PRECEDING AND interval '1 hour' PRECEDING) AS below
            FROM reading_seal s
            JOIN (SELECT seal_id, max(reading_id) AS top FROM reading_sealed
                   GROUP BY seal_id) n ON n.seal_id = s.id)
        SELECT r.id FROM reading r
          LEFT JOIN reading_sealed n ON n.reading_id = r.id
          LEFT JOIN reading_seal s ON s.id = n.seal_id
          JOIN bounds p ON p.id = CASE WHEN s.id IS NULL THEN (SELECT max(id) FROM reading_seal)
                                       ELSE s.previous_id END
         WHERE r.at + interval '1 hour' < p.made_at OR r.id < p.below""",
    "readings_asked_about_have_a_timer": """
        SELECT q.id FROM reading_question q
         WHERE NOT EXISTS (SELECT FROM reading_answer a WHERE a.question_id = q.id)
           AND NOT EXISTS (SELECT FROM timer t
                            WHERE t.subject_type = 'readings_question' AND t.subject_id = q.id
                              AND t.done_at IS NULL)""",
    "readings_answered_by_another": """
        SELECT a.question_id FROM reading_answer a
          JOIN reading_question q ON q.id = a.question_id
          JOIN reading r ON r.id = q.reading_id
         WHERE a.answered_by IN (q.asked_by, r.actor_person_id)""",
    "readings_kept_back_by_two": """
        SELECT q.id FROM reading_inquiry q
          JOIN reading_inquiry_answer a ON a.inquiry_id = q.id AND a.agreed
         WHERE a.answered_by = q.proposed_by
            OR q.subject_person_id IN (q.proposed_by, a.answered_by, q.reader_person_id)
            OR q.ends_at > q.proposed_at + interval '720 hours'""",
    "readings_are_shown_in_time": """
        SELECT r.id FROM reading r
         WHERE r.shown_from IS NOT NULL AND NOT EXISTS (
           SELECT FROM reading_inquiry_answer a WHERE a.inquiry_id = r.inquiry_id AND a.agreed)""",
    "erased_is_gone": """
        SELECT id FROM erasure
         WHERE ended_at IS NOT NULL AND EXISTS (SELECT FROM erasure_left(person_id))""",
    "erasure_goes_on": """
        SELECT e.id FROM erasure e
         WHERE e.second_by IS NOT NULL AND e.stopped_at IS NULL AND e.ended_at IS NULL
           AND NOT EXISTS (SELECT FROM timer t
                            WHERE t.subject_type = 'erasure' AND t.subject_id = e.id
                              AND t.done_at IS NULL)""",
    "erasure_is_by_two": """
        SELECT id FROM erasure
         WHERE begun_at IS NOT NULL AND (second_by IS NULL
            OR one_person(first_by) = one_person(second_by)
            OR one_person(person_id) IN (one_person(first_by), one_person(second_by)))""",
    "erasure_ends_every_key": """
        SELECT k.key_ref FROM key_end k JOIN erasure e ON e.id = k.erasure_id
         WHERE e.ended_at IS NOT NULL AND k.destroyed_at IS NULL""",
    "erasure_certificates_make_one_chain": """
        SELECT number FROM (SELECT *, lag(number) OVER before AS stood,
                                   lag(said_hash) OVER before AS hash_before,
                                   lag(made_at) OVER before AS made_before
                              FROM erasure_certificate WINDOW before AS (ORDER BY number)) c
         WHERE number <> coalesce(stood, 0) + 1 OR made_at < made_before
            OR said_hash <> sha256(convert_to(said, 'UTF8'))
            OR previous_hash <> coalesce(hash_before, decode(repeat('00', 32), 'hex'))""",
    "retention_comes_through": """
        SELECT kind, day FROM retention_run
         WHERE done_at IS NULL AND day < (SELECT max(day) FROM retention_day) - 1""",
    "retention_keys_are_destroyed": """
        SELECT key_ref FROM retention_key
         WHERE destroyed_at IS NULL AND NOT is_held_key(key_ref) AND ordered_at
               < (SELECT max(begun_at) FROM retention_day) - interval '48 hours'""",
    "retention_is_changed_by_two": """
        SELECT ref FROM retention_wish WHERE agreed AND one_person(proposed_by)
               = one_person(answered_by)
        UNION ALL
        SELECT ref FROM legal_hold
         WHERE ended_how = 'lifted' AND one_person(lift_by) = one_person(ended_by)""",
}
