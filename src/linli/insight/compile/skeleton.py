"""Fixed SQL shapes as expression trees, with the moving parts put in as expressions."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp, parse_one


def shape(text: str, **parts: exp.Expr) -> exp.Expr:
    """Return the tree of ``text`` (a constant of this package) with its parts put in.

    A query stands where the text reads FROM or JOIN its name; another expression at ``:name``.
    Parts are not copied: each is put in one place.
    """
    tree = _parsed(text).copy()
    for table in list(tree.find_all(exp.Table)):
        query = parts.get(table.name)
        if isinstance(query, exp.Query):
            table.replace(exp.Subquery(this=query, alias=table.args.get("alias")))
    values = {k: v for k, v in parts.items() if not isinstance(v, exp.Query)}
    return exp.replace_placeholders(tree, **values) if values else tree


@lru_cache(maxsize=256)
def _parsed(text: str) -> exp.Expr:
    return parse_one(text, read="duckdb")


def all_of(conditions: list[exp.Expr]) -> exp.Expr:
    """Join conditions by AND."""
    return exp.and_(*conditions)


def union(queries: list[exp.Expr]) -> exp.Expr:
    """UNION ALL of queries with the same columns."""
    tree = queries[0]
    for query in queries[1:]:
        tree = exp.Union(this=tree, expression=query, distinct=False)
    return tree
