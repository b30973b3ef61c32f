"""Personal values outside the histories: kept by id, found by age and by whose they are, destroyed."""

from __future__ import annotations

from sample_rows import NOW, after, make_entry, make_personal_value

from engine.app.ports.store import Store


def test_values_are_kept_until_they_are_destroyed(store: Store) -> None:
    first, second = make_personal_value("v-1"), make_personal_value("v-2", at=after(hours=1))
    other = make_personal_value("v-3", at=after(hours=2), subject="objects/o-1")
    with store.write() as transaction:
        transaction.personal_values.add([second, first, other])
    with store.read() as transaction:
        values = transaction.personal_values
        assert values.some(["v-2", "gone", "v-1"]) == {"v-1": first, "v-2": second}
        assert values.of_subject("inspectors/insp-01") == [first, second]
        assert values.past(NOW, 9) == []
        assert values.past(after(hours=2), 9) == [first, second]
        assert values.past(after(hours=2), 1) == [first]
    with store.write() as transaction:
        transaction.personal_values.destroy(["v-1", "v-3", "gone"])
    with store.read() as transaction:
        assert transaction.personal_values.past(after(days=9), 9) == [second]
        assert transaction.personal_values.some(["v-1"]) == {}


def test_when_an_entry_was_last_put(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry("b"), make_entry("a"), make_entry("c")], NOW)
        transaction.registers.put([make_entry("c", name="新")], after(hours=1))
    with store.read() as transaction:
        assert transaction.registers.changed_at("objects", "a") == NOW
        assert transaction.registers.changed_at("objects", "c") == after(hours=1)
        assert transaction.registers.changed_at("objects", "d") is None
        found = transaction.registers.unchanged_since("objects", after(minutes=1))
        assert [(entry.id, at) for entry, at in found] == [("a", NOW), ("b", NOW)]
        assert list(transaction.registers.unchanged_since("objects", NOW)) == []
