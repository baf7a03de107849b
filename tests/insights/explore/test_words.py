"""What people wrote is words in every chart, and an address of a view is the same whichever way it was asked for."""

import json
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from insights.explore.charts import plotly_of
from insights.explore.figures import Bar, Figure, Group
from insights.explore.versions import _Answered, _of_groups
from insights.explore.wishes import wish_of
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenOption, FrozenQuestion

NASTY = '<a href="https://evil.example">win</a>'
QUESTION = FrozenQuestion(2, "single", "Which?", field_id="q2", options=(FrozenOption(5, "A"), FrozenOption(6, "B")))
POLL = FrozenPoll(**({f.name: "" for f in fields(FrozenPoll)} | {"id": 1, "questions": (QUESTION,)}))  # type: ignore[arg-type]


def test_plotly_gets_no_markup_that_somebody_wrote():
    split = (Group(NASTY, (Bar(NASTY, 40, 60, 2 / 3), Bar("<b>B</b>", 30, 60, 0.5))),)
    for groups in (split, (Group("", (Bar(NASTY, 7, 12, 7 / 12),)),)):
        drawn = json.dumps(plotly_of(Figure("q2", QUESTION, groups)))
        assert "<" not in drawn
        assert "&lt;a href=" in drawn


_TEXT = st.text(st.sampled_from("q25:is,_not at_least34 \n%=&?é\u202e"), max_size=12)


@given(st.lists(_TEXT, max_size=4), _TEXT, st.lists(_TEXT, max_size=3))
def test_an_address_that_was_put_in_order_stays_as_it_is(wheres, by, margins):
    wish = wish_of(POLL, wheres, by, margins)
    assert wish_of(POLL, wish.wheres, wish.by, wish.margins) == wish


def test_versions_are_matched_by_their_words_whatever_else_was_offered():
    """A row that was put in between, and an answer that is gone: nothing is taken for something else."""

    def asked(label, rows, answers):
        groups = tuple(Group(row, tuple(Bar(a, n, 20, n / 20) for a, n in answers.items())) for row in rows)
        return _Answered(label, QUESTION, None, Figure("q2", QUESTION, groups, by_item=True))  # type: ignore[arg-type]

    one = asked("Version 1", ["Light", "Sound"], {"Good": 8, "Fair": 5, "Bad": 7})
    other = asked("Version 2", ["Light", "Chairs", "Sound"], {"Good": 12, "Bad": 6})
    drawn = _of_groups(QUESTION, [one, other], "Chairs", "q2/2")
    assert [[bar.n for bar in group.bars] for group in drawn.groups] == [[None, 12], [None, 6]]
    drawn = _of_groups(QUESTION, [one, other], "Sound", "q2/3")
    assert {group.label: [bar.n for bar in group.bars] for group in drawn.groups} == {
        "Good": [8, 12], "Bad": [7, 6], "Fair": [5, None],
    }  # fmt: skip
