"""One small poll, as each tool writes it; invented answers. And reading a file without storing anything."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from feedback.imports import formats
from feedback.imports.parsed import Incoming, Layout, RefusedRow

# colour, extras, words of Other, stars, price, speed, why
PEOPLE = [
    ("Red", ("Tea", "Cake"), "", 5, "Good", "Bad", "=1+1 is not a formula"),
    ("Blue", ("Tea",), "", 4, "Good", "Good", "None"),
    ("Red", ("Cake",), "Milk, cold", 3, "Bad", "Bad", "two\nlines"),
    ("Blue", ("Tea", "Cake"), "", 5, "Good", "Bad", "it's fine; really"),
    ("Red", (), "", 4, "Bad", "Good", "0012"),
    ("Blue", ("Cake",), "", 5, "Good", "Good", 'say "hi"'),
]
COLOUR, EXTRAS, STARS, GRID, WHY = "Which colour?", "Which extras?", "How many stars?", "How do you find it?", "Why?"
EXPECTED = {
    COLOUR: {"Red": 3, "Blue": 3},
    EXTRAS: {"Tea": 3, "Cake": 4, "Other: Milk, cold": 1},
    STARS: {"5": 3, "4": 2, "3": 1},
    f"{GRID} [Price]": {"Good": 4, "Bad": 2},
    f"{GRID} [Speed]": {"Good": 3, "Bad": 3},
    WHY: {why: 1 for *_rest, why in PEOPLE},
}
KINDS = {COLOUR: "single", EXTRAS: "multiple", STARS: "rating", GRID: "matrix", WHY: "long_text"}


def table(rows: Iterable[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8", ends: str = "\r\n") -> bytes:
    """A CSV with every field quoted, as most tools write it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends).writerows(rows)
    return out.getvalue().encode(encoding)


def safe(text: str) -> str:
    """Defused, as the careful tools do."""
    return "'" + text if text.startswith("=") else text


def limesurvey(codes: bool = False) -> bytes:
    """Full heads; with codes the wordings are codes."""
    tick = {True: "Y" if codes else "Yes", False: "" if codes else "No"}
    head = [
        "Response ID",
        "Date submitted",
        "Last page",
        "Start language",
        "Seed",
        "Date started",
        "IP address",
        COLOUR,
    ]
    head += [f"{EXTRAS} [{o}]" for o in ("Tea", "Cake", "Other")] + [STARS, f"{GRID} [Price]", f"{GRID} [Speed]", WHY]
    rows = [head]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        ticks = [tick[o in extras] for o in ("Tea", "Cake")]
        rows.append(
            [
                n,
                f"2024-01-0{n} 10:00:00",
                3,
                "en",
                77 + n,
                "2024-01-01 09:00:00",
                "192.0.2.1",
                colour,
                *ticks,
                own,
                stars,
                price,
                speed,
                why,
            ]
        )
    return b"\xef\xbb\xbf" + table(rows, ";") + b"\r\n"


def typeform(one_cell: bool = True) -> bytes:
    """Several choices in one cell, or a column each (then the question has no words)."""
    choice = [EXTRAS] if one_cell else ["Tea", "Cake", "Other"]
    head = ["#", COLOUR, *choice, f"<strong>{STARS}</strong>", f"{GRID} [Price]", f"{GRID} [Speed]", WHY, "utm_source"]
    rows = [[*head, "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        joined = [", ".join([*extras, *([own] if own else [])])]
        cells = joined if one_cell else [*(o if o in extras else "" for o in ("Tea", "Cake")), own]
        at = [f"2024-10-0{n} 02:39:31", "", f"2024-10-0{n} 02:41:00"]
        rows.append([f"{n:032x}", colour, *cells, stars, price, speed, why, "mail", "completed", *at, f"net{n}", ""])
    return table(rows)


def surveymonkey() -> bytes:
    """Two rows of heads."""
    fixed = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    ]
    rows: list[Sequence[object]] = [
        [*fixed, COLOUR, EXTRAS, "", "", f"<b>{STARS}</b>", GRID, "", WHY],
        [""] * 9
        + ["Response", "Tea", "Cake", "Other (please specify)", "Response", "Price", "Speed", "Open-Ended Response"],
    ]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        ticks = [o if o in extras else "" for o in ("Tea", "Cake")]
        day = f"05/{12 + n}/2024 10:00:00"
        rows.append(
            [
                1000 + n,
                5,
                day,
                day,
                "192.0.2.1",
                "ann@example.org",
                "Ann",
                "Lee",
                "",
                colour,
                *ticks,
                own,
                stars,
                price,
                speed,
                why,
            ]
        )
    return table(rows)


def google(between: str = ";", head: str = "Timestamp") -> bytes:
    """From the form (";") or from its sheet (", ")."""
    rows: list[Sequence[object]] = [
        [head, "Email Address", COLOUR, EXTRAS, STARS, f"{GRID} [Price]", f"{GRID} [Speed]", WHY]
    ]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        chosen = between.join([*extras, *([own] if own else [])])
        rows.append([f"2024/03/0{n} 10:11:12 PM GMT+1", "ann@example.org", colour, chosen, stars, price, speed, why])
    return table(rows)


def formbricks() -> bytes:
    """With the ids of options, and what it knows of the person."""
    head = [
        "No.",
        "Response ID",
        "Timestamp",
        "Finished",
        "Survey ID",
        "Formbricks ID (internal)",
        "User ID",
        "Tags",
        "country",
    ]
    head += [f"1. {COLOUR}", f"1. {COLOUR} - Option ID", f"2. {EXTRAS}", f"2. {EXTRAS} - Option ID", f"3. {STARS}"]
    head += [f"4. {GRID} - Price", f"4. {GRID} - Speed", f"5. {WHY}", "person.plan"]
    rows: list[Sequence[object]] = [head]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        chosen = "; ".join([*extras, *([own] if own else [])])
        fixed = [n, f"cm{n:020d}", f"2024-10-0{n} 02:39:31", "Yes", "s1", "f1", "u1", "", "FR"]
        rows.append([*fixed, colour, "opt1", chosen, "opt1, opt2", stars, price, speed, safe(why), "pro"])
    return table(rows)


def long() -> bytes:
    """The neutral one."""
    rows: list[Sequence[object]] = [
        "submission_id collected_at field_id field_type field_label value email language field_group_id field_group_label".split()
    ]
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        start = [f"s{n}", f"2024-10-0{n}T02:39:31Z"]
        said = [
            ("colour", "single", COLOUR, colour),
            ("stars", "rating", STARS, stars),
            ("why", "text", WHY, safe(why)),
        ]
        said += [("extras", "multi", EXTRAS, o) for o in (*extras, *([f"Other: {own}"] if own else []))] or [
            ("extras", "multi", EXTRAS, "")
        ]
        rows += [[*start, name, kind, words, value, "", "en", "", ""] for name, kind, words, value in said]
        grid = [("grid/1", "Price", price), ("grid/2", "Speed", speed)]
        rows += [[*start, name, "matrix", words, value, "", "en", "grid", GRID] for name, words, value in grid]
    return table(rows)


def jsonl() -> bytes:
    """As we export it; fields have no words there, so their names are the words here."""
    lines = []
    for n, (colour, extras, own, stars, price, speed, why) in enumerate(PEOPLE, 1):
        chosen = [{"option": o} for o in extras] + (
            [{"option": "Other"}, {"item": "Other", "text": own}] if own else []
        )
        grid = [{"item": "Price", "option": price}, {"item": "Speed", "option": speed}]
        answers = {
            COLOUR: [{"option": colour}],
            EXTRAS: chosen,
            STARS: [{"number": float(stars)}],
            GRID: grid,
            WHY: [{"text": why}],
        }
        lines.append(
            {
                "submission_id": f"s{n}",
                "mark": "m",
                "submitted_at": f"2024-10-0{n}T02:39:31+00:00",
                "language": "en",
                "answers": answers,
            }
        )
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


SAMPLES = {
    "limesurvey": limesurvey(), "typeform": typeform(), "surveymonkey": surveymonkey(), "google": google(), "formbricks": formbricks(),
    "long": long(), "jsonl": jsonl(),
}  # fmt: skip


def read(raw: bytes, form: str = "auto", name: str = "answers.csv") -> tuple[Layout, list[Incoming], list[RefusedRow]]:
    """What a format makes of a file."""
    found, sheets = formats.opened(raw, form, name)
    layout = found.survey(sheets)
    everything = list(found.responses(sheets, layout))
    again = list(found.responses(sheets, layout))
    assert again == everything  # always the same, so that an import can go on where it was
    return (
        layout,
        [r for r in everything if isinstance(r, Incoming)],
        [r for r in everything if isinstance(r, RefusedRow)],
    )


def counts(layout: Layout, responses: Iterable[Incoming]) -> dict[str, dict[str, int]]:
    """How often each cell was said, by the question's words, with the row in brackets."""
    words = {name: f.wording for name, f in layout.fields.items()}
    words |= {name: f"{layout.fields[group].wording} [{label}]" for name, (group, label) in layout.items.items()}
    found: dict[str, Counter[str]] = {}
    for response in responses:
        for name, cells in response.cells.items():
            found.setdefault(words[name], Counter()).update(cells)
    return {name: dict(n) for name, n in found.items()}


def kinds(layout: Layout) -> dict[str, str]:
    """The kind of each question, by its words."""
    return {f.wording: f.kind for f in layout.fields.values()}
