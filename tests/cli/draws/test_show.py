"""How a draw of the second protocol is printed."""

from __future__ import annotations

import pytest
from v2_factories import committed, whole

from engine.app.draws.v2.view import PublicDrawView
from engine.cli.draws.show import quota_line, show_public


def test_a_line_of_a_stratum_has_its_three_numbers() -> None:
    quota = {"stratum": "A", "listed": 10, "eligible": 8, "quota": 2}
    assert str(quota_line(quota)) == "层 A：在册 10，可抽 8，名额 2"


def test_every_visit_is_a_line_with_who_goes_there(capsys: pytest.CaptureFixture[str]) -> None:
    made = whole()
    view = PublicDrawView("batch-1", 1, "complete", made.draw, made.log)
    show_public(view)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "batch-1 第 1 次抽取：complete"
    assert f"承诺 SHA-256：{view.digests.sha256}" in lines
    rows = [line.split("\t") for line in lines if "\t" in line]
    assert [(int(row[0]), row[1]) for row in rows] == [
        (one.position, one.row.object_id) for one in view.visits
    ]
    assert [row[4] for row in rows] == [",".join(one.people) for one in view.visits]


def test_before_the_draw_there_is_no_result(capsys: pytest.CaptureFixture[str]) -> None:
    draw, log = committed()
    show_public(PublicDrawView("batch-1", 1, "committed", draw, log))
    said = capsys.readouterr().out
    assert "公开随机源：-" in said
    assert "\t" not in said
