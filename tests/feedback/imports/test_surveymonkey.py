"""SurveyMonkey's two rows of heads."""

import io

from tests.feedback.imports.samples import EXPECTED, counts, kinds, read, surveymonkey, table

FIXED = [
    "RespondentID",
    "CollectorID",
    "StartDate",
    "EndDate",
    "IP Address",
    "Email Address",
    "First Name",
    "LastName",
    "Custom Data",
]


def rows(heads: list[str], second: list[str], *answers: list[str], day: str = "05/13/2024 10:00:00") -> bytes:
    """A file with older fixed heads."""
    people = [
        [n, 1, day, day, "192.0.2.1", "ann@example.org", "Ann", "Lee", "x", *cells] for n, cells in enumerate(answers)
    ]
    return table([[*FIXED, *heads], [""] * 9 + second, *people])


def test_one_choice_with_a_column_for_other_is_one_question():
    raw = rows(
        ["Which?", ""], ["Response", "Other (please specify)"], ["Red", ""], ["Blue", ""], ["", "Green"], ["Red", ""]
    )
    layout, responses, _refused = read(raw)
    assert kinds(layout) == {"Which?": "single"}
    assert counts(layout, responses) == {"Which?": {"Red": 2, "Blue": 1, "Other: Green": 1}}


def test_the_second_row_is_no_response_and_lines_are_those_of_the_file():
    layout, responses, _refused = read(surveymonkey())
    assert (layout.rows, responses[0].line) == (6, 3)


def test_the_order_of_day_and_month_is_told_from_the_times():
    _layout, responses, _refused = read(rows(["Why?"], ["Open-Ended Response"], ["a"], day="05/13/2024 10:00:00"))
    assert responses[0].collected_at.date().isoformat() == "2024-05-13"
    _layout, responses, _refused = read(rows(["Why?"], ["Open-Ended Response"], ["a"], day="13/05/2024 10:00:00"))
    assert responses[0].collected_at.date().isoformat() == "2024-05-13"


def test_a_workbook_of_it_is_read_as_its_csv_is():
    import csv

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for at, cells in enumerate(csv.reader(io.StringIO(surveymonkey().decode(), newline=""))):
        for column, cell in enumerate(cells):
            sheet.write_string(at, column, cell) if cell == "0012" else sheet.write(at, column, cell)
    book.close()
    layout, responses, _refused = read(out.getvalue(), name="answers.xlsx")
    assert counts(layout, responses) == EXPECTED
