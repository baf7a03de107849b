"""LimeSurvey's files: codes or texts as heads, ticks and grids, and what was never submitted."""

from tests.feedback.imports.samples import counts, kinds, limesurvey, read, table

HEAD = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "token", "ipaddr"]


def row(n: int, *cells: str, sent: str = "2024-01-02 10:00:00") -> list[object]:
    """A response with these answers."""
    return [n, sent, 1, "en", 5, "2024-01-02 09:00:00", "2024-01-02 10:00:00", "secret", "192.0.2.1", *cells]


def test_codes_make_one_question_with_its_own_words_and_its_comment():
    head = [*HEAD, "Q1", "Q2[SQ001]", "Q2[SQ002]", "Q2[other]", "Q2[SQ001comment]", "Q3", "Q3[other]", "Q3[comment]"]
    rows = [head, row(1, "A1", "Y", "", "Milk", "so good", "A", "", ""), row(2, "A1", "", "Y", "", "", "-oth-", "Mine", "why"),
            row(3, "A2", "Y", "Y", "", "", "A", "", ""), row(4, "A2", "", "", "", "", "B", "", "")]  # fmt: skip
    layout, responses, refused = read(b"\xef\xbb\xbf" + table(rows, ";") + b"\r\n")
    assert refused == []
    assert kinds(layout) == {
        "Q1": "single", "Q2": "multiple", "Q2[SQ001comment]": "long_text", "Q3": "single", "Q3[comment]": "long_text"
    }  # fmt: skip
    said = counts(layout, responses)
    assert said["Q2"] == {"SQ001": 2, "SQ002": 2, "Other: Milk": 1}
    assert said["Q3"] == {"A": 2, "B": 1, "Other: Mine": 1}
    assert layout.fields["Q3"].draft().options == ("A", "B")
    assert layout.fields["Q3"].draft().settings == {"other": True}


def test_older_heads_are_taken_apart():
    head = [*HEAD, "1X2X3", "1X2X4SQ001", "1X2X4SQ002"]
    layout, responses, _refused = read(table([head, row(1, "x", "Y", ""), row(2, "y", "", "Y")], ","))
    assert kinds(layout)["1X2X4"] == "multiple"
    assert counts(layout, responses)["1X2X4"] == {"SQ001": 1, "SQ002": 1}


def test_the_same_answers_beyond_yes_and_no_are_a_grid():
    layout, responses, _refused = read(table([[*HEAD, "G[a]", "G[b]"], row(1, "A1", "A2"), row(2, "A2", "")], ";"))
    assert kinds(layout) == {"G": "matrix"}
    assert counts(layout, responses) == {"G [a]": {"A1": 1, "A2": 1}, "G [b]": {"A2": 1}}


def test_different_answers_in_each_column_are_questions_of_their_own():
    rows = [[*HEAD, "T[a]", "T[b]"], *(row(n, f"a text {n}", f"{n}") for n in range(20))]
    assert kinds(read(table(rows, ";"))[0]) == {"T [a]": "long_text", "T [b]": "number"}


def test_what_was_not_submitted_is_not_taken_unless_nothing_was():
    rows = [[*HEAD, "Q"], row(1, "x"), row(2, "y", sent="")]
    layout, responses, refused = read(table(rows, ";"))
    assert (len(responses), layout.rows) == (1, 1)
    assert [(r.line, "not submitted" in r.reason) for r in refused] == [(3, True)]
    layout, responses, refused = read(table([rows[0], row(1, "x", sent=""), row(2, "y", sent="")], ";"))
    assert (len(responses), refused) == (2, [])
    assert any("No response has a day" in note for note in layout.notes)


def test_the_day_of_anonymous_surveys_is_no_time():
    _layout, responses, _refused = read(
        table([[*HEAD, "Q"], row(1, "x", sent="1980-01-01 00:00:00"), row(2, "y")], ";")
    )
    assert [r.collected_at is None for r in responses] == [True, False]


def test_token_and_address_are_named_and_not_read():
    layout, responses, _refused = read(limesurvey())
    assert "IP address" in " ".join(layout.notes)
    assert [(r.submission_id, r.language) for r in responses[:2]] == [("1-78", "en"), ("2-79", "en")]
