"""“How this was measured”: how many answered, when, how they were found, what the figures cannot say. Pure."""

from collections.abc import Iterator
from datetime import date

from feedback.integrity.standing import Standing
from heard.kit.i18n import _, day, ngettext, number
from insights.measure.measures import Facts
from insights.write.changed import participation
from insights.write.findings import INVITED
from insights.write.support import Sentence
from insights.write.wording import part, quoted
from polls.publish.links import label_of_place

POLLS = 6  # told one by one under "how this was measured"


def measured(facts: Facts) -> list[Sentence]:
    """All of it, a sentence each."""
    out = [told] if (told := participation(facts)) else []
    for i in range(min(POLLS, len(facts["polls"]))):
        out += _of_poll(facts, i)
    if len(facts["polls"]) > POLLS:
        text = _("All %(count)s polls together: %(n)s answers.")
        values = {"count": number(len(facts["polls"])), "n": number(facts["responses"])}
        out.append(Sentence(text % values, ("polls", "responses")))
    if any(poll["level"] < INVITED and not _is_file(poll) for poll in facts["polls"]):
        text = _("People chose themselves whether to answer: the figures describe those who did, not everyone.")
        out.append(Sentence(text, ("polls",)))
    out += _of_comments(facts)
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


def _of_poll(facts: Facts, i: int) -> Iterator[Sentence]:
    """How many answered one poll, when, how they were found, and by which ways they came."""
    poll, path = facts["polls"][i], f"polls/{i}"
    answers = ngettext("%(n)s answer", "%(n)s answers", poll["n"]) % {"n": number(poll["n"])}
    text = _("%(title)s: %(answers)s from %(first)s to %(last)s. %(rule)s")
    if poll["first"] == poll["last"]:
        text = _("%(title)s: %(answers)s on %(first)s. %(rule)s")
    values = {
        "title": quoted(poll["title"], (12, 90)), "answers": answers, "first": day(date.fromisoformat(poll["first"])),
        "last": day(date.fromisoformat(poll["last"])), "rule": recruited(poll),
    }  # fmt: skip
    names = ("title", "n", "first", "last", "level", "invited", "imported", "set_aside", "changed")
    yield Sentence(text % values, tuple(f"{path}/{name}" for name in names))
    if came := came_by(poll, named=len(facts["polls"]) > 1):
        yield Sentence(came, (f"{path}/title", *(f"{path}/sources/{at}" for at in range(len(poll["sources"])))))


def _of_comments(facts: Facts) -> Iterator[Sentence]:
    """How many comments were read, and by what they were told apart."""
    if facts["theme_count"]:
        text = _(
            "Themes are groups of similar comments, found by a program and open to correction. "
            "%(n)s comments were read; groups below %(k)s are not shown."
        )
        values = {"n": number(facts["comments"]), "k": number(facts["smallest_group"])}
        yield Sentence(text % values, ("comments", "smallest_group"))
    if facts["mood"]["content"]:
        text = _(
            "Comments that ask for no change praise, or say that all is well; which they are is told by their words."
        )
        yield Sentence(text, ("mood/content",))


def recruited(poll: Facts) -> str:
    """How the people of a poll were found, with its integrity level; of answers from a file that is not known."""
    rule = (
        _("All came from a file, so how people were asked is not known here.")
        if _is_file(poll)
        else {
            "open": _("Anyone with the link could answer, more than once (level L0)."),
            "browser": _("Anyone with the link could answer, once in a browser (level L1)."),
            "network": _(
                "Anyone with the link could answer, once in a browser; many from one network are set aside (level L2)."
            ),
            "link": _("Only people with a personal link could answer, once each (level L3)."),
            "sign_in": _("Only people who signed in could answer, once each (level L4)."),
        }[poll["voter_rule"]]
    )
    more = []
    if poll["n"] <= poll["invited"] and poll["voter_rule"] == "link" and not poll["imported"]:
        more.append(_("%(part)s personal links gave these answers.") % {"part": part(poll["n"], poll["invited"])})
    if poll["imported"] and not _is_file(poll):
        many = ngettext("%(n)s answer was imported.", "%(n)s answers were imported.", poll["imported"])
        more.append(many % {"n": number(poll["imported"])})
    if poll.get("set_aside"):  # facts of earlier releases do not say
        more.append(Standing(poll["n"], poll["set_aside"], (0,) if poll["changed"] else (), looked_at=False).sentence)
    return " ".join([rule, *more])


def _is_file(poll: Facts) -> bool:
    return bool(poll["imported"] and poll["imported"] == poll["n"])


def came_by(poll: Facts, *, named: bool) -> str:
    """By which ways people came, the largest first: "They came by: Mastodon 41, invitation mails 30, other ways 9."

    "" where nothing is known but the ballot's page. `named`: with the poll's title. Facts of earlier releases have no
    sources.
    """
    sources = poll.get("sources", [])
    if all(s["way"] in ("page", "rest") for s in sources) or (len(sources) == 1 and _is_file(poll)):
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
