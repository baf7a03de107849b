"""From facts to a checked wording and its plain text. Pure, but for the templates it renders."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from heard.kit import web
from heard.kit.i18n import _
from insights.measure.measures import Facts
from insights.write import support
from insights.write.leadership import leadership
from insights.write.product import product
from insights.write.support import LEADERSHIP_WORDS, Sentence, words

QUOTE_WORDS = (24, 20, 16, 12, 8, 0)  # tried in turn until a page for leadership is short enough


def worded(facts: Facts, audience: str, decide_by: date) -> dict[str, Any]:
    """The wording, short enough for its reader, every sentence of it supported. Pure. Raises Unsupported."""
    if audience == "product":
        tree = product(facts) | {"words": headings()}
    else:
        for quote_words in QUOTE_WORDS:
            tree = leadership(facts, decide_by=decide_by, quote_words=quote_words) | {"words": headings()}
            if words(above_the_line(text_of(frozen(tree, []), audience, ""))) <= LEADERSHIP_WORDS:
                break
    support.check(sentences_of(tree), facts, days=[decide_by])
    return tree


def headings() -> dict[str, str]:
    """The words around the sentences, frozen with them: a French brief stays French on an English manager's page."""
    return {
        "needed": _("Decision asked"),
        "decision": _("Decision"),
        "dissent": _("Also heard"),
        "next": _("Next step"),
        "ask": _("A question to ask next"),
        "themes": _("Themes"),
        "wishes": _("Themes that ask for something"),
        "praise": _("Themes of praise"),
        "changes": _("What changed"),
        "urgent": _("Urgent"),
        "trials": _("Trials, side by side"),
        "groups": _("Groups of opinion"),
        "shared": _("What all groups share"),
        "divides": _("What divides them"),
        "open": _("Waiting for an answer"),
        "actions": _("What is being done"),
        "ask_all": _("What to ask next"),
        "measured": _("How this was measured"),
        "links": _("Every sentence leads to the answers behind it."),
        "facts": _("Facts:"),
        "quoted": _("“%(text)s”"),
    }


def sentences_of(tree: Any) -> Iterator[Sentence]:
    """Every sentence of a wording, in reading order."""
    if isinstance(tree, Sentence):
        yield tree
    elif isinstance(tree, dict | list):
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from sentences_of(child)


def frozen(tree: Any, sentences: list[Sentence]) -> Any:
    """The tree as JSON: a sentence becomes {"text", "position"}, and is appended to `sentences`."""
    if isinstance(tree, Sentence):
        sentences.append(tree)
        return {"text": tree.text, "position": len(sentences)}
    if isinstance(tree, dict):
        return {name: frozen(child, sentences) for name, child in tree.items()}
    return [frozen(child, sentences) for child in tree] if isinstance(tree, list) else tree


def text_of(tree: dict[str, Any], audience: str, facts_hash: str, *, address: str = "", foot: str = "") -> str:
    """A brief as plain text, in the language of the context: the body, a line "-- ", how it was measured, the hash."""
    return web.render(
        "mail/brief/text.txt", brief=tree, audience=audience, facts_hash=facts_hash, address=address, foot=foot
    )  # fmt: skip


def above_the_line(text: str) -> str:
    """What counts for the word limit: everything before the line "-- "."""
    return text.split("\n-- \n")[0]
