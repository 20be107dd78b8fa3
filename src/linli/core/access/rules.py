"""Who may do what, where: roles, grants, actors. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from linli.core.areas.rules import AreaView
from linli.core.audit.rules import Permission
from linli.kernel.clock import today
from linli.kernel.errors import sentences

__all__ = ["ROLES", "Actor", "Grant", "Permission", "Role", "RoleName"]

sentences(
    {
        "access.denied": (
            "{name}在{area}没有“{permission}”的权限。",
            "请由管理员授予相应的角色，或换有权限的人办理。",
        ),
        "access.unknown_user": ("没有登录名为“{login}”的用户。", "请核对登录名。"),
        "access.inactive": ("用户“{login}”已停用。", "请由管理员恢复后再用。"),
        "access.taken": ("登录名“{login}”已经有人用了。", "请换一个登录名。"),
        "access.weak_password": ("密码太弱：{why}", "请换一个较长、不常见的密码。"),
        "access.role": ("没有名为“{role}”的角色。", "请用 {roles} 之一。"),
        "access.too_many": (
            "密码输错的次数太多了。",
            "请等 {minutes} 分钟再试；忘记密码请找管理员重设。",
        ),
        "access.no_grant": ("用户“{login}”没有这项授权。", "请核对角色和辖区。"),
    }
)

PERMISSION_NAMES: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.READ: "查看",
        Permission.RECORD: "登记",
        Permission.HANDLE: "办理",
        Permission.IMPORT: "导入",
        Permission.EVIDENCE: "上传佐证",
        Permission.CLOSE: "关账",
        Permission.REPORT: "撰写报告",
        Permission.SCHEDULE: "安排应办",
        Permission.REMIND: "催办",
        Permission.REGISTER: "维护单位与任职",
        Permission.RESIDENTS: "查看居民",
        Permission.ENROL: "维护居民登记",
        Permission.CARE: "查看关爱类别",
        Permission.REVEAL: "显示敏感信息",
        Permission.RIGHTS: "办理个人信息请求",
        Permission.AUDIT: "查验审计",
        Permission.ADMINISTER: "管理",
    }
)


class RoleName(StrEnum):
    """Roles a grant may name."""

    WORKER = "worker"
    DIRECTOR = "director"
    STREET = "street"
    DISTRICT = "district"
    INSPECTOR = "inspector"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its title, what it may do in its area and all under it, and what in its very area."""

    title: str
    permissions: frozenset[Permission]
    own: frozenset[Permission] = frozenset()


_P = Permission
_WORK = frozenset({_P.READ, _P.RECORD, _P.HANDLE, _P.IMPORT, _P.EVIDENCE, _P.REGISTER})
_OFFICE = frozenset({_P.RECORD, _P.HANDLE, _P.EVIDENCE, _P.SCHEDULE})
# Residents are known to their own community only: the offices above, the inspector and the
# administrator see counts, never who is behind them.
_RESIDENTS = frozenset({_P.RESIDENTS, _P.ENROL, _P.CARE, _P.REVEAL})
ROLES: Mapping[str, Role] = MappingProxyType(
    {
        RoleName.WORKER: Role("经办人", _WORK | _RESIDENTS),
        RoleName.DIRECTOR: Role(
            "主任",
            _WORK | _RESIDENTS | {_P.CLOSE, _P.SCHEDULE, _P.REMIND, _P.REPORT, _P.RIGHTS, _P.AUDIT},
        ),
        # The offices above read and report, and work in their own area; they never write a community's
        # records.
        RoleName.STREET: Role(
            "街道", frozenset({_P.READ, _P.REPORT, _P.REMIND, _P.AUDIT}), _OFFICE
        ),
        RoleName.DISTRICT: Role(
            "区", frozenset({_P.READ, _P.REPORT, _P.REMIND, _P.AUDIT}), _OFFICE
        ),
        RoleName.INSPECTOR: Role("检查员", frozenset({_P.READ, _P.AUDIT})),
        RoleName.ADMIN: Role("管理员", frozenset({_P.READ, _P.AUDIT, _P.ADMINISTER})),
    }
)
EVERYTHING = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area and all under it; `area` None: the whole installation."""

    role: str
    area: int | None
    since: date | None = None
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the grant holds on a day; `until` is the first day without it."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def gives(self, permission: Permission, area: AreaView | None) -> bool:
        """Whether the role holds a permission in an area (None: in the whole installation)."""
        role, path = ROLES[self.role], area.path if area is not None else ()
        if permission in role.permissions and (self.area is None or self.area in path):
            return True
        return permission in role.own and area is not None and self.area == area.key


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `operator`: whoever can run commands on the machine; may everything, is audited."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    operator: bool = False

    def may(self, permission: Permission, area: AreaView | None, on: date | None = None) -> bool:
        """Whether a permission is held in an area (None: in the whole installation) on a day."""
        return self.operator or bool(self.roles(permission, area, on))

    def roles(
        self, permission: Permission, area: AreaView | None, on: date | None = None
    ) -> frozenset[str]:
        """The roles by which a permission is held in an area on a day."""
        day = on or today()
        return frozenset(
            grant.role
            for grant in self.grants
            if grant.holds(day) and grant.gives(permission, area)
        )
