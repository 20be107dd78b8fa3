"""Registers with dates; a holder's name can be erased and never stood in the audit."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.people import actions, queries
from linli.kernel.errors import Refusal
from linli.kernel.ids import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_organisations_stand_from_to(operator: Actor, community: AreaView) -> None:
    made = actions.add_organisation(
        actor=operator, area="garden", name=" 小学 ", sort="member", since=date(2008, 1, 1)
    )
    again = actions.add_organisation(actor=operator, area="garden", name="小学")
    assert again == made
    actions.end_organisation(
        actor=operator, area="garden", organisation=made.id, until=date(2010, 7, 1)
    )

    def names(day: date) -> list[str]:
        return [one.name for one in queries.organisations(operator, "garden", on=day)]

    assert names(date(2007, 12, 31)) == []
    assert names(date(2010, 6, 30)) == ["小学"]
    assert names(date(2010, 7, 1)) == []
    assert not queries.organisations(operator, "garden", on=date(2009, 1, 1), sort="shop")
    with pytest.raises(Refusal, match="已于 2010-07-01 结束"):
        actions.end_organisation(
            actor=operator, area="garden", organisation=made.id, until=date(2011, 1, 1)
        )


def test_who_held_which_post(operator: Actor, community: AreaView) -> None:
    body = actions.add_body(actor=operator, area="garden", name="领导小组")
    assert queries.bodies(operator, "garden") == [body]
    first = actions.appoint(
        actor=operator,
        area="garden",
        body=body.id,
        title="组长",
        holder="甲某",
        since=date(2008, 1, 1),
    )
    actions.leave_post(actor=operator, area="garden", post=first.id, until=date(2009, 1, 1))
    actions.appoint(
        actor=operator,
        area="garden",
        body=body.id,
        title="组长",
        holder="乙某",
        since=date(2009, 1, 1),
    )

    def holders(year: int) -> list[str]:
        found = queries.posts(operator, "garden", body.id, on=date(year, 6, 1))
        return [one.holder for one in found]

    assert [holders(year) for year in (2007, 2008, 2009)] == [[], ["甲某"], ["乙某"]]
    actions.erase_holder(actor=operator, area="garden", post=first.id)
    assert holders(2008) == [""]
    assert trail.verify().ok
    noted = "".join(f"{one.facts}{one.subject}" for one in Entry.objects.all())
    assert "某" not in noted


def test_what_is_wrong_is_refused(operator: Actor, community: AreaView, street: AreaView) -> None:
    with pytest.raises(Refusal, match="机构没有写名称"):
        actions.add_body(actor=operator, area="garden", name="  ")
    with pytest.raises(Refusal, match="没有编号为"):
        actions.appoint(actor=operator, area="garden", body=uuid7(), title="组长", holder="甲")
    body = actions.add_body(actor=operator, area="street", name="办公室")
    with pytest.raises(Refusal, match="没有编号为"):
        actions.appoint(actor=operator, area="garden", body=body.id, title="主任", holder="甲")
    post = actions.appoint(
        actor=operator,
        area="street",
        body=body.id,
        title="主任",
        holder="甲",
        since=date(2010, 1, 1),
    )
    with pytest.raises(Refusal, match="早于开始日期"):
        actions.leave_post(actor=operator, area="street", post=post.id, until=date(2009, 1, 1))
    with pytest.raises(Refusal, match="没有编号为"):
        actions.add_body(actor=operator, area="garden", name="组", organisation=uuid7())
