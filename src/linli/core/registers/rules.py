"""Persons, households and dwellings as others see them, and what may not be. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from linli.core.registers.names import masked_name
from linli.kernel.errors import Refusal, sentences
from linli.kernel.identity_numbers import masked as masked_number
from linli.kernel.identity_numbers import read_identity_number

sentences(
    {
        "registers.unknown": ("这个辖区的登记里没有编号为 {id} 的{what}。", "请核对编号和辖区。"),
        "registers.sealed": (
            "加密的内容打不开：密钥不对，或内容被改动。",
            "请从同一份备份恢复数据库和 keys 目录。",
        ),
        "registers.nameless": ("{what}没有写{missing}。", "请写明{missing}。"),
        "registers.dates": (
            "{what}的结束日期 {until} 不晚于开始日期 {since}。",
            "请核对日期。",
        ),
        "registers.ended": ("{what}已于 {until} 结束。", "请核对日期，或先更正原来的结束日期。"),
        "registers.future": ("{what} {day} 还没有到。", "请核对日期。"),
        "registers.word": ("“{word}”不是{what}。", "请用 {words} 之一。"),
        "registers.phone": (
            "电话“{shown}”不像电话号码：{why}。",
            "请写 11 位手机号，或区号加座机号。",
        ),
        "registers.mismatch": (
            "{what}与身份证号不一致：登记为 {said}，身份证号上是 {number}。",
            "请对照证件，改正其中一个。",
        ),
        "registers.taken": (
            "这个{what}已经登记在另一个人名下（{shown}）。",
            "请先核对是不是同一个人。",
        ),
        "registers.derived": ("“{title}”由出生日期推算，不用登记。", "请只登记出生日期。"),
        "registers.enrolled": ("{shown}已经在册。", "请改用更正，或先办理离册。"),
        "registers.member": ("{shown}已经是另一户的成员。", "请先办理离户，再加入另一户。"),
        "registers.purpose": ("没有写明用途。", "请写明为什么要看，例如“代办高龄津贴”。"),
        "registers.purpose_name": ("用途里写了姓名。", "审计不记姓名，请只写事由。"),
        "registers.nothing": ("{shown}没有登记{field}。", "请先登记。"),
        "registers.same": ("合并的是同一个人。", "请选两个不同的人。"),
        "registers.merged": ("{shown}已经并入另一个人。", "请先撤销那次合并。"),
        "registers.not_merged": ("没有编号为 {id} 的合并可以撤销。", "请核对编号。"),
        "registers.later_merge": ("保留的一方后来又并入了另一个人。", "请先撤销后一次合并。"),
        "registers.request": ("没有编号为 {id} 的未办结请求。", "请核对编号和辖区。"),
        "registers.query": ("没有写要找谁。", "请写姓名、拼音首字母、住址、身份证号或电话。"),
    }
)


class Tie(StrEnum):
    """How a person belongs to an area; anything but `both` is 人户分离."""

    BOTH = "both"  # registered and living here
    REGISTERED = "registered"  # 户在人不在
    LIVING = "living"  # 人在户不在


class Left(StrEnum):
    """Why an enrolment ended."""

    MOVED = "moved"
    DIED = "died"
    DIVIDED = "divided"  # the area was split or merged
    ERROR = "error"  # was never a resident


class Sort(StrEnum):
    """What a person may ask about their own data (个人信息保护法 44–50)."""

    ACCESS = "access"
    CORRECT = "correct"
    ERASE = "erase"


TIE_NAMES: Mapping[str, str] = MappingProxyType(
    {Tie.BOTH: "人户一致", Tie.REGISTERED: "户在人不在", Tie.LIVING: "人在户不在"}
)
LEFT_NAMES: Mapping[str, str] = MappingProxyType(
    {Left.MOVED: "迁出", Left.DIED: "去世", Left.DIVIDED: "辖区调整", Left.ERROR: "误登"}
)
SEXES = ("男", "女")
RELATIONS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "head": ("户主", ("户主", "本人", "户主本人")),
        "spouse": ("配偶", ("配偶", "妻", "夫", "妻子", "丈夫", "老伴", "爱人", "之妻", "之夫")),
        "son": ("子", ("子", "儿子", "长子", "次子", "三子", "独生子", "养子", "继子", "之子")),
        "daughter": ("女", ("女", "女儿", "长女", "次女", "三女", "独生女", "养女", "之女")),
        "child_in_law": ("儿媳、女婿", ("儿媳", "媳妇", "媳", "女婿", "婿", "儿媳、女婿")),
        "grandchild": (
            "孙辈",
            ("孙子", "孙女", "孙", "外孙", "外孙女", "孙辈", "重孙", "曾孙", "孙媳"),
        ),
        "parent": ("父母", ("父亲", "母亲", "父", "母", "父母", "继父", "继母")),
        "parent_in_law": ("岳父母、公婆", ("岳父", "岳母", "公公", "婆婆", "公婆", "岳父母、公婆")),
        "grandparent": ("祖辈", ("祖父", "祖母", "外祖父", "外祖母", "爷爷", "奶奶", "祖辈")),
        "sibling": (
            "兄弟姐妹",
            ("兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹", "兄弟姐妹"),
        ),
        "relative": ("其他亲属", ("其他亲属", "亲属", "侄子", "侄女", "外甥", "侄", "甥")),
        "other": ("非亲属", ("非亲属", "其他", "租客", "保姆", "寄居", "同住")),
        "guardian": ("监护人", ("监护人",)),
        "contact": ("紧急联系人", ("紧急联系人", "联系人")),
    }
)
"""What one is to another, after GB/T 4761: title, and the words that ledgers use."""

_RELATION_OF = {word: code for code, (_, words) in RELATIONS.items() for word in words}
FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {"identity_number": "身份证号", "phone": "电话", "certificate": "残疾人证号"}
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the register of an area says on a day."""

    id: UUID
    area: int
    name: str
    sex: str
    birth: date | None
    tie: str
    elsewhere: str = ""
    since: date | None = None
    until: date | None = None
    left: str = ""
    address: str = ""

    @property
    def shown(self) -> str:
        """The name as it may leave the register: masked."""
        return masked_name(self.name)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a household."""

    person: UUID
    name: str
    relation: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class StayView:
    """A household in a dwelling, from–to."""

    household: UUID
    dwelling: UUID
    address: str
    tenure: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class CareView:
    """A care class of a person, from–to; `source` says who decided, empty: 由出生日期推算."""

    care_class: str
    title: str
    since: date | None
    until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is entered of a person; sealed fields are checked and brought into one form."""

    name: str
    sex: str = ""
    birth: date | None = None
    tie: str = Tie.BOTH
    elsewhere: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)


def checked(given: Particulars, today: date) -> Particulars:
    """The particulars with the numbers in one form, birth and sex filled from the number.

    Raises Refusal registers.*, identity.*.
    """
    if not given.name.strip():
        raise Refusal("registers.nameless", what="居民", missing="姓名")
    one_of(given.tie, TIE_NAMES, "人户关系")
    if given.sex:
        one_of(given.sex, SEXES, "性别")
    secrets = {name: sealed_form(name, value) for name, value in given.secrets.items() if value}
    sex, birth = given.sex, given.birth
    if "identity_number" in secrets:
        number = read_identity_number(secrets["identity_number"])
        for what, said, stands in (("性别", sex, number.sex), ("出生日期", birth, number.birth)):
            if said and said != stands:
                raise Refusal("registers.mismatch", what=what, said=said, number=stands)
        sex, birth = number.sex, number.birth
    if birth is not None and birth > today:
        raise Refusal("registers.future", what="出生日期", day=birth)
    return Particulars(given.name.strip(), sex, birth, given.tie, given.elsewhere.strip(), secrets)


def sealed_form(field_name: str, value: str | int | float) -> str:
    """One form of a sealed value, so that equal ones have equal digests. Raises Refusal."""
    one_of(field_name, FIELD_NAMES, "敏感信息项")
    if field_name == "identity_number":
        return read_identity_number(value).text
    plain = re.sub(r"[\s\-－—()（）]+", "", unicodedata.normalize("NFKC", str(value))).upper()
    return _phone(plain) if field_name == "phone" else plain


def _phone(plain: str) -> str:
    digits = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", plain)
    if not digits.isdigit():
        raise Refusal("registers.phone", shown=masked(digits, "phone"), why="有数字以外的字符")
    if not re.fullmatch(r"1\d{10}|0\d{9,11}|\d{7,8}", digits):
        raise Refusal("registers.phone", shown=masked(digits, "phone"), why=f"有 {len(digits)} 位")
    return digits


def masked(value: str, field_name: str) -> str:
    """A sealed value as it is shown: 138****1234, 4301************14."""
    if field_name == "phone" and len(value) > 7:
        return value[:3] + "*" * (len(value) - 7) + value[-4:]
    return masked_number(value)


def relation_of(word: str) -> str:
    """The code of a relation as ledgers write it. Raises Refusal registers.word."""
    plain = word.strip()
    if plain in RELATIONS:
        return plain
    if plain not in _RELATION_OF:
        titles = "、".join(title for title, _ in RELATIONS.values())
        raise Refusal("registers.word", word=plain, what="与户主关系", words=titles)
    return _RELATION_OF[plain]


def one_of(word: str, words: Mapping[str, object] | tuple[str, ...], what: str) -> str:
    """Refuse a word that is none of a closed list."""
    if word not in words:
        raise Refusal("registers.word", word=word, what=what, words="、".join(words))
    return word


def age_on(birth: date, day: date) -> int:
    """Completed years (周岁): a year is complete on the day after the birthday in law, and on the
    birthday in the allowances that these classes serve; the latter is counted here. Who was born on
    29 February completes a year on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def born_by(age: int, day: date) -> date:
    """The last birth date of those who have completed `age` years on a day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, and no such day in that year
        return day.replace(year=day.year - age, day=28)


def check_span(what: str, since: date | None, until: date | None) -> None:
    """Refuse an end that does not lie after the beginning."""
    if since is not None and until is not None and until <= since:
        raise Refusal("registers.dates", what=what, since=since, until=until)
