"""Click in Chinese: help pages, and wrong usage as refusals like any other."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import click
from click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoSuchOption,
    UsageError,
)

from linli.kernel.errors import Refusal, sentences

sentences(
    {
        "cli.no_option": ("{command} 没有选项 {option}。", "{hint}"),
        "cli.no_command": ("没有命令 {name}。", "{hint}"),
        "cli.missing": ("{command} 缺少 {name}。", "{hint}"),
        "cli.value": ("{name} 的值不对：{why}。", "{hint}"),
        "cli.usage": ("命令写得不对：{why}", "{hint}"),
    }
)


class _Chinese(click.Command):
    """Headings and the help option in Chinese."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这段说明"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [row for one in self.get_params(ctx) if (row := one.get_help_record(ctx))]
        rows = [(name, _translated(text)) for name, text in found]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)


def _translated(text: str) -> str:
    return text.replace("[required]", "（必填）").replace("[default: ", "[缺省：")


class Command(_Chinese):
    """A command whose help is Chinese."""


class Group(_Chinese, click.Group):
    """A group whose help is Chinese."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(60)) for name, one in found if one is not None]
        if rows:
            with formatter.section("命令"):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            known = "、".join(self.list_commands(ctx))
            raise Refusal("cli.no_command", name=name, hint=f"可用的命令：{known}。")
        return super().resolve_command(ctx, args)


def misused(wrong: ClickException) -> Refusal:
    """Wrong usage as a refusal that says what is wrong and where to read on."""
    context = wrong.ctx if isinstance(wrong, UsageError) else None
    command = context.command_path if context else "linli"
    facts: dict[str, Any] = {"command": command, "hint": f"用 {command} --help 看用法。"}
    if isinstance(wrong, NoSuchOption):
        if wrong.possibilities:
            facts["hint"] = f"是不是 {'、'.join(sorted(wrong.possibilities))}？"
        return Refusal("cli.no_option", option=wrong.option_name, **facts)
    if isinstance(wrong, MissingParameter):
        return Refusal("cli.missing", name=_name(wrong), **facts)
    if isinstance(wrong, BadParameter):
        return Refusal("cli.value", name=_name(wrong), why=_why(wrong), **facts)
    return Refusal("cli.usage", why=wrong.format_message(), **facts)


def _name(wrong: BadParameter) -> str:
    parameter = wrong.param
    if parameter is None:
        return str(wrong.param_hint or "一个参数")
    return (
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
    )


def _why(wrong: BadParameter) -> str:
    kind = wrong.param.type if wrong.param is not None else None
    if isinstance(kind, click.Choice):
        return "只能是 " + "、".join(map(str, kind.choices)) + _near(wrong, kind)
    if isinstance(kind, click.Path | click.File):
        return "没有这个文件或目录，或者读不了"
    if isinstance(kind, click.IntRange | click.FloatRange):
        return _within(kind)
    if isinstance(kind, click.types.IntParamType | click.types.FloatParamType):
        return "应当是数字"
    if isinstance(kind, click.DateTime):
        return "应当是 2010-03-05 这样的日期"
    return wrong.message.rstrip(".")


def _near(wrong: BadParameter, kind: click.Choice[Any]) -> str:
    """The choice that was probably meant; Click keeps the wrong word in its message alone."""
    said = re.match(r"'(.*)' is not", wrong.message)
    near = get_close_matches(said.group(1), [str(one) for one in kind.choices], n=1) if said else []
    return f"，是不是 {near[0]}" if near else ""


def _within(kind: click.IntRange | click.FloatRange) -> str:
    """The allowed numbers, both ends counted (no range of this program is open at an end)."""
    if kind.min is None or kind.max is None:
        bound = f"不小于 {kind.min}" if kind.max is None else f"不大于 {kind.max}"
        return f"应当是{bound} 的数字"
    return f"应当是 {kind.min} 到 {kind.max} 之间的数字"
