"""Checks of what is asked: two things at once, a push, a negation, agreement, length, absolute words, acronyms. Pure.

Each takes a text of a question (its wording, or a label that gets a verdict of its own) and gives an Advice or None.
Nothing here judges grammar or spelling: the writers are not native speakers.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from heard.kit.i18n import _, number, speaking
from polls.preview.advice_asked import Advice, Asked
from polls.preview.advice_words import plain

MOST_WORDS, MOST_WITH_HELP = 20, 25


def wording_advice(asked: Asked) -> Iterator[Advice]:
    """What is said of a question's wording, then of the labels that are judged one by one, each check once."""
    path, closed = asked.path("wording"), not asked.kind.is_text
    found = [
        two_things(asked, asked.wording, path, judged=asked.wording_is_judged) if closed else None,
        leading(asked, asked.wording, path),
        negation(asked, asked.wording, path, closed=closed),
        agreement(asked) if closed else None,
        too_long(asked, asked.wording, path, help=asked.help),
        absolute(asked, asked.wording, path) if closed else None,
        acronym(asked),
    ]
    part, labels = asked.judged_items
    for check in (_two_judged, leading, _negated, too_long, absolute):
        found.append(next((a for label in labels if (a := check(asked, plain(label), asked.path(part)))), None))
    yield from (a for a in found if a)


def _two_judged(asked: Asked, text: str, path: str) -> Advice | None:
    return two_things(asked, text, path, judged=True)


def _negated(asked: Asked, text: str, path: str) -> Advice | None:
    return negation(asked, text, path, closed=True)


def two_things(asked: Asked, text: str, path: str, *, judged: bool) -> Advice | None:
    """Double-barrelled. Where people choose from a list, "and" may join what they choose from; a second question may not."""
    parts = _two_questions(text) or _joined(asked, text, judged=judged)
    if not parts:
        return None
    return Advice(
        path, "double_barrelled",
        _("“%(one)s” and “%(other)s” are two things: somebody may think differently of each and cannot say so.")
        % {"one": parts[0], "other": parts[1]},
        _("Ask two questions, one with “%(one)s” and one with “%(other)s”, or keep the one you will act on.")
        % {"one": parts[0], "other": parts[1]},
    )  # fmt: skip


def _two_questions(text: str) -> tuple[str, str] | None:
    asked = [s for s in _sentences(text) if s.rstrip('»" ').endswith("?")]
    return (_head(asked[0], 6), _head(asked[1], 6)) if len(asked) > 1 else None


def _joined(asked: Asked, text: str, *, judged: bool) -> tuple[str, str] | None:
    words = asked.language
    for sentence in _asking(text):
        lower = sentence.lower() if len(sentence.lower()) == len(sentence) else sentence
        glued = words.pairs.sub(lambda m: m[0].replace(" ", "_"), lower)
        for join in words.joins.finditer(glued):
            left, right = glued[: join.start()], glued[join.end() :]
            before, after = _word(sentence[: join.start()], -1), _word(sentence[join.end() :], 0)
            second = words.second_question.match(right)
            again = second and (words.second_question.match(before.lower()) or f" {second[0]} " in f" {left} ")
            if (second and not again) or (judged and _is_second(asked, left, right, before, after)):
                other = _head(sentence[join.end() :], 3)
                return _tail(sentence[: join.start()], max(2, len(other.split()))), other
    return None


def _is_second(asked: Asked, left: str, right: str, before: str, after: str) -> bool:
    """Whether and/or between these really brings in a second thing to judge."""
    words = asked.language
    introduction = re.search(r", (?=(\w+))", right)  # "When you came and looked around, how …"
    return bool(
        before
        and after
        and not words.after_join.match(right)
        and not words.second_question.match(after.lower())
        and not words.between.search(left)
        and not (before[0].isupper() and after[0].isupper())  # names
        and not (before[:1].isdigit() or after[:1].isdigit())
        and not _kin(before.lower(), after.lower())
        and not _answered_by(asked, before.lower(), after.lower())
        and not (introduction and words.second_question.match(right[introduction.end() :]))
    )


def _kin(one: str, other: str) -> bool:
    """Two forms of one word: participantes et participants, member and members."""
    shared = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared >= 4 and shared >= min(len(one), len(other)) - 3


def _answered_by(asked: Asked, one: str, other: str) -> bool:
    """The options tell the two apart: "Tea or coffee?" with the options Tea and Coffee."""
    inside = {w for label in asked.lower if not asked.judged_items[0] for w in re.findall(r"\w+", label)}
    return one in inside and other in inside


def leading(asked: Asked, text: str, path: str) -> Advice | None:
    """Words that tell people what to answer."""
    words, lower = asked.language, text.lower()
    bare = words.pairs.sub(" ", lower)
    for pattern, suggestion in (
        (words.pushing, _("Ask it openly: “What do you think of …?”, or offer both answers side by side.")),
        (words.praising, _("Name both ends, such as “How satisfied or dissatisfied are you with …?”.")),
        (words.loaded, _("Leave the word out, and say only what the thing is or does.")),
    ):
        if hit := pattern.search(lower if pattern is words.pushing else bare):
            quoted = hit[0].strip(" ,?")
            return Advice(
                path, "leading",
                _("“%(words)s” tells people which answer you hope for, and some will give it to please you.") % {"words": quoted},
                suggestion,
            )  # fmt: skip
    return None


def negation(asked: Asked, text: str, path: str, *, closed: bool) -> Advice | None:
    """A "not" that is read over, or two of them. Open questions may have one: "What did not work?"."""
    words = asked.language
    lower = text.lower()
    if words.pushing.search(lower):
        return None
    bare = words.not_negative.sub(" ", words.pairs.sub(" ", lower))
    negatives = [m[0] for m in words.negative.finditer(bare)]
    inner = [m[0] for m in words.negative_prefix.finditer(words.absolute.sub(" ", bare) if not negatives else bare)]
    if len(negatives) > 1 or (negatives and inner):
        one, other = (_short(n) for n in [*negatives, *inner][:2])
        return Advice(
            path, "double_negation",
            _("“%(one)s” and “%(other)s” deny twice: people must work out what a yes would mean.") % {"one": one, "other": other},
            _("Say it without both, as what is so and not as what is not."),
        )  # fmt: skip
    if closed and negatives and not words.why.search(lower) and not words.absolute.search(negatives[0]):
        return Advice(
            path, "negation",
            _("“%(word)s” is easily read over, and then people answer the opposite.") % {"word": _short(negatives[0])},
            _("Ask it without “%(word)s”, and turn the answers round.") % {"word": _short(negatives[0])},
        )  # fmt: skip
    return None


def agreement(asked: Asked) -> Advice | None:
    """Agree or disagree, where a scale of the thing itself would do. Statements that members vote on are meant so."""
    words, lower = asked.language, asked.wording.lower()
    steps = sum(bool(words.agree_steps.search(label)) for label in asked.lower)
    judged = asked.wording_is_judged or asked.kind.judged == "rows"
    if not words.agree.search(lower) and not (judged and steps > 1):
        return None
    told = " ".join([lower, *(plain(row).lower() for row in asked.rows[:1])])
    return Advice(
        asked.path("wording"), "agree",
        _("Many people agree with whatever they are asked to agree with, so the result looks better than it is."),
        _item_scale(asked, told),
    )  # fmt: skip


def _item_scale(asked: Asked, told: str) -> str:
    adjective = asked.language.adjectives.search(told)
    if not adjective:
        return _("Ask about the thing itself, such as “How useful is …?”, with steps from “Not at all” to “Very”.")
    with speaking(asked.locale):
        values = {"word": adjective[1]}
        low, high = _("Not at all %(word)s") % values, _("Very %(word)s") % values
    words = _("Ask how “%(word)s” it is, with steps of its own from “%(low)s” to “%(high)s”.")
    return words % {**values, "low": low, "high": high}


def too_long(asked: Asked, text: str, path: str, *, help: str = "") -> Advice | None:
    """More than 20 words; with the line of help more than 25."""
    own, beneath = _count(text), _count(help)
    if own > MOST_WORDS:
        words = _("This has %(n)s words; on a phone, many will answer before they have read to the end.")
        return Advice(
            path, "too_long", words % {"n": number(own)},
            _("Keep it to %(most)s words: ask first, and move what explains it into the line of help.") % {"most": MOST_WORDS},
        )  # fmt: skip
    if beneath and own + beneath > MOST_WITH_HELP:
        words = _("The question and its help have %(n)s words together; many will read only the first of them.")
        return Advice(
            path, "too_long", words % {"n": number(own + beneath)},
            _("Keep both to %(most)s words, and tell the rest in the introduction of the poll.") % {"most": MOST_WITH_HELP},
        )  # fmt: skip
    return None


def absolute(asked: Asked, text: str, path: str) -> Advice | None:
    """Always, never: hardly anybody can say yes to them."""
    words = asked.language
    hit = words.absolute.search(words.not_absolute.sub(" ", text.lower()))
    if not hit:
        return None
    return Advice(
        path, "absolute",
        _("Hardly anybody can say yes to “%(word)s”: one exception makes it untrue.") % {"word": hit[0]},
        _("Ask “How often …?”, or write “usually” or “most of the time”."),
    )  # fmt: skip


def acronym(asked: Asked) -> Advice | None:
    """Letters that newcomers cannot read, unless the help, the introduction or a bracket explains them."""
    text = asked.wording
    letters = [c for c in text if c.isalpha()]
    if sum(c.isupper() for c in letters) * 2 > len(letters):
        return None
    around = f"{asked.help} {plain(asked.intro)}"
    for hit in re.finditer(r"(?<![\w&.-])[A-Z][A-Z0-9&]{1,6}(?![\w&])", text):
        found = hit[0]
        roman = re.fullmatch(r"[IVX]+", found)
        bracketed = re.search(rf"{re.escape(found)} ?\([^)]{{6,200}}\)|\w \w+ \({re.escape(found)}\)", text)
        if (
            sum(c.isalpha() for c in found) < 2
            or roman
            or bracketed
            or found in asked.language.known
            or found in around
        ):
            continue
        return Advice(
            asked.path("wording"), "acronym",
            _("Not every member knows what “%(letters)s” stands for.") % {"letters": found},
            _("Write it out once, such as “%(letters)s (its full name)”, or say what it does.") % {"letters": found},
        )  # fmt: skip
    return None


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?!])\s+(?=[^\s?!»])", text) if s]


def _asking(text: str) -> list[str]:
    """The sentences that ask; all of them where none has a question mark."""
    sentences = _sentences(text)
    return [s for s in sentences if "?" in s] or sentences


def _word(text: str, at: int) -> str:
    found = re.findall(r"[^\W_]+", text[-60:] if at else text[:60])
    return found[at] if found else ""


def _tail(text: str, most: int) -> str:
    return " ".join(re.split(r"[,;:(“«\"]", text)[-1].split()[-most:])


def _head(text: str, most: int) -> str:
    return " ".join(re.split(r"[,;:)”»\"?!]|\.(?: |$)", text)[0].split()[:most])


def _count(text: str) -> int:
    return sum(any(c.isalnum() for c in word) for word in text.split())


def _short(text: str) -> str:
    """A negation as it is quoted: "ne … pas" for one with words in between."""
    inside = text.split()
    return text if len(inside) < 3 else f"{inside[0]} … {inside[-1]}"
