"""A question of each kind to try, and its parts rendered."""

from typing import Any

from heard.kit.web import html_environment
from polls.kinds.kind import FrozenOption, FrozenQuestion, QuestionResult, Value, kind_of


def question(kind: str, *labels: str, **settings: Any) -> FrozenQuestion:
    """Question 7 with options 71, 72 …; where the kind has rows, 61 "Price" and 62 "Taste"."""
    rows = ("Price", "Taste") if kind_of(kind).has_rows else ()
    options = tuple(
        FrozenOption(first + n, label, role)
        for first, role, several in ((61, "row", rows), (71, "option", labels))
        for n, label in enumerate(several)
    )
    return FrozenQuestion(7, kind, "Which one?", options=options, settings=kind_of(kind).settings(settings))


def said(asked: FrozenQuestion, sent: list[str]) -> list[Value]:
    """What a form with these values says, after the checks."""
    kind = kind_of(asked.kind)
    return kind.check(asked, kind.from_form(asked, {"q7": sent}))


def filled(asked: FrozenQuestion, form: dict[str, str]) -> list[Value]:
    """What a form with these fields says, after the checks; the fields are q7 with what is added: {"-i71": "1"}."""
    kind = kind_of(asked.kind)
    return kind.check(asked, kind.from_form(asked, {f"q7{name}": [value] for name, value in form.items()}))


def told(asked: FrozenQuestion, answer: dict[str, Any]) -> list[Value]:
    """What an answer over the API says, after the checks."""
    kind = kind_of(asked.kind)
    return kind.check(asked, kind.from_json(asked, answer))


def counted(asked: FrozenQuestion, ballots: list[list[Value]]) -> QuestionResult:
    """The result of these ballots, by way of the counters."""
    kind, cells = kind_of(asked.kind), dict[str, int]()
    for values in ballots:
        for cell in kind.cells(asked, values):
            cells[cell] = cells.get(cell, 0) + 1
    return kind.result(asked, cells)


def round_trip(asked: FrozenQuestion, values: list[Value]) -> list[Value]:
    """Out to the long format and back."""
    kind = kind_of(asked.kind)
    if kind.has_items:
        return kind.check(asked, kind.from_long_items(asked, kind.to_long_items(asked, values)))
    return kind.from_long(asked, kind.to_long(asked, values))


def again(asked: FrozenQuestion, values: list[Value]) -> list[Value]:
    """Into the form that changes a ballot, and sent as it stands."""
    kind = kind_of(asked.kind)
    return kind.check(asked, kind.from_form(asked, kind.as_form(asked, values)))


def ballot_part(asked: FrozenQuestion, *, values: dict[str, list[str]] | None = None, error: str = "") -> str:
    """The ballot's part as HTML."""
    template = html_environment().get_template(f"polls/kinds/{asked.kind}.ballot.html")
    return template.render(question=asked, values=values or {}, error=error)


def results_part(asked: FrozenQuestion, result: QuestionResult) -> str:
    """The results' part as HTML."""
    return (
        html_environment().get_template(f"polls/kinds/{asked.kind}.results.html").render(question=asked, result=result)
    )
