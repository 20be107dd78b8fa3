"""Names what a quantity counts, from the words beside it: 直管党员12名, 12名失业人员实现再就业."""

from __future__ import annotations

import re

_CLOSE = r"\s，。；：！？、,;:!?（）()《》“”‘’\"'…"
_RUN_AFTER = re.compile(rf"的?[“《‘]?([^{_CLOSE}\d]{{1,24}})")
_RUN_BEFORE = re.compile(rf"([^{_CLOSE}\d]{{1,24}})$")
_BEFORE_BRACKET = re.compile(rf"([^{_CLOSE}\d]{{1,24}})\s*[（(][^{_CLOSE}]{{0,4}}$")
# A noun that follows a quantity ends where the sentence goes on.
_GOES_ON = re.compile(
    "成功|参加|参与|荣获|获得|获|受到|进行|实现|成立|找到|得到|接受|享受|通过|达到|完成|组成|开展|举办|报名|"
    "进入|带领|签约|提供|融资|建立|组织|走访|入选|"
    "为|在(?!谈|职|校|册|岗|建|编|读|家)|到|被|将|把|与|和|及|中的|中$|等|来(?!电|信|访|客)|由|从|向|给|已|均|都|也|"
    "还|并|是|有(?!线|害|机|关|奖)|了"
)
# A noun that stands before a quantity begins after the verb or preposition that governs it.
_GOVERNS = re.compile(
    "累计|共计|总共|共有|共|一共|现有|目前|同时|其中|分别|先后|已经|已(?!婚|故)|又|还|再(?!就业|生)|并|仅|约|大约|近|有|"
    "设有|拥有|新增|新建|增设|增加|建成|建立|成立|举办|开展|组织|召开|配置|配备|发放|接收|接待|接管|资助|受理|"
    "慰问(?![品金信物资])|走访|筹集|筹措|投入|帮助|铺设|救助|清理|解决|解答|完成|确保|为|给|对|向|在(?![校职岗册])|"
    "由|从|使|让|把|将|被|的|了|着|达到|达(?!标)|至|到|我社区|社区|今年|全年|去年|本年度?|年度?"
)
_LONGEST = 12


def noun_of(plain: str, start: int, end: int, begin: int = 0) -> str:
    """The words that name what `plain[start:end]` counts; empty where none can be made out.

    Words before `begin` (the end of the quantity before) are not looked at.
    """
    after = _following(plain[end : end + 26])
    return after or _preceding(plain[max(begin, start - 26) : start])


def _following(text: str) -> str:
    match = _RUN_AFTER.match(text)
    if match is None:
        return ""
    stop = _GOES_ON.search(match[1])
    return match[1][: stop.start()] if stop else match[1][:_LONGEST]


def _preceding(text: str) -> str:
    match = _RUN_BEFORE.search(text)
    name = _governed(match[1]) if match else ""
    if name:
        return name
    bracket = _BEFORE_BRACKET.search(text)  # 文艺队伍一览表（共5支）
    return _governed(bracket[1]) if bracket else ""


def _governed(run: str) -> str:
    """What is left after the last governing word that still leaves a name."""
    name = run
    for match in _GOVERNS.finditer(run):
        rest = run[match.end() :]
        if len(rest) >= 2:
            name = rest
    ends = re.search(rf"(?:{_GOVERNS.pattern})+$", name)
    return (name[: ends.start()] if ends else name)[-_LONGEST:]
