"""The schema rules as questions to the catalogue: each answers with what breaks it.

The schema can be hash-distributed by `hospital_id`: so `hospital_id` stands first in every key, no
trigger and no sequence exists, and foreign keys stay within a hospital or point to a shared list.
"""

from collections.abc import Callable

import psycopg

from renhao.web.api.held import HELD, NOTHING_OF_A_PERSON, OF_STAFF

REFERENCE_TABLES = {"document_kind", "department_code"}
GENERATED_NAMES = r"_(pkey|key|fkey|check|excl)\d*$"
NOT_OURS = ("alembic_version",)
SECRETS = (("staff", "password_hash"), ("staff", "totp_cipher"))

Rule = Callable[[psycopg.Connection], list[str]]


def _names(connection: psycopg.Connection, sql: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(sql)]


def keys_start_with_hospital(connection: psycopg.Connection) -> list[str]:
    """Every unique index of a table with a hospital_id column starts with that column."""
    return _names(
        connection,
        """
        SELECT c.relname || ': ' || i.relname FROM pg_index x
        JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_attribute h ON h.attrelid = c.oid AND h.attname = 'hospital_id'
        WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND x.indkey[0] <> h.attnum
        """,
    )


def hospital_tables_have_a_key(connection: psycopg.Connection) -> list[str]:
    """Every table has a primary key."""
    return _names(
        connection,
        """
        SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p')
        AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
        """,
    )


def foreign_keys_stay_in_the_hospital(connection: psycopg.Connection) -> list[str]:
    """A foreign key starts with hospital_id on both sides, or with the same platform-wide id."""
    rows = connection.execute(
        """
        SELECT k.conname, r.relname, a.attname, b.attname, k.confdeltype FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
        JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.confkey[1]
        JOIN pg_index x ON x.indexrelid = (
          SELECT p.conindid FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p')
        WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
        AND NOT (a.attname = b.attname AND a.attnum = x.indkey[0])
        """
    )
    return [str(row[0]) for row in rows if row[1] not in REFERENCE_TABLES]


def foreign_keys_restrict_or_cascade(connection: psycopg.Connection) -> list[str]:
    """ON DELETE sets nothing to null or default."""
    return _names(
        connection,
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('n', 'd')"
        " AND connamespace = 'public'::regnamespace",
    )


def constraints_are_named(connection: psycopg.Connection) -> list[str]:
    """No constraint carries a name that PostgreSQL made up."""
    return _names(
        connection,
        f"SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        f" WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0"
        f" AND conname ~ '{GENERATED_NAMES}'"
        f" AND k.connamespace = 'public'::regnamespace AND c.relispartition = false"
        f" AND c.relname NOT IN ('alembic_version')",
    )


def there_are_no_triggers(connection: psycopg.Connection) -> list[str]:
    """What must not change is guarded by grants: a distributed PostgreSQL refuses triggers."""
    return _names(
        connection,
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace",
    )


def there_are_no_sequences(connection: psycopg.Connection) -> list[str]:
    """Ids are made by the caller."""
    return _names(
        connection,
        "SELECT relname FROM pg_class WHERE relkind = 'S'"
        " AND relnamespace = 'public'::regnamespace",
    )


def what_must_not_change_cannot(connection: psycopg.Connection) -> list[str]:
    """No role of the program may update a column that must not change, or delete a record."""
    frozen = {
        "appointment": ["patient_id", "identity_id", "clinic_id", "slot_id", "number", "channel"],
        "identity": ["patient_id", "name_cipher", "document_cipher", "document_kind", "made_by"],
        "document_index": ["patient_id", "document_index"],
        "audit_event": ["at", "action", "actor_id", "patient_id", "fields"],
        "arrival": ["appointment_id", "queue_number", "checked_in_by"],
        "suspension": ["clinic_id", "reason"],
        "request": ["digest", "appointment_id"],
    }
    return [
        f"{role} {table}.{column}"
        for role in ("renhao_server", "renhao_worker", "renhao_officer")
        for table, columns in frozen.items()
        for column in columns
        if _may(connection, role, table, column)
    ]


def only_the_server_reads_secrets(connection: psycopg.Connection) -> list[str]:
    """What a member of staff logs in with is read by the server's role alone."""
    return [
        f"{role} {table}.{column}"
        for role in ("renhao_worker", "renhao_officer")
        for table, column in SECRETS
        if connection.execute(
            "SELECT has_column_privilege(%s, %s, %s, 'SELECT')", [role, f"public.{table}", column]
        ).fetchone()
        != (False,)
    ]


def every_table_is_told_of(connection: psycopg.Connection) -> list[str]:
    """The privacy page tells of each table, unless it is marked as holding nothing of a person."""
    told = {table for each in HELD for table in each.tables} | NOTHING_OF_A_PERSON | OF_STAFF
    tables = _names(
        connection,
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace",
    )
    return sorted(set(tables) ^ told)


def _may(connection: psycopg.Connection, role: str, table: str, column: str) -> bool:
    row = connection.execute(
        "SELECT has_column_privilege(%s, %s, %s, 'UPDATE')"
        " OR (has_table_privilege(%s, %s, 'DELETE') AND %s <> 'request')",
        [role, f"public.{table}", column, role, f"public.{table}", table],
    ).fetchone()
    return bool(row and row[0])


RULES: list[Rule] = [
    keys_start_with_hospital,
    hospital_tables_have_a_key,
    foreign_keys_stay_in_the_hospital,
    foreign_keys_restrict_or_cascade,
    constraints_are_named,
    there_are_no_triggers,
    there_are_no_sequences,
    what_must_not_change_cannot,
    only_the_server_reads_secrets,
    every_table_is_told_of,
]
