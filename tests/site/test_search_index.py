"""The index of the site: whatever is published is found by three files, and what comes later changes few."""

from __future__ import annotations

import json
import random

import pytest

from engine.site.search_index import (
    COMMON,
    MAX_PER_WORD,
    NEWEST,
    SHARDS,
    SPAN,
    SearchEntry,
    bound_of,
    search_files,
    shard_of,
    words_of,
)

#: What one search may read.
MAX_READ = 300_000


def firms(count: int) -> list[SearchEntry]:
    """Return made-up enterprises, the same ones each time."""
    chance = random.Random(19)  # noqa: S311 - the same ones each time
    letters = [chr(0x4E00 + number) for number in range(2_500)]
    return [
        SearchEntry(
            f"示例区{''.join(chance.choice(letters) for _ in range(3))}{chance.choice(['电子科技', '餐饮管理'])}有限公司",
            f"9113{number:014d}",
        )
        for number in range(count)
    ]


def found(files: dict[str, bytes], text: str) -> tuple[set[str], int]:
    """Return the codes a reader finds, and how many bytes that takes: what the script of the pages does."""
    read = 0

    def load(name: str) -> list[list[str]]:
        nonlocal read
        content = files.get(f"search/{name}.js", b"")
        read += len(content)
        text = content.decode()
        return json.loads(text[text.index(",") + 1 : -3]) if text else []

    common = set(load(COMMON))
    words = [word for word in words_of(text) if len(word) > 1]
    rare = [word for word in words if word not in common]
    entries = [*load(NEWEST), *load(f"{shard_of((rare or words)[0]):03d}")]
    parts = text.lower().split()
    return {
        entry[1] for entry in entries if all(part in f"{entry[0]} {entry[1]}".lower() for part in parts)
    }, read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("清河电子", ["清河", "河电", "电子"]),
        ("清", ["清"]),
        ("91130102MA07X3K21Q", ["91130102ma07x3k21q"]),
        ("甲乙（示例）ABC 公司", ["甲乙", "示例", "abc", "公司"]),
        ("inspection-12", ["inspection", "12"]),
        ("", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_the_bounds_of_the_files_lie_apart() -> None:
    assert {bound_of(shard, SPAN - 1) for shard in range(SHARDS)} == {0}
    for count in (SPAN, SPAN + 1, 3 * SPAN + 77, 100_000):
        bounds = [bound_of(shard, count) for shard in range(SHARDS)]
        assert all(count - SPAN < bound <= count for bound in bounds if bound > 0) or count < 2 * SPAN
        moved = sum(bound_of(shard, count + 100) != bound for shard, bound in enumerate(bounds))
        assert moved <= 100 * SHARDS // SPAN + 2


def test_a_small_site_has_all_among_the_newest() -> None:
    files = search_files(firms(20))
    assert set(files) == {f"search/{COMMON}.js", f"search/{NEWEST}.js"}
    assert files[f"search/{COMMON}.js"] == b'ssjFound("common",[]);\n'


def test_every_name_and_code_is_found_and_little_is_read(soak: bool) -> None:
    entries = firms(100_000 if soak else 8_000)
    files = search_files(entries)
    for number in range(0, len(entries), len(entries) // 200):
        one = entries[number]
        for text in (one.code, one.name[3:6], f"{one.name[3:5]} {one.code[-3:]}"):
            codes, read = found(files, text)
            assert one.code in codes, (text, one)
            assert read <= MAX_READ
    # A word that everybody has finds the newest of them.
    codes, read = found(files, "有限公司")
    assert len(codes) >= MAX_PER_WORD
    assert entries[-1].code in codes
    assert read <= MAX_READ


def test_a_hundred_more_change_few_files() -> None:
    entries = firms(6_100)
    before, after = search_files(entries[:6_000]), search_files(entries)
    changed = [name for name, content in after.items() if before.get(name) != content]
    assert len(changed) <= 100 * SHARDS // SPAN + 4
    assert set(before) <= set(after)


def test_what_leads_elsewhere_says_where_and_nothing_ends_the_script() -> None:
    files = search_files([SearchEntry("计划\u2028</script>", "plan-1", "plans/plan-1.html")])
    text = files[f"search/{NEWEST}.js"].decode()
    assert '["计划 </script>","plan-1","plans/plan-1.html"]' in text
    assert "\u2028" not in text
