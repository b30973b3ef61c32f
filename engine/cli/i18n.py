"""The words of the command line in the language of the process: click's own sentences, and the help of our commands.

Click's sentences are English and pass through gettext; ours are Chinese and pass through the catalogue. `install_translations` makes
the first speak Chinese, `localize_help` gives a command its help in the language that is asked for now.
"""

from __future__ import annotations

import sys
from inspect import cleandoc
from unicodedata import east_asian_width
from weakref import WeakKeyDictionary

import click

from engine.language import SOURCE_LANGUAGE, current_language, say

#: Modules of click that hold their own name for gettext.
_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")

#: Sentence of click -> the same in Chinese. For one that comes in two numbers the plural stands here.
SENTENCES = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示本说明后退出。",
    "Aborted!": "已取消。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用 {command} {option} 查看用法。",
    "Missing command.": "缺少命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少{param_type}",
    "No such option {name!r}.": "没有选项“{name}”。",
    "No such option: {name}": "没有选项“{name}”。",
    "No such command {name!r}.": "没有命令“{name}”。",
    "Did you mean {possibility}?": "是否想用 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是否想用其中之一：{possibilities}？）",
    "(Possible options: {possibilities})": "（是否想用其中之一：{possibilities}？）",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Got unexpected extra arguments ({args})": "多出了参数：{args}",
    "Option {name!r} does not take a value.": "选项“{name}”不带值。",
    "Option {name!r} requires {nargs} arguments.": "选项“{name}”后面要有值（{nargs} 个）。",
    "Argument {name!r} takes {nargs} values.": "参数“{name}”要有 {nargs} 个值。",
    "Takes {nargs} values but {len} were given.": "要有 {nargs} 个值，给了 {len} 个。",
    "{len_type} values are required, but {len_value} were given.": "要有 {len_type} 个值，给了 {len_value} 个。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not one of {choices}.": "“{value}”不在可选的值之列：{choices}。",
    "{value!r} does not match the formats {formats}.": "“{value}”的写法不对，应为：{formats}。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 之内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}”不是“是”或“否”；可写：{states}",
    "{value!r} is not a valid {number_type}.": "“{value}”不是合格的数。",
    "{value!r} is not a valid UUID.": "“{value}”不是 UUID。",
    "{name} {filename!r} does not exist.": "{name}“{filename}”不存在。",
    "{name} {filename!r} is a file.": "{name}“{filename}”是文件。",
    "{name} {filename!r} is a directory.": "{name}“{filename}”是目录。",
    "{name} {filename!r} is not readable.": "{name}“{filename}”不可读。",
    "{name} {filename!r} is not writable.": "{name}“{filename}”不可写。",
    "{name} {filename!r} is not executable.": "{name}“{filename}”不可执行。",
    "Could not open file {filename!r}: {message}": "打不开文件“{filename}”：{message}",
    "unknown error": "原因不明",
    "File": "文件",
    "Directory": "目录",
    "Path": "路径",
    "file": "文件",
    "directory": "目录",
    "path": "路径",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "(dynamic)": "（视情况）",
    "Do you want to continue?": "要继续吗？",
    "Repeat for confirmation": "请再输入一次",
    "Error: The two entered values do not match.": "错误：两次输入的不一样。",
    "Error: invalid input": "错误：输入不对",
    "Confirm the action without prompting.": "不再询问，直接办理。",
}

#: What an option takes, by the name of its type in click.
_TAKES = {
    "text": "文字",
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "file": "文件",
    "filename": "文件",
    "directory": "目录",
    "path": "路径",
}

#: The words for "and so on" in a line of usage.
_USAGE = {
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
}

#: Command or option -> its help as it stands in the source, for a process that changes its language.
_source: WeakKeyDictionary[click.Command | click.Parameter, str] = WeakKeyDictionary()
_short: WeakKeyDictionary[click.Command, str] = WeakKeyDictionary()
_takes: WeakKeyDictionary[click.Parameter, str | None] = WeakKeyDictionary()


def install_translations() -> None:
    """Make click say its own sentences in the language of the process, asked for at every sentence.

    Click finds gettext's catalogue by the locale of the machine alone, which on an office PC says nothing about the
    language of the product; so its modules are given another function of the same name.
    """
    for name in _MODULES:
        module = sys.modules.get(f"click.{name}")
        if module is not None and hasattr(module, "_"):
            vars(module)["_"] = _gettext
        if module is not None and hasattr(module, "ngettext"):
            vars(module)["ngettext"] = _ngettext
    # Columns line up by what is seen: a Chinese character is two places wide.
    vars(sys.modules["click.formatting"])["term_len"] = _width


def localize_help(command: click.Command) -> None:
    """Give a command, its options and the commands below it their help in the language of the process."""
    install_translations()
    _say_help(command)
    # Click makes the option --help once, in the language of that moment, and keeps it.
    vars(command)["_help_option"] = None
    command.options_metavar = _usage(command.options_metavar)
    for parameter in command.params:
        if isinstance(parameter.type, click.Path):
            parameter.type.name = _place(parameter.type.name)
        if isinstance(parameter, click.Option):
            _say_help(parameter)
            _say_type(parameter)
    if isinstance(command, click.Group):
        command.subcommand_metavar = _usage(command.subcommand_metavar) or ""
        for inner in command.commands.values():
            localize_help(inner)


def _say_help(thing: click.Command | click.Option) -> None:
    text = _source.setdefault(thing, thing.help or "")
    if text:
        thing.help = str(say(cleandoc(text)))
    if isinstance(thing, click.Command):
        short = _short.setdefault(thing, thing.short_help or "")
        if short:
            thing.short_help = str(say(cleandoc(short)))


def _say_type(option: click.Option) -> None:
    given = _takes.setdefault(option, option.metavar)
    plain = given is None and not option.is_flag and not option.count
    option.metavar = _TAKES.get(option.type.name) if plain and _chinese() else given


def _place(name: str) -> str:
    for english in ("file", "directory", "path"):
        if name in (english, SENTENCES[english]):
            return _gettext(english)
    return name


def _usage(metavar: str | None) -> str | None:
    there, wanted = _USAGE.items(), _chinese()
    for english, chinese in there:
        if metavar in (english, chinese):
            return chinese if wanted else english
    return metavar


def _chinese() -> bool:
    return current_language() == SOURCE_LANGUAGE


def _gettext(message: str) -> str:
    return SENTENCES.get(message, message) if _chinese() else message


def _ngettext(singular: str, plural: str, count: int) -> str:
    if _chinese():
        return SENTENCES.get(singular if count == 1 and singular in SENTENCES else plural, plural)
    return singular if count == 1 else plural


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in click.unstyle(text))
