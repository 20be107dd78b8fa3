"""The tree of areas at a date: moves do not rewrite history."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.access.rules import Actor
from linli.core.areas import queries
from linli.core.areas.actions import create_area, end_area, move_area
from linli.core.areas.rules import AreaView
from linli.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_area_knows_its_path(operator: Actor, community: AreaView) -> None:
    grid = create_area(actor=operator, slug="g1", name="一网格", level="grid", parent="garden")
    assert grid.names == ("东街街道", "花园社区", "一网格")
    assert grid.full_name == "东街街道花园社区一网格"
    assert queries.area(operator, "g1") == grid
    assert [one.slug for one in queries.under(operator, "street")] == ["street", "garden", "g1"]
    assert [one.slug for one in queries.children(operator, "street")] == ["garden"]


def test_an_unknown_slug_is_refused_with_the_nearest(operator: Actor, community: AreaView) -> None:
    with pytest.raises(Refusal) as refused:
        queries.area(operator, "gardn")
    assert refused.value.code == "areas.unknown"
    assert "是不是“garden”" in refused.value.sentence


def test_a_moved_area_counts_where_it_lay_then(operator: Actor, community: AreaView) -> None:
    create_area(actor=operator, slug="west", name="西街街道", level="street")
    move_area(actor=operator, area="garden", parent="west", since=date(2012, 1, 1))
    before, after = date(2011, 12, 31), date(2012, 1, 1)

    def keys(slug: str, day: date) -> list[str]:
        return [one.slug for one in queries.under(operator, slug, on=day)]

    assert keys("street", before) == ["street", "garden"]
    assert keys("street", after) == ["street"]
    assert keys("west", before) == ["west"]
    assert keys("west", after) == ["west", "garden"]
    assert queries.area(operator, "garden", on=before).names[0] == "东街街道"
    assert queries.area(operator, "garden", on=after).names[0] == "西街街道"


def test_an_ended_area_leaves_the_tree_and_stays_known(
    operator: Actor, community: AreaView
) -> None:
    end_area(actor=operator, area="garden", until=date(2015, 1, 1))
    assert len(queries.under(operator, "street", on=date(2014, 12, 31))) == 2
    assert len(queries.under(operator, "street", on=date(2015, 1, 1))) == 1
    assert queries.area(operator, "garden").name == "花园社区"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"slug": "garden", "level": "grid"}, "areas.taken"),
        ({"slug": "x", "level": "village"}, "areas.level"),
        ({"slug": "x", "level": "city"}, "areas.order"),  # a city under a community
        ({"slug": "x", "level": "community"}, "areas.order"),  # beside, not under
    ],
)
def test_a_wrong_area_is_refused(
    operator: Actor, community: AreaView, values: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        create_area(actor=operator, name="新", parent="garden", **values)
    assert refused.value.code == code


def test_a_loop_in_the_data_ends(operator: Actor, community: AreaView, street: AreaView) -> None:
    from linli.core.areas.models import Placement

    Placement.objects.create(area_id=street.key, parent_id=community.key)
    assert {one.slug for one in queries.under(operator, "street")} == {"street", "garden"}
    assert queries.area(operator, "garden").slug == "garden"
