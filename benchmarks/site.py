"""The public site of so many results, built into an empty folder, beside Jinja2 rendering the same pages bare; and what is written for a hundred new ones.

Bare is: the same templates and the same bytes, with every value at hand, nothing rendered once for many pages, and no filter, no JSON, no
table, no index, no digest and no file. Each result is of another enterprise.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

from markupsafe import Markup

from engine.app.ports.records import Publication
from engine.deployment.page_types import standard_page_types
from engine.lifecycle.model.bureau import Bureau
from engine.site import build
from engine.site.atomic_replace import put_files
from engine.site.pages import Pages

RESULTS, NEW, ROUNDS = 100_000, 100, 2
AT = datetime(2024, 10, 8, 2, tzinfo=UTC)
TYPES = standard_page_types()
BUREAU = Bureau(
    id="bench",
    title="示例区人力资源和社会保障局",
    timezone="Asia/Shanghai",
    notify_at="09:00",
    sections={},
    roles={},
)


def result(number: int) -> Publication:
    """Return a made-up result."""
    name = (
        f"示例{number % 997:03d}{chr(0x4E00 + number % 5_000)}{chr(0x4E00 + number * 7 % 4_000)}科技有限公司"
    )
    case = f"inspection-{number}"

    def fact(name: str, title: str, text: str, value: Any) -> dict[str, Any]:
        return {"form": "result_entry", "name": name, "title": title, "value": value, "text": text}

    return Publication(
        id=f"{case}/result/1",
        kind="result",
        case=case,
        title=f"{name}检查结果",
        body={
            "workflow": "inspection",
            "workflow_title": "抽查检查",
            "case": case,
            "batch": {"id": f"batch-{number // 500}", "title": f"第{number // 500}批劳动用工抽查"},
            "plan": {"id": "annual_plan-1", "title": "2024年度抽查工作计划"},
            "subject": {"id": f"9113{number:014d}", "name": name, "district": "东城片区"},
            "facts": [
                fact("finished_on", "检查完成日期", "2024-09-14", "2024-09-14"),
                fact("result_codes", "检查结果", "未发现问题", ["no_problem"]),
                fact("remark", "备注", "按期办结", "按期办结"),
            ],
            "items": [{"code": "L01", "title": "劳动合同", "result": "符合"}],
            "due_on": "2024-10-18",
            "late": False,
        },
        published_at=AT + timedelta(minutes=number),
        due_on=date(2024, 10, 18),
        late=False,
    )


class _Bare(Pages):
    """Pages of which no part is kept: what plain templates do that include each other."""

    def _part(self, template: str, **values: str | bool) -> Markup:
        return Markup(self.environment.get_template(template).render(**values))  # noqa: S704 - rendered with escaping

    def _top(
        self, root: str, here: str, title: str, data: str, sheet: str = "", finds: bool = False
    ) -> Markup:
        values = {"root": root, "here": here, "title": title, "data": data, "sheet": sheet or data}
        return self._part("top.html", **values, finds=finds)

    def _line(self, root: str, notice: Any) -> Markup:
        return Markup(self.environment.get_template("line.html").render(root=root, notice=notice))  # noqa: S704 - rendered with escaping


@contextmanager
def _kept(calls: list[tuple[str, Mapping[str, Any], bytes]]) -> Iterator[None]:
    """Keep of every page that is rendered its template, its values and its bytes."""
    render = Pages._render

    def kept(pages: Pages, template: str, **values: Any) -> bytes:
        made = render(pages, template, **values)
        calls.append((template, values, made))
        return made

    with mock.patch.object(Pages, "_render", kept):
        yield


def measured(results: int = RESULTS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return seconds of processor time of both, their ratio, and how many files a hundred new results write."""
    published = [result(number) for number in range(1, results + 1)]
    written: list[int] = []

    def counted(folder: Path, files: Mapping[str, bytes], like: Path | None = None) -> int:
        written.append(put_files(folder, files, like))
        return written[-1]

    with tempfile.TemporaryDirectory() as name, mock.patch.object(build, "put_files", counted):
        out = Path(name) / "site"

        calls: list[tuple[str, Mapping[str, Any], bytes]] = []
        with _kept(calls):
            _build(published, out)
        bare = _Bare(BUREAU, TYPES, "zh_CN")
        for template, values, made in calls[:: max(1, len(calls) // 100)]:
            if bare._render(template, **values) != made:
                raise SystemExit(f"{template}: another page")
        calls = [(template, values, b"") for template, values, _ in calls]

        seconds = [float("inf")] * 2
        for _ in range(rounds):
            # To take a folder away is no part of building one.
            for folder in (out, out.with_name(f".{out.name}.next")):
                shutil.rmtree(folder, ignore_errors=True)
            begun = process_time()
            _build(published, out)
            seconds[0] = min(seconds[0], process_time() - begun)
            begun = process_time()
            for template, values, _ in calls:
                bare._render(template, **values)
            seconds[1] = min(seconds[1], process_time() - begun)
        _build([*published, *(result(number) for number in range(results + 1, results + NEW + 1))], out)
    return {
        "seconds": seconds[0],
        "bare_seconds": seconds[1],
        "ratio": seconds[0] / seconds[1],
        "written": written[-1],
        "most_written": 400,
        "results": results,
    }


def _build(published: list[Publication], out: Path) -> None:
    build.build_site(published, [], BUREAU, out, AT + timedelta(days=99), page_types=TYPES)


PARTS = {"full": measured}
