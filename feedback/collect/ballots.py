"""What somebody fills in, checked against the frozen poll. Pure: every surface comes through here before intake."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.collect.conditions import why_hidden
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.frozen import FrozenPoll
from polls.kinds.kind import BadAnswer, FrozenQuestion, Value, kind_of
from polls.logic import asks

_FIELD = re.compile(r"q[0-9]{1,19}(-.*)?", re.DOTALL)  # of a question in a ballot's form
Answers = Mapping[int, list[Value]]  # by question id, [] where one was left empty; one that was not asked is not in it


class PollClosed(Refused):
    """A ballot arrived after closing time, or before the opening."""

    code, status = "poll_closed", 409

    def __init__(self, poll: FrozenPoll, phase: str = "closed") -> None:
        not_yet = phase == "not_yet"
        words = (
            _("This poll is not open yet, so nothing was counted.")
            if not_yet
            else _("“%(title)s” is closed, so this was not counted.") % {"title": poll.title}
        )
        hint = (
            _("Come back when it has opened.")
            if not_yet
            else _("Look at the results, or ask the organiser to reopen it.")
        )
        super().__init__(words, hint=hint, link="" if not_yet else f"/p/{poll.slug}/results")


class AlreadyVoted(Refused):
    """One voter, one ballot; and this one cannot be changed."""

    code, status = "already_voted", 409

    def __init__(self, poll: FrozenPoll) -> None:
        hint = (
            _("Your first ballot stays as it is. Its receipt lets you change it while the poll is open.")
            if poll.may_change
            else _("Your first ballot stays as it is.")
        )
        super().__init__(_("You have voted in “%(title)s” already.") % {"title": poll.title}, hint=hint)


class CannotChange(Refused):
    """The organiser does not allow changes."""

    code, status = "cannot_change", 409

    def __init__(self, poll: FrozenPoll) -> None:
        super().__init__(
            _("Ballots in “%(title)s” cannot be changed or withdrawn.") % {"title": poll.title},
            hint=_("Your ballot stays as it is."),
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """A checked ballot on its way to intake.

    `voter_key` (43 characters) is unique in the poll. In an anonymous poll it is made from the submission, and
    `turnout_key` tells that this person voted. `submitted_at`: only for imports; otherwise the server's clock.
    """

    poll: FrozenPoll
    submission_id: str
    voter_key: str
    answers: Answers
    source: str
    language: str = ""
    submitted_at: datetime | None = None
    invitation_id: int | None = None
    turnout_key: str | None = None
    option_seed: int | None = None  # the order in which options were shown, where a question shuffles them
    link_id: int | None = None  # the tracked link it came by; never in an anonymous poll
    set_aside: str = ""  # why it is stored and not counted (feedback.models.SET_ASIDE)
    network: str | None = None  # whence it came, as a keyed hash (feedback/integrity/networks)
    draft_id: int | None = None  # of the begun ballot that this one ends


class OldBallot(BadInput):
    """The ballot was for questions that were edited, or asked anew, since it was opened."""

    code = "old_ballot"

    def __init__(self) -> None:
        super().__init__(
            _("The questions of this poll were changed after you opened it, so nothing was counted."),
            hint=_("These are its questions now. Answer them and send again."),
        )


def must_be_current(poll: FrozenPoll, form: Mapping[str, Sequence[str]]) -> None:
    """Raises OldBallot for a form with fields of questions that the poll does not have (any more)."""
    names = {q.name for q in poll.questions}
    if any(_FIELD.fullmatch(name) and name.partition("-")[0] not in names for name in form):
        raise OldBallot


def from_form(poll: FrozenPoll, form: Mapping[str, Sequence[str]]) -> dict[int, list[Value]]:
    """The answers in a submitted form, checked; what it says to hidden questions is dropped.

    Raises BadAnswer whose `fields` name every question in trouble.
    """
    return _each(poll, lambda question: kind_of(question.kind).from_form(question, form))


def said_so_far(
    poll: FrozenPoll, form: Mapping[str, Sequence[str]], *, strict: Collection[int] = ()
) -> dict[int, list[Value]]:
    """What a form says so far, by the questions that are asked for it; faulty answers count as left empty.

    Those of the questions in `strict` are checked as in `from_form`.
    """
    return _each(poll, lambda question: kind_of(question.kind).from_form(question, form), strict=strict)


def from_json(poll: FrozenPoll, answers: Iterable[Mapping[str, Any]]) -> dict[int, list[Value]]:
    """The answers of the API, [{"question": id, …}], checked. Raises BadAnswer as above, and for an answer to a hidden one."""
    given: dict[int, Mapping[str, Any]] = {}
    for answer in answers:
        question = poll.question(answer["question"])
        if question is None:
            raise BadAnswer(
                _("This poll has no question %(id)s.") % {"id": answer["question"]},
                hint=_("Its questions: %(ids)s.") % {"ids": ", ".join(str(q.id) for q in poll.questions)},
                fields={"answers": str(answer["question"])},
            )
        if question.id in given:
            raise question.refuse(_("It was answered twice in one ballot."))
        given[question.id] = answer
    return _each(poll, lambda question: _from_json(question, given.get(question.id, {})), refuse_hidden=True)


def check(poll: FrozenPoll, answers: Answers, *, complete: bool = True) -> dict[int, list[Value]]:
    """Every rule that holds whatever the surface; `complete`: required questions too (imports take what there is)."""
    return _each(poll, lambda question: list(answers.get(question.id, [])), complete=complete)


def as_form(poll: FrozenPoll, answers: Answers) -> dict[str, list[str]]:
    """Stored answers as the fields of the ballot's form, to fill it in beforehand; what was left empty is not in it."""
    fields: dict[str, list[str]] = {}
    for question in poll.questions:
        filled = kind_of(question.kind).as_form(question, list(answers.get(question.id, [])))
        fields |= {name: sent for name, sent in filled.items() if sent}
    return fields


def check_submission_id(submission_id: str) -> str:
    """An id that a client may choose: 1 to 200 characters without controls. Raises BadInput."""
    if not 1 <= len(submission_id) <= 200 or not submission_id.isprintable():
        raise BadInput(
            _("A submission_id has 1 to 200 printable characters."),
            hint=_("A UUID is a good one: the same again when you repeat a call that got no answer."),
            fields={"submission_id": submission_id[:40]},
        )
    return clean_text(submission_id)


def _from_json(question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
    given = _Given(answer)
    values = kind_of(question.kind).from_json(question, given)
    for name, said in answer.items():  # what is not read would be lost without a word
        if name != "question" and said not in ("", []) and (not values or name not in given.read):
            raise question.refuse(_("It takes no “%(name)s”.") % {"name": name})
    return values


class _Given(dict[str, Any]):
    """An answer that knows what was read of it."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """As usual."""
        self.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def _each(
    poll: FrozenPoll,
    read: Callable[[FrozenQuestion], list[Value]],
    *,
    complete: bool = True,
    strict: Collection[int] | None = None,
    refuse_hidden: bool = False,
) -> dict[int, list[Value]]:
    """Question by question, so that each knows what was said before it. `strict`: the questions that count, of a form that
    is filled in page by page; all when None."""
    answers: dict[int, list[Value]] = {}
    refused: list[BadInput] = []
    for question in poll.questions:
        try:
            if not asks(question, answers):
                if refuse_hidden and any(not v.empty for v in read(question)):
                    raise question.refuse(why_hidden(poll.questions, question))
                continue
            answers[question.id] = []
            values = kind_of(question.kind).check(question, read(question))
            if complete and question.required and all(v.empty for v in values):
                raise question.refuse(_("This question needs an answer."))
            answers[question.id] = values
        except BadInput as error:
            if strict is None or question.id in strict:
                refused.append(error if error.fields else question.refuse(error.message))
    if refused:
        fields = {name: why for error in refused for name, why in error.fields.items()}
        raise BadAnswer(
            refused[0].message,
            hint=refused[0].hint or _("Nothing was counted yet. Mend it and send again."),
            fields=fields,
        )
    if complete and strict is None and all(v.empty for values in answers.values() for v in values):
        raise BadAnswer(
            _("This ballot is empty, so there is nothing to count."),
            hint=_("Answer at least one question."),
            fields={poll.questions[0].name: _("Nothing was answered.")} if poll.questions else {},
        )
    return answers
