"""Every column has a privacy class; every foreign key points down the floors; times are paired."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

CLASSES = {
    "plain",  # may be shown to whoever may read the record
    "personal",  # about a person: shown to those with a purpose, erased with the person
    "sensitive",  # health, welfare, identity numbers: encrypted, masked, reveals audited
    "technical",  # keys, hashes, counters: never shown
}
ORDER = [
    "audit",
    "areas",
    "access",
    "jobs",
    "people",
    "registers",
    "periods",
    "evidence",
    "records",
    "flows",
    "obligations",
]
FLOORS = ["kernel", "packs", "core", "work", "insight", "reports", "web", "cli", "config"]


def _models() -> list[type[models.Model]]:
    ours = [m for m in apps.get_models(include_auto_created=True) if m.__module__[:6] == "linli."]
    assert ours
    return ours


def _columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.concrete}


def test_every_column_has_a_privacy_class() -> None:
    problems = []
    for model in _models():
        if model._meta.auto_created:
            continue
        privacy = dict(getattr(model, "privacy", {}))
        columns = _columns(model)
        problems += [f"{model.__name__}.{name} has no class" for name in columns - privacy.keys()]
        problems += [f"{model.__name__}.{name} is no column" for name in privacy.keys() - columns]
        problems += [
            f"{model.__name__}.{name}: {one} is no privacy class"
            for name, one in privacy.items()
            if str(one) not in CLASSES
        ]
    assert not problems, "\n".join(sorted(problems))


def _height(module: str) -> tuple[int, int]:
    """(floor, place inside core) of a module; a higher one may point at a lower one."""
    parts = module.split(".")
    floor = FLOORS.index(parts[1])
    return floor, ORDER.index(parts[2]) if parts[1] == "core" else 0


def points_down(source: str, target: str) -> bool:
    """True if a key from a model of one module may point at a model of the other."""
    if source.split(".")[:3] == target.split(".")[:3]:
        return True
    (floor, place), (below, place_below) = _height(source), _height(target)
    if floor != below:
        return below < floor
    return source.split(".")[1] == "core" and place_below < place


@pytest.mark.parametrize(
    ("source", "target", "down"),
    [
        ("linli.core.records.models", "linli.core.areas.models", True),
        ("linli.core.areas.models", "linli.core.records.models", False),
        ("linli.core.audit.models", "linli.core.access.models", False),
        ("linli.work.intake.models", "linli.core.records.models", True),
        ("linli.work.intake.models", "linli.work.desk.models", False),
        ("linli.core.records.models", "linli.work.intake.models", False),
        ("linli.core.records.models", "linli.core.records.staging", True),
        ("linli.reports.models", "linli.insight.models", True),
    ],
)
def test_what_down_means(source: str, target: str, down: bool) -> None:
    assert points_down(source, target) is down


def _keys() -> Iterator[tuple[type[models.Model], models.Field, type[models.Model]]]:
    for model in _models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is not None:
                yield model, field, field.related_model


def test_every_foreign_key_points_down() -> None:
    upward = [
        f"{model.__module__}.{model.__name__}.{field.name} -> {target.__module__}"
        for model, field, target in _keys()
        if target.__module__.startswith("linli.")
        and not points_down(model.__module__, target.__module__)
    ]
    assert not upward, "\n".join(upward)


def test_no_foreign_key_deletes_history() -> None:
    """Truth is append-only: a parent that has children is not deleted with them."""
    keys = [(m, f) for m, f, _ in _keys() if m.__module__.startswith("linli.core.records")]
    assert keys
    cascades = [
        f"{model.__name__}.{field.name}"
        for model, field in keys
        if field.remote_field.on_delete is models.CASCADE
    ]
    assert not cascades
