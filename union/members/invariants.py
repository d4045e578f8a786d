"""What must always hold of the register, as queries that return the rows at fault, if any."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "everybody_is_in_one_branch": """
        SELECT m.person_id FROM member m
         WHERE (SELECT count(*) FROM membership s
                 WHERE s.person_id = m.person_id AND s.until_on IS NULL) <> 1""",
    "her_card_finds_her": """
        SELECT m.person_id FROM member m
         WHERE m.card_number IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM card c
                            WHERE c.number = m.card_number AND c.person_id = m.person_id)""",
    "a_joined_entry_leads_to_one_that_is_kept": """
        SELECT gone.person_id FROM member gone
          JOIN member kept ON kept.person_id = gone.merged_into
         WHERE kept.merged_into IS NOT NULL""",
    "joined_entries_have_an_open_merge": """
        SELECT person_id, kept_person_id, merged_into
          FROM (SELECT gone_person_id AS person_id, kept_person_id
                  FROM merge WHERE undone_at IS NULL) open_merge
          FULL JOIN (SELECT person_id, merged_into
                       FROM member WHERE merged_into IS NOT NULL) pointer
         USING (person_id)
         WHERE kept_person_id IS DISTINCT FROM merged_into""",
    "the_dead_have_no_number_in_use": """
        SELECT p.id FROM contact_point p JOIN member m ON m.person_id = p.person_id
         WHERE m.status = 'died' AND p.ended_at IS NULL""",
    "shared_numbers_are_known_as_such": """
        SELECT p.id FROM contact_point p
          JOIN (SELECT number_index, count(DISTINCT coalesce(m.merged_into, m.person_id)) AS people
                  FROM contact_point o JOIN member m ON m.person_id = o.person_id
                 WHERE o.ended_at IS NULL GROUP BY number_index) counted
         USING (number_index)
         WHERE p.ended_at IS NULL AND p.shared <> (counted.people > 1)""",
    "every_row_of_a_file_is_somewhere": """
        SELECT b.id FROM import_batch b
         WHERE b.rolled_back_at IS NULL
           AND b.rows < (SELECT count(*) FROM import_row r WHERE r.batch_id = b.id)
                      + (SELECT count(*) FROM set_aside s WHERE s.batch_id = b.id)""",
    "a_refused_row_is_nobody": """
        SELECT id FROM import_row
         WHERE verdict = 'refused' AND person_id IS NOT NULL""",
    "a_taken_row_is_somebody": """
        SELECT id FROM import_row
         WHERE verdict IN ('taken', 'doubtful') AND person_id IS NULL""",
}
