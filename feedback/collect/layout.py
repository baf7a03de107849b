"""How a ballot is laid out: its sections, its pages, and the order of shuffled options. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from feedback.collect.ballots import Answers
from feedback.collect.conditions import watched
from heard.kit import tokens
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion
from polls.logic import ordered

SEEDS = 2**31  # a seed has 31 bits: it fits into an integer column on both databases


@dataclass(frozen=True)
class Asked:
    """A question with its options in the order of this ballot. `watches`: its conditions for assets/ballot.js, or ""."""

    question: FrozenQuestion
    shown: bool
    watches: str = ""
    added: bool = False  # the person's last answer brought it


@dataclass(frozen=True)
class Part:
    """A section, or the questions that stand outside of any."""

    heading: str
    intro: str
    asked: tuple[Asked, ...]

    @property
    def shown(self) -> bool:
        """Whether anything of it is."""
        return any(a.shown for a in self.asked)


def ballot_id(poll: FrozenPoll, nonce: str) -> int:
    """63 bits by HMAC from a form's nonce: the id under which the ballot is kept when it is filled in page by page."""
    return int(tokens.hashed(tokens.derived("begun", poll.id, nonce))[:16], 16) >> 1 or 1


def seed_of(poll: FrozenPoll, ballot: int) -> int | None:
    """The seed of a ballot's shuffled options, by HMAC from its id: the server's, and the same after an error and over pages.

    None where the poll shuffles nothing.
    """
    if not poll.shuffles:
        return None
    return int(tokens.hashed(tokens.derived("options", poll.id, ballot))[:8], 16) % SEEDS


def parts_of(
    poll: FrozenPoll,
    answers: Answers,
    seed: int | None,
    *,
    only: Sequence[FrozenQuestion] | None = None,
    added: Collection[int] = (),
) -> list[Part]:
    """The ballot in parts, in order. `answers` has an entry for each question that is shown; `only`: those of one page."""
    parts: list[Part] = []
    for section in sections_of(poll.questions if only is None else only):
        asked = tuple(
            Asked(_in_order(q, seed), q.id in answers, watched(poll.questions, q, answers), q.id in added) for q in section
        )
        parts.append(Part(section[0].section, section[0].section_intro, asked))
    return parts


def sections_of(questions: Sequence[FrozenQuestion]) -> list[list[FrozenQuestion]]:
    """Questions up to the next one that begins a section; all of them where none does."""
    sections: list[list[FrozenQuestion]] = []
    for question in questions:
        if question.section or not sections:
            sections.append([])
        sections[-1].append(question)
    return sections


def pages_of(poll: FrozenPoll) -> list[list[FrozenQuestion]]:
    """What stands on each page of a poll that goes page by page: a section, or without sections a question."""
    if any(q.section for q in poll.questions):
        return sections_of(poll.questions)
    return [[q] for q in poll.questions]


def in_this_order(poll: FrozenPoll, seed: int | None) -> FrozenPoll:
    """The poll with its options in the order of one ballot."""
    return replace(poll, questions=tuple(_in_order(q, seed) for q in poll.questions)) if poll.shuffles else poll


def unseen(poll: FrozenPoll, answers: Answers, form: Mapping[str, Sequence[str]]) -> list[int]:
    """Questions that these answers ask for and that the page could not show yet, by its fields named "shown".

    A form without such a field showed all it had: one made by hand, or by another program.
    """
    if not poll.has_conditions or "shown" not in form:
        return []
    seen = {name for sent in form["shown"] for name in sent.split()}
    return [q.id for q in poll.questions if q.conditions and q.id in answers and q.name not in seen]


def _in_order(question: FrozenQuestion, seed: int | None) -> FrozenQuestion:
    return replace(question, options=(*question.rows, *ordered(question, seed))) if question.shuffled else question
