"""Words of ledgers: which kind, which measure, which column."""

from __future__ import annotations

import pytest

from linli.packs.load import BASE, load
from linli.packs.recognise import field_of, kinds_of, measure_of, roles_of
from linli.packs.registry import Registry


@pytest.fixture(scope="module")
def base() -> Registry:
    return load([BASE])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("走访慰问台账", "base.visit"),
        ("春节走访慰问困难群众登记表", "base.visit"),
        ("民情日记", "base.diary"),
        ("志愿服务登记表", "base.volunteering"),
        ("矛盾纠纷排查调处台账", "base.mediation"),
        ("安全巡查台账", "base.patrol"),
        ("居委会会议记录", "base.meeting"),
        ("党员名册统计", "base.group_stock"),
        ("消防演练记录", "base.drill"),
        ("垃圾分类督导", "base.waste_sorting"),
        ("文体活动登记", "base.culture_event"),
        ("居家养老服务台账", "base.home_care"),
        ("残疾人服务台账", "base.aid"),
        ("就业援助台账", "base.placement"),
        ("计生服务", "base.family_planning_service"),
        ("禁毒宣传活动", "base.law_publicity"),
        ("卫生大扫除", "base.cleanup"),
        ("防汛值班", "base.flood_control"),
        ("反诈宣传进小区", "base.law_publicity"),
        ("居务公开栏", "base.disclosure"),
        ("培训签到表", "base.spare_class"),
        ("民间纠纷调处率", "base.kpi"),
        ("刑事犯罪", "base.safety_count"),
        ("零就业家庭援助", "base.zero_employment"),
        ("荣誉登记表", "base.honour"),
        ("各项工作统计表", "base.work"),
    ],
)
def test_the_longest_word_names_the_kind(base: Registry, text: str, kind: str) -> None:
    assert kinds_of(base, text)[0].kind == kind


def test_a_text_without_known_words_names_nothing(base: Registry) -> None:
    assert kinds_of(base, "今日天气晴") == []


@pytest.mark.parametrize(
    ("kind", "label", "unit", "measure"),
    [
        ("base.visit", "走访居民家庭 户数", "户", "base.visit.households"),
        ("base.visit", "其中：低保户家庭重点慰问", "户", "base.visit.low_income"),
        ("base.visit", "其中：残疾家庭慰问", "户", "base.visit.disabled"),
        ("base.donation", "金额", "元", "base.donation.money"),
        ("base.education_aid", "资助贫困学生", "人次", "base.education_aid.grants"),
        ("base.education_aid", "受助学生", "名", "base.education_aid.students"),
        ("base.placement", "下岗失业人员找到新工作", "人", "base.placement.persons"),
        ("base.works", "立体户外雕塑长廊", "米", "base.works.gallery"),
        ("base.works", "增设停车位", "个", "base.works.parking"),
        ("base.profile", "室内外健身场所面积", "平方米", "base.profile.sports_area"),
        ("base.profile", "沿街门店", "个", "base.profile.shops"),
        ("base.study", "", "人次", "base.person_times"),
        ("base.study", "", "次", "base.study.sessions"),
    ],
)
def test_label_and_unit_name_the_measure(
    base: Registry, kind: str, label: str, unit: str, measure: str
) -> None:
    found = measure_of(base.kind(kind), label, unit)
    assert found is not None
    assert found.id == measure


def test_a_unit_of_another_sort_fits_no_measure(base: Registry) -> None:
    assert measure_of(base.kind("base.floating_member"), "流动党员", "元") is None


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("日期", ("date",)),
        ("频次", ("cadence",)),
        ("事项", ("title", "content", "category")),
        ("单位", ("unit", "organiser")),
        ("筹资（万元）", ("money",)),
        ("参加对象", ("object",)),
        ("慰问户数（户）", ("households",)),
        ("备 注", ("remark",)),
    ],
)
def test_a_header_names_its_roles(base: Registry, header: str, roles: tuple[str, ...]) -> None:
    assert roles_of(base, header) == roles


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("荣誉级别", ["省", "市"], "level"),
        ("授予单位", [], "issuer"),
        ("是否首个", ["是", ""], "first"),
        ("是否首个", ["全市首个"], None),
    ],
)
def test_a_header_names_a_field(
    base: Registry, header: str, values: list[str], field: str | None
) -> None:
    found = field_of(base.kind("base.honour"), header, values)
    assert (found.id if found else None) == field
