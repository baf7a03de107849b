"""What becomes of each question of a file: taken or left out, in which words, as which kind, or as which question of a poll.

Pure. A manager's choices travel as JSON in `imports.mapping`; without any, what the file suggests is taken.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feedback.exports.fields import fields_of
from feedback.imports.parsed import Field, Labels, Layout
from feedback.imports.tables import wording
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, kind_of, kinds
from polls.write.drafts import LONGEST

LEFT_OUT = "-"
MOST_OFFERED = 100  # options of a question that nobody has called a choice before


@dataclass(frozen=True)
class Choice:
    """What a manager says of one question of the file. `to`: a question of the poll, or one item of it, by the id of its
    field; "" a new question, "-" none."""

    wording: str = ""
    kind: str = ""
    to: str = ""


Choices = Mapping[str, Choice]  # by the file's id of the question


def choices_from(stored: Mapping[str, Any]) -> dict[str, Choice]:
    """Back from JSON."""
    return {name: Choice(**said) for name, said in stored.get("choices", {}).items()}


def proposed(layout: Layout, poll: FrozenPoll | None) -> dict[str, Choice]:
    """What the file suggests. In a poll, questions are found by field id, head or wording; the others are left out."""
    if poll is None:
        return {name: Choice(found.wording, found.kind) for name, found in layout.fields.items()}
    ids, words = _ids(poll), _words(poll)
    questions = {f.id: f.question.field_id for f in fields_of(poll)}
    of_items = {
        group: questions[known]
        for item, (group, _label) in layout.items.items()
        if (known := ids.get(item) or words.get(item)) in questions
    }

    def target(name: str, wording: str) -> str:
        return ids.get(name) or words.get(wording) or words.get(name) or of_items.get(name) or LEFT_OUT

    return {
        name: Choice(found.wording, found.kind, target(name, found.wording)) for name, found in layout.fields.items()
    }


def _ids(poll: FrozenPoll) -> dict[str, str]:
    """Ids of the poll's questions and items; where both have one, it is the question's."""
    return {f.id: f.id for f in fields_of(poll)} | {q.field_id: q.field_id for q in poll.questions}


def _words(poll: FrozenPoll) -> dict[str, str]:
    """The same by their words in a file; of two with the same words the first. Heads that formats cut are not known by what
    is left of them: the next one may begin like it."""
    fields = [*reversed(fields_of(poll))]
    words = {wording(f.head): f.id for f in fields if len(f.head) < LONGEST["wording"]}
    words |= {f.head: f.id for f in fields}
    return words | {q.wording: q.field_id for q in reversed(poll.questions)}


def taken(layout: Layout, choices: Choices) -> dict[str, Field]:
    """The questions that are not left out, in the words and of the kinds that were chosen."""
    found = {}
    for name, field in layout.fields.items():
        choice = choices.get(name, Choice())
        if choice.to != LEFT_OUT:
            found[name] = replace(
                field, kind=choice.kind or field.kind, wording=choice.wording.strip() or field.wording
            )
    return found


def drafts(layout: Layout, choices: Choices) -> list[Draft]:
    """The questions of a new poll; none of a file that holds nothing. Raises BadInput when all are left out."""
    made = [field.draft() for field in taken(layout, choices).values()]
    if layout.fields and not made:
        raise BadInput(_("Every question is left out, so there is nothing to bring in."), hint=_("Take at least one."))
    return made


def previewed(drafts: Sequence[Draft]) -> tuple[FrozenQuestion, ...]:
    """The questions as they will be, with ids of their own: to check responses before anything is written."""
    return tuple(
        FrozenQuestion(
            at, d.kind, d.wording, field_id=d.field_id, settings=kind_of(d.kind).settings(d.settings),
            options=tuple(_options(d)),
        )
        for at, d in enumerate(drafts, 1)
    )  # fmt: skip


def _options(draft: Draft) -> Iterator[FrozenOption]:
    kind = kind_of(draft.kind)
    named = [("row", label) for label in draft.rows] + [("option", label) for label in draft.options]
    named += kind.pinned_options(kind.settings(draft.settings))
    yield from (FrozenOption(n, label, role) for n, (role, label) in enumerate(named, 1))


def must_fit(poll: FrozenPoll, layout: Layout, choices: Choices) -> None:
    """Raises BadInput when no question of the file goes to one of the poll, or two go to the same."""
    wanted = [choice.to for name, choice in choices.items() if name in layout.fields and choice.to != LEFT_OUT]
    if not wanted:
        raise BadInput(
            _("No column of the file belongs to a question of “%(title)s”.") % {"title": poll.title},
            hint=_("In the file: %(there)s. In the poll: %(wanted)s.")
            % {
                "there": ", ".join(layout.fields)[:200],
                "wanted": ", ".join(q.field_id for q in poll.questions)[:200],
            },
        )
    if doubled := {to for to in wanted if wanted.count(to) > 1}:
        asked = next((q for q in poll.questions if q.field_id in doubled), None)
        words = _("Two questions of the file go to “%(wording)s”.") % {"wording": asked.wording if asked else ""}
        fields = {name: words for name, choice in choices.items() if choice.to in doubled}
        raise BadInput(words, hint=_("Leave one of them out."), fields=fields)


def kinds_that_fit(field: Field, seen: Collection[str]) -> list[str]:
    """The kinds that could take every value that was `seen`, the one that the file suggests first."""
    if field.items:
        return [field.kind]
    return [field.kind, *(name for name in kinds() if name != field.kind and _fits(field, name, seen))]


def _fits(field: Field, name: str, seen: Collection[str]) -> bool:
    kind = kinds()[name]
    if kind.has_items or kind.has_rows or (name == "single" and field.kind == "multiple"):
        return False
    if kind.has_options and not 0 < len(field.labels) <= MOST_OFFERED:
        return False
    try:
        draft = replace(field, kind=name).draft()
        if draft.kind != name:
            return False
        (question,) = previewed([draft])
        labels = Labels(question)
        for cell in seen:
            kind.check(question, kind.from_long(question, [labels[cell]]))
    except (BadInput, LookupError):
        return False
    return True


def targets(poll: FrozenPoll) -> list[tuple[str, str]]:
    """Id and words of all that a question of a file may go to: the poll's questions, and each item of those that ask about
    several."""
    whole = [(q.field_id, q.wording) for q in poll.questions]
    return whole + [(one.id, one.head) for one in fields_of(poll) if one.item is not None]
