"""Turn the documents of one pack into a ``Pack``; what does not fit becomes faults, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from linli.packs.fault import Fault, nearest
from linli.packs.read import Document
from linli.packs.schema import (
    Indicator,
    Kind,
    Ledger,
    Measure,
    Pack,
    PackHead,
    Reconciliation,
    Role,
    Stops,
)
from linli.packs.schema_care import CareClass, PersonalField
from linli.packs.schema_flow import Flow
from linli.packs.schema_obligation import ObligationRule
from linli.packs.schema_report import Phrase, ReportPlan, Supplement

TABLES: dict[str, type[BaseModel]] = {
    "measures": Measure,
    "kinds": Kind,
    "ledgers": Ledger,
    "indicators": Indicator,
    "reconciliations": Reconciliation,
    "obligations": ObligationRule,
    "reports": ReportPlan,
    "flows": Flow,
    "phrases": Phrase,
    "supplements": Supplement,
    "care": CareClass,
    "personal": PersonalField,
    "roles": Role,
}
_MESSAGES = {
    "missing": "缺少这一项",
    "string_type": "要写成文字（加引号）",
    "int_type": "要写成整数",
    "int_parsing": "要写成整数",
    "tuple_type": "要写成列表 [ … ]",
    "bool_type": "要写成 true 或 false",
    "bool_parsing": "要写成 true 或 false",
    "model_type": "要写成表 { … }",
    "dict_type": "要写成表 { … }",
    "string_too_short": "不能为空",
    "decimal_parsing": "要写成数",
    "decimal_type": "要写成数",
    "date_type": "要写成日期，如 2025-01-01",
    "date_from_datetime_parsing": "要写成日期，如 2025-01-01",
    "date_parsing": "要写成日期，如 2025-01-01",
}


@dataclass(slots=True)
class Parsed:
    """A pack as far as it could be read, its faults, and where each declaration stands."""

    pack: Pack | None
    faults: list[Fault]
    places: dict[tuple[str, str], str] = field(default_factory=dict)


def parse(documents: list[Document]) -> Parsed:
    """Validate every entry of every document on its own, so that one fault hides no other."""
    parsed = Parsed(None, [])
    head = _head(documents, parsed)
    made: dict[str, list[Any]] = {table: [] for table in TABLES}
    stops: dict[str, tuple[str, ...]] = {}
    for document in documents:
        if document.file == "pack.toml":
            continue
        for table, content in document.data.items():
            if table == "stops":
                model = _validate(Stops, content, document.file, "stops", parsed.faults)
                for key, words in (model.model_dump() if model else {}).items():
                    stops[key] = stops.get(key, ()) + tuple(words)
            elif table in TABLES:
                _entries(table, content, document.file, head, made, parsed)
            else:
                near = nearest(table, [*TABLES, "stops"])
                parsed.faults.append(Fault(document.file, table, "没有这种表", near))
    if head is not None:
        parsed.pack = Pack(
            **head.model_dump(),
            **{table: tuple(entries) for table, entries in made.items()},
            stops=Stops(**stops),
        )
    return parsed


def _head(documents: list[Document], parsed: Parsed) -> PackHead | None:
    for document in documents:
        if document.file == "pack.toml":
            made = _validate(PackHead, document.data, document.file, "", parsed.faults)
            return made if isinstance(made, PackHead) else None
    return None


def _entries(
    table: str,
    content: Any,
    file: str,
    head: PackHead | None,
    made: dict[str, list[Any]],
    parsed: Parsed,
) -> None:
    if not isinstance(content, list):
        parsed.faults.append(Fault(file, table, f"要写成 [[{table}]]"))
        return
    for number, entry in enumerate(content, start=1):
        name = entry.get("id") if isinstance(entry, dict) else None
        key = f"{table}.{name}" if isinstance(name, str) else f"{table}[{number}]"
        if table == "kinds" and isinstance(entry, dict):
            entry = _qualified(entry)
        model = _validate(TABLES[table], entry, file, key, parsed.faults)
        if model is None:
            continue
        made[table].append(model)
        if head is not None and table != "roles" and isinstance(name, str):
            if not name.startswith(f"{head.id}."):
                problem = f"编号要以业务包的名字开头：{head.id}.{name}"
                parsed.faults.append(Fault(file, f"{key}.id", problem, f"{head.id}.{name}"))
            parsed.places.setdefault((table, name), file)


def _qualified(entry: dict[str, Any]) -> dict[str, Any]:
    """Give a kind's own measures their full ids: ``households`` → ``base.visit.households``."""
    kind, measures = entry.get("id"), entry.get("measures")
    if not isinstance(kind, str) or not isinstance(measures, list):
        return entry

    def full(value: Any) -> Any:
        return f"{kind}.{value}" if isinstance(value, str) and "." not in value else value

    made = [
        {**m, **{key: full(m[key]) for key in ("id", "whole") if key in m}}
        if isinstance(m, dict)
        else m
        for m in measures
    ]
    return {**entry, "measures": made}


def _validate(
    model: type[BaseModel], data: Any, file: str, key: str, faults: list[Fault]
) -> BaseModel | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults.extend(_faults_of(error, model, data, file, key))
    except RecursionError:
        faults.append(Fault(file, key, "嵌套太深"))
    return None


def _faults_of(
    error: ValidationError, model: type[BaseModel], data: Any, file: str, key: str
) -> Iterator[Fault]:
    for item in error.errors():
        loc = tuple(item["loc"])
        path = ".".join(filter(None, (key, _path(loc, data))))
        match item["type"]:
            case "extra_forbidden":
                known = _keys_of(_model_at(model, loc[:-1]))
                yield Fault(file, path, "没有这一项", nearest(str(loc[-1]), known))
            case "literal_error":
                options = _options(str(item["ctx"]["expected"]))
                near = nearest(str(item["input"]), options)
                yield Fault(file, path, f"只能是 {'、'.join(options)} 之一", near)
            case "value_error":
                yield Fault(file, path, str(item["ctx"]["error"]))
            case kind:
                yield Fault(file, path, _MESSAGES.get(kind, str(item["msg"])))


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """Name list items by their id where they have one: ``measures.households.unit``."""
    parts: list[str] = []
    for step in loc:
        inner = data[step] if _holds(data, step) else None
        name = inner.get("id") if isinstance(step, int) and isinstance(inner, dict) else None
        if isinstance(name, str):
            parts.append(name.rsplit(".", 1)[-1])
        else:
            parts.append(f"[{step + 1}]" if isinstance(step, int) else str(step))
        data = inner
    return ".".join(parts).replace(".[", "[")


def _holds(data: Any, step: int | str) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _options(expected: str) -> list[str]:
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    for step in loc:
        if isinstance(step, int):
            continue
        for name, info in model.model_fields.items():
            if step in (name, info.alias):
                model = _inner(info.annotation) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)


def _keys_of(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]
