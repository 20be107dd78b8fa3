"""What a simulated record says in its fields: options, words that indicators ask for, invented ones."""

from __future__ import annotations

from datetime import date, timedelta

from linli.packs.schema import Field, Kind
from linli.work.simulation.asked import Asked
from linli.work.simulation.chance import Chance
from linli.work.simulation.habits import Habits

_VARIETY = 9
_AHEAD = 60  # days: deadlines and ends lie ahead


class Words:
    """Draws the fields of records."""

    def __init__(self, habits: Habits, asked: Asked) -> None:
        self._habits, self._asked = habits, asked
        self._decks: dict[tuple[str, str], list[str]] = {}

    def fields(self, kind: Kind, chance: Chance, day: date, told: dict[str, str]) -> dict[str, str]:
        """Fields of a record of that day; what is `told` (its name, its festival) stands."""
        found = {
            field.id: told.get(field.id) or self._said(kind, field, chance, day)
            for field in kind.fields
        }
        return {name: value for name, value in found.items() if value}

    def _said(self, kind: Kind, field: Field, chance: Chance, day: date) -> str:
        """One field, or nothing: the draws are the same whether or not it stays blank."""
        mix = self._habits.mix
        blank = chance.hits(
            mix.asked_blank if self._asked.wants_absence(kind.id, field.id) else mix.blank
        )
        value = self._value(kind, field, chance, day)
        kept = field.required or field.id in self._habits.of(kind).always
        return "" if blank and not kept else value

    def _value(self, kind: Kind, field: Field, chance: Chance, day: date) -> str:
        asked = self._asked.values(kind.id, field.id)
        if asked and chance.hits(self._habits.mix.asked):
            return self._dealt((kind.id, field.id), asked, chance)
        number = chance.between(1, _VARIETY)
        match field.type:
            case "choice":
                return chance.among(field.options)
            case "date":
                return (day + timedelta(days=chance.below(_AHEAD))).isoformat()
            case "cadence":
                return chance.among(self._habits.cadences)
            case _:
                return self.invented(field, number)

    def _dealt(self, place: tuple[str, str], asked: tuple[str, ...], chance: Chance) -> str:
        """Each of the asked values before any comes again, in an order of chance."""
        deck = self._decks.setdefault(place, [])
        if not deck:
            deck.extend(asked)
        return deck.pop(chance.below(len(deck)))

    def invented(self, field: Field, number: int) -> str:
        """A word that nobody could take for a real one."""
        words = self._habits.words
        return words.get(field.type, words["text"]).format(title=field.title, n=number)
