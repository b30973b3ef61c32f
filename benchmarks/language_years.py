"""The demonstration's year before and after each commit that changed the language: what differs, row by row, and what a step costs.

    python -m benchmarks.language_years [COMMIT…] [--objects FILE] [--cost ROUNDS] [--today]
    python -m benchmarks.language_years --markdown | --markdown-zh

Needs the history of the project: each commit and the one before it are taken out of it into a temporary folder and play the same
year. What differs is printed with its reason, which is in ``language_years.yaml``; a difference that is not there is printed as
unlisted, and the exit code is 1. ``--cost`` plays both sides so many times, one after the other, and prints the least processor time of a
step of each. ``--today`` compares counts of the year of the commit before the language with that of this folder: different
enterprises are drawn today, so rows cannot be. ``--markdown`` prints the tables of the page from the list and plays nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.year import year_of
from benchmarks.year_results import (
    Commit,
    Intended,
    counts_of,
    listed,
    row_differences,
    rows_of,
    unlisted_counts,
    unlisted_rows,
)

HERE = Path(__file__).parents[1]
LIST = Path(__file__).parent / "language_years.yaml"
#: What the commands of both sides are given: nothing of the settings of whoever compares.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}


def taken_out(commit: str, folder: Path) -> Path:
    """Return a folder with the files of a commit, below `folder`."""
    place = folder / commit
    if not place.exists():
        packed = subprocess.run(["git", "archive", commit], cwd=HERE, check=True, capture_output=True)
        place.mkdir()
        subprocess.run(["tar", "x", "-C", str(place)], input=packed.stdout, check=True)
    return place


def played(checkout: Path, home: Path, objects: Path | None) -> tuple[float, dict[str, int]]:
    """Play the year of a checkout in a new folder; return its seconds of processor time and its summary."""
    seconds, _, figures = year_of(sys.executable, checkout, home, objects, ENVIRONMENT)
    return seconds, figures


def compared(commit: Commit, folder: Path, objects: Path | None, rounds: int) -> bool:
    """Play both sides, print where they differ and what a step costs; tell whether each difference is listed."""
    least = [float("inf")] * 2
    homes = [folder / f"{commit.commit}-{side}" for side in ("before", "after")]
    figures: list[Mapping[str, int]] = [{}, {}]
    checkouts = [taken_out(one, folder) for one in (commit.before, commit.commit)]
    for number in range(max(rounds, 1)):
        for side, checkout in enumerate(checkouts):
            home = homes[side] if number == 0 else folder / f"{homes[side].name}-{number}"
            seconds, figures[side] = played(checkout, home, objects)
            least[side] = min(least[side], seconds * 1000 / figures[side]["steps"])
    print(f"{commit.commit} {commit.what}")
    found = row_differences(*(rows_of(home) for home in homes))
    found.update(
        f"figure {name}"
        for name in figures[0].keys() | figures[1].keys()
        if figures[0].get(name) != figures[1].get(name)
    )
    for name, count in sorted(found.items()):
        print(f"  {count:6} {name}: {_reason(commit.differences, name)}")
    if rounds:
        print(f"  a step: {least[0]:.2f} ms, then {least[1]:.2f} ms: {least[1] / least[0]:.2f}")
    return not unlisted_rows(found, commit.differences)


def today(first: Commit, intended: Sequence[Intended], folder: Path, objects: Path | None) -> bool:
    """Play the year of the commit before the language and of this folder; print where their counts differ."""
    sides: list[dict[str, int]] = []
    for checkout in (taken_out(first.before, folder), HERE):
        home = folder / f"today-{len(sides)}"
        _, figures = played(checkout, home, objects)
        sides.append(counts_of(home, figures))
    before, after = sides
    missing = set(unlisted_counts(before, after, intended))
    for line in unlisted_counts(before, after, ()):
        print(f"  {line}: {'UNLISTED' if line in missing else _reason(intended, line.partition(':')[0])}")
    return not missing


def _reason(intended: Iterable[Intended], name: str) -> str:
    return next((one.because for one in intended if fnmatchcase(name, one.rows)), "UNLISTED")


def tables(*, chinese: bool) -> tuple[str, str]:
    """Return the tables of the page: each commit with its differences, and what is different today."""
    commits, since = listed(LIST)
    of_commits = (
        ["| 提交 | 增加了什么 | 每步处理器时间，前为 1 | 结果有何不同 |", "|---|---|---:|---|"]
        if chinese
        else [
            "| commit | what it brought | time of a step, before = 1 | what differs |",
            "|---|---|---:|---|",
        ]
    )
    for commit in commits:
        reasons = dict.fromkeys(one.zh if chinese else one.because for one in commit.differences)
        what = commit.zh if chinese else commit.what
        differs = ("；" if chinese else "; ").join(reasons) or ("无" if chinese else "nothing")
        of_commits.append(f"| `{commit.commit}` | {what} | {commit.ratio or '—'} | {differs} |")
    rows: dict[str, list[str]] = {}
    for one in since:
        within = "" if one.by is None else f" ±{one.by}"
        if one.register:
            within += "（真实名录）" if chinese else " (real register)"
        rows.setdefault(one.zh if chinese else one.because, []).append(f"`{one.rows}`{within}")
    of_today = ["| 原因 | 计数 |" if chinese else "| reason | counts |", "|---|---|"]
    of_today += [f"| {reason} | {', '.join(names)} |" for reason, names in rows.items()]
    return "\n".join(of_commits), "\n".join(of_today)


def main(words: Sequence[str]) -> int:
    """Do what the arguments say; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commits", nargs="*")
    parser.add_argument("--objects", type=Path)
    parser.add_argument("--cost", type=int, default=0)
    for option in ("--today", "--markdown", "--markdown-zh"):
        parser.add_argument(option, action="store_true")
    asked = parser.parse_args(words)
    if asked.markdown or asked.markdown_zh:
        print("\n\n".join(tables(chinese=asked.markdown_zh)))
        return 0
    commits, since = listed(LIST)
    objects = asked.objects.resolve() if asked.objects else None
    sound = True
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for commit in commits:
            if commit.commit in asked.commits or not (asked.commits or asked.today):
                sound &= compared(commit, folder, objects, asked.cost)
        if asked.today or not asked.commits:
            sound &= today(commits[0], [one for one in since if objects or not one.register], folder, objects)
    return int(not sound)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
