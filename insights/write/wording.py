"""Words for facts, in the language of the context. Pure.

Plain, short, true: what was counted and of how many, never why. Each sentence carries the paths it rests on, and
insights/support.py reads every one of them before a brief is written.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from feedback.integrity.standing import Standing
from feedback.themes.moods import is_content
from heard.kit.i18n import _, day, ngettext, number, percent
from insights.measure.measures import Facts
from insights.write.findings import ENOUGH_FOR_SHARES, INVITED, Finding, at, is_praise
from insights.write.support import Sentence, words
from polls.publish.links import label_of_place

LABEL = (8, 60)  # words, characters
QUESTION = (14, 110)
POLLS = 6  # told one by one under "how this was measured"


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
    """Somebody's words in quotation marks, cut at a word when they are long."""
    return _("“%(text)s”") % {"text": cut(text, *size)}


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


def base(finding: Finding) -> str:
    """What the figure is a part of, in words."""
    n = finding.base
    if finding.count is None:
        return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": number(n)}
    words_for = (
        ngettext("%(count)s of %(n)s comment", "%(count)s of %(n)s comments", n)
        if finding.kind in ("theme", "mood")
        else ngettext("%(count)s of %(n)s answer", "%(count)s of %(n)s answers", n)
    )
    return words_for % {"count": number(finding.count), "n": number(n)}


def said(facts: Facts, finding: Finding, size: int = LABEL[0]) -> Sentence:
    """A finding of a closed question as one sentence, or of a theme with its figures."""
    label_size = (size, max(10, size * 8))
    if finding.kind == "theme":
        return Sentence(
            _("%(label)s comes up in %(part)s.")
            % {
                "label": quoted(at(facts, finding.at)["label"], label_size),
                "part": of_comments(finding.count or 0, finding.base),
            },
            (finding.at,),
        )
    question = at(facts, finding.about)
    asked = quoted(question["wording"], (max(4, size * 2), max(20, size * 14)))
    rests = (finding.at, f"{finding.about}/wording", f"{finding.about}/n", *finding.beside)
    if finding.kind == "score":
        text = _("Asked %(question)s, %(part)s would gladly recommend it and %(against)s would not: a score (NPS) of %(nps)s.") % {
            "question": asked, "part": part(question["promoters"], finding.base), "against": number(question["detractors"]),
            "nps": signed(question["nps"]),
        }  # fmt: skip
        return Sentence(text, (*rests, f"{finding.about}/promoters", f"{finding.about}/detractors"))
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
        return Sentence(
            _("%(label)s is the only answer to %(question)s.") % {"label": label, "question": asked}, tuple(rests)
        )
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
    """How a theme stands among those of its poll that ask for something: the figures stand beside it."""
    theme = at(facts, finding.at)
    of_poll = [t for t in facts["themes"] if t["parent"] is None and t["poll"] == theme["poll"]]
    asking = [t for t in of_poll if not is_praise(t)]
    larger = [t for t in of_poll if t["count"] > theme["count"]]
    label = {"label": quoted(theme["label"], (size, max(10, size * 8)))}
    above = sum(t in larger for t in asking)
    if is_praise(theme):
        text = _("Much praise is for %(label)s.")
    elif sum(t["count"] == theme["count"] for t in asking) > 1:
        text = _("%(label)s is among the largest themes.") if above < 3 else _("%(label)s is one of the themes.")
    elif above == 0:
        text = (
            _("Apart from praise, people write most about %(label)s.")
            if larger
            else _("People write most about %(label)s.")
        )
    elif above == 1:
        text = _("%(label)s comes next.")
    else:
        text = _("%(label)s is one of the themes.")
    text = text % label
    rests = [f"{finding.at}/label", "themes"] if len(of_poll) > 1 else [f"{finding.at}/label"]
    if len({t["poll"] for t in facts["themes"]}) > 1:
        i = next(i for i, p in enumerate(facts["polls"]) if p["slug"] == theme["poll"])
        text = _("In %(poll)s: %(sentence)s") % {"poll": quoted(facts["polls"][i]["title"]), "sentence": text}
        rests.append(f"polls/{i}/title")
    return Sentence(text, (finding.at, *rests))


def mood(facts: Facts, finding: Finding) -> Sentence:
    """What it means that comments are content: the figures stand beside it."""
    text = _("These comments ask for no change: they praise, or say that all is well.")
    return Sentence(text, (finding.at, *finding.beside[:5]))


def inside(facts: Facts, finding: Finding, most: int = 2) -> Sentence | None:
    """What a theme is made of: its largest finer themes; of the content comments, the largest themes of praise."""
    if finding.kind == "theme" and is_praise(at(facts, finding.at)):
        return Sentence(
            _("Most of these comments ask for no change."), (f"{finding.at}/content", f"{finding.at}/count")
        )
    paths = (
        sorted(finding.beside, key=lambda p: -at(facts, p)["count"])[:most] if finding.kind in ("theme", "mood") else []
    )
    if not paths:
        return None
    parts = [
        _("%(label)s (%(count)s)")
        % {"label": quoted(at(facts, p)["label"], (6, 40)), "count": number(at(facts, p)["count"])}
        for p in paths
    ]
    text = _("Largest themes of praise: %(parts)s.") if finding.kind == "mood" else _("Within it: %(parts)s.")
    return Sentence(text % {"parts": listed(parts)}, tuple(paths))


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


def measured(facts: Facts) -> list[Sentence]:
    """“How this was measured”: n, dates, how people were recruited, what the figures cannot say."""
    out = []
    for i, poll in enumerate(facts["polls"][:POLLS]):
        path = f"polls/{i}"
        answers = ngettext("%(n)s answer", "%(n)s answers", poll["n"]) % {"n": number(poll["n"])}
        one_day = poll["first"] == poll["last"]
        text = (
            _("%(title)s: %(answers)s on %(first)s. %(rule)s")
            if one_day
            else _("%(title)s: %(answers)s from %(first)s to %(last)s. %(rule)s")
        )
        text = text % {
            "title": quoted(poll["title"], (12, 90)), "answers": answers, "first": day(date.fromisoformat(poll["first"])),
            "last": day(date.fromisoformat(poll["last"])), "rule": recruited(poll),
        }  # fmt: skip
        out.append(
            Sentence(
                text,
                tuple(
                    f"{path}/{k}"
                    for k in ("title", "n", "first", "last", "level", "invited", "imported", "set_aside", "changed")
                ),
            )
        )
        if came := came_by(poll, named=len(facts["polls"]) > 1):
            out.append(
                Sentence(came, (f"{path}/title", *(f"{path}/sources/{at}" for at in range(len(poll["sources"])))))
            )
    if len(facts["polls"]) > POLLS:
        text = _("All %(count)s polls together: %(n)s answers.")
        values = {"count": number(len(facts["polls"])), "n": number(facts["responses"])}
        out.append(Sentence(text % values, ("polls", "responses")))
    if any(poll["level"] < INVITED for poll in facts["polls"]):
        text = _("People chose themselves whether to answer: the figures describe those who did, not everyone.")
        out.append(Sentence(text, ("polls",)))
    if facts["theme_count"]:
        text = _(
            "Themes are groups of similar comments, found by a program and open to correction. "
            "%(n)s comments were read; groups below %(k)s are not shown."
        )
        out.append(
            Sentence(
                text % {"n": number(facts["comments"]), "k": number(facts["smallest_group"])},
                ("comments", "smallest_group"),
            )
        )
    if facts["mood"]["content"]:
        text = _(
            "Comments that ask for no change praise, or say that all is well; which they are is told by their words."
        )
        out.append(Sentence(text, ("mood/content",)))
    if facts["held_back"]:
        text = ngettext(
            "%(count)s poll with fewer than %(k)s answers is left out.", "%(count)s polls with fewer than %(k)s answers are left out.",
            facts["held_back"],
        )  # fmt: skip
        out.append(
            Sentence(
                text % {"count": number(facts["held_back"]), "k": number(facts["smallest_group"])},
                ("held_back", "smallest_group"),
            )
        )
    return out


def recruited(poll: Facts) -> str:
    """How the people of a poll were found, with its integrity level."""
    rule = {
        "open": _("Anyone with the link could answer, more than once (level L0)."),
        "browser": _("Anyone with the link could answer, once in a browser (level L1)."),
        "network": _(
            "Anyone with the link could answer, once in a browser; many from one network were set aside (level L2)."
        ),
        "link": _("Only people with a personal link could answer, once each (level L3)."),
        "sign_in": _("Only people who signed in could answer, once each (level L4)."),
    }[poll["voter_rule"]]
    more = []
    if poll["invited"] and poll["voter_rule"] == "link":
        more.append(
            _("%(part)s personal links were used.") % {"part": part(min(poll["n"], poll["invited"]), poll["invited"])}
        )
    if poll["imported"]:
        many = ngettext("%(n)s answer was imported.", "%(n)s answers were imported.", poll["imported"])
        more.append(many % {"n": number(poll["imported"])})
    if poll.get("set_aside"):  # facts of earlier releases do not say
        more.append(Standing(poll["n"], poll["set_aside"], (0,) if poll["changed"] else (), looked_at=False).sentence)
    return " ".join([rule, *more])


def came_by(poll: Facts, *, named: bool) -> str:
    """By which ways people came, the largest first: "They came by: Mastodon 41, invitation mails 30, other ways 9."

    "" where nothing is known but the ballot's page. `named`: with the poll's title. Facts of earlier releases have no
    sources.
    """
    sources = poll.get("sources", [])
    if all(s["way"] in ("page", "rest") for s in sources):
        return ""
    parts = [_("%(way)s %(count)s") % {"way": way_words(s["way"]), "count": number(s["count"])} for s in sources]
    text = _("For %(title)s they came by: %(ways)s.") if named else _("They came by: %(ways)s.")
    return text % {"title": quoted(poll["title"], (12, 90)), "ways": ", ".join(parts)}


def way_words(way: str) -> str:
    """A place or a source inside a sentence."""
    ours = {
        "page": _("the ballot’s own address"), "embed": _("a frame in another page"), "email": _("invitation mails"),
        "api": _("the API"), "import": _("an import"), "site": _("the web page"), "mail": _("mails by hand"),
        "chat": _("group chats"), "forum": _("a forum"), "poster": _("a poster"), "rest": _("other ways"),
    }  # fmt: skip
    return ours.get(way) or label_of_place(way)


def sureness(facts: Facts, finding: Finding) -> Sentence:
    """The confidence word of a finding, and what would change it."""
    texts = {
        "strong": _("Strong: many answers, from people who were invited one by one."),
        "indicative": _("Indicative: enough answers to show a direction; personal links would make it stronger."),
        "anecdotal": _("Anecdotal: a first sign; more answers would make it firmer."),
    }
    about = f"{finding.about}/n"
    return Sentence(texts[finding.confidence], (about,))


def confidence_word(word: str) -> str:
    """strong, indicative or anecdotal in the reader's language."""
    return {"strong": _("strong"), "indicative": _("indicative"), "anecdotal": _("anecdotal")}[word]
