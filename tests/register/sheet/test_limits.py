"""Bounds grow with the file, and a register of a district is well within them."""

from __future__ import annotations

from engine.register.sheet.limits import Limits


def test_a_register_of_forty_thousand_rows_is_within_the_bounds() -> None:
    limits = Limits.of(5_000_000)
    assert limits.rows > 40_000
    assert limits.places > 40_000 * 34
    assert limits.elements > 40_000 * 34 * 3
    assert limits.text > 30_000_000
    assert limits.unpacked > 65_000_000


def test_what_a_reader_keeps_stays_within_twelve_times_the_file() -> None:
    for size in (65_536, 1_000_000, 10_000_000, 100_000_000):
        limits = Limits.of(size)
        # 32 bytes a place, and the text itself.
        assert 32 * limits.places + limits.text < 64_000_000 + 12 * size
