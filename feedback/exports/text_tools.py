"""Files for tools that read statements or texts: the matrix of participants and the list of statements as Polis writes them,
and comments for tools that make reports out of texts (formats.md 6)."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import or_, select

from feedback.collect.queries import StoredResponse
from feedback.collect.tallies import PollResults
from feedback.models import Comment, Response
from heard.kit import csvio
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.kinds.kind import kind_of
from polls.kinds.statements import AGREE, DISAGREE, Statements

_C, _R = Comment.__table__, Response.__table__  # type: ignore[attr-defined]
PIECE = 2000


class NoStatements(BadInput):
    """A file about statements of a poll that has none."""

    code = "no_statements"

    def __init__(self, poll: FrozenPoll) -> None:
        super().__init__(
            _("“%(title)s” has no statements to agree or disagree with.") % {"title": poll.title},
            hint=_("Take its answers along as a table instead."),
        )


def statements_of(poll: FrozenPoll) -> dict[int, tuple[int, str]]:
    """Number in the files (from 0, over all questions with statements) and words, by the statement's id. Raises
    NoStatements."""
    asked = [q for q in poll.questions if q.kind == Statements.name]
    if not asked:
        raise NoStatements(poll)
    return {i.id: (n, i.label) for n, i in enumerate(i for q in asked for i in kind_of(q.kind).items(q))}


def participant_rows(poll: FrozenPoll, rows: Iterator[StoredResponse]) -> Iterator[str]:
    """A row for each response that said something of a statement: 1 agrees, -1 disagrees, 0 passes, empty where nothing was
    said. Participants are numbered in the order of random ids; nobody is in a group yet."""
    numbers = statements_of(poll)
    yield csvio.line(
        ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *range(len(numbers))]
    )
    participant = 0
    for row in rows:
        said = [""] * len(numbers)
        for values in row.answers.values():
            for value in values:
                if value.item in numbers and value.number is not None:
                    said[numbers[value.item][0]] = f"{value.number:g}"
        votes = sum(map(bool, said))
        if votes:
            agree, disagree = said.count(str(AGREE)), said.count(str(DISAGREE))
            yield csvio.line([participant, "", 0, votes, agree, disagree, *said])
            participant += 1


def statement_rows(poll: FrozenPoll, results: PollResults) -> Iterator[str]:
    """The statements by their numbers in the matrix, with how many agree and disagree; moderated -1: taken out."""
    numbers = statements_of(poll)
    yield csvio.line(["comment-id", "agrees", "disagrees", "moderated", "comment-body"])
    for item in (item for result in results.questions for item in result.items if item.id in numbers):
        counts = {o.id: o.count for o in item.options}
        moderated = -1 if item.moderated else 1
        yield csvio.line([numbers[item.id][0], counts[AGREE], counts[DISAGREE], moderated, item.label])


class ShownComment(NamedTuple):
    """A text that may be shown, and the submission it belongs to (None: it came from a channel)."""

    id: int
    text: str
    submission_id: str | None


def shown_comments(session: DbSession, poll_id: int, *, only_released: bool) -> Iterator[ShownComment]:
    """Texts of responses that stand and are counted, in the order of random ids, a piece at a time; of an anonymous poll
    that is open only those of published steps."""
    stands = _R.c.withdrawn_at.is_(None) & (_R.c.set_aside == "")
    if only_released:
        stands &= _R.c.released
    texts = (
        select(_C.c.id, _C.c.text, _R.c.submission_id)
        .join(_R, _R.c.id == _C.c.response_id, isouter=True)
        .where(_C.c.poll_id == poll_id, or_(_C.c.response_id.is_(None), stands))
    )
    last = 0
    while True:
        found = session.execute(texts.where(_C.c.id > last).order_by(_C.c.id).limit(PIECE)).all()
        yield from (ShownComment(*one) for one in found)
        if len(found) < PIECE:
            return
        last = found[-1].id


def comment_rows(comments: Iterator[ShownComment]) -> Iterator[str]:
    """For tools that ask for an id and a text."""
    yield csvio.line(["comment-id", "comment-body"])
    for comment in comments:
        yield csvio.line([f"c{comment.id}", comment.text])


def survey_rows(comments: Iterator[ShownComment]) -> Iterator[str]:
    """For tools that ask who said it: participants by their submission, so that several texts of one stay together."""
    yield csvio.line(["participant_id", "survey_text"])
    for comment in comments:
        yield csvio.line([comment.submission_id or f"c{comment.id}", comment.text])
