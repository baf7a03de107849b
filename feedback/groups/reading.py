"""The votes on a question's statements as a matrix, a statement at a time, without those that were moderated out. Of an
anonymous poll: those of published steps."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from feedback.analysis.columns import NONE, cell_key, counted
from feedback.analysis.reading import ids_of, question_columns
from feedback.collect import counters
from feedback.collect.queries import is_closed
from feedback.groups.finding import UNSEEN, Votes
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenOption, FrozenQuestion
from polls.kinds.statements import asked_in


class Stand(NamedTuple):
    """Statements, and (people, statements) votes on them; nobody's name and no id. `left_out`: statements moderated out."""

    items: list[FrozenOption]
    votes: Votes
    left_out: int = 0


def votes_of(session: DbSession, poll: FrozenPoll, question: FrozenQuestion) -> Stand | None:
    """The votes that count, of ballots that may be seen.

    None where they are not what may be shown: of an anonymous poll somebody changed a ballot of a step that is out.
    `session`: one that sees one moment (feedback.collect.queries.snapshot).
    """
    hidden = poll.anonymous and not is_closed(poll)
    ids = ids_of(session, poll.id, only_released=hidden)
    items = asked_in(question)
    votes = np.full((len(ids), len(items)), UNSEEN, np.int8)
    at = {f"{question.id}:i{item.id}:v": place for place, item in enumerate(items)}
    right: Counter[str] = Counter()
    for column in question_columns(session, question, ids):
        right.update(counted(question, {column.name: column.values}))
        if column.name in at:
            said = column.values != NONE
            votes[said, at[column.name]] = column.values[said]
    if poll.anonymous and right != _shown(session, poll, question):
        return None
    return Stand(items, votes, len(question.options) - len(items))


def _shown(session: DbSession, poll: FrozenPoll, question: FrozenQuestion) -> Counter[str]:
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    return +Counter({cell_key(cell): n for cell, n in cells.items() if cell.startswith(f"{question.id}:")})
