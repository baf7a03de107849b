"""Lists in parts: whatever comes and goes meanwhile, what was there all along is given once."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit.errors import BadInput
from heard.kit.paging import Part, cursor_of, part_of, with_next

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)
ROWS = st.lists(st.tuples(WORDS, st.integers(0, 10**6)), unique_by=lambda row: row[1], max_size=30)


def whole(row):
    return row


@given(rows=ROWS, come=ROWS, limit=st.integers(1, 7), data=st.data())
def test_rows_that_stay_are_given_once_and_in_order(rows, come, limit, data):
    gone = data.draw(st.sets(st.sampled_from(rows))) if rows else set()
    there, seen, cursor = list(rows), [], ""
    come = [(words, number + 10**7) for words, number in come]
    for _n in range(200):
        part, following = part_of(there, Part(cursor, limit), whole, types=(str, int))
        seen += part
        if following is None:
            break
        cursor = following
        there = [row for row in [*rows, *come] if row not in gone]  # somebody else writes between two parts
    stayed = sorted(row for row in rows if row not in gone)
    assert [row for row in seen if row in stayed] == stayed
    assert len(seen) == len(set(seen))


def test_the_last_part_has_no_next_and_a_full_one_too():
    assert with_next([1, 2, 3], Part(limit=3), lambda n: (n,)) == ([1, 2, 3], None)
    assert with_next([1, 2, 3], Part(limit=2), lambda n: (n,)) == ([1, 2], cursor_of(2))


@given(
    st.tuples(
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.integers(-(2**62), 2**62),
    )
)
def test_a_cursor_gives_its_key_back(key):
    assert Part(cursor_of(*key)).after(str, int) == key


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("cursor", [
    "x", "é", "====", packed(1), packed([]), packed(["a"]), packed([1, 2]), packed(["a", "b"]), packed(["a", True]),
    packed(["a", 2**63]), packed(["a\0", 1]), packed(["\ud800", 1]), packed(["a", 1, 1]), packed({"a": 1}), "W" * 600,
])  # fmt: skip
def test_what_is_no_cursor_of_this_list_is_refused(cursor):
    with pytest.raises(BadInput) as refused:
        Part(cursor).after(str, int)
    assert "cursor" in refused.value.fields


def test_a_number_that_is_none_is_refused():
    with pytest.raises(BadInput):
        Part(packed([float("nan")])).after(float)
