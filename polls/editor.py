"""The editor's form: from a draft to its fields and back. Pure; what was typed is kept as it was typed.

Field names: title, intro, revision, the poll's rules; for each question a hidden `question` holds its key, whose order
is the order of the questions, and `q-<key>-wording`, `-kind`, `-options`, `-rows`, `-help`, `-required`, `-set-<kind>-<setting>`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import Form, first
from polls.drafts import MOST_QUESTIONS, PollDraft, title_from
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, kinds
from polls.pasting import lines_of, options_from

PARTS = ("kind", "wording", "options", "rows", "help")


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
    rows: str = ""


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
    """The fields of a stored draft. A title that was taken from the first question stays empty, and follows it."""
    return EditorForm(
        "" if draft.title == title_from(draft.questions) else draft.title, draft.intro,
        draft.locale, draft.voter_rule, draft.results_rule, draft.anonymous, draft.listed,
        draft.may_change, revision,
        [
            QuestionForm(
                str(at), q.kind, q.wording, _lines(q.options), q.help, q.required,
                {name: _typed(value) for name, value in q.settings.items()}, _lines(q.rows),
            )
            for at, q in enumerate(draft.questions)
        ] or [QuestionForm("0")],
    )  # fmt: skip


def _lines(labels: Sequence[str]) -> str:
    return "\n".join(" ".join(label.splitlines()) for label in labels)


def form_from(sent: Form) -> EditorForm:
    """The fields as they were sent, whatever is in them."""
    made = EditorForm(
        title=first(sent, "title"), intro=first(sent, "intro"), questions=[],
        revision=int(r) if (r := first(sent, "revision", "0")).isdigit() and len(r) < 10 else 0,
        locale=first(sent, "locale", "en"), voter_rule=first(sent, "voter_rule", "browser"),
        results_rule=first(sent, "results_rule", "after_vote"), anonymous="anonymous" in sent, listed="listed" in sent,
        may_change="may_change" in sent,
    )  # fmt: skip
    for key in list(dict.fromkeys(sent.get("question", [])))[: MOST_QUESTIONS + 1]:
        if re.fullmatch(r"[0-9a-z]{1,12}", key):
            made.questions.append(_question_from(sent, key))
    return made


def _question_from(sent: Form, key: str) -> QuestionForm:
    prefix = f"q-{key}-"
    kind = first(sent, prefix + "kind", "single")
    of_kind = f"{prefix}set-{kind}-"  # the fields of other kinds are there too, and are not meant
    return QuestionForm(
        key, kind, first(sent, prefix + "wording"), (sent.get(prefix + "options") or [""])[0],
        first(sent, prefix + "help"), prefix + "required" in sent,
        {name[len(of_kind) :]: first(sent, name) for name in sent if name.startswith(of_kind)},
        (sent.get(prefix + "rows") or [""])[0],
    )  # fmt: skip


def draft_from(form: EditorForm, *, stored: PollDraft | None = None) -> PollDraft:
    """What the fields say. Options that are stored already are taken as they stand; others are read as pasted text.

    A last question that was left wholly empty is left out.
    """
    as_they_stand = {labels for q in stored.questions for labels in (q.options, q.rows)} if stored else set()
    questions = [_draft_question(q, as_they_stand) for q in form.questions]
    if len(questions) > 1 and not (questions[-1].wording or questions[-1].options):
        questions.pop()
    return PollDraft(
        form.title, tuple(questions), form.intro, form.locale, form.voter_rule, form.results_rule,
        form.anonymous, form.listed, form.may_change, translations=stored.translations if stored else {},
    )  # fmt: skip


def _draft_question(form: QuestionForm, as_they_stand: set[tuple[str, ...]]) -> Draft:
    kind = kinds().get(form.kind)
    options, rows = (
        lines if lines in as_they_stand else tuple(options_from(text))
        for text in (form.options, form.rows)
        for lines in [tuple(lines_of(text))]
    )
    return Draft(
        form.kind, form.wording, options if kind and kind.has_options else (), form.help, form.required,
        _settings(kind.default_settings, form.settings) if kind else {},
        rows=rows if kind and kind.has_rows else (),
    )  # fmt: skip


def _settings(defaults: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Typed texts as the values the kind expects: a tick where its default is true or false, a number where it is one
    or nothing. An empty field is the default."""
    made: dict[str, Any] = {}
    for name, default in defaults.items():
        text = typed.get(name, "").strip()
        if isinstance(default, bool):
            made[name] = bool(text)
        elif (isinstance(default, int) or default is None) and re.fullmatch(r"-?\d{1,9}", text):
            made[name] = int(text)
        elif default is None and re.fullmatch(r"-?\d{1,12}[.,]\d{1,6}", text):
            made[name] = float(text.replace(",", "."))
        elif text or isinstance(default, str) or default is None:
            made[name] = text or default
    return made


def _typed(value: Any) -> str:
    """A setting as its field holds it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def field_errors(form: EditorForm, fields: Mapping[str, str]) -> dict[str, str]:
    """The refusal's paths ("questions.0.options") as ids of the form's fields ("q-0-options")."""
    found: dict[str, str] = {}
    for path, why in fields.items():
        at, _sep, name = path.removeprefix("questions.").partition(".")
        if path.startswith("questions.") and at.isdigit() and int(at) < len(form.questions):
            found[f"q-{form.questions[int(at)].key}-{name if name in PARTS else 'more'}"] = why
        else:
            found[path] = why
    return found


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
    """The draft's questions as a ballot shows them, with ids of their own; what has no words yet shows where they will be.

    Kinds that are not there are left out.
    """
    return tuple(
        FrozenQuestion(
            at, q.kind, q.wording or _("Your question"), q.help, q.required, "",
            tuple(FrozenOption(2000 * at + n, label, role) for n, (role, label) in enumerate(_shown_options(q), 1)),
            _usable_settings(q),
        )
        for at, q in enumerate(draft.questions, 1) if q.kind in kinds()
    )  # fmt: skip


def _shown_options(draft: Draft) -> Sequence[tuple[str, str]]:
    """Role and label of each."""
    kind, settings = kinds()[draft.kind], _usable_settings(draft)
    examples = (_("First option"), _("Second option")) if kind.has_options else ()
    labels = draft.options or kind.fixed_options(settings) or examples
    rows = draft.rows or ((_("First row"), _("Second row")) if kind.has_rows else ())
    return [*(("row", row) for row in rows), *(("option", label) for label in labels), *kind.pinned_options(settings)]


def _usable_settings(draft: Draft) -> Mapping[str, Any]:
    try:
        return kinds()[draft.kind].settings(draft.settings)
    except BadInput:
        return kinds()[draft.kind].default_settings
