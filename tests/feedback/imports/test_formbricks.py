"""Formbricks' files."""

from tests.feedback.imports.samples import WHY, counts, formbricks, kinds, read, table

HEAD = ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "User ID", "url"]


def test_ids_of_options_and_what_is_about_the_person_are_not_questions():
    layout, responses, _refused = read(formbricks())
    assert not any("Option ID" in wording for wording in kinds(layout))
    assert all(name in " ".join(layout.notes) for name in ("User ID", "country", "person.plan"))
    assert counts(layout, responses)[WHY]["=1+1 is not a formula"] == 1


def test_what_was_not_finished_is_not_taken_unless_nothing_was():
    rows = [
        [*HEAD, "1. Why?"],
        [1, "a", "2024-10-05 02:39:31", "Yes", "s", "u", "x", "so"],
        [2, "b", "", "No", "s", "u", "x", "half"],
    ]
    _layout, responses, refused = read(table(rows))
    assert ([r.submission_id for r in responses], [r.line for r in refused]) == (["a"], [3])
    rows[1][3] = "No"
    assert len(read(table(rows))[1]) == 2


def test_a_hyphen_in_the_words_of_a_grid_stays():
    heads = ["1. Rate it - please - Price", "1. Rate it - please - Speed"]
    rows = [[*HEAD, *heads], *([n, f"r{n}", "", "Yes", "s", "u", "x", "Good", "Bad"] for n in range(3))]
    layout, responses, _refused = read(table(rows))
    assert kinds(layout) == {"Rate it - please": "matrix"}
    assert counts(layout, responses) == {
        "Rate it - please [Price]": {"Good": 3},
        "Rate it - please [Speed]": {"Bad": 3},
    }
