"""How long a poll takes to answer, honestly: for a phone, with everything read and every question answered. Pure.

Reading: about 200 words a minute. M. Brysbaert, J. Mem. Lang. 109 (2019) 104047, finds 238 for adults who read English
silently; the members of a community often read a second language. Answering: each kind says its own `seconds` and
`seconds_per_item`. They are our estimates, so chosen that an ordinary question with its words comes to the 10 seconds
that the Pew Research Center counts for one (Decoded, 8 December 2022), and that a comment is 20 words, typed at 36 words
a minute (K. Palin et al., MobileHCI 2019), and a moment to think. Phones take 20 to 50 percent longer: the middle is
taken for everything.
"""

from collections.abc import Iterable
from math import floor

from heard.kit.i18n import _, ngettext, number
from polls.kinds.kind import Draft, FrozenQuestion, Kind, kinds

WORDS_PER_MINUTE = 200
PHONE = 1.35
AROUND = 10  # seconds: to arrive, to find the button, to read what comes after


def minutes(questions: Iterable[Draft | FrozenQuestion]) -> float:
    """Minutes that an ordinary member needs for these questions; 0.0 for none."""
    each = [_seconds(q) for q in questions]
    return PHONE * (AROUND + sum(each)) / 60 if each else 0.0


def minutes_words(m: float) -> str:
    """Such as "about 2 minutes", in the language of this context. A quarter of a minute more is rounded up."""
    if m <= 0.75:
        return _("less than a minute")
    whole = max(1, floor(m + 0.75))
    return ngettext("about %(n)s minute", "about %(n)s minutes", whole) % {"n": number(whole)}


def _seconds(question: Draft | FrozenQuestion) -> float:
    kind = kinds().get(question.kind) or Kind()
    options, rows = _labels(question, kind)
    items = rows if kind.has_rows else options
    texts = (
        question.wording, question.help, question.section, question.section_intro,
        *options, *rows,
    )  # fmt: skip
    words = sum(len(text.split()) for text in texts)
    return 60 * words / WORDS_PER_MINUTE + kind.seconds + kind.seconds_per_item * len(items)


def _labels(question: Draft | FrozenQuestion, kind: Kind) -> tuple[list[str], list[str]]:
    """Options as the ballot shows them, those of the kind included, and rows."""
    if isinstance(question, FrozenQuestion):
        asked = [o for o in question.options if o.role != "row" and not o.moderated]
        return [o.label for o in asked], [row.label for row in question.rows]
    options = question.options or kind.fixed_options(question.settings)
    return [*options, *(label for _role, label in kind.pinned_options(question.settings))], list(question.rows)
