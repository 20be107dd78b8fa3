"""Who may be one and the same: rules that say why, over what a register holds. Plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from linli.core.registers.batches import Holding
from linli.core.registers.names import alike, forms

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "identity_number": "身份证号相同",
        "certificate": "残疾人证号相同",
        "name_birth": "姓名和出生日期相同",
        "name_dwelling": "住在同一房屋，姓名相同",
        "alike_dwelling": "住在同一房屋，姓名只差一个字",
        "phone_name": "电话相同，姓名相同或只差一个字",
        "phone_birth": "电话和出生日期相同",
    }
)
_CROWD = 200  # a value that so many share (the office's own telephone) says nothing


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons and why they may be one; the lesser id stands first."""

    first: Holding
    second: Holding
    reasons: tuple[str, ...]


def pairs(holdings: Iterable[Holding]) -> list[Pair]:
    """All pairs that a rule proposes. Who differ in sex, or in a number of identity that both have,
    are not proposed, unless the number of identity itself is what they share.
    """
    found: defaultdict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    people = {one.person: one for one in holdings}
    for reason, block in _blocks(people.values()):
        for index, one in enumerate(block):
            for other in block[index + 1 :]:
                first, second = sorted((one.person, other.person))
                if one.person != other.person and _holds(reason, one, other):
                    if reason not in found[first, second]:
                        found[first, second].append(reason)
    return [
        Pair(people[first], people[second], tuple(reasons))
        for (first, second), reasons in found.items()
        if reasons and ("identity_number" in reasons or not _apart(people[first], people[second]))
    ]


def _blocks(people: Iterable[Holding]) -> Iterator[tuple[str, list[Holding]]]:
    """Groups within which a rule is asked, so that nobody is compared with everybody."""
    by: defaultdict[tuple[str, Hashable], list[Holding]] = defaultdict(list)
    for one in people:
        if one.birth:
            by["name_birth", (one.name, one.birth)].append(one)
        if one.address:
            place = (one.address.building, one.address.stairwell, one.address.number)
            by["name_dwelling", (one.name, place)].append(one)
            for form in forms(one.name):
                by["alike_dwelling", (form, place)].append(one)
        for field, digest in one.digests:
            if field == "phone":
                by["phone_name", digest].append(one)
                by["phone_birth", digest].append(one)
            else:
                by[field, digest].append(one)
    for (reason, _), block in by.items():
        if 1 < len(block) <= _CROWD:
            yield reason, block


def _holds(reason: str, one: Holding, other: Holding) -> bool:
    match reason:
        case "alike_dwelling":
            return alike(one.name, other.name)
        case "phone_name":
            return one.name == other.name or alike(one.name, other.name)
        case "phone_birth":
            return one.birth is not None and one.birth == other.birth
    return True


def _apart(one: Holding, other: Holding) -> bool:
    """Whether two cannot be one: both have a number of identity, and it differs; or the sexes do."""
    numbers = [{d for f, d in held.digests if f == "identity_number"} for held in (one, other)]
    differ = all(numbers) and numbers[0] != numbers[1]
    return differ or bool(one.sex and other.sex and one.sex != other.sex)
