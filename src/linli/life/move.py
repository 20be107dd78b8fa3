"""Move: the tables of an SQLite installation into an empty PostgreSQL database, by one command.

The target gets everything in one transaction. Before it commits, each table is read back there and
its digest held against that of the source, and the audit chain is verified on the target: equal
rows give equal figures. SQLite is locked against writers all the while; at the end it refuses them
for good, so that nothing can be recorded in the file that was left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import Error, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.db.utils import ConnectionHandler

from linli.core.audit import trail
from linli.core.audit.rules import canonical
from linli.core.records.actions.pen import Pen
from linli.kernel.disk import whole_file
from linli.kernel.errors import Refusal, sentences
from linli.life import tables
from linli.life.upgrade import refuse_while_at_work

sentences(
    {
        "life.moved_already": ("这个安装已经在用 PostgreSQL。", "不用再搬。"),
        "life.target_not_empty": ("目标数据库“{name}”里已经有表。", "请给一个空数据库。"),
        "life.target_unreachable": ("连不上目标数据库：{why}", "请核对地址、用户、密码和权限。"),
        "life.move_differs": (
            "搬过去的内容与原来不同：{what}。",
            "目标数据库已恢复为空，原来的安装没有改动。请把这件事告诉管理员。",
        ),
    }
)
SOURCE, BATCH = "source", 2000
_RECORDED = "django_migrations"  # written by migrating the target
_OWN = frozenset({_RECORDED, "sqlite_sequence"})
_REFUSE = (
    "CREATE TRIGGER moved BEFORE INSERT ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'moved to PostgreSQL'); END"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many tables and rows went over, and how many audit entries hold there."""

    tables: int
    rows: int
    entries: int

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` shows."""
        return {"tables": self.tables, "rows": self.rows, "audit_entries": self.entries}


def move(
    home: Path, target: dict[str, Any], url: str, *, tell: Callable[[int], None] = lambda _: None
) -> Moved:
    """Move the installation in `home`; `target` are Django's settings for `url`.

    Raises Refusal life.moved_already, life.at_work, life.target_unreachable,
    life.target_not_empty, life.move_differs; then nothing has changed anywhere.
    """
    if connection.vendor != "sqlite":
        raise Refusal("life.moved_already")
    refuse_while_at_work()
    with _speaking_to(ConnectionHandler({"default": target})["default"], target["NAME"]):
        source = connections[SOURCE]
        with source.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                done = _all_tables(tell)
                with whole_file(home / "database-url") as file:
                    file.write(url.encode())
                cursor.execute(_REFUSE)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
        source.close()
    (home / "linli.sqlite3").replace(home / "linli.sqlite3.moved")
    return done


@contextmanager
def _speaking_to(target: BaseDatabaseWrapper, name: str) -> Iterator[None]:
    """Inside, everything that asks the database asks the target; the old one is `source`."""
    try:
        target.ensure_connection()
    except Error as fault:
        raise Refusal("life.target_unreachable", why=str(fault).splitlines()[0]) from fault
    source = connections["default"]
    connections["default"], connections[SOURCE] = target, source
    try:
        if not tables.is_empty():
            raise Refusal("life.target_not_empty", name=name)
        yield
    finally:
        target.close()
        connections["default"] = source
        del connections[SOURCE]


def _all_tables(tell: Callable[[int], None]) -> Moved:
    """Make the tables, fill them, prove them: one transaction of the target."""
    from linli.life import postgresql

    with transaction.atomic():
        tables.migrate()
        models = _models()
        postgresql.clear([model._meta.db_table for model in models])
        rows = 0
        wanted: dict[str, tuple[int, int]] = {}
        for model in models:
            wanted[model._meta.db_table] = _copy(model)
            rows += wanted[model._meta.db_table][0]
            tell(rows)
        _resume(models)
        postgresql.check_keys()
        entries = _prove(models, wanted)
    return Moved(len(models), rows, entries)


def _models() -> list[type[Model]]:
    """One model for each table of the source."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    with connections[SOURCE].cursor() as cursor:
        there = set(connections[SOURCE].introspection.table_names(cursor)) - _OWN
    if there != found.keys():
        raise Refusal("life.move_differs", what="、".join(sorted(there ^ found.keys())))
    return [found[name] for name in sorted(found)]


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [one for one in model._meta.local_concrete_fields if one.column]


def _rows(model: type[Model], database: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    return model._base_manager.using(database).values_list(*names).iterator(chunk_size=BATCH)


def _copy(model: type[Model]) -> tuple[int, int]:
    """Copy a table; return its rows and their digest."""
    from psycopg import sql

    fields = _fields(model)
    order = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(",").join([sql.Identifier(str(field.column)) for field in fields]),
    )
    count = digest = 0
    with connection.cursor() as cursor, cursor.copy(order) as stream:
        for row in _rows(model, SOURCE):
            pairs = zip(fields, row, strict=True)
            stream.write_row([one.get_db_prep_save(value, connection) for one, value in pairs])
            count, digest = count + 1, digest ^ _digest(row)
    return count, digest


def _digest(row: tuple[Any, ...]) -> int:
    """Of one row; together by exclusive or, since the two databases sort text differently."""
    values = [bytes(one).hex() if isinstance(one, bytes | memoryview) else one for one in row]
    return int.from_bytes(sha256(canonical(values)).digest())


def _resume(models: list[type[Model]]) -> None:
    """Let the counters of ids and row keys go on where they were."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    Pen.resume_keys()


def _prove(models: list[type[Model]], wanted: dict[str, tuple[int, int]]) -> int:
    """Read everything back on the target; return how many audit entries hold there."""
    for model in models:
        count = digest = 0
        for row in _rows(model, "default"):
            count, digest = count + 1, digest ^ _digest(row)
        if (count, digest) != wanted[model._meta.db_table]:
            raise Refusal("life.move_differs", what=f"表 {model._meta.db_table}（{count} 行）")
    report = trail.verify()
    if not report.ok:
        raise Refusal("life.move_differs", what=f"审计链 {report.broken_at}：{report.problem}")
    return report.entries
