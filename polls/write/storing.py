"""A draft into rows, and a stored poll back into a draft: the two sides of what an editor holds."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.i18n import speaking
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, FrozenQuestion, kind_of
from polls.logic import Condition, ShowIf
from polls.models import Option, Poll, PollTranslation, Question, ShowCondition
from polls.write.drafts import PollDraft


def write(session: DbSession, poll: Poll, draft: PollDraft) -> None:
    """Questions, options, conditions and translations of a checked draft. What was there before is gone already."""
    _write_questions(session, poll, draft.questions)
    _write_translations(session, poll, draft)


def rewrite(session: DbSession, poll: Poll, draft: PollDraft) -> None:
    """The same instead of what is there. The new rows come before the old ones go: SQLite gives the id of the last row
    that was deleted away again, and a ballot that somebody has open would count for other words."""
    old = select(Question.id).where(Question.poll_id == poll.id)
    gone = session.exec(old).all()
    session.execute(update(Question).where(col(Question.poll_id) == poll.id).values(position=-col(Question.position)))
    session.expire_all()
    write(session, poll, draft)
    session.execute(delete(Question).where(col(Question.id).in_(gone)))
    session.expire_all()


def _write_questions(session: DbSession, poll: Poll, drafts: Sequence[Draft]) -> None:
    questions = [
        Question(
            poll_id=poll.id or 0, position=at, kind=d.kind, wording=d.wording, help=d.help, required=d.required,
            field_id=d.field_id, settings=dict(d.settings), section=d.section, section_intro=d.section_intro,
            shuffled=d.shuffled, keep_last=d.keep_last, show_when=d.show_if.when,
        )
        for at, d in enumerate(drafts, 1)
    ]  # fmt: skip
    session.add_all(questions)
    session.flush()
    session.add_all(
        Option(question_id=question.id or 0, position=at, role=role, label=label)
        for question, draft in zip(questions, drafts, strict=True)
        for role, labels in (("row", draft.rows), ("option", draft.options))
        for at, label in enumerate(labels, 1)
    )
    with speaking(poll.locale):
        session.add_all(
            Option(question_id=question.id or 0, position=1, role=role, label=label)
            for question in questions
            for role, label in kind_of(question.kind).pinned_options(question.settings)
        )
    session.flush()
    _write_conditions(session, poll, questions, drafts)


def _write_conditions(session: DbSession, poll: Poll, questions: Sequence[Question], drafts: Sequence[Draft]) -> None:
    if not any(d.show_if for d in drafts):
        return
    found = select(Option).join(Question).where(Question.poll_id == poll.id, Option.role != "row")
    ids = {(o.question_id, o.label): o.id for o in session.exec(found)}
    rows = [
        {
            "poll_id": poll.id, "question_id": question.id, "number": at, "on_question_id": (on := questions[c.on].id or 0),
            "operator": c.operator, "option_id": (option_id := ids.get((on, label))),
            "label": "" if option_id else label, "figure": c.number,
        }
        for question, draft in zip(questions, drafts, strict=True)
        for at, c in enumerate(draft.show_if.conditions, 1)
        for label in c.options or ("",)
    ]  # fmt: skip
    # In this order: their ids are the order of the alternatives. At once: 20,000 objects would hold the write lock for a minute.
    session.execute(insert(ShowCondition), rows)


def _write_translations(session: DbSession, poll: Poll, draft: PollDraft) -> None:
    session.execute(delete(PollTranslation).where(PollTranslation.poll_id == poll.id))  # type: ignore[arg-type]
    session.add_all(
        PollTranslation(
            poll_id=poll.id or 0, locale=locale, source_hash=tokens.hashed(source), source=source, text=text
        )
        for locale, words in draft.translations.items()
        for source, text in words.items()
    )
    session.flush()


def draft_of(frozen: FrozenPoll) -> PollDraft:
    """A stored poll as an editor holds it."""
    with speaking(frozen.locale):
        written = {q.id: _written_options(q) for q in frozen.questions}
    return PollDraft(
        title=frozen.title, intro=frozen.intro, locale=frozen.locale, voter_rule=frozen.voter_rule,
        results_rule=frozen.results_rule, anonymous=frozen.anonymous, listed=frozen.listed,
        may_change=frozen.may_change, paged=frozen.paged, opens_at=frozen.opens_at, closes_at=frozen.closes_at,
        closes_in_days=frozen.closes_in_days, translations=frozen.translations,
        questions=tuple(
            Draft(q.kind, q.wording, written[q.id], q.help, q.required, q.settings,
                  "" if q.field_id == q.name else q.field_id, tuple(row.label for row in q.rows), q.section,
                  q.section_intro, q.shuffled, q.keep_last, _written_conditions(frozen, q))
            for q in frozen.questions
        ),
    )  # fmt: skip


def _written_conditions(frozen: FrozenPoll, question: FrozenQuestion) -> ShowIf:
    places = {q.id: at for at, q in enumerate(frozen.questions)}
    return ShowIf(
        tuple(
            Condition(
                places[c.on], c.operator,
                (*(o.label for o in frozen.questions[places[c.on]].options if o.id in c.options), *c.missing), c.number,
            )
            for c in question.conditions
        ),
        question.show_when,
    )  # fmt: skip


def _written_options(question: FrozenQuestion) -> tuple[str, ...]:
    """Those that the manager wrote and that are asked; a kind that brings its own gets them anew, in the poll's language."""
    kind = kind_of(question.kind)
    labels = tuple(o.label for o in question.options if o.role == "option" and not o.moderated)
    return labels if kind.has_options and labels != kind.fixed_options(question.settings) else ()
