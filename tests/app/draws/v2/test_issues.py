"""Sources pinned by the calendar, and typed results read."""

from __future__ import annotations

from datetime import date

import pytest

from engine.app.draws.v2.issues import calendar_of, format_results, pinned, prefix_of, titled, values_of
from engine.draw.refused import DrawRefused
from engine.draw.v2.randomness.sources import source_problems
from engine.lifecycle.model.draw_policy import DrawPolicy

SPRING = ((date(2026, 2, 14), date(2026, 2, 23)), (date(2026, 10, 1), date(2026, 10, 4)))
POLICY = DrawPolicy(closed=SPRING)
TODAY = date(2026, 3, 2)


def test_a_lottery_without_an_issue_gets_its_first_after_the_commitment() -> None:
    sources, calendar = pinned(["ssq", "dlt", "dice:8"], POLICY, TODAY)
    assert [titled(one) for one in sources] == ["ssq:2026023", "dlt:2026022", "dice:8"]
    assert [one["day"] for one in sources] == ["2026-03-03", "2026-03-04", "2026-03-04"]
    assert list(source_problems(sources, "", calendar)) == []
    later, _ = pinned(["ssq"], DrawPolicy(closed=SPRING, lead_days=10), TODAY)
    assert later[0]["day"] == "2026-03-12"


def test_an_issue_or_a_round_may_be_named() -> None:
    sources, _ = pinned(["ssq:2026024", "drand:26967412"], POLICY, TODAY)
    assert [(one["issue"], one["round"]) for one in sources] == [("2026024", None), (None, 26967412)]
    assert [prefix_of(one) for one in sources] == ["ssq:2026024", "drand:26967412"]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("abc", "没有“abc”这种公开随机源"),
        ("ssq:2026999", "没有 ssq 第 2026999 期"),
        ("ssq:x", "没有 ssq 第 x 期"),
        ("drand:", "须写明数目"),
        ("dice", "须写明数目"),
    ],
)
def test_what_cannot_be_pinned_is_refused(word: str, told: str) -> None:
    with pytest.raises(DrawRefused, match=told):
        pinned([word], POLICY, TODAY)


def test_a_year_whose_holidays_nobody_wrote_down_has_no_calendar() -> None:
    assert calendar_of(DrawPolicy(), ["ssq"])["issues"] == {"ssq": {}}
    with pytest.raises(DrawRefused, match="没有 2027-01-02 以后的 ssq"):
        pinned(["ssq"], POLICY, date(2027, 1, 1))


def test_results_are_read_with_their_sources_or_without() -> None:
    sources, _ = pinned(["ssq", "fc3d"], POLICY, TODAY)
    values = ["01.05.09.17.22.30+07", "042"]
    text = format_results(sources, values)
    assert text.startswith("ssq:2026023:01.05.09.17.22.30+07/fc3d:")
    assert values_of(text, sources) == values_of(" ".join(values), sources) == values
    with pytest.raises(DrawRefused, match="第 1 项应是 ssq:2026023 的结果，录入的是 ssq:2026022"):
        values_of("ssq:2026022:01.05.09.17.22.30+07", sources)
