"""Readings from before there were reasons come along, and go back where they stood."""

from __future__ import annotations

import psycopg
import pytest

from tests.cluster import Database, TestCluster
from union.infra import schema
from union.infra.embedded.postgres import OWNER

BEFORE = """
INSERT INTO person (key_ref, made_at) VALUES (gen_random_uuid(), '2026-01-01'),
  (gen_random_uuid(), '2026-01-01');
INSERT INTO user_account (ref, person_id, sign_in_name, password_hash, made_at)
VALUES ('sita', 1, 'sita', '!', '2026-01-01');
INSERT INTO audit_entry (at, actor_person_id, actor_name, action, subject_person_id, object_type,
                         object_id)
VALUES ('2026-02-01', 1, 'person', 'opened_case', 2, 'legal_case', 7),
       ('2026-02-02', 1, 'person', 'case_closed', 2, 'legal_case', 7),
       ('2026-02-03', 1, 'person', 'legal_name_opened', 2, 'member', 2),
       ('2026-02-04', 1, 'person', 'audit_opened', NULL, 'audit', 3);
"""
MEANWHILE = """
INSERT INTO reading (ref, at, actor_person_id, actor_name, office_codes, subject_person_id,
                     object_type, object_id, what, reason)
VALUES ('meanwhile', '2026-03-01', 1, 'person', '{paralegal}', 2, 'legal_case', 7, 'opened_case',
        'case_work')
"""


@pytest.fixture
def before(cluster: TestCluster) -> Database:
    database = cluster.database(cluster.copy("template0", OWNER))
    schema.upgrade(database.owner_url, "0046_keys")
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(BEFORE)
    return database


def test_old_readings_are_sealed_without_a_reason_and_new_ones_go_back(before: Database) -> None:
    schema.upgrade(before.owner_url, "0047_readings")
    with psycopg.connect(before.superuser_url) as connection:
        came = connection.execute("SELECT what, reason, at::date::text FROM reading ORDER BY id")
        assert came.fetchall() == [
            ("opened_case", "before_reasons", "2026-02-01"),
            ("legal_name_opened", "before_reasons", "2026-02-03"),
        ]
        sealed = connection.execute("SELECT seal_id, count(*) FROM reading_sealed GROUP BY 1")
        assert sealed.fetchall() == [(1, 2)]
        connection.execute(MEANWHILE)
    schema.downgrade(before.owner_url, "0046_keys")
    with psycopg.connect(before.superuser_url) as connection:
        acts = connection.execute("SELECT action FROM audit_entry ORDER BY id").fetchall()
    assert [act for (act,) in acts] == [
        *("opened_case", "case_closed", "legal_name_opened", "audit_opened", "opened_case")
    ]
