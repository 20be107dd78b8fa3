"""A plan and its material become a draft: sections numbered, empty ones left out, nothing padded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.packs import schema_report as plans
from linli.packs.registry import Registry
from linli.packs.schema_report import (
    Clauses,
    FigureChart,
    Figures,
    FigureTable,
    Honours,
    Listing,
    Phrase,
    Plans,
    Records,
    ReportPlan,
    Section,
    Text,
)
from linli.reports.compose import refs
from linli.reports.compose.blocks import Blocks
from linli.reports.compose.figures import figures
from linli.reports.compose.material import Datum, Item, Material
from linli.reports.compose.numbering import Numbers
from linli.reports.compose.prose import bind
from linli.reports.compose.say import Sayer
from linli.reports.compose.template import fill, slots
from linli.reports.draft import (
    Block,
    Cell,
    Draft,
    Entry,
    Heading,
    Paragraph,
    Run,
    Signature,
)

_MOST_RECORDS = 8  # named in the appendix for one figure; the rest are counted


@dataclass(frozen=True, slots=True)
class _Part:
    """A section before numbering: its blocks, and whether they say anything of their own."""

    section: Section
    blocks: list[Block]
    substantial: bool


def compose(
    plan: ReportPlan,
    material: Material,
    phrases: Mapping[str, Phrase],
    titles: Mapping[str, str],
) -> Draft:
    """Write the draft of a report; ``titles`` are the titles of the measures."""
    sayer = Sayer(material, phrases, titles)
    maker = Blocks(material, sayer)
    parts = [_part(section, maker, material) for section in plan.sections]
    blocks = _numbered(_kept(parts))
    closing = fill(plan.closing, maker.resolve) if plan.closing else None
    if closing:
        blocks.append(Paragraph(closing))
    blocks.append(_signature(plan, maker, material))
    title = fill(plan.title, maker.resolve) or (Run(plan.title),)
    appendix = tuple(_appendix(maker.used.values(), material))
    mark = (Run(material.mark),) if material.mark else ()
    return Draft(title, tuple(blocks), appendix, subtitle=mark)


def says_anything(draft: Draft) -> bool:
    """Say whether a draft holds more than its frame: some record or figure."""
    return any(ref.kind in ("figure", "record") for _, ref in draft.refs())


def wanted(plan: ReportPlan, registry: Registry) -> list[str]:
    """Return the indicators that a plan may write, so that no others are computed."""
    named: dict[str, None] = {}
    for block in plan.blocks():
        if isinstance(block, FigureTable | FigureChart):
            named.update(dict.fromkeys(block.figures))
        if isinstance(block, FigureTable):
            of_sections = (
                i.id for i in registry.indicators.values() if i.section in block.sections
            )
            named.update(dict.fromkeys(of_sections))
        if isinstance(block, Figures):
            named.update(dict.fromkeys(_with_phrase(block, registry)))
        for text in _texts(block):
            for slot in slots(text):
                sort, _, name = slot.partition(":")
                if sort in ("figure", "state"):
                    named[name] = None
    return list(named)


def _with_phrase(block: Figures, registry: Registry) -> Iterable[str]:
    for indicator in registry.indicators.values():
        chosen = indicator.id in block.figures or indicator.section in block.sections
        if chosen and indicator.id in registry.phrases:
            yield indicator.id


def _texts(block: plans.Block) -> Iterable[str]:
    for value in block.model_dump().values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple | list):
            yield from (one for one in value if isinstance(one, str))


def _make(block: plans.Block, maker: Blocks) -> list[Block]:
    match block:
        case Text():
            return maker.text(block)
        case Clauses():
            return maker.clauses(block)
        case Records():
            return maker.records(block)
        case Listing():
            return maker.listing(block)
        case Honours():
            return maker.honours(block)
        case Plans():
            return maker.plans(block)
        case FigureTable():
            return maker.table(block)
        case FigureChart():
            return maker.chart(block)
        case Figures():
            return figures(block, maker)


def _part(section: Section, maker: Blocks, material: Material) -> _Part:
    blocks: list[Block] = []
    substantial = False
    for block in section.blocks:
        made = _make(block, maker)
        blocks.extend(made)
        if made and not (isinstance(block, Text) and block.frame):
            substantial = True
    for text in material.prose.get(section.id, ()):
        blocks.append(Paragraph(bind(text, material, maker.used), prose=True))
        substantial = True
    return _Part(section, blocks, substantial)


def _kept(parts: list[_Part]) -> list[_Part]:
    """Leave out sections that say nothing; a heading stays for the deeper ones under it."""
    kept: list[_Part] = []
    for place, part in enumerate(parts):
        if not part.section.heading:  # introduction and closing frame the rest
            if part.blocks:
                kept.append(part)
            continue
        if part.substantial or _has_children(parts[place + 1 :], part.section.level):
            kept.append(part)
    return kept


def _has_children(after: Iterable[_Part], level: int) -> bool:
    for part in after:
        if part.section.level <= level:
            return False
        if part.substantial:
            return True
    return False


def _numbered(parts: list[_Part]) -> list[Block]:
    numbers = Numbers()
    blocks: list[Block] = []
    for part in parts:
        section = part.section
        if section.heading:
            blocks.append(Heading(section.level, numbers.next(section.level), section.heading))
        blocks.extend(part.blocks)
    return blocks


def _signature(plan: ReportPlan, maker: Blocks, material: Material) -> Signature:
    if material.signer:
        body: Cell = (Run(material.signer),)
    else:
        body = fill(plan.signature, maker.resolve) or ()
    return Signature(body, (refs.day(material.until, material),))


def _appendix(used: Iterable[Datum], material: Material) -> Iterable[Entry]:
    for datum in used:
        behind = list(material.trace(datum.indicator))
        named = [_source(item, datum, material) for item in behind[:_MOST_RECORDS]]
        more: Cell = ()
        if datum.records > len(named):
            words = f"{datum.records}条"
            more = (
                Run("等，共" if named else "共"),
                refs.of_figure(datum, material, "records", words),
            )
        yield Entry(
            (refs.title(datum, material),),
            (refs.figure(datum, material),),
            (refs.of_figure(datum, material, "definition", datum.definition),),
            tuple(named),
            more,
        )


def _source(item: Item, datum: Datum, material: Material) -> Cell:
    """Where the record stands: of a summed measure the cell of that amount, not of its whole."""
    summed = next((one for one in item.amounts if one.measure == datum.measure and one.cell), None)
    part = f"source:{summed.measure}#{summed.number}" if summed else "source"
    return (refs.of_record(item, material, part, item.source_of(summed)),)
