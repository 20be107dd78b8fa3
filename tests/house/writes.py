"""Finds writes to tables in a syntax tree. What is looked for is shown in `GOOD` and `BAD`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

MANAGER_WRITES = {"create", "update", "delete", "get_or_create", "update_or_create", "acreate"}
ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "executemany"}
SQL_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)

GOOD = [
    "Record.objects.filter(area=1).exists()",
    "names.update({'a': 1})",
    "document.save(path)",
    "digest.update(row)",
    "cursor.execute('SELECT 1')",
    "path.unlink()",
]
BAD = [
    "Record.objects.create(area=1)",
    "Record.objects.filter(area=1).update(title='x')",
    "Record.objects.filter(area=1).delete()",
    "record.save()",
    "record.save(update_fields=['title'])",
    "record.delete()",
    "rows.update(title='x')",
    "Record.objects.bulk_create(rows)",
    "manager.get_or_create(slug='x')",
    "cursor.executemany(sql, rows)",
    "cursor.execute('INSERT INTO records VALUES (1)')",
    "cursor.execute(f'delete from {TABLE}')",
]


def may_write(relative: Path) -> bool:
    """True where tables may be written: actions, the audit trail, migrations.

    The demo community plays people who act; it calls actions too, so it is not among them.
    """
    parts = relative.parts
    if parts[-1] == "actions.py" or "actions" in parts[:-1]:
        return True
    return parts[-3:] == ("core", "audit", "trail.py") or "migrations" in parts


def writes(tree: ast.AST) -> list[ast.Call]:
    """The calls that look like a write to a table."""
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_write(n)]


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name, receiver = call.func.attr, call.func.value
    if name in ALWAYS:
        return True
    if name in {"save", "delete"}:
        return not call.args
    if name == "update":
        return bool(call.keywords) and not call.args
    if name in MANAGER_WRITES:
        return _through_manager(receiver)
    return name == "execute" and any(_is_sql_write(argument) for argument in call.args)


def _through_manager(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "staged"}:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def _is_sql_write(node: ast.AST) -> bool:
    texts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
    return any(isinstance(text, str) and SQL_WRITE.match(text) for text in texts)
