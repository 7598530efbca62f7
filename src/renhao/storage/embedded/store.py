"""The SQL that makes roles and databases, run as the superuser."""

from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from renhao.storage import roles
from renhao.storage.embedded.names import SUPERUSER, VISITORS
from renhao.storage.embedded.server import Server

CONNECT_SECONDS_MAX = 10
COMMON_DATABASES = ("postgres", "template1")


def server_version(server: Server) -> int:
    """Log in and ask for the version, such as 180006."""
    with _superuser(server) as connection:
        return connection.info.server_version


def provision(server: Server) -> None:
    """Make the roles and databases that are missing, and shut everybody else out. Repeatable."""
    with _superuser(server) as connection:
        for role in _missing(connection, "SELECT rolname FROM pg_roles", roles.ALL):
            _create_role(connection, role, passwords=server.passwords)
        for name in _missing(connection, "SELECT datname FROM pg_database", VISITORS):
            _create(connection, name=name, template="template0")
        for name, visitors in VISITORS.items():
            _admit(connection, name=name, visitors=visitors)
        for name in COMMON_DATABASES:
            _admit(connection, name=name, visitors=())


def create_database(server: Server, *, name: str, template: str = "template0") -> None:
    """Make one more database of the owner's, a copy of `template`, open to every role."""
    with _superuser(server) as connection:
        _create(connection, name=name, template=template)
        _admit(connection, name=name, visitors=(roles.SERVER, roles.WORKER, roles.OFFICER))


def drop_database(server: Server, *, name: str) -> None:
    """Remove a database, and throw out whoever is connected to it."""
    with _superuser(server) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _superuser(server: Server) -> psycopg.Connection:
    url = server.url(role=SUPERUSER, database="postgres")
    return psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS_MAX)


def _missing(connection: psycopg.Connection, known: str, wanted: Iterable[str]) -> list[str]:
    found = {name for (name,) in connection.execute(known.encode())}
    return [name for name in wanted if name not in found]


def _create_role(
    connection: psycopg.Connection, role: str, *, passwords: Mapping[str, str]
) -> None:
    # The verifier is made here, so that the password itself can reach no log.
    verifier = connection.pgconn.encrypt_password(
        passwords[role].encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(verifier.decode())
        )
    )


def _create(connection: psycopg.Connection, *, name: str, template: str) -> None:
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(roles.OWNER), sql.Identifier(template)
        )
    )


def _admit(connection: psycopg.Connection, *, name: str, visitors: Iterable[str]) -> None:
    database = sql.Identifier(name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in visitors:
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))
        )
