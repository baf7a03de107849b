"""The map of themes: alike stands near, a theme stays where it was, the same answers give the same map."""

import numpy as np
import pytest

from feedback.themes import map as theme_map
from feedback.themes import refreshing as themes
from feedback.themes.similarity import Answers
from heard.kit.db import reading
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, HOURS, PARKING, STAFF, WIFI, say


def far(map_, one, other):
    return float(np.hypot(*np.subtract(map_[one], map_[other])))


def told(*groups):
    texts = [text for group in groups for text in group]
    theme = np.repeat(np.arange(1, len(groups) + 1), [len(group) for group in groups])
    return Answers(texts), theme, np.ones(len(texts), np.float32)


def test_themes_whose_answers_are_alike_stand_near_each_other():
    spots = theme_map.spots(*told(HOURS[:6], HOURS[6:], COLD, PARKING), {})
    assert set(spots) == {1, 2, 3, 4}
    assert far(spots, 1, 2) < min(far(spots, 1, 3), far(spots, 1, 4), far(spots, 2, 3), far(spots, 2, 4))


def test_the_same_answers_give_the_same_map():
    assert theme_map.spots(*told(HOURS, STAFF, COLD), {}) == theme_map.spots(*told(HOURS, STAFF, COLD), {})


def test_a_map_that_was_turned_and_mirrored_is_turned_back():
    first = theme_map.spots(*told(HOURS, STAFF, COLD, PARKING), {})
    before = {theme: (-y, -x) for theme, (x, y) in first.items()}
    assert {t: np.round(spot, 2).tolist() for t, spot in theme_map.spots(*told(HOURS, STAFF, COLD, PARKING), before).items()} == {
        t: np.round(spot, 2).tolist() for t, spot in before.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    "groups", [[], [HOURS], [HOURS, COLD], [["a b"] * 5, ["a b"] * 5, ["a b"] * 5], [["👍"], ["👎"], ["…"]]]
)
def test_few_or_equal_themes_have_a_place_that_is_a_number(groups):
    spots = theme_map.spots(*told(*groups), {})
    assert len(spots) == len(groups)
    assert np.isfinite(np.array(list(spots.values()))).all()


def test_answers_that_stand_alone_have_no_place():
    answers, theme, score = told(HOURS, COLD)
    assert set(theme_map.spots(answers, np.where(theme == 2, 0, -theme), score, {})) == {-1}


@pytest.mark.both(long=True)
def test_a_reading_gives_each_theme_its_place_and_the_next_one_keeps_it(world, monkeypatch):
    from feedback.themes.queries import spots_of, themes_of

    monkeypatch.setattr(themes, "the_encoder", lambda: None)
    poll = world.open_poll([Draft("long_text", "What should change?")])
    say(poll.id, ALL)
    themes.refresh(poll.id)
    with reading() as session:
        before = spots_of(session, poll.id)
        assert before.keys() == {row.id for row in themes_of(session, poll.id) if row.parent is not None}
    say(poll.id, WIFI, later=5)
    themes.refresh(poll.id)
    with reading() as session:
        after = spots_of(session, poll.id)
    kept = before.keys() & after.keys()
    apart = np.mean([far(before, a, b) for a in kept for b in kept if a < b])
    assert len(kept) >= 4
    assert np.mean([np.hypot(*np.subtract(before[t], after[t])) for t in kept]) < apart / 2
