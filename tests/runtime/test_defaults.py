from __future__ import annotations

from engine.runtime.channels import check_channels
from engine.runtime.defaults import defaults


def test_the_shipped_defaults_are_whole_and_of_the_right_kind() -> None:
    found = defaults()
    assert set(found) == {
        "daemon",
        "channels",
        "webhook_final",
        "webhook_most_bytes",
        "digest_most_lines",
        "digest_most_bytes",
        "stamp",
    }
    assert found["daemon"]["nightly_at"] == "02:30"
    assert found["daemon"]["retry_minutes"] == sorted(found["daemon"]["retry_minutes"])
    assert set(found["channels"]) == {"log", "files", "mail", "webhook", "call"}
    assert all(isinstance(status, int) and 400 <= status < 500 for status in found["webhook_final"])
    assert max(found["webhook_most_bytes"].values()) <= found["digest_most_bytes"]


def test_they_are_read_once() -> None:
    assert defaults() is defaults()


def test_a_batch_ends_within_the_lease(tmp_path) -> None:
    lease = 60 * defaults()["daemon"]["max_lease_minutes"]
    for name in ("mail", "webhook"):
        assert defaults()["channels"][name]["batch_seconds"] < lease
    assert check_channels({"log": {}}, tmp_path) == []
