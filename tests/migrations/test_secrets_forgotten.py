"""Revision 0046 on a union that lives: old hashes are forgotten, waiting files get their timer."""

from __future__ import annotations

import psycopg

from tests.cluster import TestCluster
from union.infra import schema
from union.infra.embedded.postgres import OWNER

BEFORE = """
INSERT INTO command (key, name, request_hash, result, made_at)
VALUES ('k', 'ways.sms', 'of a password', '{}', '2026-11-01Z');
INSERT INTO import_upload (ref, key_ref, content, made_at)
VALUES ('aaaaaaaaaaaa', gen_random_uuid(), 'a book', '2026-11-01T09:00Z');
"""
AFTER = """
SELECT c.key, c.request_hash, t.kind, t.due_at = '2026-11-02T09:00Z'
FROM command c, import_upload u JOIN timer t ON t.subject_id = u.id
WHERE t.subject_type = 'import_upload' AND t.done_at IS NULL
"""


def test_what_was_kept_before_is_seen_to(cluster: TestCluster):
    name = cluster.copy("template0", OWNER)
    database = cluster.database(name)
    schema.upgrade(database.owner_url, "0045_shares")
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(BEFORE)
    schema.upgrade(database.owner_url, "0046_keys")
    with psycopg.connect(database.owner_url) as connection:
        assert connection.execute(AFTER).fetchall() == [("k", b"", "drop_import_upload", True)]
    cluster.drop(name)
