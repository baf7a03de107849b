"""Words for facts, in the language of the context. Pure.

Plain, short, true: what was counted and of how many, never why. Each sentence carries the paths it rests on, and
insights/write/support.py reads every one of them before a brief is written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from feedback.themes.moods import is_content
from heard.kit.i18n import _, ngettext, number, percent
from insights.measure.measures import Facts, K
from insights.write.findings import ENOUGH_FOR_SHARES, Finding, asking, at, is_praise
from insights.write.support import Sentence, words

LABEL = (8, 60)  # words, characters
QUESTION = (14, 110)
MIXED = 0.25
"""Share of a theme's comments from which on it is said that they ask for nothing."""


def figure(count: int, base: int) -> str:
    """A count as its band of n allows: “7 of 12” below 30, “62%” from 30, “12.3%” from 1,000."""
    return part(count, base) if base < ENOUGH_FOR_SHARES else percent(count / base, 1 if base >= 1000 else 0)


def part(count: int, base: int) -> str:
    """“37 of 60”."""
    return _("%(count)s of %(n)s") % {"count": number(count), "n": number(base)}


def both(count: int, base: int) -> str:
    """“37 of 60 (62%)”, or “7 of 12” where a share would say too much."""
    return part(count, base) + (f" ({figure(count, base)})" if base >= ENOUGH_FOR_SHARES else "")


def of_comments(count: int, base: int) -> str:
    """“412 of 3,338 comments (12.3%)”."""
    many = ngettext("%(count)s of %(n)s comment", "%(count)s of %(n)s comments", base)
    share = f" ({figure(count, base)})" if base >= ENOUGH_FOR_SHARES else ""
    return many % {"count": number(count), "n": number(base)} + share


def quoted(text: str, size: tuple[int, int] = LABEL) -> str:
    """Somebody's words in quotation marks, cut at a word when they are long; without their full stop, as a sentence goes on."""
    text = text.strip()
    bare = text[:-1] if text.endswith(".") and text[-2:-1].isalnum() else text
    return _("“%(text)s”") % {"text": cut(bare, *size)}


def cut(text: str, most_words: int, most_characters: int) -> str:
    """The beginning of a text, with “…” where something was left out."""
    text = " ".join(text.split())
    pieces = text.split(" ")
    kept = " ".join(pieces[:most_words])
    if len(kept) > most_characters:
        kept = kept[: most_characters - 1]
        kept = kept.rsplit(" ", 1)[0] if " " in kept else kept
    return kept if kept == text else (kept.rstrip(' ,;:.…“”«»"') or kept) + "…"


def fitted(make: Callable[[int], Sentence], fits: Callable[[str], bool], sizes: Sequence[int]) -> Sentence | None:
    """The sentence at the first of these sizes of its labels that fits; None when none does."""
    return next((s for s in map(make, sizes) if fits(s.text)), None)


def signed(score: int) -> str:
    """+20, 0 or −5."""
    return f"+{score}" if score > 0 else f"−{-score}" if score < 0 else "0"


def figure_of(facts: Facts, finding: Finding) -> str:
    """The figure that stands large beside a finding."""
    if finding.kind == "score":
        return signed(at(facts, finding.at))
    if finding.kind == "rating":
        return _("%(mean)s of %(high)s") % {
            "mean": number(at(facts, finding.at), 1),
            "high": number(at(facts, finding.about)["high"]),
        }
    return figure(finding.count or 0, finding.base)


def base(facts: Facts, finding: Finding) -> str:
    """What the figure is a part of, in words."""
    n = finding.base
    if finding.kind == "divide":
        order = sorted(at(facts, finding.at)["groups"], key=lambda g: -g["share"])
        return _("group %(one)s, group %(other)s") % {"one": order[0]["name"], "other": order[-1]["name"]}
    if finding.count is None:
        return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": number(n)}
    if finding.kind in ("theme", "mood"):
        words_for = ngettext("%(count)s of %(n)s comment", "%(count)s of %(n)s comments", n)
    elif finding.kind in ("bridge", "agreed"):
        words_for = ngettext("%(count)s of %(n)s vote", "%(count)s of %(n)s votes", n)
    else:
        words_for = ngettext("%(count)s of %(n)s answer", "%(count)s of %(n)s answers", n)
    return words_for % {"count": number(finding.count), "n": number(n)}


def said(facts: Facts, finding: Finding, size: int = LABEL[0]) -> Sentence:
    """A finding of a closed question as one sentence, or of a theme with its figures."""
    label_size = (size, max(10, size * 8))
    if finding.kind == "theme":
        return Sentence(
            _("%(part)s are about %(label)s.")
            % {
                "label": quoted(at(facts, finding.at)["label"], label_size),
                "part": of_comments(finding.count or 0, finding.base),
            },
            (f"{finding.at}/label", f"{finding.at}/count"),
        )
    question = at(facts, finding.about)
    asked = quoted(question["wording"], (max(4, size * 2), max(20, size * 14)))
    rests = (finding.at, f"{finding.about}/wording", f"{finding.about}/n", *finding.beside)
    if finding.kind == "score":
        return _score(question, finding, asked, rests)
    if finding.kind == "rating":
        text = ngettext(
            "Asked %(question)s, %(n)s person gave %(mean)s of %(high)s.",
            "Asked %(question)s, %(n)s people gave %(mean)s of %(high)s on average.",
            finding.base,
        ) % {
            "question": asked,
            "n": number(finding.base),
            "mean": number(question["mean"], 1),
            "high": number(question["high"]),
        }
        return Sentence(text, (*rests, f"{finding.about}/high"))
    if finding.kind == "tie":
        labels = [quoted(at(facts, p)["label"], label_size) for p in (finding.at, *finding.beside)][:3]
        text = _("Asked %(question)s, no answer leads: %(labels)s got %(part)s each.") % {
            "question": asked, "labels": listed(labels), "part": both(finding.count or 0, finding.base),
        }  # fmt: skip
        return Sentence(text, rests)
    text = _("Asked %(question)s, %(part)s chose %(label)s.") % {
        "question": asked, "part": both(finding.count or 0, finding.base), "label": quoted(at(facts, finding.at)["label"], label_size),
    }  # fmt: skip
    return Sentence(text, rests)


def _score(question: Facts, finding: Finding, asked: str, rests: tuple[str, ...]) -> Sentence:
    values = {"question": asked, "nps": signed(question["nps"])}
    if "promoters" not in question:  # one of its groups is small
        return Sentence(_("Asked %(question)s, people give a score (NPS) of %(nps)s.") % values, rests)
    text = _(
        "Asked %(question)s, %(part)s would gladly recommend it and %(against)s would not: a score (NPS) of %(nps)s."
    )
    values |= {"part": part(question["promoters"], finding.base), "against": number(question["detractors"])}
    return Sentence(text % values, (*rests, f"{finding.about}/promoters", f"{finding.about}/detractors"))


def lead_of(facts: Facts, finding: Finding) -> Sentence:
    """How the leading answer stands to the next one: the figures of the leader stand beside it."""
    question = at(facts, finding.about)
    others = [
        (option["count"], -i)
        for i, option in enumerate(question["options"])
        if f"{finding.about}/options/{i}" != finding.at and option["count"] and option["label"] != "…"
    ]
    label = quoted(at(facts, finding.at)["label"])
    asked = quoted(question["wording"], QUESTION)
    rests = [finding.at, f"{finding.about}/wording"]
    if not others:
        text = _("%(label)s is the only answer to %(question)s.")
        if finding.count != finding.base:  # what few chose is folded, or not told
            text = _("On %(question)s, %(label)s leads; all other answers are fewer.")
        return Sentence(text % {"label": label, "question": asked}, tuple(rests))
    count, place = max(others)
    rests.append(f"{finding.about}/options/{-place}")
    text = _("On %(question)s, %(label)s leads; next comes %(second)s with %(part)s.")
    values = {
        "label": label,
        "question": asked,
        "second": quoted(question["options"][-place]["label"]),
        "part": both(count, finding.base),
    }
    return Sentence(text % values, tuple(rests))


def place_of_theme(facts: Facts, finding: Finding, size: int = LABEL[0]) -> Sentence:
    """How a theme stands among those of its poll that ask for something, by how many do: the figures stand beside it."""
    theme = at(facts, finding.at)
    of_poll = [t for t in facts["themes"] if t["parent"] is None and t["poll"] == theme["poll"]]
    asks = asking(theme)
    above = sum(asking(t) > asks for t in of_poll)
    label = {"label": quoted(theme["label"], (size, max(10, size * 8)))}
    if is_praise(theme):
        text = _("Much praise is for %(label)s.")
    elif any((asking(t) == asks and t is not theme) or (asking(t) > asks and is_praise(t)) for t in of_poll):
        text = _("%(label)s is among the largest themes.") if above < 3 else _("%(label)s is one of the themes.")
    elif above == 0:
        text = _("What people ask for is most often about %(label)s.")
    elif above == 1:
        text = _("%(label)s comes next.")
    elif above == 2:
        text = _("Then follows %(label)s.")
    else:
        text = _("%(label)s is one of the themes.")
    text = text % label
    rests = [f"{finding.at}/count", "themes"] if len(of_poll) > 1 else [f"{finding.at}/count"]
    if len({t["poll"] for t in facts["themes"]}) > 1:
        i = next(i for i, p in enumerate(facts["polls"]) if p["slug"] == theme["poll"])
        text = _("In %(poll)s: %(sentence)s") % {"poll": quoted(facts["polls"][i]["title"]), "sentence": text}
        rests.append(f"polls/{i}/title")
    return Sentence(text, (f"{finding.at}/label", *rests))


def mood(facts: Facts, finding: Finding) -> Sentence:
    """What it means that comments are content: the figures stand beside it."""
    text = _("These comments ask for no change: they praise, or say that all is well.")
    return Sentence(text, (finding.at, *finding.beside[:5]))


def inside(facts: Facts, finding: Finding, most: int = 2) -> Sentence | None:
    """What a theme is made of: its largest finer themes, and how many of its comments praise where these are many; of the
    content comments, the largest themes of praise."""
    if finding.kind == "theme" and is_praise(at(facts, finding.at)):
        return Sentence(
            _("Most of these comments ask for no change."), (f"{finding.at}/content", f"{finding.at}/count")
        )
    paths = (
        sorted(finding.beside, key=lambda p: -at(facts, p)["count"])[:most] if finding.kind in ("theme", "mood") else []
    )
    said, rests = [], []
    if paths:
        parts = [
            _("%(label)s (%(count)s)")
            % {"label": quoted(at(facts, p)["label"], (6, 40)), "count": number(at(facts, p)["count"])}
            for p in paths
        ]
        text = _("The largest themes of praise: %(parts)s.") if finding.kind == "mood" else _("Within it: %(parts)s.")
        said.append(text % {"parts": listed(parts)})
        rests += [f"{p}/{name}" for p in paths for name in ("label", "count")]
    if finding.kind == "theme" and at(facts, finding.at)["content"] >= max(K, MIXED * (finding.count or 0)):
        count = at(facts, finding.at)["content"]
        said.append(
            _("%(count)s of the %(n)s ask for no change.") % {"count": number(count), "n": number(finding.count or 0)}
        )
        rests += [f"{finding.at}/content", f"{finding.at}/count"]
    return Sentence(" ".join(said), tuple(rests)) if said else None


def listed(parts: Sequence[str]) -> str:
    """“A”, “B” and “C”."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def quote_of(facts: Facts, finding: Finding, most_words: int, used: set[str]) -> dict[str, Any] | None:
    """A real quote that reads well in one line: whole and of 4 to `most_words` words if there is one, else the first, cut.

    Beside a theme that asks for something, one that asks; beside praise, one that praises.
    {text, comment, path}; `used` holds comments already quoted, and their words, and gets this one's.
    """
    if most_words <= 0:
        return None
    free = [
        (p, at(facts, p)) for p in finding.quotes if not {at(facts, p)["comment"], alike(at(facts, p)["text"])} & used
    ]
    if finding.kind in ("theme", "mood"):
        glad = finding.kind == "mood" or is_praise(at(facts, finding.at))
        free = [(p, q) for p, q in free if is_content(q["text"]) == glad] or free
    whole = [(p, q) for p, q in free if 4 <= words(q["text"]) <= most_words and len(q["text"]) <= 160]
    for path, quote in whole or free:
        used |= {quote["comment"], alike(quote["text"])}
        return {"text": cut(quote["text"], most_words, 160), "comment": quote["comment"], "path": path}
    return None


def alike(text: str) -> str:
    """Equal for texts that differ in capitals and punctuation only."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def wrote(facts: Facts, finding: Finding, quote: dict[str, Any] | None) -> Sentence | None:
    """Who wrote the quote beside a closed question; None beside a theme, whose quotes speak of it."""
    if quote is None or finding.kind in ("theme", "mood"):
        return None
    if finding.kind == "score":
        texts = (_("Somebody who would recommend it wrote:"), _("Somebody who would not recommend it wrote:"))
        return Sentence(texts[at(facts, finding.at) < 0], (finding.at, quote["path"]))
    label = quoted(at(facts, finding.at)["label"], (6, 40))
    return Sentence(_("Somebody who chose %(label)s wrote:") % {"label": label}, (finding.at, quote["path"]))


def confidence_word(word: str) -> str:
    """strong, indicative or anecdotal in the reader's language."""
    return {"strong": _("strong"), "indicative": _("indicative"), "anecdotal": _("anecdotal")}[word]
