"""A poll as its voters see it, held in memory: read once for each revision, used by every ballot and every tally."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from heard.accounts.models import Community
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import NotFound
from heard.kit.i18n import _, speaking
from polls.kinds.kind import FrozenOption, FrozenQuestion, kind_of
from polls.logic import FrozenCondition
from polls.models import Option, Poll, PollTranslation, Question, ShowCondition


def phase_of(status: str, opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> str:
    """not_yet | open | closed: by the poll's row and the clock. A poll that is due opens and closes on time, whether the
    worker has come by or not; the closing moment itself still counts."""
    if status in ("closed", "archived"):
        return "closed"
    if status == "draft" or (status == "scheduled" and (opens_at is None or at < opens_at)):
        return "not_yet"
    return "closed" if closes_at is not None and at > closes_at else "open"


@dataclass(frozen=True)
class FrozenPoll:
    """Everything a ballot page needs. `status` is as of reading: the transaction that records a vote reads it again."""

    id: int
    community_id: int
    community: str  # slug
    community_name: str
    accent: str
    slug: str
    title: str
    intro: str
    locale: str
    status: str
    voter_rule: str
    results_rule: str
    anonymous: bool
    listed: bool
    may_change: bool
    revision: int
    closes_at: datetime | None
    questions: tuple[FrozenQuestion, ...]
    opens_at: datetime | None = None
    closes_in_days: int | None = None
    paged: bool = False
    trial_id: int | None = None
    series_id: str = ""
    edition: int = 1
    frozen: bool = False  # somebody has voted
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: source → text
    zone: str = "UTC"  # of its community
    embed_on: str = "*"  # who may frame it (Poll.embed_on)
    written_in: str = ""  # its own language, when this is a translation

    @property
    def phase(self) -> str:
        """not_yet | open | closed, at this moment."""
        return phase_of(self.status, self.opens_at, self.closes_at, now())

    @property
    def findable(self) -> bool:
        """Whether lists, feeds and search engines may name it: listed, begun, not put away."""
        return self.listed and self.status not in ("draft", "archived") and self.phase != "not_yet"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be read in, its own first."""
        own = self.written_in or self.locale
        return (own, *sorted(self.translations.keys() - {own}))

    def in_language(self, language: str) -> "FrozenPoll":
        """The same poll, ids included, in one of its languages; words without a translation stay as they were written."""
        if language == self.locale or language not in self.translations:
            return self
        words = {**self._words_of_ours(language), **self.translations[language]}

        def said(text: str) -> str:
            return words.get(text, text)

        return replace(
            self,
            locale=language,
            written_in=self.locale,
            title=said(self.title),
            intro=said(self.intro),
            questions=tuple(
                replace(
                    q,
                    wording=said(q.wording),
                    help=said(q.help),
                    section=said(q.section),
                    section_intro=said(q.section_intro),
                    options=tuple(replace(o, label=said(o.label)) for o in q.options),
                    settings={
                        **q.settings,
                        **{name: said(text) for name, text in kind_of(q.kind).words_in(q.settings).items()},
                    },
                )
                for q in self.questions
            ),
        )

    def _words_of_ours(self, language: str) -> dict[str, str]:
        """Labels that kinds bring (Yes, Other …), from this poll's language into that one."""
        with speaking(self.locale):
            ours = [label for q in self.questions for label in kind_of(q.kind).words_of_ours(q.settings)]
        with speaking(language):
            theirs = [label for q in self.questions for label in kind_of(q.kind).words_of_ours(q.settings)]
        return dict(zip(ours, theirs, strict=True))

    def question(self, question_id: int) -> FrozenQuestion | None:
        """The question with this id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)

    @property
    def has_conditions(self) -> bool:
        """Whether some question is shown only to some."""
        return any(q.conditions for q in self.questions)

    @property
    def shuffles(self) -> bool:
        """Whether the order of some question's options is another one on each ballot."""
        return any(q.shuffled for q in self.questions)

    @property
    def level(self) -> int:
        """Integrity level, 0 (open) to 4 (sign-in)."""
        return ("open", "browser", "network", "link", "sign_in").index(self.voter_rule)


class NoPoll(NotFound):
    """No poll at this address, or one that the asker may not know of: the same words for both, so that they tell nothing."""

    def __init__(self) -> None:
        super().__init__(_("There is no poll at this address."))


def frozen_poll(session: DbSession, slug: str) -> FrozenPoll:
    """The poll at /p/<slug>. One small query when it is in memory already. Raises NoPoll."""
    found = _remembered(session, col(Poll.slug) == slug)
    if not found:
        raise NoPoll
    return found[0]


def frozen_polls(session: DbSession, ids: Iterable[int]) -> dict[int, FrozenPoll]:
    """Several polls by their ids. One small statement when they are in memory already, and six when they are not."""
    wanted = list(ids)
    return {poll.id: poll for poll in _remembered(session, col(Poll.id).in_(wanted))} if wanted else {}


def _remembered(session: DbSession, which: ColumnElement[bool]) -> list[FrozenPoll]:
    rows = session.execute(_STATE.join(Community, col(Community.id) == col(Poll.community_id)).where(which)).all()
    found, missing = [], []
    for poll_id, *state in rows:
        known = _memory.get(poll_id)
        if known and [getattr(known, name) for name in _MOVES] == state:
            found.append(known)
        else:
            missing.append(poll_id)
    if missing:
        if len(_memory) > 500:
            _memory.clear()
        fresh = freeze_all(session, session.exec(select(Poll).where(col(Poll.id).in_(missing))).all())
        _memory.update((poll.id, poll) for poll in fresh)
        found += fresh
    return found


_memory: dict[int, FrozenPoll] = {}
# What tells that the one in memory is not as it is any more: its own row, and what is shown of its community.
_MOVES = ("revision", "status", "frozen", "community_name", "accent", "zone")
_STATE = sql_select(Poll.id, Poll.revision, Poll.status, Poll.frozen, Community.name, Community.accent, Community.zone)  # type: ignore[call-overload]
_PLACES = {"row": 0, "option": 1, "other": 2, "dont_know": 3}  # the last two are pinned below what the manager wrote


def freeze(session: DbSession, poll: Poll) -> FrozenPoll:
    """The poll with its questions and options in ballot order."""
    return freeze_all(session, [poll])[0]


def freeze_all(session: DbSession, polls: Sequence[Poll]) -> list[FrozenPoll]:
    """The same of several polls. The number of statements does not grow with theirs."""
    ids = [poll.id or 0 for poll in polls]
    options: dict[int, list[Option]] = {}
    for option in session.exec(
        select(Option)
        .join(Question)
        .where(col(Question.poll_id).in_(ids))
        .order_by(case(_PLACES, value=col(Option.role)), col(Option.position))
    ):
        options.setdefault(option.question_id, []).append(option)
    questions: dict[int, list[Question]] = {}
    for question in session.exec(
        select(Question).where(col(Question.poll_id).in_(ids)).order_by(col(Question.position))
    ):
        questions.setdefault(question.poll_id, []).append(question)
    steps = {
        option.id: step
        for asked in questions.values() for question in asked if kind_of(question.kind).has_steps
        for step, option in enumerate(options.get(question.id or 0, ()), 1)
    }  # fmt: skip
    conditions, translations = _conditions(session, ids, steps), _translations(session, ids)
    home = {poll.community_id for poll in polls}
    communities = {c.id: c for c in session.exec(select(Community).where(col(Community.id).in_(home)))}
    return [
        _frozen(
            poll, communities[poll.community_id],
            tuple(_question(q, options.get(q.id or 0, ()), conditions) for q in questions.get(poll.id or 0, ())),
            translations.get(poll.id or 0, {}),
        )
        for poll in polls
    ]  # fmt: skip


def _question(
    question: Question, options: Sequence[Option], conditions: Mapping[int, tuple[FrozenCondition, ...]]
) -> FrozenQuestion:
    return FrozenQuestion(
        question.id or 0,
        question.kind,
        question.wording,
        question.help,
        question.required,
        question.field_id or f"q{question.id}",
        tuple(FrozenOption(option.id or 0, option.label, option.role, option.moderated) for option in options),
        question.settings,
        question.section,
        question.section_intro,
        question.shuffled,
        question.keep_last,
        question.show_when,
        conditions.get(question.id or 0, ()),
    )


def _frozen(
    poll: Poll, community: Community, questions: tuple[FrozenQuestion, ...], translations: Mapping[str, Mapping[str, str]]
) -> FrozenPoll:  # fmt: skip
    return FrozenPoll(
        id=poll.id or 0,
        community_id=poll.community_id,
        community=community.slug,
        community_name=community.name,
        accent=community.accent,
        zone=community.zone,
        slug=poll.slug,
        title=poll.title,
        intro=poll.intro,
        locale=poll.locale,
        status=poll.status,
        voter_rule=poll.voter_rule,
        results_rule=poll.results_rule,
        anonymous=poll.anonymous,
        listed=poll.listed,
        may_change=poll.may_change,
        revision=poll.revision,
        closes_at=poll.closes_at,
        questions=questions,
        opens_at=poll.opens_at,
        closes_in_days=poll.closes_in_days,
        paged=poll.paged,
        trial_id=poll.trial_id,
        series_id=poll.series_id,
        edition=poll.edition,
        frozen=poll.frozen,
        embed_on=poll.embed_on,
        translations=translations,
    )


def _conditions(
    session: DbSession, polls: Sequence[int], steps: Mapping[int | None, int]
) -> dict[int, tuple[FrozenCondition, ...]]:
    """By question; rows with the same number are alternatives of one condition."""
    found: dict[int, dict[int, list[ShowCondition]]] = {}
    for row in session.exec(
        select(ShowCondition).where(col(ShowCondition.poll_id).in_(polls)).order_by(col(ShowCondition.id))
    ):
        found.setdefault(row.question_id, {}).setdefault(row.number, []).append(row)
    return {
        question: tuple(
            FrozenCondition(
                rows[0].on_question_id,
                rows[0].operator,
                frozenset(r.option_id for r in rows if r.option_id is not None),
                rows[0].figure,
                tuple(r.label for r in rows if r.label),
                frozenset(steps[r.option_id] for r in rows if r.option_id is not None and r.option_id in steps),
            )
            for _number, rows in sorted(numbered.items())
        )
        for question, numbered in found.items()
    }


def _translations(session: DbSession, polls: Sequence[int]) -> dict[int, dict[str, dict[str, str]]]:
    """By poll and language."""
    found: dict[int, dict[str, dict[str, str]]] = {}
    for row in session.exec(select(PollTranslation).where(col(PollTranslation.poll_id).in_(polls))):
        found.setdefault(row.poll_id, {}).setdefault(row.locale, {})[row.source] = row.text
    return found
