"""What a register may hold about a person: care classes and personal fields, each with its reason.

Nothing is kept about a person without a purpose and a legal basis, and nothing without an end. A
class that Linli must not list (petitioners, offenders, patients, believers) is a fault of the pack.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic import Field as Slot

FORBIDDEN = (
    "信访", "上访", "缠访", "稳控", "刑释", "刑满", "矫正", "前科", "犯罪", "吸毒", "戒毒", "精神障碍",
    "精神病", "肇事肇祸", "艾滋", "传染病", "患者", "病人", "邪教", "信教", "宗教", "教徒", "孕检",
    "超生", "重点人员", "重点青少年", "失信", "黑名单", "积分排名",
)  # fmt: skip
"""Words of lists that may not be kept by name; a count comes from the competent body."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _allowed(text: str) -> str:
    found = next((word for word in FORBIDDEN if word in text), None)
    if found is not None:
        raise ValueError(f"不得按“{found}”建立人员名册，只能登记主管部门提供的数量")
    return text


Said = Annotated[str, Slot(min_length=1)]
Named = Annotated[str, Slot(min_length=1), AfterValidator(_allowed)]


class CareClass(_Model):
    """A sort of person whom the office serves in a way of its own (关爱类别).

    ``words`` are how ledgers write it. ``from_age`` makes a class that follows from the birth date
    and is never entered. ``authority`` is who decides that somebody belongs to it.
    ``retain_years``: how long after its end, or after the person has left, the entry is kept.
    """

    id: Said
    title: Named
    words: tuple[Named, ...] = ()
    from_age: Annotated[int, Slot(ge=1, le=150)] | None = None
    authority: str = ""
    purpose: Said
    basis: Said
    retain_years: Annotated[int, Slot(ge=0, le=30)]

    @model_validator(mode="after")
    def _decided(self) -> Self:
        if (self.from_age is None) == (not self.authority):
            raise ValueError("写 from_age（由出生日期推算）或 authority（由谁认定），二者取一")
        return self


class PersonalField(_Model):
    """A piece of what a register says of a person (个人信息项).

    ``sealed``: kept encrypted, shown masked, and each reveal is audited. ``words`` are its headers
    in a workbook. ``retain_years`` counts from the day on which the person left the register.
    """

    id: Said
    what: Literal[
        "name", "sex", "birth", "residence", "relation", "identity_number", "phone", "certificate"
    ]
    title: Named
    words: tuple[Said, ...] = ()
    sealed: bool = False
    purpose: Said
    basis: Said
    retain_years: Annotated[int, Slot(ge=0, le=30)]

    @model_validator(mode="after")
    def _sealed(self) -> Self:
        if self.what in SEALED and not self.sealed:
            raise ValueError("证件号码和电话必须加密保存：写 sealed = true")
        return self


SEALED = ("identity_number", "phone", "certificate")
