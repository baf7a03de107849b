"""Google Forms' files, in several languages of forms and layouts of time."""

import pytest

from feedback.imports.times import is_day_first, local_moment
from heard.kit.errors import BadInput
from tests.feedback.imports.samples import EXPECTED, EXTRAS, counts, google, kinds, read, table


def test_through_the_sheet_the_counts_are_the_same():
    layout, responses, _refused = read(google(", "))
    assert counts(layout, responses)[EXTRAS] == EXPECTED[EXTRAS]


@pytest.mark.parametrize("head", ["Horodateur", "Zeitstempel", "Marca temporal", "タイムスタンプ"])
def test_the_head_may_be_in_the_language_of_the_form(head):
    layout, responses, _refused = read(google(head=head))
    assert counts(layout, responses) == EXPECTED
    assert responses[0].collected_at.isoformat() == "2024-03-01T21:11:12+00:00"


def test_the_same_row_is_the_same_response_and_two_alike_are_two():
    rows = [
        ["Timestamp", "Why?"],
        ["2024/03/05 10:11:12", "a"],
        ["2024/03/05 10:11:12", "a"],
        ["2024/03/06 10:11:12", "b"],
    ]
    _layout, responses, _refused = read(table(rows))
    ids = [r.submission_id for r in responses]
    assert len(set(ids)) == 3
    assert ids[0].removesuffix("-1") == ids[1].removesuffix("-2")
    assert [r.submission_id for r in read(table(rows[:1] + rows[:0:-1]))[1]][::-1] == [ids[1], ids[0], ids[2]]


def test_a_time_that_is_none_is_told_and_its_neighbours_are_taken():
    rows = [["Timestamp", "Why?"], ["yesterday", "a"], ["2024/03/05 10:11:12", "b"], ["2999/03/05 10:11:12", "c"]]
    layout, responses, refused = read(table(rows))
    assert (layout.rows, [r.cells for r in responses]) == (1, [{"Why?": ["b"]}])
    assert [r.line for r in refused] == [2, 4]


def test_questions_with_the_same_words_stay_two():
    layout, _responses, _refused = read(
        table([["Timestamp", "Why?", "How?", "Why?"], ["2024/03/05 10:11:12", "a", "b", "c"]])
    )
    assert list(layout.fields) == ["Why?", "How?", "Why? (2)"]
    assert set(kinds(layout)) == {"Why?", "How?"}


@pytest.mark.parametrize(
    ("text", "day_first", "wanted"),
    [
        ("2024/03/05 10:11:12 AM GMT+1", False, "2024-03-05T09:11:12+00:00"),
        ("2024/03/05 12:11:12 AM GMT-3", False, "2024-03-05T03:11:12+00:00"),
        ("2024/03/05 10:11:12 p.m. UTC+5:30", False, "2024-03-05T16:41:12+00:00"),
        ("3/5/2024 10:11:12", False, "2024-03-05T10:11:12+00:00"),
        ("3/5/2024 10:11:12", True, "2024-05-03T10:11:12+00:00"),
        ("05.03.2024 10:11", False, "2024-03-05T10:11:00+00:00"),
        ("05/03/2024, 10:11:12", True, "2024-03-05T10:11:12+00:00"),
        ("2024-03-05", False, "2024-03-05T00:00:00+00:00"),
        ("2024-03-05T10:11:12Z", False, "2024-03-05T10:11:12+00:00"),
    ],
)
def test_a_time_is_read_in_its_layout(text, day_first, wanted):
    assert local_moment(text, day_first=day_first).isoformat() == wanted


@pytest.mark.parametrize("text", ["31/31/2024 10:00", "soon", "2024/03/05 25:00:00", "1/1/1 1", "9" * 10_000])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(BadInput, match="is not a time"):
        local_moment(text, day_first=False)


def test_which_comes_first_is_told_by_the_first_number_above_12():
    assert is_day_first(["1/2/2024", "3/13/2024 10:00"]) is False
    assert is_day_first(["1/2/2024", "13/3/2024 10:00"]) is True
    assert is_day_first(["1/2/2024", ""]) is None
