"""The tables as a whole: at which migrations they are, and how far each audit chain goes."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def applied() -> list[tuple[str, str]]:
    """The migrations that the database has had, as (app, name)."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def known() -> set[tuple[str, str]]:
    """The migrations that this program knows."""
    return set(MigrationLoader(None).graph.nodes)


def pending() -> list[tuple[str, str]]:
    """The migrations that the database still wants, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def migrate(wanted: list[tuple[str, str]] | None = None) -> None:
    """Bring the tables to the newest migrations, or an empty database to just those `wanted`."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if wanted is None:
        executor.migrate(graph.leaf_nodes())
        return
    older = {
        parent.key
        for node in wanted
        for parent in graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    executor.migrate([node for node in wanted if node not in older])


def exists(table: str) -> bool:
    """Whether there is a table of that name."""
    with connection.cursor() as cursor:
        return table in connection.introspection.table_names(cursor)


def is_empty() -> bool:
    """Whether the database has no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def heads() -> dict[str, Any]:
    """The head of every audit chain: chain → [entries, hash]."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, seq, hash FROM audit_chainhead ORDER BY chain")
        return {str(chain): [seq, bytes(mark).hex()] for chain, seq, mark in cursor.fetchall()}
