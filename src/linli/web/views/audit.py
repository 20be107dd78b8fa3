"""The audit chain of an area: what was done when and by whom, and whether the chain is whole."""

from __future__ import annotations

from django.http import HttpResponse

from linli.core.access.queries import names
from linli.core.access.rules import Permission
from linli.core.audit import queries, trail
from linli.web.door import door
from linli.web.paging import page_of
from linli.web.visit import Visit

ACTIONS = {
    "records.record": "登记记录",
    "records.repeat": "重复提交（未再登记）",
    "records.correct": "更正记录",
    "records.fill": "补填记录",
    "records.withdraw": "撤销记录",
    "records.name_source": "补明来源",
    "records.attach": "附佐证",
    "records.commit_import": "导入表格",
    "intake.remember": "记住表格对照",
    "flows.start": "转入流程",
    "flows.move": "办理一步",
    "flows.repeat": "重复提交（未再办理）",
    "flows.erase_reason": "抹去流转理由",
    "flows.send": "发给别的辖区",
    "flows.deliver": "收到来件",
    "flows.accept": "签收来件",
    "flows.refuse": "退回来件",
    "evidence.store": "保存文件",
    "periods.close": "关账",
    "reports.write": "写报告",
    "insight.fill": "计算数据",
    "areas.create": "建立辖区",
    "access.grant": "授予角色",
    "access.revoke": "收回角色",
}


@door(permission=Permission.AUDIT)
def audit(visit: Visit) -> HttpResponse:
    """Entries, newest first; `?verify=1` recomputes the whole chain."""
    page = page_of(visit, queries.count(visit.area.key))
    rows = queries.entries(visit.area.key, limit=page.size, offset=page.offset)
    known = names(row.actor for row in rows)
    context = {
        "rows": [
            (row, ACTIONS.get(row.action, row.action), _who(row.actor, known)) for row in rows
        ],
        "page": page,
        "report": trail.verify(tables=False) if visit.given("verify") else None,
    }
    return visit.page("web/audit.html", context)


def _who(actor: str, known: dict[str, str]) -> str:
    if actor.startswith("operator-"):
        return "命令行操作员"
    return known.get(actor, "已删除的用户")
