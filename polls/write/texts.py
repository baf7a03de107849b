"""Every text of a poll that people read, in the order in which they read it: what a translation goes through. Pure.

A translation is found by the words it translates: what stands in two places is translated once, and a text that is
edited has none any more. Words that kinds bring (Yes, Other, Agree …) come from our own catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from heard.kit import tokens
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number, speaking
from polls.kinds.kind import Draft, kind_of
from polls.write.drafts import LONGEST, PollDraft, folded

ALIKE = 0.5  # of two texts, 0..1: from here on one is taken for an earlier state of the other
MOST_COMPARED = 30  # texts on either side, and letters of each × 4


@dataclass(frozen=True)
class Text:
    """A text where it stands first. `question` counts from 1, 0: of the poll itself; `number`: of an option or a row.

    part: title | intro | section | section_intro | wording | help | option | row | setting (`name` says which).
    """

    source: str
    part: str
    question: int = 0
    number: int = 0
    name: str = ""
    longest: int = 0  # characters there is room for in a translation

    @property
    def key(self) -> str:
        """What its field in a form is called: made from its words, so that an edit elsewhere never shifts it."""
        return "t-" + tokens.hashed(self.source)[:16]

    @property
    def lines(self) -> bool:
        """Whether it may have several lines."""
        return self.part in ("intro", "section_intro", "help")


def texts_of(draft: PollDraft) -> list[Text]:
    """Every text that a translation needs, once each."""
    with speaking(draft.locale):
        ours = {label for q in draft.questions for label in kind_of(q.kind).words_of_ours(q.settings)}
    found: dict[str, Text] = {}
    for text in _places(draft):
        if text.source.strip() and text.source not in ours:
            known = found.setdefault(text.source, text)
            found[text.source] = replace(known, longest=max(known.longest, text.longest))
    return list(found.values())


def _places(draft: PollDraft) -> Iterator[Text]:
    yield Text(draft.title, "title", longest=LONGEST["title"])
    yield Text(draft.intro, "intro", longest=LONGEST["intro"])
    for at, q in enumerate(draft.questions, 1):
        for part in ("section", "section_intro", "wording", "help"):
            yield Text(getattr(q, part), part, at, longest=LONGEST[part])
        for part, labels in (("option", q.options), ("row", q.rows)):
            yield from (Text(label, part, at, n, longest=LONGEST["option"]) for n, label in enumerate(labels, 1))
        for name, text in kind_of(q.kind).words_in(q.settings).items():
            yield Text(text, "setting", at, 0, name, longest=LONGEST["option"])


def problems(draft: PollDraft, language: str, words: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a translation, complete or not: a sentence by source. `words`: source → text.

    Too long for its place; two options of one question, or two rows, that would look the same.
    """
    found: dict[str, str] = {}
    for text in texts_of(draft):
        if len(said := words.get(text.source, "")) > text.longest:
            too_long = _("“%(text)s” has %(n)s characters in the translation; %(most)s are the most there is room for.")
            values = {"text": cut(text.source), "n": number(len(said)), "most": number(text.longest)}
            found[text.source] = too_long % values
    for question in draft.questions:
        found |= _too_long_for_the_kind(question, words) | _twins(draft, question, language, words)
    return found


def _too_long_for_the_kind(question: Draft, words: Mapping[str, str]) -> dict[str, str]:
    """Words of settings keep the kind's own limits."""
    kind, found = kind_of(question.kind), {}
    for name, source in kind.words_in(question.settings).items():
        try:
            kind.settings({**question.settings, name: words.get(source, source)})
        except BadInput as refused:
            found[source] = f"“{cut(source)}”: {refused.message}"
    return found


def _twins(draft: PollDraft, question: Draft, language: str, words: Mapping[str, str]) -> dict[str, str]:
    kind, found = kind_of(question.kind), {}
    with speaking(draft.locale):
        ours, pinned = kind.words_of_ours(question.settings), kind.pinned_options(question.settings)
    with speaking(language):
        said = {**dict(zip(ours, kind.words_of_ours(question.settings), strict=True)), **words}
    for sources in ((*(label for _role, label in pinned), *question.options), question.rows):
        seen: dict[str, str] = {}
        for source in sources:
            if not (text := said.get(source, "")):
                continue
            twin = seen.setdefault(folded(text), source)
            if twin != source:
                same = _("“%(one)s” and “%(other)s” would be the same option to a reader: “%(text)s”.")
                found[source] = same % {"one": cut(twin), "other": cut(source), "text": cut(text)}
    return found


def earlier(missing: Sequence[str], unused: Iterable[str]) -> dict[str, str]:
    """For texts without a translation, the old text that each was most likely made of; each old text once.

    `unused`: texts that are in the poll no more, and have a translation.
    """
    olds = list(unused)[:MOST_COMPARED]
    found: dict[str, str] = {}
    pairs = ((_likeness(text, old), -at, text, old) for at, text in enumerate(missing[:MOST_COMPARED]) for old in olds)
    for likeness, _at, text, old in sorted(pairs, reverse=True):
        if likeness >= ALIKE and text not in found and old not in found.values():
            found[text] = old
    return found


def _likeness(one: str, other: str) -> float:
    """0..1, by what is the same in both; only as exact as is needed."""
    compared = SequenceMatcher(None, one[: 4 * MOST_COMPARED].casefold(), other[: 4 * MOST_COMPARED].casefold(), False)
    return 0.0 if compared.quick_ratio() < ALIKE else compared.ratio()


def cut(text: str) -> str:
    """A text for a sentence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"
