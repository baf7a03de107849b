"""What keeps a poll from being published, a sentence each. Pure."""

from collections.abc import Sequence

from heard.kit.errors import Refused
from heard.kit.i18n import NATIVE_NAMES, _, number
from polls.frozen import FrozenPoll
from polls.kinds.kind import kind_of
from polls.write.storing import draft_of
from polls.write.texts import problems, texts_of


class PollNotReady(Refused):
    """Something is missing; `gaps` says what, a sentence each."""

    code, status = "poll_not_ready", 422

    def __init__(self, poll: FrozenPoll, gaps: list[str]) -> None:
        super().__init__(
            _("“%(title)s” is not ready: %(first)s") % {"title": poll.title, "first": gaps[0]},
            hint=" ".join(gaps[1:]) or _("Add what is missing and publish again. The draft is kept."),
        )
        self.gaps = gaps


def require(frozen: FrozenPoll) -> None:
    """Raises PollNotReady with one line per missing part."""
    if missing := gaps(frozen):
        raise PollNotReady(frozen, missing)


def gaps(frozen: FrozenPoll) -> list[str]:
    """What is missing before the poll can be published, a sentence each; [] when it is ready."""
    if not frozen.questions:
        return [_("The poll has no question yet.")]
    return [
        *(gap for q in frozen.questions for gap in kind_of(q.kind).gaps(q)),
        *_trial_gaps(frozen),
        *_condition_gaps(frozen),
        *_translation_gaps(frozen),
    ]


def _trial_gaps(frozen: FrozenPoll) -> list[str]:
    if frozen.trial_id is None or not frozen.anonymous or frozen.voter_rule != "link":
        return []
    words = _(
        "A check-in that only participants answer cannot be anonymous: their answers are compared from version to "
        "version. Take the tick at “Anonymous” out, or let everybody vote."
    )
    return [words]


def _condition_gaps(frozen: FrozenPoll) -> list[str]:
    found, place = [], {q.id: at for at, q in enumerate(frozen.questions, 1)}
    for at, question in enumerate(frozen.questions, 1):
        for condition in question.conditions:
            on = place[condition.on]
            if on > at:
                words = _("Question %(n)s depends on question %(on)s, which comes later. Move it behind that one.")
                found.append(words % {"n": at, "on": on})
            for label in condition.missing:
                words = _("Question %(n)s depends on the option “%(label)s” of question %(on)s, which is not there.")
                found.append(words % {"n": at, "on": on, "label": label})
    return found


def _translation_gaps(frozen: FrozenPoll) -> list[str]:
    draft, found = draft_of(frozen), []
    for language in frozen.languages[1:]:
        words = frozen.translations[language]
        found += missing_words(language, [t.source for t in texts_of(draft) if t.source not in words])
        found += list(dict.fromkeys(problems(draft, language, words).values()))
    return found


def missing_words(language: str, missing: Sequence[str]) -> list[str]:
    """A sentence about the texts that a translation misses; [] when it misses none."""
    if not missing:
        return []
    words = _("The translation (%(language)s) misses: %(texts)s. Complete it, or take the translation out.")
    some = ", ".join(f"“{' '.join(text.split())[:60]}”" for text in missing[:5])
    more = f" … ({number(len(missing))})" if len(missing) > 5 else ""
    return [words % {"language": NATIVE_NAMES[language], "texts": some + more}]
