"""Answers on disk: bounded, shared, of one release, and never a reason to fail."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from marsad.lake.answer_store import NAME, AnswerStore


def test_what_is_held_is_given_to_every_process(tmp_path: Path) -> None:
    one, two = AnswerStore(tmp_path, 10_000), AnswerStore(tmp_path, 10_000)
    assert one.get(b"k") is None
    one.put(b"k", "r1", b"answer")
    assert one.get(b"k") == two.get(b"k") == b"answer"
    one.close()
    assert AnswerStore(tmp_path, 10_000).get(b"k") == b"answer"


def test_answers_of_another_release_go(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path, 10_000)
    store.put(b"old", "r1", b"old")
    store.put(b"figures", "f1", b"figures")
    store.keep(("f1", "r2"))
    store.put(b"new", "r2", b"new")
    held = store.get(b"old"), store.get(b"figures"), store.get(b"new")
    assert held == (None, b"figures", b"new")


def test_what_was_not_asked_for_longest_goes_first(tmp_path: Path) -> None:
    now = [0.0]
    store = AnswerStore(tmp_path, 1_600, clock=lambda: now[0])
    for n in range(40):
        now[0] += 1_000
        store.put(str(n).encode(), "r", bytes(100))
        assert store.get(b"0") is not None  # asked for again and again
    held = [n for n in range(40) if store.get(str(n).encode()) is not None]
    assert held[0] == 0
    assert held[1:] == list(range(held[1], 40))
    assert 100 * len(held) <= 1_600 + 1_600 // 16 + 100


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all" * 400)
    store = AnswerStore(tmp_path, 10_000)
    assert store.get(b"k") is None
    store.put(b"k", "r", b"answer")
    assert store.get(b"k") == b"answer"


def test_nothing_is_held_without_room_or_disk(tmp_path: Path) -> None:
    none = AnswerStore(tmp_path / "none", 0)
    none.put(b"k", "r", b"answer")
    assert none.get(b"k") is None
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("in the way")
    refused = AnswerStore(tmp_path / "file", 10_000)
    refused.put(b"k", "r", b"answer")
    assert refused.get(b"k") is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["r1", "r2"]), st.binary(max_size=40)))
)
def test_what_is_given_is_what_was_put_last(puts: list[tuple[int, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, last = AnswerStore(Path(folder), 1_000_000), {}
        for key, served, answer in puts:
            last = {k: v for k, v in last.items() if v[0] == served}
            store.keep([served])
            last[key] = (served, answer)
            store.put(bytes([key]), served, answer)
        for key in range(6):
            expected = last.get(key)
            assert store.get(bytes([key])) == (expected[1] if expected else None)
        store.close()
