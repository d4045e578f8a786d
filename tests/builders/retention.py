"""Records of every kind as old as a test needs them, planted past every trigger by a superuser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from tests.cluster import Database

HER = 90_001
"""Whose everything is that is planted: one person of the register."""


@dataclass(frozen=True, slots=True)
class Plant:
    """How one record is put there, and how it is found; ``keys``: its key is ordered to go."""

    put: tuple[str, ...]
    found: str = ""

    @property
    def keys(self) -> bool:
        return not self.found


_INCIDENT = """INSERT INTO incident (id, ref, key_ref, kind, severity, cell_exact, policy_id, needs,
  step, rounds, state, opened_at, last_contact_at, closed_at, closed_by_person_id, closed_how,
  outcome, as_she_wished, follow_up, witness_person_id)
 VALUES (%(n)s, 'i' || %(n)s, {key}, 'eviction', 'ordinary', false, 1, '{{}}', 0, 0, 'closed',
  %(at)s, %(at)s, %(at)s, %(her)s, 'saw_her', 'settled_there', 'yes', false, %(her)s)"""
_MESSAGE = """INSERT INTO message (id, ref, person_id, key_ref, purpose, template, params, channels,
  urgent, state, made_at, due_at, closed_at)
 VALUES (%(n)s, 'm' || %(n)s, %(her)s, %(other)s, 'page', 'page', 'words', '{sms}', false,
  'handed_over', %(at)s, %(at)s, %(at)s)"""
_ATTEMPT = """INSERT INTO attempt (id, message_id, number, key, channel, urgent, state, made_at,
  due_at, ended_at)
 VALUES (%(n)s, %(n)s, 1, 'k' || %(n)s, 'sms', false, 'handed_over', %(at)s, %(at)s, %(at)s)"""
_CLAIM = """INSERT INTO claim (id, ref, person_id, key_ref, scheme_id, scheme_version_id, from_on,
  until_on, evidence, health, state, asked_at)
 VALUES (%(n)s, 'c' || %(n)s, %(her)s, %(other)s, 1, 1, %(at)s, %(at)s, 'doctor', 'words',
  'refused', %(at)s)"""
_DECISION = """INSERT INTO claim_decision (id, claim_id, claimant_person_id, decided_by_person_id,
  decided_at, outcome, days, amount_minor, paid_from_on, scheme_version_id, proposed,
  proposed_days, reasons, inputs)
 VALUES (%(n)s, %(n)s, %(her)s, 1, %(at)s, 'refuse', 0, 0, %(at)s, 1, 'refuse', 0, '{}',
  '{}')"""
_MEMBER = """INSERT INTO member (person_id, ref, key_ref, called, joined_precision, status,
  status_on, made_at) VALUES (%(n)s, 'r' || %(n)s, {key}, 'words', 'day', 'left', %(at)s, %(at)s)"""
_PERSON = "INSERT INTO person (id, key_ref, made_at) VALUES (%(n)s, {key}, %(at)s)"
_STATEMENT = """INSERT INTO bank_statement (id, ref, account_id, key_ref, file_kind, period_from,
  period_to, lines, fresh, made_at)
 VALUES (%(n)s, 's' || %(n)s, 1, %(other)s, 'csv', %(at)s, %(at)s, 1, 1, %(at)s)"""
_LINE = """INSERT INTO bank_line (id, ref, statement_id, account_id, row_no, booked_on,
  amount_minor, mark, key_ref, words) VALUES (%(n)s, 'l' || %(n)s, %(n)s, 1, 1, %(at)s, -1,
  decode(md5(%(n)s::text), 'hex'),
  coalesce((SELECT key_ref FROM person WHERE id = %(her)s), %(key)s), 'words')"""


def _keyed(sql: str, name: str) -> str:
    return sql.format(key=f"%({name})s")


PLANTS: Mapping[str, Plant] = {
    "sign_ins": Plant(
        (
            """INSERT INTO sign_in_session (token_hash, ref, account_id, kind, proofs, proved_at,
              made_at, last_seen_at, ends_at, duress, browser)
             VALUES (sha256(%(n)s::text::bytea), 'r' || %(n)s, 1, 'member', '{pin}', %(early)s,
              %(early)s, %(early)s, %(at)s, false, 'other')""",
        ),
        "sign_in_session WHERE ref = 'r' || %(n)s",
    ),
    "slips": Plant(
        (
            """INSERT INTO enrolment_slip (id, account_id, token_hash, made_at, ends_at)
             VALUES (%(n)s, 1, sha256(%(n)s::text::bytea), %(early)s, %(at)s)""",
        ),
        "enrolment_slip WHERE id = %(n)s",
    ),
    "tries": Plant(
        (
            """INSERT INTO try_spent (id, what, bucket, passed, at)
             VALUES (%(n)s, 'name', sha256(%(n)s::text::bytea), false, %(at)s)""",
        ),
        "try_spent WHERE id = %(n)s",
    ),
    "commands": Plant(
        (
            """INSERT INTO command (key, name, person_id, request_hash, result, made_at)
             VALUES ('k' || %(n)s, 'x', %(her)s, '', '{}', %(at)s)""",
        ),
        "command WHERE key = 'k' || %(n)s",
    ),
    "facts_told": Plant(
        (
            "INSERT INTO outbox (id, fact, ids, made_at) VALUES (%(n)s, 'x', '{}', %(at)s)",
            """INSERT INTO outbox_delivery (id, outbox_id, handler, due_at, attempts, done_at)
             VALUES (%(n)s, %(n)s, 'x', %(at)s, 0, %(at)s)""",
        ),
        "outbox WHERE id = %(n)s",
    ),
    "timers_done": Plant(
        (
            """INSERT INTO timer (id, kind, subject_type, subject_id, due_at, attempts, made_at,
              done_at) VALUES (%(n)s, 'x', 'x', 1, %(at)s, 0, %(at)s, %(at)s)""",
        ),
        "timer WHERE id = %(n)s",
    ),
    "acts": Plant(
        (
            """INSERT INTO audit_entry (id, at, actor_name, action, subject_person_id,
              object_type, object_id) VALUES (%(n)s, %(at)s, 'x', 'x', %(her)s, 'x', 1)""",
        ),
        "audit_entry WHERE id = %(n)s",
    ),
    "readings": Plant(
        (
            """INSERT INTO reading (id, ref, at, actor_name, office_codes, subject_person_id,
              object_type, object_id, what, reason, salt)
             VALUES (%(n)s, 'r' || %(n)s, %(at)s, 'x', '{}', %(her)s, 'x', 1, 'x', 'audit',
              decode(md5('x'), 'hex'))""",
            """INSERT INTO reading_seal (id, readings, content_hash, made_at)
             VALUES (%(n)s, 1, sha256('x'), %(now)s)
             ON CONFLICT ON CONSTRAINT reading_seal_previous_id_key
             DO UPDATE SET made_at = EXCLUDED.made_at""",
            """INSERT INTO reading_sealed (reading_id, seal_id, read_on, commitment)
             VALUES (%(n)s, %(n)s, %(at)s, sha256('x'))""",
        ),
        "reading WHERE id = %(n)s",
    ),
    "message_words": Plant((_MESSAGE,), "message WHERE id = %(n)s AND params <> ''"),
    "attempts": Plant((_MESSAGE, _ATTEMPT), "attempt WHERE id = %(n)s"),
    "receipts": Plant(
        (
            _MESSAGE,
            _ATTEMPT,
            """INSERT INTO delivery_receipt (id, attempt_id, provider, provider_id, word, code, at,
              stored_at) VALUES (%(n)s, %(n)s, 'x', %(n)s, 'delivered', 'x', %(at)s, %(at)s)""",
        ),
        "delivery_receipt WHERE id = %(n)s",
    ),
    "inbound_words": Plant(
        (
            """INSERT INTO inbound_message (id, ref, provider, provider_id, channel, key_ref,
              from_number, from_index, to_number, body, at, stored_at)
             VALUES (%(n)s, 'b' || %(n)s, 'x', %(n)s, 'sms', %(key)s, '', '', '', '', %(at)s,
              %(at)s)""",
            """INSERT INTO contact (id, ref, channel, received_at, inbound_id, key_ref, person_id,
              cell_exact, kind, may_call_back, state, overflow, tries, dealt_by_person_id,
              dealt_at, dealt_how)
             VALUES (%(n)s, 'n' || %(n)s, 'sms', %(at)s, %(n)s, %(other)s, %(her)s, false,
              'eviction', true, 'dealt', 0, 0, %(her)s, %(at)s, 'spoken')""",
        )
    ),
    "nuisance": Plant(
        (
            """INSERT INTO quiet_number (id, ref, key_ref, number, number_index, since,
              by_person_id, ended_at, ended_by_person_id)
             VALUES (%(n)s, 'q' || %(n)s, %(key)s, '', '', %(at)s, %(her)s, %(at)s, %(her)s)""",
        )
    ),
    "import_rows": Plant(
        (
            """INSERT INTO import_batch (id, ref, key_ref, fingerprint, heading, columns,
              register_month, rows, taken, doubtful, duplicates, refused, imported_at)
             VALUES (%(n)s, 'b' || %(n)s, %(key)s, sha256(%(n)s::text::bytea), '{}', '{}',
              '2026-01', 1, 1, 0, 0, 0, %(at)s)""",
            """INSERT INTO import_row (id, batch_id, line, fingerprint, verdict, findings,
              original, person_id, change)
             VALUES (%(n)s, %(n)s, 1, sha256(%(n)s::text::bytea), 'taken', '{}', 'words', %(her)s,
              'added')""",
        )
    ),
    "set_aside": Plant(
        (
            """INSERT INTO set_aside (id, ref, batch_id, key_ref, fingerprint, sealed, made_at,
              dealt_with_at) VALUES (%(n)s, 'a' || %(n)s, 1, %(key)s,
              sha256(%(n)s::text::bytea), 'words', %(at)s, %(at)s)""",
        )
    ),
    "gone_identity": Plant(
        (_keyed(_PERSON, "other"), _keyed(_MEMBER, "other")),
        "member WHERE person_id = %(n)s AND called IS NOT NULL",
    ),
    "gone_keys": Plant((_keyed(_PERSON, "key"), _keyed(_MEMBER, "key"))),
    "sheet_lines": Plant(
        (
            """INSERT INTO collection_sheet (id, ref, key_ref, fingerprint, rows, imported_at)
             VALUES (%(n)s, 's' || %(n)s, %(key)s, sha256(%(n)s::text::bytea), 1, %(at)s)""",
            """INSERT INTO collection_line (id, ref, sheet_id, row_no, original, person_id,
              happened_on, note, verdict)
             VALUES (%(n)s, 'l' || %(n)s, %(n)s, 1, 'words', %(her)s, %(at)s, '', 'already')""",
        )
    ),
    "incident_words": Plant(
        (
            _INCIDENT.replace("'{{}}'", "'{}'").replace("{key}", "%(key)s"),
            """INSERT INTO contact (id, ref, channel, received_at, key_ref, person_id,
              cell_exact, kind, may_call_back, state, overflow, tries, dealt_by_person_id,
              dealt_at, dealt_how, incident_id, attachment)
             VALUES (%(n)s, 'n' || %(n)s, 'walk_in', %(at)s, %(other)s, %(her)s, false, 'eviction',
              true, 'dealt', 0, 0, %(her)s, %(at)s, 'attached', %(n)s, 'opened')""",
        )
    ),
    "taken_lists": Plant(
        (
            _INCIDENT.replace("'{{}}'", "'{}'").replace("{key}", "%(other)s"),
            """INSERT INTO taken (id, ref, incident_id, number, key_ref, typed, name, standing,
              standing_at, taken_at, assumed, warned_hours, person_id, made_at, made_by_person_id)
             VALUES (%(n)s, 't' || %(n)s, %(n)s, 1, %(key)s, '', '', 'released', %(at)s, %(at)s,
              false, 0, %(her)s, %(at)s, %(her)s)""",
        )
    ),
    "cases": Plant(
        (
            """INSERT INTO legal_case (id, ref, key_ref, kind, subject_person_id, acts, state,
              opened_at, closed_at, closed_by_person_id, outcome)
             VALUES (%(n)s, 'c' || %(n)s, %(key)s, 'aid', %(her)s, '{}', 'closed', %(at)s,
              %(at)s, %(her)s, 'settled')""",
        )
    ),
    "health_words": Plant(
        (
            _CLAIM,
            _DECISION,
            """INSERT INTO claim_hearing (id, ref, claim_id, claimant_person_id,
              heard_by_person_id, heard_at, note)
             VALUES (%(n)s, 'h' || %(n)s, %(n)s, %(her)s, 1, %(at)s, 'words')""",
        ),
        "claim c JOIN claim_hearing h ON h.claim_id = c.id WHERE c.id = %(n)s"
        " AND (c.health IS NOT NULL OR h.note <> '')",
    ),
    "narrations": Plant((_STATEMENT, _LINE), "bank_line WHERE id = %(n)s AND words <> ''"),
}
"""Each kind with a hand; a rule without one here fails a test."""

_ALWAYS = """INSERT INTO user_account (id, ref, person_id, sign_in_name, made_at, confirmed_at)
 VALUES (1, 'a1', %(her)s, 'x', %(now)s, %(now)s) ON CONFLICT DO NOTHING"""
_AUDITED = """INSERT INTO audit (id, ref, kind, from_on, to_on, key_ref, opened_at, opened_by)
 VALUES (1, 'a1', 'surprise', '1990-01-01', '2099-12-31', %(other)s, %(now)s, %(her)s)
 ON CONFLICT DO NOTHING"""
_REPORTED = """INSERT INTO audit_report (audit_id, body, content_hash, written_at)
 VALUES (1, '', sha256('x'), %(now)s) ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Garden:
    """Plants records into a database as if they had been there long, and looks whether they are."""

    database: Database
    now: datetime

    def connect(self) -> psycopg.Connection:
        options = "-c session_replication_role=replica"
        return psycopg.connect(self.database.superuser_url, autocommit=True, options=options)

    def live(self, *, days: int = 7, until: date | None = None) -> None:
        """So many nights on which the union saw to its records, the last one today."""
        last = until or self.now.date()
        with self.connect() as connection:
            for back in range(days - 1, -1, -1):
                day = last - timedelta(days=back)
                connection.execute(
                    "INSERT INTO retention_day (day, begun_at) VALUES (%s, %s)", (day, day)
                )

    def plant(
        self,
        kind: str,
        number: int,
        age: timedelta,
        *,
        audited: bool = True,
        key: UUID | None = None,
    ) -> UUID:
        """One record of this kind, so old; its key."""
        key = key or uuid4()
        told = {
            "n": number,
            "at": self.now - age,
            "early": self.now - age - timedelta(hours=1),
            "now": self.now,
            "her": HER,
            "key": key,
            "other": uuid4(),
        }
        with self.connect() as connection:
            for statement in (_ALWAYS, *PLANTS[kind].put):
                connection.execute(statement, told)
            for statement in (_AUDITED, _REPORTED) if audited else ():
                connection.execute(statement, told)
        return key

    def stands(self, kind: str, number: int, key: UUID) -> bool:
        """Whether that record is as it was planted."""
        plant = PLANTS[kind]
        ask = f"SELECT count(*) FROM {plant.found or 'retention_key WHERE key_ref = %(key)s'}"
        with self.connect() as connection:
            row = connection.execute(ask, {"n": number, "key": key}).fetchone()
        return (row is not None and row[0] == 0) if plant.keys else (row is not None and row[0] > 0)
