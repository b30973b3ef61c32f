"""What a problem breaches is told by the file of duties beside the templates, the published one where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.ports.documents import BreachReader, DocumentError, PublishedTexts
from engine.deployment.rendering import TemplateRenderer

ROOT = Path(__file__).resolve().parents[2]
POWER, DUTY = "劳动保障监察条例 第十条", "劳动合同法 第十条"


@pytest.mark.parametrize(
    ("article", "basis", "found"),
    [
        ("", f"{POWER}；{DUTY}", "《劳动合同法》第十条"),
        ("劳动合同法 第十七条", f"{POWER}；{DUTY}", "《劳动合同法》第十七条"),
        # An article that empowers was typed as what was breached: the duty of the row stands in its place.
        (POWER, f"{POWER}；{DUTY}", "《劳动合同法》第十条"),
        (POWER, POWER, ""),
        ("", "实施方案 二（四）", ""),
    ],
)
def test_what_is_breached_is_never_what_empowers(article: str, basis: str, found: str) -> None:
    renderer = TemplateRenderer([ROOT / "forms/templates"])
    assert isinstance(renderer, BreachReader)
    assert renderer.breached(article, basis, None) == found


def test_the_published_file_of_duties_goes_first_and_one_that_cannot_be_read_is_said() -> None:
    renderer = TemplateRenderer([ROOT / "forms/templates"])
    own = PublishedTexts("1", {"forms/templates/duties.yaml": "powers: [劳动合同法 第十条]\n"})
    assert renderer.breached("", f"{POWER}；{DUTY}", own) == "《劳动保障监察条例》第十条"
    assert renderer.breached("", DUTY, own) == ""
    wrong = PublishedTexts("2", {"forms/templates/duties.yaml": "wrong: [劳动合同法 第十条]\n"})
    with pytest.raises(DocumentError) as refused:
        renderer.breached("", DUTY, wrong)
    assert "wrong" in str(refused.value.message)
