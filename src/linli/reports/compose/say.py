"""How one record is said: the first template of its kind whose slots have values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from linli.kernel.units import kind_of
from linli.packs.schema_report import Phrase
from linli.reports.compose import refs
from linli.reports.compose.material import Amount, Item, Material
from linli.reports.compose.predicate import lacks_subject, subject_field
from linli.reports.compose.template import fill, slots
from linli.reports.draft import Cell, Run

_DEFAULT = ("[{when}，][{cadence}]{act}[，{rest}]",)
_TOTALS = ("[{when}，]{title}{first}[，其中{parts}]", "[{when}，][{cadence}]{title}")
_CADENCES = ("cadence", "频次", "更换频次")  # declared, or a column kept by its header
_STOPS = "。；，、：:;, \n"
# A title that begins with one of these, or holds one, needs no 开展 before it.
_DOING = ("组织", "开展", "举办", "召开", "进行", "参加")
_VERBS = (
    "组织", "开展", "举办", "召开", "进行", "参加", "观看", "参观", "走访", "慰问", "清理", "清除",
    "整治", "修理", "修复", "疏通", "安装", "设立", "成立", "建立", "发放", "配置", "增设", "改造",
    "宣传", "检查", "巡查", "巡视", "排查", "摸底", "接待", "推荐", "安排", "指导", "协助", "帮助",
    "免费", "收看", "收听", "送", "捐", "募集", "筹集", "举行", "制定", "签订", "评选", "重铺", "铺设",
    "规范", "更换", "调解", "化解", "联合", "邀请", "培训", "学习", "推进", "落实", "发出", "获", "被",
    "授", "评", "发挥", "推动", "做好", "建设", "实施", "健全", "完善",
    "新增", "新建", "完成", "加强", "配合", "建成", "投入", "抓", "解决", "办理", "探望",
    "看望", "登门", "上门", "考察", "调研", "视察", "公开", "公示", "张贴", "登记", "挂牌", "正式",
)  # fmt: skip


_EVENTS = (
    "活动", "仪式", "讲座", "课堂", "培训", "会", "班", "学习", "演出", "比赛", "大赛", "行动", "宣传",
    "检查", "服务", "教育", "座谈", "展览", "联欢",
)  # fmt: skip
_HELD = (
    "座谈会",
    "讨论会",
    "报告会",
    "晚会",
    "运动会",
    "联欢会",
    "茶话会",
    "班",
    "讲座",
    "课",
    "大赛",
)
_LEADS = ("免费", "集体", "义务", "联合", "全面", "定期", "积极")


def _has_verb(text: str) -> bool:
    """Say whether a title begins with its verb, or names who does it: 派出所组织……."""
    return text.startswith((*_VERBS, *_LEADS)) or any(verb in text for verb in _DOING)


def trimmed(text: str) -> str:
    """Return a title without the stops around it."""
    return " ".join(text.split()).strip(_STOPS)


def headed(title: str) -> tuple[str, str] | None:
    """Split ``对象：内容`` where the object is short; None for any other title."""
    head, mark, tail = title.partition("：")
    return (head, tail) if mark and 2 <= len(head) <= 8 and len(tail) >= 4 else None


def _lacks(item: Item, word: str) -> Cell | None:
    """``{no:WORD}`` holds where the title lacks a word; it writes nothing itself."""
    return None if word in item.title else (Run(""),)


def _has(item: Item, word: str) -> Cell | None:
    """``{has:WORD}`` holds where the title has a word; it writes nothing itself."""
    return (Run(""),) if word in item.title else None


class Sayer:
    """Says records of one report. ``titles`` are the titles of the measures."""

    def __init__(
        self, material: Material, phrases: Mapping[str, Phrase], titles: Mapping[str, str]
    ) -> None:
        self.material = material
        self.phrases = phrases
        self.titles = titles
        self._days: dict[str, list[Item]] = {}
        self._plain: dict[str, Callable[[Item], Cell | None]] = {
            "when": self._when,
            "title": self.title,
            "act": self._act,
            "event": self._event,
            "do": self._do,
            "first": self._first,
            "head": lambda item: self._half(item, "head"),
            "tail": lambda item: self._half(item, "tail"),
            "cadence": self._cadence,
        }
        self._taking: dict[str, Callable[[Item, str], Cell | None]] = {
            "f": self._field_beside,
            "no": _lacks,
            "has": _has,
            "m": self._amounts,
        }

    def record(self, item: Item) -> Cell | None:
        """Return the sentence of a record without its full stop; None when it says nothing."""
        phrase = self.phrases.get(item.kind)
        usual = _DEFAULT if item.grain == "event" else _TOTALS
        for template in (*(phrase.says if phrase else ()), *usual):
            made = self.by(item, template)
            if made:
                return made
        return None

    def together(self, items: list[Item]) -> list[Item]:
        """Return the records, those that differ in their day alone as one with several days."""
        firsts: dict[tuple[object, ...], Item] = {}
        kept: list[Item] = []
        for item in items:
            mark = (item.kind, item.title, tuple(sorted(item.fields.items())))
            if item.amounts or mark not in firsts:
                firsts.setdefault(mark, item)
                kept.append(item)
            else:
                self._days.setdefault(firsts[mark].id, []).append(item)
        return kept

    def by(self, item: Item, template: str) -> Cell | None:
        """Return a record said by a given template."""
        if "“" in item.title:  # no quotation marks around quotation marks
            template = template.replace("“{title}”", "{title}")
        named = slots(template)
        return fill(template, lambda slot: self._slot(item, slot, named))

    def title(self, item: Item) -> Cell:
        """Return the record's title as a bound run; before it the name of which it is said."""
        text = trimmed(item.title)
        if not text:
            return ()
        run = refs.of_record(item, self.material, "title", text)
        if not lacks_subject(text):
            return (run,)
        name = subject_field(item.fields)
        return (*(self._field(item, name) or ()), run) if name else ()

    def _slot(self, item: Item, slot: str, named: list[str]) -> Cell | None:
        name, _, argument = slot.partition(":")
        if name == "rest":
            return self._rest(item, named)
        if name == "parts":
            return self._parts(item, _led(item, named))
        plain = self._plain.get(name)
        if plain is not None:
            return plain(item)
        taking = self._taking.get(name)
        return taking(item, argument) if taking is not None else None

    def _cadence(self, item: Item) -> Cell | None:
        cells = (self._field(item, name) for name in _CADENCES)
        return next((cell for cell in cells if cell and cell[0].text not in item.title), None)

    def _when(self, item: Item) -> Cell | None:
        run = refs.occurred(item, self.material)
        if run is None or run.text in item.title:
            return None
        runs = [run]
        for other in self._days.get(item.id, ()):
            if more := refs.occurred(other, self.material):
                runs += [Run("、"), more]
        return tuple(runs)

    def _act(self, item: Item) -> Cell | None:
        title = self.title(item)
        if len(title) != 1:  # none, or one that says of whom it is said
            return title or None
        bare = title[0].text.lstrip("“")
        if bare.partition("（")[0].endswith(_HELD) and not bare.startswith(_DOING):
            return (Run("举办"), *title)
        return title if _has_verb(bare) else (Run("开展"), *title)

    def _do(self, item: Item) -> Cell | None:
        title = self.title(item)
        return title if len(title) != 1 or _has_verb(title[0].text) else (Run("做好"), *title)

    def _event(self, item: Item) -> Cell | None:
        """开展……活动, around a title that says neither 开展 nor 活动 itself."""
        title = self.title(item)
        if len(title) != 1:
            return title or None
        text = title[0].text
        if text.startswith(_DOING):
            return title
        if text.partition("（")[0].endswith(_HELD):
            return (Run("举办"), *title)
        if text.startswith(_VERBS) and "，" not in text:
            return title
        if any(mark in text for mark in "，、；") and "“" not in text:
            title = (Run("“"), *title, Run("”"))
        return (
            (Run("开展"), *title) if text.endswith(_EVENTS) else (Run("开展"), *title, Run("活动"))
        )

    def _first(self, item: Item) -> Cell | None:
        whole = _first_whole(item)
        run = refs.amount(item, whole, self.material) if whole else None
        return (run,) if run and run.text not in item.title else None

    def _half(self, item: Item, which: str) -> Cell | None:
        halves = headed(trimmed(item.title))
        if halves is None:
            return None
        text = halves[0 if which == "head" else 1]
        return (refs.of_record(item, self.material, f"title:{which}", text),)

    def _field(self, item: Item, field: str) -> Cell | None:
        text = trimmed(item.fields.get(field, ""))
        if not text or (text == trimmed(item.title) and lacks_subject(text)):
            return None
        return (refs.of_record(item, self.material, f"field:{field}", text),)

    def _field_beside(self, item: Item, field: str) -> Cell | None:
        """A field next to the title: not said where the title says it already."""
        text = trimmed(item.fields.get(field, ""))
        said = (
            text == trimmed(item.title)
            or (field == "place" and text[-3:] in item.title)
            or (field == "object" and text in item.title)  # not 为老人看望孤寡老人
        )
        return None if said else self._field(item, field)

    def _amounts(self, item: Item, measure: str) -> Cell | None:
        found = _of_measure(item, measure)
        return (refs.amount(item, found, self.material),) if found else None

    def _said(self, item: Item, one: Amount) -> Cell:
        """An amount with its noun: 参加居民56人, 捐款金额9000余元."""
        phrase = self.phrases.get(one.measure)
        run = refs.amount(item, one, self.material)
        if phrase:
            made = fill(phrase.says[0], lambda slot: (run,) if slot == "n" else None)
            if made:
                return made
        return (Run(self.titles.get(one.measure) or one.label), run)

    def _parts(self, item: Item, whole: Amount | None) -> Cell | None:
        """其中: the parts of one whole, the verb they share said once."""
        parts = [one for one in item.parts_of(whole) if not _is_none(one)] if whole else []
        runs: list[Run] = []
        shared = ""
        for one in parts:
            said = list(self._said(item, one))
            if runs:
                runs.append(Run("、"))
                if shared and said[0].ref is None and said[0].text.startswith(shared):
                    said[0] = Run(said[0].text[len(shared) :])
            elif said[0].ref is None:
                shared = said[0].text[:2]
            runs.extend(said)
        return tuple(runs) or None

    def _rest(self, item: Item, named: list[str]) -> Cell | None:
        """The whole amounts that no other slot names; a bare 1次 says nothing."""
        led = _led(item, named) if "parts" in named else None
        taken = {slot.partition(":")[2] for slot in named if slot.startswith("m:")}
        runs: list[Run] = []
        for one in item.amounts:
            run = refs.amount(item, one, self.material)
            if one.measure in taken or one.part_of or run.text in item.title:
                continue
            if _is_once(one) or _is_none(one):
                continue
            if runs:
                runs.append(Run("，"))
            runs.extend(self._said(item, one))
            if one is not led and (inner := self._parts(item, one)):
                runs.extend((Run("，其中"), *inner))
        return tuple(runs) or None


def _is_once(one: Amount) -> bool:
    return kind_of(one.quantity.unit) == "times" and one.quantity.value == Decimal(1)


def _is_none(one: Amount) -> bool:
    """A bare nought: an office that visited 0户 has nothing to tell of it."""
    return one.quantity.value == 0 and not one.quantity.value_max


def _first_whole(item: Item) -> Amount | None:
    return next((one for one in item.amounts if not one.part_of and not _is_none(one)), None)


def _of_measure(item: Item, measure: str) -> Amount | None:
    return next((o for o in item.amounts if o.measure == measure and not _is_none(o)), None)


def _led(item: Item, named: list[str]) -> Amount | None:
    """The whole before {parts} in a template: the amount it names, else its first."""
    measures = [slot.partition(":")[2] for slot in named if slot.startswith("m:")]
    found = (_of_measure(item, measure) for measure in measures)
    return next((one for one in found if one), None) or _first_whole(item)
