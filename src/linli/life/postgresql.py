"""PostgreSQL hands over its rows by COPY, a few megabytes at a time, and takes them the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

PIECE = 4 * 1024 * 1024
_RECORDED = MigrationRecorder.Migration._meta.db_table  # written by migrating, never copied


def columns() -> dict[str, list[str]]:
    """The columns of every table of PostgreSQL that is copied."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {_RECORDED})
        return {
            name: [one.name for one in connection.introspection.get_table_description(cursor, name)]
            for name in names
        }


def pieces(table: str, names: list[str]) -> Iterator[bytes]:
    """The rows of a table of PostgreSQL in COPY's own text, a few megabytes of whole rows each."""
    question = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _list(names))
    held = bytearray()
    with connection.cursor() as cursor, cursor.copy(question) as stream:
        for row in stream:
            held += row
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def put_piece(table: str, names: list[str], piece: bytes) -> None:
    """Put rows into a table of PostgreSQL."""
    order = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _list(names))
    with connection.cursor() as cursor, cursor.copy(order) as stream:
        stream.write(piece)


def _list(names: list[str]) -> sql.Composed:
    return sql.SQL(",").join(map(sql.Identifier, names))


def clear(tables: list[str]) -> None:
    """Empty the tables that migrating has just made, and let rows come in any order."""
    order = sql.SQL("TRUNCATE {}").format(_list(tables))
    with connection.cursor() as cursor:
        cursor.execute(order)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # some migrations make them immediate


def counters() -> dict[str, int | None]:
    """The sequences of PostgreSQL and how far they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        )
        return dict(cursor.fetchall())


def set_counters(values: Mapping[str, int | None]) -> None:
    """Let the sequences of PostgreSQL go on where they were."""
    with connection.cursor() as cursor:
        for name, value in values.items():
            if value is not None:
                cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])


def check_keys() -> None:
    """Check every foreign key now rather than at the end of the transaction (PostgreSQL)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
