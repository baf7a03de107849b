"""The editor's form: from a draft to its fields and back. Pure; what was typed is kept as it was typed.

Field names: title, intro, revision, the poll's rules; for each question a hidden `question` holds its key, whose order
is the order of the questions, and `q-<key>-wording`, `-kind`, `-options`, `-help`, `-required`, `-set-<setting>`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from heard.kit.errors import BadInput
from heard.kit.web import Form, first
from polls.drafts import MOST_QUESTIONS, PollDraft
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, kinds
from polls.pasting import lines_of, options_from

RULES = ("locale", "voter_rule", "results_rule")
SWITCHES = ("anonymous", "listed", "may_change")


@dataclass
class QuestionForm:
    """A question as its fields stand; `settings` are texts by name."""

    key: str
    kind: str = "single"
    wording: str = ""
    options: str = ""
    help: str = ""
    required: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class EditorForm:
    """The whole form. `revision` 0: not stored yet."""

    title: str = ""
    intro: str = ""
    locale: str = "en"
    voter_rule: str = "browser"
    results_rule: str = "after_vote"
    anonymous: bool = False
    listed: bool = True
    may_change: bool = True
    revision: int = 0
    questions: list[QuestionForm] = field(default_factory=lambda: [QuestionForm("0")])


def form_of(draft: PollDraft, revision: int) -> EditorForm:
    """The fields of a stored draft."""
    return EditorForm(
        draft.title, draft.intro, draft.locale, draft.voter_rule, draft.results_rule, draft.anonymous, draft.listed,
        draft.may_change, revision,
        [
            QuestionForm(
                str(at), q.kind, q.wording, "\n".join(" ".join(o.splitlines()) for o in q.options), q.help, q.required,
                {name: str(value) for name, value in q.settings.items()},
            )
            for at, q in enumerate(draft.questions)
        ] or [QuestionForm("0")],
    )  # fmt: skip


def form_from(sent: Form) -> EditorForm:
    """The fields as they were sent, whatever is in them."""
    made = EditorForm(
        title=first(sent, "title"), intro=first(sent, "intro"), questions=[],
        revision=int(r) if (r := first(sent, "revision", "0")).isdigit() and len(r) < 10 else 0,
        **{name: first(sent, name, getattr(EditorForm, name)) for name in RULES},
        **{name: name in sent for name in SWITCHES},
    )  # fmt: skip
    for key in list(dict.fromkeys(sent.get("question", [])))[: MOST_QUESTIONS + 1]:
        if re.fullmatch(r"[0-9a-z]{1,12}", key):
            made.questions.append(_question_from(sent, key))
    return made


def _question_from(sent: Form, key: str) -> QuestionForm:
    prefix = f"q-{key}-"
    return QuestionForm(
        key, first(sent, prefix + "kind", "single"), first(sent, prefix + "wording"),
        (sent.get(prefix + "options") or [""])[0], first(sent, prefix + "help"), prefix + "required" in sent,
        {name[len(prefix) + 4 :]: first(sent, name) for name in sent if name.startswith(prefix + "set-")},
    )  # fmt: skip


def draft_from(form: EditorForm, *, stored: PollDraft | None = None) -> PollDraft:
    """What the fields say. Options that are stored already are taken as they stand; others are read as pasted text.

    A last question that was left wholly empty is left out.
    """
    as_they_stand = {q.options for q in stored.questions} if stored else set()
    questions = [_draft_question(q, as_they_stand) for q in form.questions]
    if len(questions) > 1 and not (questions[-1].wording or questions[-1].options):
        questions.pop()
    return PollDraft(
        form.title, tuple(questions), form.intro, form.locale, form.voter_rule, form.results_rule,
        form.anonymous, form.listed, form.may_change,
    )  # fmt: skip


def _draft_question(form: QuestionForm, as_they_stand: set[tuple[str, ...]]) -> Draft:
    kind = kinds().get(form.kind)
    lines = tuple(lines_of(form.options))
    options = lines if lines in as_they_stand else tuple(options_from(form.options))
    return Draft(
        form.kind, form.wording, options if kind and kind.has_options else (), form.help, form.required,
        _settings(kind.default_settings, form.settings) if kind else {},
    )  # fmt: skip


def _settings(defaults: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Typed texts as the values the kind expects: numbers where its default is one. An empty field is the default."""
    made: dict[str, Any] = {}
    for name, default in defaults.items():
        text = typed.get(name, "").strip()
        if isinstance(default, int) and not isinstance(default, bool) and re.fullmatch(r"-?\d{1,9}", text):
            made[name] = int(text)
        elif text or isinstance(default, str):
            made[name] = text
    return made


def rearranged(form: EditorForm, wish: str) -> EditorForm:
    """The form after a button of it that stores nothing: "add", "remove:KEY", "up:KEY", "down:KEY"."""
    act, _sep, key = wish.partition(":")
    questions = list(form.questions)
    at = next((i for i, q in enumerate(questions) if q.key == key), None)
    if act == "add":
        fresh = next(str(n) for n in range(len(questions) + 1) if str(n) not in {q.key for q in questions})
        questions.append(QuestionForm(fresh))
    elif act == "remove" and at is not None and len(questions) > 1:
        questions.pop(at)
    elif act == "up" and at:
        questions[at - 1], questions[at] = questions[at], questions[at - 1]
    elif act == "down" and at is not None and at + 1 < len(questions):
        questions[at], questions[at + 1] = questions[at + 1], questions[at]
    return replace(form, questions=questions)


def previewed(draft: PollDraft) -> tuple[FrozenQuestion, ...]:
    """The draft's questions as a ballot shows them, with ids of their own; kinds that are not there are left out."""
    return tuple(
        FrozenQuestion(
            at, q.kind, q.wording, q.help, q.required, "",
            tuple(FrozenOption(1000 * at + n, label) for n, label in enumerate(q.options or _fixed(q), 1)),
            _usable_settings(q),
        )
        for at, q in enumerate(draft.questions, 1) if q.kind in kinds()
    )  # fmt: skip


def _fixed(draft: Draft) -> Sequence[str]:
    return kinds()[draft.kind].fixed_options()


def _usable_settings(draft: Draft) -> Mapping[str, Any]:
    try:
        return kinds()[draft.kind].settings(draft.settings)
    except BadInput:
        return kinds()[draft.kind].default_settings
