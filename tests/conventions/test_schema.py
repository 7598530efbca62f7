"""The migrated schema keeps the rules, and each rule notices a schema that breaks it."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from renhao import storage
from renhao.kernel import new_id
from tests.conventions import schema_rules as rules

pytestmark = pytest.mark.conventions

VERSIONS = Path(storage.__file__).parent / "migrations" / "versions"


PLANTED = {
    "keys_start_with_hospital": "CREATE TABLE x (a uuid CONSTRAINT x_pk PRIMARY KEY,"
    " hospital_id uuid)",
    "hospital_tables_have_a_key": "CREATE TABLE x (a uuid)",
    "foreign_keys_stay_in_the_hospital": "CREATE TABLE x (hospital_id uuid, x_id uuid,"
    " account_id uuid CONSTRAINT x_of_account REFERENCES account,"
    " CONSTRAINT x_pk PRIMARY KEY (hospital_id, x_id))",
    "foreign_keys_restrict_or_cascade": "CREATE TABLE x (account_id uuid CONSTRAINT x_pk PRIMARY"
    " KEY CONSTRAINT x_of_account REFERENCES account ON DELETE SET NULL)",
    "constraints_are_named": "CREATE TABLE x (a uuid PRIMARY KEY)",
    "there_are_no_triggers": "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'; CREATE TRIGGER x AFTER INSERT ON account EXECUTE FUNCTION f()",
    "there_are_no_sequences": "CREATE SEQUENCE x",
    "what_must_not_change_cannot": "GRANT UPDATE (patient_id) ON appointment TO renhao_server",
    "only_the_server_reads_secrets": "GRANT SELECT ON staff TO renhao_officer",
    "every_table_is_told_of": "CREATE TABLE x (face bytea)",
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps_the_rule(rule: "rules.Rule", owner: psycopg.Connection) -> None:
    assert rule(owner) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_notices_what_breaks_it(rule: "rules.Rule", owner: psycopg.Connection) -> None:
    owner.execute(PLANTED[rule.__name__])

    assert rule(owner)


def test_a_schema_made_step_by_step_is_the_one_made_at_once(
    server: str, owner: psycopg.Connection
) -> None:
    name = f"t_{new_id().hex}"
    revisions = sorted(path.name.split("_")[0] for path in VERSIONS.glob("0*.py"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {storage.roles.OWNER}")
        stepwise = make_conninfo(server, dbname=name)

        for revision in revisions:
            storage.upgrade(stepwise, schema=storage.Schema.MAIN, revision=revision)

        with psycopg.connect(stepwise) as other:
            assert _columns(other) == _columns(owner)
            assert _constraints(other) == _constraints(owner)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _columns(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    ).fetchall()


def _constraints(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    ).fetchall()
