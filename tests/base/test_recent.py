"""What is held of the last values stays within its bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.base.recent import Recent


def test_what_was_used_longest_ago_goes_first() -> None:
    recent: Recent[str, int] = Recent(10, largest=6)
    for key, size in (("a", 4), ("b", 4)):
        recent.put(key, size, size)
    assert recent.get("a") == 4
    recent.put("c", 4, 4)
    assert [recent.get(key) for key in "abc"] == [4, None, 4]
    recent.put("large", 7, 7)
    assert recent.get("large") is None
    recent.keep(lambda value: value != 4)
    assert [recent.get(key) for key in "abc"] == [None, None, None]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=40))
def test_the_bound_holds(puts: list[tuple[int, int]]) -> None:
    recent: Recent[int, int] = Recent(12, largest=8)
    for key, size in puts:
        recent.put(key, size, size)
        assert sum(recent.get(k) or 0 for k in range(6)) <= 12
        assert (recent.get(key) == size) == (size <= 8) or size > 8
