"""Access, correction, erasure: what is held is shown, what is erased is nowhere, what stays is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli.core.access.rules import Actor
from linli.core.areas.rules import AreaView
from linli.core.audit import trail
from linli.core.audit.models import Entry
from linli.core.evidence.actions import store
from linli.core.registers import actions
from linli.core.registers.models import Person, PersonKey
from linli.core.registers.queries.find import find
from linli.core.registers.queries.rights import expired, requests
from linli.kernel.errors import Refusal
from linli.work.register.actions import forget_person
from tests.registers.conftest import number
from tests.registers.test_sealed import every_value

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Make = Callable[..., UUID]
NUMBER, PHONE = number("1950-03-07", 1), "13800001234"


@pytest.fixture
def person(operator: Actor, enrol: Make, home: Make) -> UUID:
    where: dict[str, Any] = {"actor": operator, "area": "garden"}
    made = enrol("测试甲乙", identity_number=NUMBER, phone=PHONE)
    actions.form_household(**where, members={made: "户主"}, dwelling=home(), number="户甲乙")
    actions.set_care(**where, person=made, care_class="base.living_alone")
    actions.reveal(**where, person=made, fields=["phone"], purpose="电话回访")
    return made


def test_a_person_sees_all_that_is_held(operator: Actor, person: UUID) -> None:
    shown = actions.export(actor=operator, area="garden", person=person)
    (held,) = shown["held"]
    assert held["Enrolment"][0]["name"] == "测试甲乙"
    assert {row["value"] for row in held["Secret"]} == {NUMBER, PHONE}
    assert held["Occupancy"][0]["address"] == "2-301"
    assert held["Care"][0]["care_class"] == "base.living_alone"
    assert {one["title"] for one in shown["purposes"]} >= {"身份证号", "电话"}
    assert [one["action"] for one in shown["audit"]] == [
        "registers.enrol",
        "registers.set_care",
        "registers.reveal",
        "registers.export",
    ]
    assert shown["audit"][2]["facts"]["purpose"] == "电话回访"


def test_an_erased_person_is_nowhere(operator: Actor, person: UUID, enrol: Make) -> None:
    entries = Entry.objects.count()
    done = forget_person(actor=operator, area="garden", person=person, reason="本人申请")
    assert (done.key_destroyed, done.destroyed["Secret"]) == (True, 2)
    assert Person.objects.count() == PersonKey.objects.count() == 0
    held = every_value()
    for value in ("测试甲乙", "csjy", "户甲乙", NUMBER, PHONE, "base.living_alone"):
        assert value not in held
    assert str(person) in held  # the audit's id points at nobody
    assert Entry.objects.count() == entries + 1
    assert trail.verify().ok
    assert [one.where for one in done.stays] == ["audit"]
    assert find(operator, "garden", "测试甲乙") == []
    with pytest.raises(Refusal, match="没有编号为"):
        actions.export(actor=operator, area="garden", person=person)
    again = enrol("测试甲乙", identity_number=NUMBER)
    assert again != person


def test_what_stays_is_named(
    operator: Actor, person: UUID, garden: AreaView, lake: AreaView, settings: Any, enrol: Make
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{NUMBER}</t>")
    where: dict[str, Any] = {"actor": operator, "area": "garden"}
    store(**where, content="走访测试甲乙".encode("gb18030"), name="旧记录.txt")
    store(**where, content=inside.getvalue(), name="名单.xlsx")
    store(**where, content=b"\x89PNG\x00\x00", name="照片.png")
    store(actor=operator, area="lake", content=NUMBER.encode(), name="别处.txt")
    enrol("测试甲乙")
    part = Path(settings.LINLI_HOME) / "snapshot" / "a.parquet"
    part.parent.mkdir(parents=True)
    rows = [{"area": garden.key, "text": "慰问测试甲乙"}, {"area": lake.key, "text": PHONE}]
    pq.write_table(pa.Table.from_pylist(rows), part)
    done = forget_person(**where, person=person, reason="本人申请")
    found = [(one.where.split("/")[0], one.what) for one in done.stays]
    assert found == [
        ("audit", "审计链里的编号和密文摘要"),
        ("registers_enrolment", "数据表"),
        ("evidence", "佐证文件"),
        ("evidence", "佐证文件"),
        ("evidence", "佐证里的图片、扫描件等无法搜查"),
        ("snapshot", "快照"),
    ]
    assert NUMBER not in str(done.as_json())


def test_another_area_keeps_its_own(
    operator: Actor, person: UUID, enrol: Make, lake: AreaView
) -> None:
    assert enrol("测试甲乙", area="lake", identity_number=NUMBER) == person
    done = forget_person(actor=operator, area="garden", person=person, reason="已迁出")
    assert not done.key_destroyed
    assert "由该辖区办理。" in [one.why for one in done.stays]
    assert actions.reveal(
        actor=operator, area="lake", person=person, fields=["identity_number"], purpose="核对"
    ) == {"identity_number": NUMBER}


def test_who_was_merged_is_erased_with_the_one_who_was_kept(
    operator: Actor, person: UUID, enrol: Make
) -> None:
    where: dict[str, Any] = {"actor": operator, "area": "garden"}
    other = enrol("测试甲丙", phone="13700007777")
    actions.merge(**where, kept=person, merged=other)
    shown = actions.export(**where, person=person)
    assert [one["person"] for one in shown["held"]] == [str(person), str(other)]
    assert forget_person(**where, person=person, reason="本人申请").key_destroyed
    assert Person.objects.count() == 0
    assert "测试甲丙" not in every_value()
    assert trail.verify().ok


def test_requests_have_a_day_and_an_answer(
    operator: Actor, person: UUID, clock: Callable[[str], None]
) -> None:
    where: dict[str, Any] = {"actor": operator, "area": "garden"}
    clock("2030-03-01T09:00:00+08:00")
    with pytest.raises(Refusal, match="不是请求的种类"):
        actions.open_request(**where, person=person, sort="forget")
    asked = actions.open_request(**where, person=person, sort="erase")
    (one,) = requests(operator, "garden")
    assert (one.due, one.late) == (date(2030, 3, 31), False)
    clock("2030-04-01T09:00:00+08:00")
    assert requests(operator, "garden")[0].late
    with pytest.raises(Refusal, match="没有写理由"):
        actions.close_request(**where, request=asked, granted=False)
    forget_person(**where, person=person, reason="本人申请", request=asked)
    assert requests(operator, "garden") == []
    (done,) = requests(operator, "garden", open_only=False)
    assert (done.outcome, done.closed) == ("granted", date(2030, 4, 1))


def test_what_is_past_its_time_is_listed(operator: Actor, person: UUID) -> None:
    where: dict[str, Any] = {"actor": operator, "area": "garden"}
    actions.leave(**where, person=person, until=date(2012, 2, 29), why="moved")

    def due(*day: int) -> list[tuple[str, date]]:
        found = expired(operator, "garden", on=date(*day))
        return [(one.what, one.keep_until) for one in found]

    assert due(2013, 2, 28) == []
    assert due(2013, 3, 1) == [("电话", date(2013, 3, 1))]
    assert [what for what, _ in due(2015, 3, 1)] == ["电话", "身份证号", "独居老人", "基本信息"]
