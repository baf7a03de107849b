"""Every answer is counted once on each side, and the places of a proposal come back as they went."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.themes.identities import Before, Placed
from feedback.themes.side_by_side import Named, packed, side_by_side, unpacked
from feedback.themes.words import Words

PARENTS = {11: 1, 12: 1, 13: 2, -1: 1, -2: -3}
ROWS = st.lists(
    st.tuples(st.sampled_from([0, 11, 12, 13]), st.sampled_from([0, 11, 13, -1, -2]), st.booleans()), max_size=20
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_every_answer_is_counted_once_on_each_side(rows):
    read = np.array([row[2] for row in rows], bool)
    now = np.array([row[0] if row[2] else 0 for row in rows], np.int64)
    then = np.array([row[1] for row in rows], np.int64)
    used = {t: PARENTS[t] for t in set(then.tolist()) - {0}}
    placed = Placed(then, np.ones(len(rows), np.float32), used)
    before = Before(now, read, np.zeros(len(rows), bool), parents={11: 1, 12: 1, 13: 2})
    words = {t: Words(f"then {t}", [], []) for t in [*used, *used.values()]}
    told = side_by_side(before, placed, words, {t: Named(f"now {t}", t == 13) for t in (1, 2, 11, 12, 13)})
    for fine in (True, False):
        stood = [row for row in told["now"] if (row["parent"] is not None) == fine]
        would = [row for row in told["then"] if (row["parent"] is not None) == fine]
        assert sum(row["n"] for row in stood) == (now > 0).sum()
        assert sum(row["n"] for row in would) == (then != 0).sum()
        stays = {row["id"]: row["stay"] for row in would}
        for row in would:
            assert row["n"] == row["stay"] + row["fresh"] + sum(n for _theme, n in row["from"])
        for row in stood:
            assert row["n"] == stays.get(row["id"], 0) + sum(n for _theme, n in row["to"])
    assert told["moves"] == int(((now != then) & read).sum())
    assert {row["label"] for row in told["then"]} == {"now 13" if t == 13 else f"then {t}" for t in words}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 2**63 - 1), st.integers(-9, 9), st.sampled_from(["", "en", "fr"])),
        unique_by=lambda r: r[0],
    )
)
def test_places_come_back(rows):
    ids = np.array([row[0] for row in rows], np.int64)
    theme = np.array([row[1] for row in rows], np.int64)
    score = np.linspace(0, 1, len(rows), dtype=np.float32)
    back = unpacked(packed(ids, Placed(theme, score, {}), [row[2] for row in rows]))
    found = zip(back.ids.tolist(), back.theme.tolist(), back.score.tolist(), back.spoken, strict=True)
    assert list(found) == sorted(zip(ids.tolist(), theme.tolist(), score.tolist(), [r[2] for r in rows], strict=True))
