"""The laws of crisis as queries that return the rows at fault, if any; replays ask them too."""

from __future__ import annotations

from string import Template

_WATCHED = Template("""
    SELECT s.id FROM $table s
    WHERE $open AND NOT EXISTS (
      SELECT FROM timer t
      WHERE t.subject_type = '$subject' AND t.subject_id = s.id AND t.done_at IS NULL)
""")


def _without_timer(table: str, subject: str, still_open: str) -> str:
    """Rows that are open and that no timer will ever come back to; s is the row."""
    return _WATCHED.substitute(table=table, subject=subject, open=still_open)


INVARIANTS: dict[str, str] = {
    "crisis.c1_incident_without_timer": _without_timer(
        "incident", "incident", "state IN ('seeking', 'filled')"
    ),
    "crisis.c1_contact_without_timer": _without_timer(
        "contact", "contact", "state IN ('open', 'taken')"
    ),
    "crisis.c1_goer_without_timer": """
        SELECT p.id FROM page p JOIN incident i ON i.id = p.incident_id
        WHERE p.state IN ('briefed', 'en_route', 'arrived')
          AND p.asked_as NOT IN ('coordinator', 'duty_officer')
          AND i.state IN ('seeking', 'filled') AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'page' AND t.subject_id = p.id AND t.done_at IS NULL)
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
    "crisis.drill_without_timer": _without_timer(
        "drill_page", "drill_page", "state IN ('planned', 'sent')"
    ),
    "crisis.rota_swapped_and_kept": """
        SELECT s.id FROM rota_swap s
        LEFT JOIN rota_shift mine ON mine.id = s.shift_id
        WHERE s.state = 'taken' AND (
          (s.shift_id IS NOT NULL AND mine.ended_at IS NULL)
          OR (s.pattern_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM rota_off o WHERE o.pattern_id = s.pattern_id AND o.on_day = s.on_day)))
    """,
    "crisis.rota_down_twice": """
        SELECT a.id FROM rota_shift a JOIN rota_shift b ON b.person_id = a.person_id
          AND b.id > a.id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
        WHERE a.ended_at IS NULL AND b.ended_at IS NULL
    """,
    "crisis.taken_without_timer": _without_timer(
        "taken",
        "taken",
        "produced_at IS NULL AND standing NOT IN ('produced', 'released', 'not_taken')",
    ),
    "crisis.medicine_without_timer": _without_timer(
        "taken_medicine", "taken_medicine", "ended_at IS NULL"
    ),
    "crisis.taken_where_nobody_said": """
        SELECT t.id FROM taken t
        WHERE t.standing IS DISTINCT FROM (
          SELECT e.standing FROM taken_event e
          WHERE e.taken_id = t.id AND e.standing IS NOT NULL ORDER BY e.id DESC LIMIT 1)
    """,
    "crisis.ended_with_one_held": """
        WITH RECURSIVE family AS (
          SELECT id, id AS kept FROM incident WHERE state = 'closed' AND NOT follow_up
          UNION
          SELECT i.id, f.kept FROM incident i JOIN family f ON i.merged_into_id = f.id)
        SELECT f.kept AS id FROM family f JOIN taken t ON t.incident_id = f.id
        JOIN incident k ON k.id = f.kept
        WHERE t.standing NOT IN ('released', 'not_taken') AND t.standing_at <= k.closed_at
    """,
    "crisis.staying_without_timer": _without_timer("staying", "staying", "ended_at IS NULL"),
    "crisis.minor_undecided_without_timer": """
        SELECT c.id FROM contact c
        WHERE c.may_be_minor_at IS NOT NULL AND NOT EXISTS (
          SELECT FROM minor_decision d
          WHERE d.contact_id = c.id AND d.decision <> 'still_looking')
        AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'minor' AND t.subject_id = c.id AND t.done_at IS NULL)
    """,
    "crisis.sealed_lies_open": """
        SELECT id FROM contact WHERE sealed_at IS NOT NULL AND num_nonnulls(place, words) > 0
    """,
    "crisis.custody_without_timer": _without_timer("custody_clock", "custody", "ended_at IS NULL"),
    "crisis.policy_later_than_incident": """
        SELECT i.id FROM incident i JOIN crisis_policy p ON p.id = i.policy_id
        WHERE p.made_at > i.opened_at
          AND (p.version > 1 OR num_nonnulls(p.severity, p.branch_id) > 0)
    """,
    "crisis.medical_clock_without_timer": _without_timer(
        "medical_clock", "medical_clock", "ended_at IS NULL"
    ),
    "crisis.medical_clock_remembers": """
        SELECT id FROM medical_clock WHERE ended_at IS NOT NULL AND num_nonnulls(what, whom) > 0
    """,
    "crisis.lesson_without_timer": _without_timer("lesson", "lesson", "done_at IS NULL"),
    "crisis.custody_beside_persons": """
        SELECT c.id FROM custody_clock c
        WHERE c.ended_at IS NULL AND EXISTS (
          SELECT FROM taken t
          WHERE has_hours(t) AND incident_root(t.incident_id) = incident_root(c.incident_id))
    """,
    "crisis.custody_fell_between": """
        WITH newest AS (
          SELECT incident_root(incident_id) AS root, bool_or(ended_at IS NULL) AS runs,
            (array_agg(ended_how ORDER BY id DESC))[1] AS last_end
          FROM custody_clock GROUP BY 1)
        SELECT root AS id FROM newest
        WHERE NOT runs AND last_end = 'listed' AND NOT EXISTS (
          SELECT FROM taken t
          WHERE t.standing <> 'not_taken' AND incident_root(t.incident_id) = newest.root)
        UNION ALL
        SELECT i.id FROM incident i
        WHERE i.kind = 'arrest_or_raid' AND i.state IN ('seeking', 'filled')
          AND NOT EXISTS (SELECT FROM newest WHERE root = i.id)
          AND NOT EXISTS (SELECT FROM taken t WHERE incident_root(t.incident_id) = i.id)
    """,
    "crisis.clock_asks_in_vain": """
        SELECT h.id FROM medical_handover h JOIN medical_clock c ON c.id = h.clock_id
        WHERE h.answered_at IS NULL
          AND (c.ended_at IS NOT NULL OR h.from_person_id <> c.kept_by_person_id)
    """,
    "crisis.rota_looks_ahead": """
        SELECT min(p.id) FROM rota_pattern p
        WHERE NOT EXISTS (SELECT FROM timer t WHERE t.kind = 'rota_look' AND t.done_at IS NULL)
        HAVING count(*) > 0
    """,
    "crisis.p4_figures_add_up": """
        SELECT a.id FROM figure_atom a
        WHERE a.calls <> (
          SELECT count(*) FROM figure_counted c LEFT JOIN figure_nested n ON n.inside_id = c.atom_id
          WHERE CASE a.side WHEN 'inside' THEN c.atom_id ELSE n.outside_id END = a.id)
    """,
    "crisis.p4_months_in_a_row": """
        SELECT extract(epoch FROM month_on)::bigint AS id FROM (
          SELECT month_on, lag(month_on) OVER (PARTITION BY series ORDER BY month_on) AS before
          FROM figure_edition) e
        WHERE month_on <> before + interval '1 month'
    """,
}
