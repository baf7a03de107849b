"""What changed between two briefs. Pure."""

import copy

from hypothesis import HealthCheck, given, settings

from insights.write.since_last import since_last
from tests.insights.some_facts import any_facts, library_facts


def kinds(before, now):
    return [(one.kind, one.words) for one in since_last(before, now)]


def test_themes_that_came_grew_faded_and_went_are_told_with_both_shares():
    before, now = library_facts(), library_facts()
    before["themes"] = [t for t in before["themes"] if t["label"] != "Friendly staff"]
    before["themes"][0] |= {"count": 45}
    before["themes"][1] |= {"count": 6}
    now["themes"] = [t for t in now["themes"] if t["id"] != 1 or t["parent"]] + [now["themes"][0] | {"count": 30}]
    before["themes"].append(before["themes"][0] | {"id": 77, "label": "Lockers", "count": 9})
    assert kinds(before, now) == [
        ("new", "New: “Friendly staff”, 14 of 60 comments."), ("grew", "Grew: “Cold rooms”, from 10% to 27% of the comments."),
        ("faded", "Faded: “Opening hours”, from 75% to 50% of the comments."), ("gone", "No longer told: “Lockers”."),
    ]  # fmt: skip


def test_results_that_moved_are_told():
    before, now = library_facts(), library_facts()
    before["polls"][0]["questions"][0]["options"][0] |= {"count": 20}
    before["polls"][0]["questions"][1]["nps"] = -5
    assert [words for kind, words in kinds(before, now) if kind == "result"] == [
        "“Do the opening hours suit you?”: “Yes” went from 33% to 62%.", "“Would you recommend us?”: the NPS went from -5 to 20.",
    ]  # fmt: skip


def test_below_30_answers_no_share_has_moved():
    before, now = library_facts(), library_facts()
    for question in before["polls"][0]["questions"]:
        question["n"] = 29
    for theme in before["themes"]:
        theme["n"] = 29
    assert kinds(before, now) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_facts(), any_facts())
def test_any_two_sets_of_facts_compare_and_a_set_has_not_changed_from_itself(one, other):
    kept = copy.deepcopy((one, other))
    assert since_last(one, one) == []
    since_last(one, other)
    assert (one, other) == kept
