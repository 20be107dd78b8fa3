"""Stocks that change in the year: residents, households, and shares of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from linli.packs.schema import Measure
from linli.work.simulation.deeds import Deed
from linli.work.simulation.habits import Flow, Stock

_ZERO = Decimal(0)


class Stocks:
    """What stood in January, and what came and went since."""

    def __init__(self, stocks: dict[str, Stock], households: int) -> None:
        self._stocks, self._households = stocks, households
        self._moves: dict[tuple[str, str], list[tuple[date, Decimal]]] = {
            (flow.kind, flow.measure): []
            for stock in stocks.values()
            for flow in (*stock.plus, *stock.minus)
        }

    @property
    def moving(self) -> frozenset[str]:
        """The kinds that move stocks."""
        return frozenset(kind for kind, _ in self._moves)

    def __contains__(self, measure: str) -> bool:
        return measure in self._stocks

    def note(self, deed: Deed) -> None:
        """Remember what moves a stock; a total beside events moves nothing again."""
        if not deed.counts or deed.grain != deed.kind.grain:
            return
        for amount in deed.amounts:
            moves = self._moves.get((deed.kind.id, amount.measure.id))
            if moves is not None:
                moves.append((deed.last, amount.truth))

    def on(self, day: date, measure: Measure) -> Decimal | None:
        """The whole number that stands on a day; None: the measure is no stock of these."""
        stock = self._stocks.get(measure.id)
        return None if stock is None else Decimal(int(self._level(stock, day)))

    def _level(self, stock: Stock, day: date) -> Decimal:
        if stock.share_of:
            return self._level(self._stocks[stock.share_of], day) * stock.percent / 100
        level = stock.per_household * self._households
        level += sum((self._moved(flow, day) for flow in stock.plus), _ZERO)
        level -= sum((self._moved(flow, day) for flow in stock.minus), _ZERO)
        return max(level, _ZERO)

    def _moved(self, flow: Flow, day: date) -> Decimal:
        moves = [one for when, one in self._moves[flow.kind, flow.measure] if when <= day]
        return Decimal(len(moves)) if flow.records else sum(moves, _ZERO)
