"""From a plan and plain material to a draft: what is said, what is left out, how it is worded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from linli.kernel.days import Occurred, Precision
from linli.kernel.errors import Refusal
from linli.kernel.periods import Period
from linli.kernel.quantities import Qualifier, Quantity
from linli.packs.load import registry
from linli.packs.schema_report import ReportPlan, Section
from linli.reports.compose.compose import compose, says_anything
from linli.reports.compose.levels import named, rank
from linli.reports.compose.material import Amount, Datum, Item, Material
from linli.reports.compose.numbering import Numbers, chinese
from linli.reports.compose.prose import read
from linli.reports.compose.say import Sayer
from linli.reports.compose.template import fill, tidy
from linli.reports.compose.when import when
from linli.reports.draft import Draft, Heading, Paragraph, Ref, RefKind, Run, Table

QUARTER = Period.parse("2010Q1")


def _day(text: str, precision: Precision = Precision.DAY, words: str = "") -> Occurred:
    day = date.fromisoformat(text)
    return Occurred(day, day, precision, words)


def _item(kind: str, title: str, when: Occurred | None = None, **facts: object) -> Item:
    section = registry().kinds[kind].section
    occurred = when or Occurred(None, QUARTER.end, Precision.UNTIL)
    made = Item(f"{kind}/{title}", kind, section, "event", occurred, "done", title)
    return replace(made, **facts)  # type: ignore[arg-type]


def _visit() -> Item:
    whole = Amount("base.visit.households", "户数", Quantity(Decimal(20), "户"), "D4")
    poor = Amount("base.visit.low_income", "低保户", Quantity(Decimal(2), "户"), "D5", "D4")
    disabled = Amount("base.visit.disabled", "残疾", Quantity(Decimal(11), "户"), "D6", "D4")
    day = _day("2010-03-05")
    return _item("base.visit", "走访居民家庭", day, amounts=(whole, poor, disabled))


def _datum(indicator: str, value: int, unit: str, **facts: object) -> Datum:
    title = registry().indicators[indicator].title
    made = Datum(indicator, 1, title, "含义", Quantity(Decimal(value), unit), "visit", "computed",
                 1, "2010-04-01", "f")  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def _material(*items: Item, data: tuple[Datum, ...] = (), **facts: object) -> Material:
    made = Material("east", "东街社区", QUARTER, date(2010, 4, 2), "2010Q1", items,
                    {one.indicator: one for one in data})  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type]


def _write(material: Material, plan: str | ReportPlan = "quarter") -> Draft:
    known = registry()
    chosen = known.report(plan) if isinstance(plan, str) else plan
    titles = {name: one.title for name, one in known.measures.items()}
    return compose(chosen, material, known.phrases, titles)


def _lines(draft: Draft) -> list[str]:
    lines = []
    for block in draft.blocks:
        if isinstance(block, Heading):
            lines.append(f"{block.number}{block.text}")
        elif isinstance(block, Paragraph):
            lines.append(block.text)
    return lines


def test_a_visit_is_said_with_its_parts() -> None:
    lines = _lines(_write(_material(_visit())))
    assert "3月5日，走访居民家庭，共20户，其中慰问低保户2户、残疾家庭11户。" in lines


def _amount(measure: str, value: int, unit: str, cell: str, part_of: str = "") -> Amount:
    label = registry().measures[measure].title if measure in registry().measures else measure
    return Amount(measure, label, Quantity(Decimal(value), unit), cell, part_of)


def test_each_part_is_said_once_behind_its_own_whole() -> None:
    amounts = (
        _amount("t.held", 45, "人次", "E4"),
        _amount("base.visit.households", 30, "户", "D4"),
        _amount("base.visit.disabled", 8, "户", "D5", "E4"),  # named wrongly: 户 are of 户
        _amount("t.young", 12, "人次", "E5", "D4"),
        _amount("base.visit.low_income", 0, "户", "D6", "D4"),
    )
    visit = _item("base.visit", "慰问困难家庭", _day("2010-03-05"), amounts=amounts)
    sayer = Sayer(_material(visit), registry().phrases, {})
    said = "".join(run.text for run in sayer.record(visit) or ())
    assert (
        said == "3月5日，慰问困难家庭，共30户，其中慰问残疾家庭8户，t.held45人次，其中t.young12人次"
    )
    loose = "".join(run.text for run in sayer.by(visit, "{title}[，{rest}]") or ())
    assert (loose.count("8户"), loose.count("12人次"), loose.count("其中")) == (1, 1, 2)
    assert loose.index("45人次") < loose.index("12人次") < loose.index("30户") < loose.index("8户")


def test_a_nought_is_not_said_and_an_object_not_twice() -> None:
    none = (_amount("base.visit.households", 0, "户", "D4"),)
    fields = {"object": "老人"}
    visit = _item("base.visit", "看望孤寡老人", _day("2010-03-05"), amounts=none, fields=fields)
    other = replace(visit, title="走访慰问")
    sayer = Sayer(_material(visit), registry().phrases, {})
    said = ["".join(run.text for run in sayer.record(one) or ()) for one in (visit, other)]
    assert said == ["3月5日，看望孤寡老人", "3月5日，为老人走访慰问"]


def test_dated_events_are_numbered_by_day_and_quote_their_titles() -> None:
    gift = Amount("base.donation.money", "金额", Quantity(Decimal(9000), "元", Qualifier.OVER))
    items = (
        _item("base.donation", "“爱心延伸”募捐", _day("2010-03-08"), amounts=(gift,)),
        _visit(),
    )
    (line,) = [line for line in _lines(_write(_material(*items))) if line.startswith("（1）")]
    assert line.startswith("（1）3月5日，走访居民家庭，共20户")
    assert line.endswith("；（2）3月8日，开展“爱心延伸”募捐活动，募集捐款9000余元。")


def test_empty_sections_are_left_out_and_numbering_stays_right() -> None:
    study = _item("base.study", "居民：住房政策文件学习", _day("2010-03-20"))
    draft = _write(_material(_visit(), study))
    headings = [block for block in draft.blocks if isinstance(block, Heading)]
    assert [heading.number for heading in headings] == ["一、", "二、"]
    assert "3月20日，组织居民进行住房政策文件学习。" in _lines(draft)


def test_nothing_is_said_of_nothing() -> None:
    draft = _write(_material())
    assert not says_anything(draft)
    assert not [block for block in draft.blocks if isinstance(block, Heading | Table)]
    assert all("成效" not in line and "显著" not in line for line in _lines(draft))


def test_a_deeper_section_keeps_the_heading_above_it() -> None:
    records = {"type": "records", "sections": ["visit"]}
    plan = ReportPlan.model_validate(
        {
            "id": "t.plan", "type": "briefing", "title": "{area}汇报材料",
            "sections": [
                {"id": "a", "heading": "甲", "blocks": []},
                {"id": "b", "heading": "乙", "level": 2, "blocks": []},
                {"id": "c", "heading": "丙", "level": 2, "blocks": [records]},
                {"id": "d", "heading": "丁", "blocks": []},
            ],
        }
    )  # fmt: skip
    headings = [b for b in _write(_material(_visit()), plan).blocks if isinstance(b, Heading)]
    assert [(one.number, one.text) for one in headings] == [("一、", "甲"), ("（一）", "丙")]


def test_every_number_date_and_name_of_a_draft_is_bound() -> None:
    draft = _write(_material(_visit(), data=(_datum("base.visited_households", 20, "户"),)))
    for run in draft.runs():
        loose = [letter for letter in run.text if letter.isdigit()] if run.ref is None else []
        assert not loose or run.text.startswith(("（1）", "（2）")), run.text
    kinds = {ref.kind for _, ref in draft.refs()}
    assert kinds == {RefKind.FIGURE, RefKind.RECORD, RefKind.PERIOD, RefKind.NAME}


def test_the_same_work_on_two_days_is_said_once() -> None:
    feasts = [
        _item("base.visit", "送年货上门", _day(day, Precision.FESTIVAL, name), id=name)
        for day, name in (("2010-01-22", "腊八节"), ("2010-02-28", "元宵节"))
    ]
    lines = _lines(_write(_material(*feasts)))
    assert "腊八节、元宵节，送年货上门。" in lines


def test_a_list_is_cut_with_its_full_count() -> None:
    venues = [
        _item("base.venue", f"{number}号活动室", grain="observation") for number in "甲乙丙丁"
    ]
    block = {"type": "listing", "kinds": ["base.venue"], "text": "设有{list}。", "most": 2,
             "counter": "处"}  # fmt: skip
    plan = ReportPlan(
        id="t.plan", type="briefing", title="汇报",
        sections=(Section.model_validate({"id": "a", "heading": "阵地", "blocks": [block]}),),
    )  # fmt: skip
    draft = _write(_material(*venues), plan)
    assert "设有甲号活动室、乙号活动室等4处。" in _lines(draft)
    assert any(ref.part == "count:base.venue" for _, ref in draft.refs())


def test_honours_stand_by_level_each_once() -> None:
    rows = [("市", "文明社区"), ("省", "绿色社区"), ("市", "文明社区"), ("省、市", "法治社区")]
    items = [
        _item("base.honour", title, fields={"level": level}, id=str(number))
        for number, (level, title) in enumerate(rows)
    ]
    lines = _lines(_write(_material(*items), "title-summary"))
    said = "东街社区先后获得省级荣誉“绿色社区”；省市级荣誉“法治社区”；市级荣誉“文明社区”。"
    assert said in lines


def test_plans_ahead_are_told_as_plans() -> None:
    ahead = (_item("base.plan_item", "抓好卫生整治"), _item("base.plan_item", "资料归档"))
    material = _material(_visit(), planned=ahead)
    assert _lines(_write(material))[-1] == "下一季度，将抓好卫生整治；做好资料归档。"


# Prose -------------------------------------------------------------------------------------------


def _prose(text: str, *data: Datum) -> tuple[Run, ...]:
    material = _material(_visit(), data=data, prose={"visit": (text,)})
    blocks = _write(material).blocks
    (paragraph,) = [one for one in blocks if isinstance(one, Paragraph) and one.prose]
    return paragraph.runs


def test_typed_prose_stays_and_its_numbers_are_bound_or_marked() -> None:
    text = "一季度走访户次20户，另为30户修灯，比去年好。"
    runs = _prose(text, _datum("base.visited_households", 20, "户"))
    assert "".join(run.text for run in runs) == text
    bound = [run for run in runs if run.ref is not None]
    assert [run.text for run in bound] == ["20户"]
    assert bound[0].ref is not None
    assert bound[0].ref.subject == "base.visited_households@1"
    assert [run.text for run in runs if run.unverified] == ["30户"]


def test_a_typed_number_of_another_thing_is_not_bound() -> None:
    runs = _prose("新栽银杏树20户门前各一棵", _datum("base.visited_households", 20, "户"))
    assert [run.text for run in runs if run.ref is not None] == []


def test_a_typed_day_is_bound_to_the_record_of_that_day() -> None:
    runs = _prose("3月5日天气很冷，3月6日下雪。")
    assert [run.text for run in runs if run.ref is not None] == ["3月5日"]
    assert [run.text for run in runs if run.unverified] == ["3月6日"]


def test_a_prose_file_names_its_sections(tmp_path: Path) -> None:
    plan = registry().report("quarter")
    path = tmp_path / "prose.md"
    path.write_text("开头的话。\n\n# 走访帮扶，关心群众\n第一段。\n第二段。\n", encoding="utf-8")
    assert read(path, plan) == {"lead": ("开头的话。",), "visit": ("第一段。", "第二段。")}
    path.write_text("# 没有这部分\n话。\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read(path, plan)
    assert "没有这部分" in str(refused.value)


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{a}，共{b}。", "甲，共乙。"),
        ("{a}[，共{none}]。", "甲。"),
        ("{none}，共{b}。", None),
        ("{a}[，其中{b}[、{none}]]。", "甲，其中乙。"),
        ("{a}（[{none}，][{none}授予]）。", "甲。"),
        ("{a}（[{b}，][{none}授予]）。", "甲（乙）。"),
        ("{a}，[{none}，]。", "甲。"),
    ],
)
def test_templates_drop_what_has_no_value(template: str, words: str | None) -> None:
    values = {"a": (Run("甲"),), "b": (Run("乙"),)}
    made = fill(template, values.get)
    assert (None if made is None else "".join(run.text for run in made)) == words


def test_stops_are_not_doubled_across_links() -> None:
    link = Run("扫雪。", Ref(RefKind.RECORD, "1"))
    assert [run.text for run in tidy([Run("开展"), link, Run("，"), Run("。")])] == [
        "开展", "扫雪。"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("occurred", "period", "words"),
    [
        (_day("2010-03-05"), "2010Q1", "3月5日"),
        (_day("2010-03-12", Precision.HALF_DAY, "3.12下午"), "2010Q1", "3月12日下午"),
        (_day("2010-03-21", Precision.DEKAD), "2010Q1", "3月下旬"),
        (_day("2009-03-01", Precision.MONTH), "2007..2009", "2009年3月"),
        (_day("2010-02-28", Precision.FESTIVAL, "元宵节"), "2010", "元宵节"),
        (Occurred(date(2010, 3, 1), date(2010, 3, 7), Precision.SPAN), "2010Q1", "3月1日至7日"),
        (Occurred(date(2006, 1, 1), date(2008, 12, 31), Precision.YEARS), "2007..2009",
         "2006至2008年"),
        (Occurred(date(2010, 1, 1), date(2010, 3, 31), Precision.QUARTER), "2010Q1", ""),
        (Occurred(None, date(2010, 3, 31), Precision.UNTIL), "2010Q1", ""),
    ],
)  # fmt: skip
def test_days_are_said_as_exactly_as_they_are_known(
    occurred: Occurred, period: str, words: str
) -> None:
    assert when(occurred, Period.parse(period)) == words


def test_numbers_of_headings() -> None:
    numbers = Numbers()
    given = [numbers.next(level) for level in (1, 2, 2, 3, 1, 2)]
    assert given == ["一、", "（一）", "（二）", "1.", "二、", "（一）"]
    assert [chinese(number) for number in (1, 10, 11, 20, 35)] == [
        "一",
        "十",
        "十一",
        "二十",
        "三十五",
    ]


def test_levels_are_ordered_and_named() -> None:
    words = ["社区", "区", "省", "国家级", "市", "省、市", "街道"]
    assert min(words, key=rank) == "国家级"
    assert [named(word) for word in ("省", "省、市", "市级", "")] == ["省级", "省市级", "市级", ""]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"企业类型": "楼宇联合工会"}, "3月12日，楼宇联合工会正式挂牌成立。"),
        ({"企业类型": "楼宇联合工会", "备注": "街道工会到场"}, None),  # which of the two?
        ({"备注": "到场20人"}, None),  # a count is no name
        ({}, None),
    ],
)
def test_a_sentence_has_a_subject(fields: dict[str, str], said: str | None) -> None:
    title = "正式挂牌成立"
    founding = _item(
        "base.union_founding", title, _day("2010-03-12"), fields={"union": title} | fields
    )
    text = "\n".join(_lines(_write(_material(_visit(), founding))))
    assert (said in text) if said else (title not in text)


def test_a_status_that_stands_beside_a_title_is_no_sentence_of_its_own() -> None:
    service = _item("base.works", "增设停车位", _day("2010-03-12"), fields={"result": "已完成"})
    sayer = Sayer(_material(service), {}, {})
    made = sayer.by(service, "{title}，{f:result}") or ()
    assert "".join(run.text for run in made) == "增设停车位，已完成"


def test_the_appendix_names_the_cell_of_the_part_itself() -> None:
    visit = replace(_visit(), sheet="一季度", source="一季度!D4")
    data = (
        _datum("base.visited_households", 20, "户", measure="base.visit.households", records=1),
        _datum("base.visited_low_income", 2, "户", measure="base.visit.low_income", records=1),
    )
    told = _material(visit, data=data, trace=lambda indicator: (visit,))
    plan = registry().report("quarter").model_copy(
        update={"closing": "走访{figure:base.visited_households}，低保{figure:base.visited_low_income}。"}
    )  # fmt: skip
    entries = {one.title[0].text: one for one in _write(told, plan).appendix}
    (whole,), (part,) = (
        entries[registry().indicators[name].title].records
        for name in ("base.visited_households", "base.visited_low_income")
    )
    assert whole[0].text == "一季度!D4"
    assert part[0].text == "一季度!D5"
    assert part[0].ref is not None
    assert part[0].ref.part == "source:base.visit.low_income#0"


def test_a_plan_may_close_with_a_sentence() -> None:
    plan = registry().report("quarter").model_copy(update={"closing": "以上是{area}的总结。"})
    assert _lines(_write(_material(_visit()), plan))[-1] == "以上是东街社区的总结。"
