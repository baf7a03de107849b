"""Bringing responses in: read the file, check everything, then make the poll and record its responses.

Nothing is half-written: a new poll is made only when there is something to put into it, and goes again if recording
fails. Every response passes intake, so importing a file twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import select

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot, PollClosed, check_submission_id
from feedback.collect.conditions import why_hidden
from feedback.exports.fields import fields_of, fields_of_question
from feedback.imports import formats
from feedback.imports.parsed import Incoming, Labels, Layout, RefusedRow
from heard.accounts.communities import community_by_slug
from heard.accounts.models import Community
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, number, speaking
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, Value, kind_of
from polls.logic import visible
from polls.models import Poll
from polls.publish import publishing
from polls.write import authoring
from polls.write.drafts import folded

SHOWN = 20  # rows not taken that the terminal names


@dataclass
class Parsed:
    """A file that was read."""

    layout: Layout
    found: list[Incoming | RefusedRow]

    @property
    def responses(self) -> list[Incoming]:
        """What may be taken."""
        return [one for one in self.found if isinstance(one, Incoming)]

    @property
    def refused(self) -> list[RefusedRow]:
        """What is no response."""
        return [one for one in self.found if isinstance(one, RefusedRow)]


@dataclass
class ImportReport:
    """What became of a file."""

    slug: str
    taken: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # how the file was read

    def lines(self) -> list[str]:
        """For the terminal."""
        words = _("%(taken)s responses taken, %(unchanged)s were there already, %(refused)s rows not taken.")
        figures = {
            "taken": number(self.taken),
            "unchanged": number(self.unchanged),
            "refused": number(len(self.refused)),
        }
        rows = [_("line %(line)s: %(why)s") % {"line": r.line, "why": r.reason} for r in self.refused[:SHOWN]]
        more = len(self.refused) - SHOWN
        return [
            *self.notes,
            words % figures,
            *rows,
            *([_("… and %(n)s more.") % {"n": number(more)}] if more > 0 else []),
        ]


def run(
    path: Path,
    community_slug: str,
    *,
    poll_slug: str = "",
    new_poll: str = "",
    form: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import a file into a poll, or into a new one named `new_poll` or after the file.

    Raises BadInput (no such file, wrong columns, nothing to take), NotFound, PollClosed.
    """
    if poll_slug and new_poll:
        raise BadInput(_("Name a poll to add to, or a new one, not both."), hint=_("Use --poll or --new-poll."))
    with reading() as session:
        community = community_by_slug(session, community_slug)
    found, sheets = formats.opened(path, form)
    layout = found.survey(sheets)
    parsed = Parsed(layout, list(found.responses(sheets, layout)))
    if poll_slug:
        poll = _stored(community, poll_slug)
        _known_fields(poll, parsed)
        return _record(poll, parsed, progress)
    with speaking(community.locale):
        questions = _previewed(parsed)
        _something(_valid(questions, parsed, []), parsed)
        poll = _made(community, new_poll or parsed.layout.title or _title(path), parsed)
    try:
        return _record(poll, parsed, progress)
    except BaseException:
        with writing() as session:
            session.delete(session.get_one(Poll, poll.id))
        raise


def _title(path: Path) -> str:
    return path.stem.replace("_", " ").replace("-", " ").strip()[:200] or _("Imported answers")


def _stored(community: Community, slug: str) -> FrozenPoll:
    with reading() as session:
        poll = session.exec(select(Poll).where(Poll.slug == slug, Poll.community_id == community.id)).first()
        if poll is None:
            raise NotFound(
                _("“%(community)s” has no poll “%(slug)s”.") % {"community": community.slug, "slug": slug[:80]},
                hint=_("The slug is the last part of the poll's address."),
            )
        frozen = freeze(session, poll)
    if frozen.phase != "open":
        raise PollClosed(frozen, frozen.phase)
    return frozen


def _made(community: Community, title: str, parsed: Parsed) -> FrozenPoll:
    """A new poll with the questions found, open to everybody's answers, so that the API may add to it."""
    with writing() as session:
        drafts = [f.draft() for f in parsed.layout.fields.values()]
        poll = authoring.create_poll(session, community, title, drafts, by=None, voter_rule="open")
        publishing.open_now(session, poll, by=None)
        return freeze(session, poll)


def _known_fields(poll: FrozenPoll, parsed: Parsed) -> None:
    """Fields are questions of the poll by field_id or by wording. Raises BadInput when not one of them is."""
    fields = fields_of(poll)
    names = {f.head[:200]: f.id for f in reversed(fields)} | {f.id: f.id for f in fields}
    names |= {q.wording: q.field_id for q in reversed(poll.questions)} | {
        q.field_id: q.field_id for q in poll.questions
    }
    for response in parsed.responses:
        response.cells = {names.get(name, name): cells for name, cells in response.cells.items()}
    parsed.layout.items = {
        names.get(i, i): (names.get(group, group), label) for i, (group, label) in parsed.layout.items.items()
    }
    if not any(name in names for name in (*parsed.layout.fields, *parsed.layout.items)):
        raise BadInput(
            _("No column of the file belongs to a question of “%(title)s”.") % {"title": poll.title},
            hint=_("In the file: %(there)s. In the poll: %(wanted)s.")
            % {
                "there": ", ".join(parsed.layout.fields)[:200],
                "wanted": ", ".join(q.field_id for q in poll.questions)[:200],
            },
        )


def _previewed(parsed: Parsed) -> tuple[FrozenQuestion, ...]:
    """The questions as they will be, with ids of their own: to check the responses before anything is written."""
    return tuple(_question(at, f.draft()) for at, f in enumerate(parsed.layout.fields.values(), 1))


def _question(at: int, draft: Draft) -> FrozenQuestion:
    settings = kind_of(draft.kind).settings(draft.settings)
    labels = [
        *(("row", r) for r in draft.rows), *(("option", o) for o in draft.options),
        *kind_of(draft.kind).pinned_options(settings),
    ]  # fmt: skip
    options = tuple(FrozenOption(n, label, role) for n, (role, label) in enumerate(labels, 1))
    return FrozenQuestion(at, draft.kind, draft.wording, field_id=draft.field_id, settings=settings, options=options)


Checked = list[tuple[Incoming, dict[int, list[Value]]]]


def _valid(questions: Sequence[FrozenQuestion], parsed: Parsed, refused: list[RefusedRow]) -> Checked:
    """The responses with their values. A value that cannot be taken is reported; the rest of its response stays."""
    by_field = _by_field(questions, parsed)
    labels = {q.id: Labels(q) for q in questions}
    valid: Checked = []
    for response in parsed.responses:
        answers: dict[int, list[Value]] = {}
        try:
            check_submission_id(response.submission_id)
        except BadInput as refusal:
            refused.append(RefusedRow(response.line, refusal.message))
            continue
        about: dict[int, dict[int, list[str]]] = {}
        said: dict[int, list[str]] = {}
        for name, cells in response.cells.items():
            if name not in by_field:
                refused.append(RefusedRow(response.line, _("The poll has no field “%(name)s”.") % {"name": name[:80]}))
                continue
            question, item = by_field[name]
            said[question.id] = labelled = [labels[question.id][c] for c in cells]
            if item is not None:
                about.setdefault(question.id, {})[item.id] = labelled
        for question in (q for q in questions if q.id in said):
            kind = kind_of(question.kind)
            try:
                values = (
                    kind.from_long_items(question, about[question.id])
                    if question.id in about
                    else kind.from_long(question, said[question.id])
                )
                answers[question.id] = kind.check(question, values)
            except BadInput as refusal:
                refused.append(RefusedRow(response.line, refusal.message))
        _drop_hidden(questions, response, answers, refused)
        if answers:
            valid.append((response, answers))
    return valid


def _drop_hidden(
    questions: Sequence[FrozenQuestion],
    response: Incoming,
    answers: dict[int, list[Value]],
    refused: list[RefusedRow],
) -> None:
    """Answers to questions that are not asked of somebody with the other answers are reported and left out."""
    asked = visible(questions, answers)
    for question in (q for q in questions if q.id in answers and q.id not in asked):
        if answers.pop(question.id):
            why = question.refuse(why_hidden(questions, question)).message
            refused.append(RefusedRow(response.line, why))


def _by_field(
    questions: Sequence[FrozenQuestion], parsed: Parsed
) -> dict[str, tuple[FrozenQuestion, FrozenOption | None]]:
    """Question and item by the names that the file has for them; an item is found by its label, else by its id."""
    found: dict[str, tuple[FrozenQuestion, FrozenOption | None]] = {q.field_id: (q, None) for q in questions}
    by_label = {}
    for question in questions:
        for one in fields_of_question(question):
            found[one.id] = (question, one.item)
            if one.item:
                by_label[question.field_id, folded(one.item.label)] = (question, one.item)
    labelled = {name: (group, folded(label)) for name, (group, label) in parsed.layout.items.items()}
    return found | {name: by_label[key] for name, key in labelled.items() if key in by_label}


def _something(valid: Checked, parsed: Parsed) -> None:
    if not valid:
        first = parsed.refused[0] if parsed.refused else None
        raise BadInput(
            _("The file holds no response that could be taken."),
            hint=_("line %(line)s: %(why)s") % {"line": first.line, "why": first.reason}
            if first
            else _("The first row names the columns; the responses come below it."),
        )


def _record(poll: FrozenPoll, parsed: Parsed, progress: Callable[[int, int], None] | None) -> ImportReport:
    report = ImportReport(poll.slug, refused=list(parsed.refused), notes=parsed.layout.notes)
    valid = _valid(poll.questions, parsed, report.refused)
    outcomes = intake.submit_many([_ballot(poll, response, answers) for response, answers in valid], progress)
    for (response, _answers), outcome in zip(valid, outcomes, strict=True):
        if isinstance(outcome, Refused):
            report.refused.append(RefusedRow(response.line, outcome.message))
        elif isinstance(outcome, Exception):
            raise outcome
        elif outcome.outcome == "new":
            report.taken += 1
        else:
            report.unchanged += 1
    report.refused.sort()
    return report


def _ballot(poll: FrozenPoll, response: Incoming, answers: Mapping[int, list[Value]]) -> Ballot:
    submission = response.submission_id
    if poll.anonymous and not submission.startswith(voters.OWN):
        submission = voters.submission_of(poll.id, submission)
    key = voters.key_for_submission(poll.id, submission)
    return Ballot(poll, submission, key, answers, "import", response.language, response.collected_at)
