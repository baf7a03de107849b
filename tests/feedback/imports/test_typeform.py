"""Typeform's two layouts, and HeyForm's."""

from tests.feedback.imports.samples import counts, kinds, read, table, typeform

FRAME = ["Start Date (UTC)", "Submit Date (UTC)"]
DAY = ["2019-10-05 02:39:31", "2019-10-05 02:41:00"]


def test_a_column_for_each_option_becomes_one_question_called_after_them():
    layout, responses, _refused = read(typeform(one_cell=False))
    assert kinds(layout)["Tea / Cake / Other"] == "multiple"
    assert counts(layout, responses)["Tea / Cake / Other"] == {"Tea": 3, "Cake": 4, "Other: Milk, cold": 1}


def test_two_such_questions_each_have_their_other():
    rows = [["#", "Tea", "Cake", "Other", "Why?", "Rail", "Bus", "Other", *FRAME, "Network ID"],
            ["a", "Tea", "Cake", "", "so it is", "Rail", "", "On foot", *DAY, "n1"],
            ["b", "", "Cake", "Milk", "no idea", "", "Bus", "", *DAY, "n2"]]  # fmt: skip
    layout, responses, _refused = read(table(rows))
    assert counts(layout, responses) == {
        "Tea / Cake / Other": {"Tea": 1, "Cake": 2, "Other: Milk": 1}, "Why?": {"so it is": 1, "no idea": 1},
        "Rail / Bus / Other": {"Rail": 1, "Bus": 1, "Other: On foot": 1},
    }  # fmt: skip
    assert [r.submission_id for r in responses] == ["a", "b"]


def test_marks_in_heads_go_and_hidden_fields_are_named():
    layout, _responses, _refused = read(typeform())
    assert "How many stars?" in kinds(layout)
    assert all(name in " ".join(layout.notes) for name in ("utm_source", "Network ID", "Tags"))


def test_what_was_not_completed_is_not_taken():
    head = ["#", "Q 1", "Response Type", *FRAME]
    rows = [head, ["a", "x", "completed", *DAY], ["b", "y", "partial", *DAY]]
    _layout, responses, refused = read(table(rows))
    assert [r.submission_id for r in responses] == ["a"]
    assert [(r.line, "partial" in r.reason) for r in refused] == [(3, True)]


def test_heyform_has_the_same_frame():
    rows = [
        ["#", "Which one?", "source", *FRAME],
        *([f"h{n}", "AB"[n % 2], "web", *["2024-10-05T02:39:31.000Z"] * 2] for n in range(4)),
    ]
    layout, responses, _refused = read(table(rows))
    assert (kinds(layout), len(responses)) == ({"Which one?": "single"}, 4)
    assert responses[0].collected_at.isoformat() == "2024-10-05T02:39:31+00:00"


def test_options_with_a_comma_inside_are_put_together_again_and_the_rest_is_other():
    cells = ["Fast", "Fast, Cheap, or nearly", "Cheap, or nearly", "Fast", "Cheap, or nearly, something, else"]
    rows = [["#", "What matters?", *FRAME], *([f"t{n}", cell, *DAY] for n, cell in enumerate(cells))]
    layout, responses, _refused = read(table(rows))
    assert counts(layout, responses)["What matters?"] == {"Fast": 3, "Cheap, or nearly": 3, "Other: something, else": 1}
