"""Figures said by the phrases of their indicators: those that add something to what is told."""

from __future__ import annotations

from collections.abc import Iterator

from linli.packs.schema_report import Figures
from linli.reports.compose import refs
from linli.reports.compose.blocks import Blocks
from linli.reports.compose.material import Datum
from linli.reports.compose.slots import listed
from linli.reports.compose.template import fill, tidy
from linli.reports.draft import Block, Cell, Paragraph, Run

_ROUTINE = 4  # what was done less often is told by itself, not as the rate of a routine


def figures(block: Figures, maker: Blocks) -> list[Block]:
    """One sentence of all figures of the block that have a phrase, a value and are not said yet."""
    wanted = list(_wanted(block, maker))  # first all: to say one figure tells its records
    cells = [cell for datum in wanted if (cell := _said(datum, maker))]
    if not cells:
        return []
    lead = fill(block.lead, maker.resolve) or () if block.lead else ()
    return [Paragraph(tidy([*lead, *listed(cells, block.join), Run("。")]))]


def _wanted(block: Figures, maker: Blocks) -> Iterator[Datum]:
    for datum in maker.material.data.values():
        chosen = datum.indicator in block.figures or datum.section in block.sections
        fresh = datum.indicator not in maker.used and datum.indicator in maker.sayer.phrases
        if chosen and fresh and _is_worth(datum, maker) and not _repeats(datum, maker):
            yield datum


def _is_worth(datum: Datum, maker: Blocks) -> bool:
    """It has a value, is no less than its phrase asks for, and rests on more than undated rows."""
    if datum.quantity is None:
        return False
    least = maker.sayer.phrases[datum.indicator].least
    if least is not None and (datum.quantity.value < least or datum.records < _ROUTINE):
        return False
    behind = list(maker.material.trace(datum.indicator))
    return not behind or any(i.dated or i.grain != "event" or i.amounts for i in behind)


def _repeats(datum: Datum, maker: Blocks) -> bool:
    """A figure of one record that has been told says the same again.

    A rate does not, unless the record stated it itself.
    """
    if datum.records != 1:
        return False
    behind = list(maker.material.trace(datum.indicator))
    if not behind or any(item.id not in maker.told for item in behind):
        return False
    is_rate = datum.quantity is not None and datum.quantity.unit == "%"
    stated = any(one.quantity.unit == "%" for item in behind for one in item.amounts)
    return stated or not is_rate


def _said(datum: Datum, maker: Blocks) -> Cell | None:
    def slot(name: str) -> Cell | None:
        if name == "n":
            return maker.figure(datum.indicator)
        zero = datum.quantity is not None and datum.quantity.value == 0
        return maker.figure(datum.indicator, zero=True) if name == "zero" and zero else None

    templates = maker.sayer.phrases[datum.indicator].says
    cell = next((cell for text in templates if (cell := fill(text, slot))), None)
    return cell and tuple(refs.worded(run, datum, maker.material) for run in cell)
