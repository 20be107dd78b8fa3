"""`linli user`: the people who may sign in, and where they may do what."""

from __future__ import annotations

import secrets

import click

from linli.cli.frame import actor, emit, linli_command, linli_group
from linli.kernel.errors import Refusal


@linli_command("add", help="建立一个用户并授予角色；密码只显示这一次")
@click.argument("login", metavar="登录名")
@click.option("--name", required=True, help="显示的姓名或岗位")
@click.option(
    "--role",
    required=True,
    help="角色：worker 经办人、director 主任、street 街道、district 区、inspector 检查员、admin 管理员",
)
@click.option("--area", help="辖区代号；不写则是全部辖区")
def add(login: str, name: str, role: str, area: str | None) -> None:
    """Make a user with one grant and print the password once."""
    from linli.core.access.actions import create_user, grant
    from linli.core.access.rules import ROLES
    from linli.core.areas.queries import area as visible

    who = actor()
    # All that can be wrong is asked first: a user without a role would be left otherwise.
    if role not in ROLES:
        raise Refusal("access.role", role=role, roles="、".join(ROLES))
    if area is not None:
        visible(who, area)
    password = secrets.token_urlsafe(9)
    create_user(actor=who, login=login, name=name, password=password)
    grant(actor=who, user=login, role=role, area=area)
    row = {"login": login, "name": name, "role": role, "area": area, "password": password}
    emit(row, f"已建立用户 {login}（{name}），密码 {password}。请记下，以后不再显示。")


@linli_command("password", help="给一个用户换新密码，只显示这一次")
@click.argument("login", metavar="登录名")
def password(login: str) -> None:
    """Set a new password and print it once."""
    from linli.core.access.actions import set_password

    fresh = secrets.token_urlsafe(9)
    set_password(actor=actor(), login=login, password=fresh)
    emit({"login": login, "password": fresh}, f"用户 {login} 的新密码：{fresh}")


user = linli_group("user", help="用户：建立、换密码")
user.add_command(add)
user.add_command(password)
commands: list[click.Command] = [user]
