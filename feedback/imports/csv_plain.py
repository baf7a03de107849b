"""A plain table: each row a response, each column a question, its head the wording.

Columns named submission_id, submitted_at (or collected_at), language and mark are read as such: our own CSV becomes a new
poll too (own_table.py brings it back into its own). Without submission_id a row is known again by its content: importing
twice changes nothing.

A column's kind follows from its values, predictably: columns.py has the rules.
"""

from collections import Counter
from collections.abc import Sequence

from feedback.imports import tables
from feedback.imports.tables import Asked, Plan
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.write.drafts import LONGEST

SUBMISSION = "submission_id"
TIMES = ("submitted_at", "collected_at")
OWN = (SUBMISSION, *TIMES, "language", "mark")

NAME = "csv"


def fits(sheets: Sequence[Sheet]) -> bool:
    """Any table is one."""
    return len(sheets) == 1


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what. Raises BadInput for two columns of one name."""
    heads = Counter(name for name in sheet.head if name and name not in OWN)
    if doubled := next((name for name, n in heads.items() if n > 1), None):
        raise BadInput(
            _("The column “%(name)s” is there twice.") % {"name": doubled[:80]},
            hint=_("Give each column a name of its own."),
        )
    head = sheet.head
    ours = SUBMISSION in head
    asked = [
        Asked(n[:200], n[: LONGEST["wording"]] if ours else tables.wording(n), {i: ""})
        for i, n in enumerate(head)
        if n and n not in OWN
    ]
    plan = Plan(
        asked, time=tuple(head.index(name) for name in TIMES if name in head),
        language=head.index("language") if "language" in head else None,
    )  # fmt: skip
    if ours:
        at, seen = head.index(SUBMISSION), Counter[int]()

        def submission(cells: list[str]) -> str:
            return cells[at].strip() or tables.by_content(plan, cells, seen)

        plan.submission = submission
    return plan
