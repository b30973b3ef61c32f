"""Documents that run: the commands of a page are taken out of it, carried out in order, and compared with the page.

Two kinds of fenced blocks count, in the order of the page:

* ``sh``: run as they stand; whatever they print is not compared (files are written this way);
* ``console``: a line that begins with ``$ `` is a command, the lines up to the next one are what it prints
  (standard output and standard error together). A line that is nothing but ``…`` stands for any lines.

What differs from run to run is replaced on both sides before comparing, by `PATTERNS` and nothing else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from quick_command import stand_in

from tests.hung_run import HUNG

ROOT = Path(__file__).parents[2]
ANY_LINES = "…"
#: What a page says -> what is run for it: the rest of what `make` does is there already when tests run.
STAND_INS = {"make demo": "ssj demo demo"}
_MARK = "=== end of step ==="

#: What may differ between the page and a run even of the demonstration, whose year, draws and people are the same each time.
OF_THE_DAY: tuple[tuple[str, str], ...] = (
    # The folder the page is followed in.
    (r"(?:…|(?:/[\w.@+-]+)+)/(?=bureau\b|demo\b|again\b)", "…/"),
    # Days and times of the machine's clock; earlier days and those of another century are fixed, and compared.
    (r"20(?:2[6-9]|[3-9]\d)-\d{2}-\d{2}(?:T[\d:.]+Z| \d{2}:\d{2})?", "DATE"),
    (r"20(?:2[6-9]|[3-9]\d)年\d{1,2}月\d{1,2}日", "DATE"),
    # The years of the calendar that are shipped.
    (r"公布到 20\d\d 年", "公布到 YEAR 年"),
    (r"published up to 20\d\d", "published up to YEAR"),
    (r"（暂定）", ""),
)
#: What may differ between the page and a run -> what stands for it.
PATTERNS: tuple[tuple[str, str], ...] = (
    *OF_THE_DAY,
    # Who is drawn follows from a key nobody knows beforehand, and which round is named from the day.
    (r"drand:\d+(?::[0-9a-f]{96})?", "drand:ROUND"),
    (r"示例[\u4e00-\u9fff]{4,}", "FIRM"),
    # Which inspectors may be drawn depends on whose certificate is valid on the day.
    (r"insp-\d{2}", "insp-NN"),
    # Hashes cover days and times.
    (r"\b[0-9a-f]{12,64}\b", "HASH"),
    # How fast the machine is, and how much a newer program writes beside what it says.
    (r"\d+ 个文件|文件 \d+ 个", "N 个文件"),
    (r"\d+ file\(s\)", "N file(s)"),
)


Patterns: TypeAlias = "Sequence[tuple[str, str]]"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a page. `expected` is None where the page does not show what it prints."""

    line: int
    command: str
    expected: tuple[str, ...] | None


def steps(page: str) -> list[Step]:
    """Return the commands of a page in order."""
    found: list[Step] = []
    for match in re.finditer(r"^```(sh|console)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        line = page.count("\n", 0, match.start()) + 2
        if match[1] == "sh":
            found.append(Step(line, match[2].rstrip("\n"), None))
        else:
            found += _console(match[2].rstrip("\n").split("\n"), line)
    return found


def _console(lines: Sequence[str], first: int) -> list[Step]:
    found: list[Step] = []
    for number, line in enumerate(lines, first):
        if line.startswith("$ "):
            found.append(Step(number, line[2:], ()))
        else:
            last = found.pop()
            found.append(Step(last.line, last.command, (*(last.expected or ()), line)))
    return found


def normal_blocks(page: str, patterns: Patterns = PATTERNS) -> list[list[str]]:
    """Return the lines of every fenced block of a page, normalised, its language first."""
    found = re.findall(r"^```([a-z]+\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [[normal(line, patterns) for line in block.split("\n")] for block in found]


def language_of(page: Path) -> str:
    """Return the language a page shows outputs in: English how-to pages English, all others what is printed by default."""
    return "en" if page.parent.name == "howto" and not page.name.endswith(".zh-CN.md") else "zh_CN"


def run(
    found: Sequence[Step],
    folder: Path,
    language: str = "zh_CN",
    timeout: float = HUNG,
    stand_ins: Mapping[str, str] = STAND_INS,
) -> list[str]:
    """Run the commands of a page one after another in one shell, in `folder`; return what each printed."""
    after = f"status=$?; printf '\\n%s\\n' '{_MARK}'; (exit $status)"
    script = "exec 2>&1\n" + "".join(
        f"{stand_ins.get(step.command, step.command)}\n{after}\n" for step in found
    )
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", script],
        cwd=folder,
        env=_environment(stand_in(), language),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
    )
    printed = done.stdout.split(f"\n{_MARK}\n")[:-1]
    assert len(printed) == len(found), f"the shell stopped early:\n{done.stdout}{done.stderr}"
    return [text.strip("\n") for text in printed]


def _environment(programs: Path, language: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SSJ_", "PYTEST_", "COV_"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), kept.get("PATH", "")]),
        "PROJECT": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "SSJ_LANG": language,
    }


def differences(found: Sequence[Step], printed: Sequence[str]) -> list[str]:
    """Return, for every command that printed something else than its page shows, both."""
    out = []
    for step, text in zip(found, printed, strict=True):
        lines = text.split("\n") if text else []
        if step.expected is not None and not same(step.expected, lines, masks(step.command)):
            shown = "\n".join(step.expected)
            out.append(f"line {step.line}: $ {step.command}\n--- page\n{shown}\n--- printed\n{text}\n")
    return out


def same(expected: Sequence[str], printed: Sequence[str], patterns: Patterns = PATTERNS) -> bool:
    """Tell whether the lines agree once what may differ between runs is replaced in both."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANY_LINES else re.escape(normal(line, patterns)) + r"\n" for line in expected
    )
    return re.fullmatch(pattern, "".join(normal(line, patterns) + "\n" for line in printed)) is not None


def normal(line: str, patterns: Patterns = PATTERNS) -> str:
    """Return a line with everything that differs between runs replaced."""
    line = line.rstrip()
    for pattern, shown in patterns:
        line = re.sub(pattern, shown, line)
    return line


def masks(command: str) -> Patterns:
    """Return what may differ between runs in what a command prints: nothing, the day, or everything that is made at random."""
    if "draw tickets" in command or command.startswith("ssj calendar due "):
        return ()
    of_demo = "--home demo" in command or command.startswith(
        ("make demo", "python3 kit/", "ssj register show ")
    )
    return OF_THE_DAY if of_demo else PATTERNS


def check(page: Path, folder: Path, stand_ins: Mapping[str, str] = STAND_INS) -> None:
    """Carry a page out in `folder` and fail with every difference."""
    found = steps(page.read_text(encoding="utf-8"))
    assert found, f"{page.name} holds no commands"
    differing = differences(found, run(found, folder, language_of(page), stand_ins=stand_ins))
    assert not differing, "\n".join(differing)
