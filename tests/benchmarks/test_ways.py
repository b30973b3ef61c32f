"""Ways to a server: what a run that was cut off has left is taken away, what a run under way uses is not."""

from __future__ import annotations

from benchmarks.ways import left_over


def test_only_what_a_process_that_is_gone_has_made_is_left_over() -> None:
    names = ["ssj12x0", "ssj12x3", "ssj7x1", "office", "ssjx1", "ssj12", "xssj12x0", "ssj12x0y"]
    assert left_over(names, lambda pid: pid == 7) == ["ssj12x0", "ssj12x3"]
    assert left_over(names, lambda pid: True) == []
