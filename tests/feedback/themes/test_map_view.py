"""The map as it is drawn: everything in its box, nothing on top of another, and the page without a script."""

import json
import re
from html import unescape
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.themes import refreshing as themes
from feedback.themes.map_view import LETTER, LINE, map_of
from feedback.themes.queries import ThemeRow
from heard.kit.clock import now
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, say

HOSTILE = "<script>alert(1)</script>"


def row(id, count, parent=None, label=""):
    return ThemeRow(id, label or f"Theme {id}", count, count / 100, parent, [], [], False, "machine", now())


FLOAT = st.floats(-3, 3, allow_nan=False)


@given(st.lists(st.tuples(st.integers(1, 500), FLOAT, FLOAT), min_size=1, max_size=40))
def test_circles_and_names_stay_in_the_box_and_names_do_not_overlap(found):
    rows = [row(1, 900), *(row(at, count, parent=1) for at, (count, _x, _y) in enumerate(found, 2))]
    drawn = map_of(rows, {at: (x, y) for at, (_n, x, y) in enumerate(found, 2)}, "/m/g/themes/")
    for drawing in drawn.drawings:
        boxes = []
        for c in drawing.circles:
            assert c.x - c.r >= 0
            assert c.x + c.r <= drawing.width
            assert c.y - c.r >= 0
            assert c.y + c.r <= drawing.height
            if c.name:
                wide = LETTER * len(c.name)
                start = {"start": c.name_x, "end": c.name_x - wide, "middle": c.name_x - wide / 2}[c.anchor]
                boxes.append((start, c.name_y - LINE + 4, start + wide, c.name_y + 4))
        for one, other in combinations(boxes, 2):  # places are rounded to a tenth
            assert (
                min(one[2], other[2]) - max(one[0], other[0]) < 0.2
                or min(one[3], other[3]) - max(one[1], other[1]) < 0.2
            )


def test_themes_without_a_place_are_counted_and_the_seventh_whole_theme_has_no_colour():
    rows = [row(at, 100 - at) for at in range(1, 9)] + [row(at + 20, 100 - at, parent=at) for at in range(1, 9)]
    drawn = map_of(rows, {at + 20: (at, at % 3) for at in range(1, 8)}, "/m/g/themes/")
    assert (drawn.missing, drawn.others, len(drawn.keys)) == (1, 2, 6)
    assert {c.id: c.colour for c in drawn.drawings[0].circles} == {**{at + 20: at - 1 for at in range(1, 7)}, 27: None}
    assert map_of(rows, {}, "/m/g/themes/") is None


@pytest.mark.parametrize(
    ("person", "status"), [("ines", 200), ("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)]
)
def test_the_map_has_an_address_a_link_on_each_circle_and_a_table(world, client, monkeypatch, person, status):
    monkeypatch.setattr(themes, "the_encoder", lambda: None)
    poll = world.open_poll([Draft("long_text", "What should change?")], title=HOSTILE)
    say(poll.id, ALL)
    themes.refresh(poll.id)
    answer = client.sign_in(person).get(f"{poll.page}/themes?view=map")
    assert answer.status_code == status
    if status == 200:
        page = answer.text
        circles = set(re.findall(r'<a href="(/m/garden/themes/\d+)" aria-label', page))
        figure = json.loads(unescape(re.search(r'data-figure="([^"]+)"', page)[1]))
        assert (
            set(figure["data"][0]["customdata"]) == circles == set(re.findall(r'scope="row"><a href="([^"]+)"', page))
        )
        assert HOSTILE not in page


def test_before_the_first_reading_the_map_says_what_comes(world, client):
    poll = world.open_poll([Draft("long_text", "What should change?")])
    assert "No map yet" in client.sign_in("maya").get(f"{poll.page}/themes?view=map").text
